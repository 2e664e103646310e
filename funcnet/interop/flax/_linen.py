"""A model as a linen module, and a linen module as a layer."""

import functools
import inspect
from dataclasses import dataclass
from typing import Any

import flax.errors
import jax
import jax.numpy as jnp
from flax import linen

from funcnet._types import Key, Params, Shape, State
from funcnet.nn import Layer


class LinenModel(linen.Module):
    """The linen module of a funcnet model, as `to_linen` makes it."""

    layer: Layer

    @linen.compact
    def __call__(self, *inputs: Any, train: bool = False, **options: Any) -> Any:
        """Compute the output; in training write the new statistics."""
        starting = self.is_initializing()
        if starting:
            params, state = self.layer.init(self.make_rng("params"))
            for collection, arrays in (("params", params), ("batch_stats", state)):
                for name, value in arrays.items():
                    self.put_variable(collection, name, value)
        params = self.variables.get("params", {})
        state = self.variables.get("batch_stats", {})
        key = self.make_rng("dropout") if self.has_rng("dropout") else None
        y, new = self.layer.apply(
            params, state, *inputs, key=key, train=train, **options
        )
        for name, value in new.items():
            if not starting and _is_new(value, state.get(name)):
                self.put_variable("batch_stats", name, value)
        return y


def _is_new(value: Any, old: Any) -> bool:
    pair = jax.tree.leaves(value), jax.tree.leaves(old)
    return any(x is not y for x, y in zip(*pair, strict=True))


def to_linen(model: Layer) -> LinenModel:
    """Make a linen module of a model.

    Its collections "params" and "batch_stats" are `params` and `state` as they are:
    the same dicts of the same arrays. It is called with `train=True` in training, with
    the rng "dropout" where the model draws and `mutable=["batch_stats"]` where it has
    a state.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> from funcnet.interop.flax import to_linen
        >>> net = nn.Linear(3, 2)
        >>> params, state = net.init(jax.random.key(0))
        >>> to_linen(net).apply({"params": params}, jnp.ones((4, 3))).shape
        (4, 2)
    """
    return LinenModel(model)


@dataclass(frozen=True, repr=False)
class LinenLayer(Layer):
    """The layer of a linen module, as `from_linen` makes it."""

    module: linen.Module
    example: tuple[tuple[Shape, str], ...]

    def init(self, key: Key) -> tuple[Params, State]:
        keys = dict(zip(("params", "dropout"), jax.random.split(key), strict=True))
        inputs = [jnp.zeros(*one) for one in self.example]
        variables = dict(self.module.init(keys, *inputs, **_mode(self.module, False)))
        params = variables.pop("params", {})
        return params, {k: v for k, v in variables.items() if k != "intermediates"}

    def apply(
        self,
        params: Params,
        state: State,
        *inputs: Any,
        key: Key | None = None,
        train: bool = False,
        **options: Any,
    ) -> tuple[Any, State]:
        y, new = self.module.apply(
            {"params": params, **state},
            *inputs,
            rngs=None if key is None else {"dropout": key},
            mutable=list(state) if train else [],
            **_mode(self.module, train),
            **options,
        )
        return y, {**state, **new} if new else state

    def draws(self, train: bool) -> bool:
        return train and _needs_key(self)


@functools.lru_cache
def _needs_key(layer: LinenLayer) -> bool:
    """Whether the module asks for the rng "dropout" in training."""
    params, state = jax.eval_shape(layer.init, jax.random.key(0))
    inputs = [jax.ShapeDtypeStruct(*one) for one in layer.example]
    try:
        jax.eval_shape(
            functools.partial(layer.apply, train=True), params, state, *inputs
        )
    except flax.errors.InvalidRngError:
        return True
    return False


_TRAIN = ("train", "training", "is_training")
_EVALUATE = ("deterministic", "use_running_average")


def _mode(module: linen.Module, train: bool) -> dict[str, Any]:
    """What says in a call whether it is training, as far as `__call__` has it."""
    named = inspect.signature(type(module).__call__).parameters
    modes = dict.fromkeys(_TRAIN, train) | dict.fromkeys(_EVALUATE, not train)
    return {
        name: value
        for name, value in modes.items()
        if name in named and getattr(module, name, None) is None
    }


def from_linen(module: linen.Module, *example: Any) -> LinenLayer:
    """Make a layer of a linen module, for `nn.Sequential` and `nn.Model`.

    `params` is the collection "params", `state` has all others under their names. The
    mode is given to the arguments `train`, `training`, `is_training`, `deterministic`
    and `use_running_average` of the module's `__call__`; the key is the rng "dropout".

    Args:
        module: of linen.
        example: the inputs with which the module is initialized, arrays or
            `jax.ShapeDtypeStruct`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from flax import linen
        >>> from funcnet import nn
        >>> from funcnet.interop.flax import from_linen
        >>> net = nn.Sequential(from_linen(linen.Dense(3), jnp.ones((1, 2))), nn.ReLU())
        >>> params, state = net.init(jax.random.key(0))
        >>> params["0"]["kernel"].shape
        (2, 3)
    """
    shapes = tuple((x.shape, str(x.dtype)) for x in example)
    return LinenLayer(module, shapes)
