"""A model as an nnx module, and an nnx module as a layer."""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

from funcnet._types import Key, Params, State
from funcnet.nn import Layer


def _is_variable(x: Any) -> bool:
    return isinstance(x, nnx.Variable)


class NNXModel(nnx.Module):
    """The nnx module of a funcnet model, as `to_nnx` makes it."""

    def __init__(
        self, layer: Layer, params: Params, state: State, rngs: nnx.Rngs | None
    ) -> None:
        self.layer = layer
        self.params = nnx.data(jax.tree.map(nnx.Param, params))
        self.batch_stats = nnx.data(jax.tree.map(nnx.BatchStat, state))
        self.rngs = nnx.data(rngs)
        self.deterministic = False  # set by train() and eval()

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """Compute the output; in training write the new statistics."""
        params, state = jax.tree.map(
            lambda one: one.get_value(),
            (self.params, self.batch_stats),
            is_leaf=_is_variable,
        )
        train = not self.deterministic
        key = self.rngs.dropout() if train and self.rngs is not None else None
        y, new = self.layer.apply(
            params, state, *inputs, key=key, train=train, **options
        )
        variables = jax.tree.leaves(self.batch_stats, is_leaf=_is_variable)
        for variable, value in zip(variables, jax.tree.leaves(new), strict=True):
            if value is not variable.get_value():
                variable.set_value(value)
        return y


def to_nnx(
    model: Layer,
    params: Params,
    state: State | None = None,
    *,
    rngs: nnx.Rngs | None = None,
) -> NNXModel:
    """Make an nnx module of a model and its arrays, which are shared.

    The attribute `params` has an `nnx.Param` for each parameter, `batch_stats` an
    `nnx.BatchStat` for each array of the state, under their names. As in nnx, the
    module is in training until `eval()` is called.

    Args:
        model: a layer or model.
        params: its parameters.
        state: its state.
        rngs: where a model that draws takes its keys from, the stream "dropout".

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> from funcnet.interop.flax import to_nnx
        >>> net = nn.Linear(3, 2)
        >>> module = to_nnx(net, *net.init(jax.random.key(0)))
        >>> module(jnp.ones((4, 3))).shape, module.params["weight"].shape
        ((4, 2), (2, 3))
    """
    return NNXModel(model, params, {} if state is None else state, rngs)


@dataclass(frozen=True, repr=False)
class NNXLayer(Layer):
    """The layer of an nnx module, as `from_nnx` makes it."""

    make: Callable[..., nnx.Module]
    args: tuple[Any, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()

    def init(self, key: Key) -> tuple[Params, State]:
        return nnx_arrays(self._build(key))

    def _build(self, key: Key) -> nnx.Module:
        return self.make(*self.args, **dict(self.options), rngs=nnx.Rngs(key))

    def apply(
        self,
        params: Params,
        state: State,
        *inputs: Any,
        key: Key | None = None,
        train: bool = False,
        **options: Any,
    ) -> tuple[Any, State]:
        graph, *abstract = _structure(self)
        # A copy: what is filled in here are the values of this call.
        learned, drawn, kept = jax.tree.map(lambda x: x, abstract)
        nnx.replace_by_pure_dict(learned, dict(params))
        nnx.replace_by_pure_dict(kept, dict(state))
        module: Any = nnx.merge(graph, learned, _reseeded(drawn, key), kept)
        module.train() if train else module.eval()
        y = module(*inputs, **options)
        return y, nnx_arrays(module)[1] if train else state

    def draws(self, train: bool) -> bool:
        return train and bool(jax.tree.leaves(_structure(self)[2]))


@functools.lru_cache
def _structure(layer: NNXLayer) -> Any:
    """The graph of a module and the shapes of its parameters, rngs and other arrays."""
    module = nnx.eval_shape(lambda: layer._build(jax.random.key(0)))
    return nnx.split(module, nnx.Param, nnx.RngState, ...)


def _reseeded(drawn: Any, key: Key | None) -> Any:
    """The states of random streams, begun anew from a key."""
    leaves, structure = jax.tree.flatten(drawn)
    key = jax.random.key(0) if key is None else key  # in evaluation nothing is drawn
    return jax.tree.unflatten(
        structure,
        [
            jax.random.fold_in(key, i)
            if jax.dtypes.issubdtype(leaf.dtype, jax.dtypes.prng_key)
            else jnp.zeros(leaf.shape, leaf.dtype)
            for i, leaf in enumerate(leaves)
        ],
    )


def nnx_arrays(module: nnx.Module) -> tuple[Params, State]:
    """Return `(params, state)` of an nnx module, as `from_nnx` of its class has them.

    Example:
        >>> from flax import nnx
        >>> from funcnet.interop.flax import nnx_arrays
        >>> params, state = nnx_arrays(nnx.Linear(2, 3, rngs=nnx.Rngs(0)))
        >>> params["kernel"].shape
        (2, 3)
    """
    parts: Any = nnx.split(module, nnx.Param, nnx.RngState, ...)
    _, learned, _, kept = parts
    return _by_name(nnx.to_pure_dict(learned)), _by_name(nnx.to_pure_dict(kept))


def _by_name(tree: Any) -> Any:
    """Nested dicts whose keys are all strings: those of lists are numbers in nnx."""
    if isinstance(tree, dict):
        return {str(key): _by_name(value) for key, value in tree.items()}
    return tree


def from_nnx(make: Callable[..., nnx.Module], *args: Any, **options: Any) -> NNXLayer:
    """Make a layer of an nnx module, for `nn.Sequential` and `nn.Model`.

    `params` holds the values of `nnx.Param`, `state` all others but the random
    streams, which begin anew from the key of each call.

    Args:
        make: the class of the module, or a function that makes one.
        args: its arguments; `rngs` is added.
        options: its keyword arguments.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from flax import nnx
        >>> from funcnet import nn
        >>> from funcnet.interop.flax import from_nnx
        >>> net = nn.Sequential(from_nnx(nnx.Linear, 2, 3), nn.ReLU())
        >>> params, state = net.init(jax.random.key(0))
        >>> net.apply(params, state, jnp.ones((4, 2)))[0].shape
        (4, 3)
    """
    return NNXLayer(make, args, tuple(sorted(options.items())))
