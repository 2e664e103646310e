"""A module of Equinox as a layer."""

import functools
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import jax

from funcnet import tree
from funcnet._check import missing_key
from funcnet._types import Key, Params, State
from funcnet.nn import Layer


def library() -> Any:
    """Import Equinox, when it is first needed.

    Raises:
        ImportError: it is not installed.
    """
    try:
        import equinox
    except ImportError as error:
        raise ImportError(
            f'Equinox is not there: pip install "funcnet[equinox]" ({error})'
        ) from error
    return equinox


@dataclass(frozen=True, repr=False)
class EquinoxLayer(Layer):
    """The layer of a module of Equinox, as `from_equinox` makes it."""

    make: Callable[..., Any]
    args: tuple[Any, ...] = ()
    options: tuple[tuple[str, Any], ...] = ()
    mapped: bool = field(default=True, kw_only=True)

    def init(self, key: Key) -> tuple[Params, State]:
        return equinox_arrays(*self._build(key))

    def _build(self, key: Key) -> Any:
        """Make the module and its `equinox.nn.State`."""
        options = dict(self.options)
        if _parameter(self.make, "key"):
            options["key"] = key
        return library().nn.make_with_state(self.make)(*self.args, **options)

    def apply(
        self,
        params: Params,
        state: State,
        *inputs: Any,
        key: Key | None = None,
        train: bool = False,
        **options: Any,
    ) -> tuple[Any, State]:
        module, states = _filled(self, tree.flatten(params) | tree.flatten(state))
        module = library().nn.inference_mode(module, not train)
        if key is None and self.draws(train):
            missing_key(type(module).__name__)
        taken = _parameter(type(module).__call__, "key")
        if key is None and taken and taken.default is taken.empty:
            key = jax.random.key(0)  # in evaluation nothing is drawn
        stateful = bool(jax.tree.leaves(states))

        def call(states: Any, key: Any, *inputs: Any) -> Any:
            given = options | ({"key": key} if taken else {})
            if stateful:
                return module(*inputs, states, **given)
            return module(*inputs, **given), states

        if self.mapped:
            batch = jax.tree.leaves(inputs)[0].shape[0]
            keys = None if key is None else jax.random.split(key, batch)
            axes = (None, None if key is None else 0, *[0] * len(inputs))
            run = jax.vmap(call, axes, (0, None), axis_name="batch")
            y, states = run(states, keys, *inputs)
        else:
            y, states = call(states, key, *inputs)
        return y, equinox_arrays(module, states)[1] if train else state

    def draws(self, train: bool) -> bool:
        return train and _draws(self)


@functools.lru_cache
def _structure(layer: EquinoxLayer) -> Any:
    """The module and its state with shapes in place of arrays."""
    equinox = library()
    return equinox.filter_eval_shape(lambda: layer._build(jax.random.key(0)))


def _filled(layer: EquinoxLayer, arrays: dict[str, Any]) -> Any:
    """The module and its state with these arrays, by name."""
    module, states = _structure(layer)

    def fill(path: Any, leaf: Any) -> Any:
        return arrays[_name(path)] if _is_shape(leaf) else leaf

    structure = jax.tree.structure(states)
    kept = [arrays[name] for name in _states_by_name(module, states)]
    return (
        jax.tree_util.tree_map_with_path(fill, module),
        jax.tree.unflatten(structure, kept),
    )


@functools.lru_cache
def _draws(layer: EquinoxLayer) -> bool:
    """Whether there is a dropout, or a module of others whose call takes a key."""
    equinox = library()

    def draws(x: Any) -> bool:
        if isinstance(x, equinox.nn.Dropout):
            return bool(x.p != 0)
        own = type(x).__module__.startswith("equinox.")
        takes = isinstance(x, equinox.Module) and callable(x) and not own
        return takes and _parameter(type(x).__call__, "key") is not None

    module, _ = _structure(layer)
    return any(map(draws, jax.tree.leaves(module, is_leaf=draws)))


def _parameter(function: Any, name: str) -> inspect.Parameter | None:
    """The parameter of a function that has this name."""
    return inspect.signature(function).parameters.get(name)


def _name(path: Any) -> str:
    return jax.tree_util.keystr(path, simple=True, separator=".")


def _is_shape(x: Any) -> bool:
    return isinstance(x, jax.ShapeDtypeStruct)


def _states_by_name(module: Any, states: Any) -> dict[str, Any]:
    """The arrays of an `equinox.nn.State`, in its order, by where the indices are."""
    kind = library().nn.StateIndex
    found = jax.tree_util.tree_leaves_with_path(
        module, is_leaf=lambda x: isinstance(x, kind)
    )
    return {
        _name((*path, *inside)): array
        for path, index in found
        if isinstance(index, kind)
        for inside, array in jax.tree_util.tree_leaves_with_path(states.get(index))
    }


def equinox_arrays(module: Any, states: Any = None) -> tuple[Params, State]:
    """Return `(params, state)` of a module, as `from_equinox` of its class has them.

    Args:
        module: of Equinox.
        states: its `equinox.nn.State`, if it has one.

    Raises:
        ImportError: Equinox is not installed.

    Example:
        >>> import equinox, jax
        >>> from funcnet.interop.equinox import equinox_arrays
        >>> module = equinox.nn.Linear(2, 3, key=jax.random.key(0))
        >>> equinox_arrays(module)[0]["weight"].shape
        (3, 2)
    """
    equinox = library()
    params: dict[str, Any] = {}
    state = {} if states is None else _states_by_name(module, states)
    for path, leaf in jax.tree_util.tree_leaves_with_path(module):
        if equinox.is_inexact_array(leaf):
            params[_name(path)] = leaf
        elif equinox.is_array(leaf):
            state[_name(path)] = leaf
    return tree.unflatten(params), tree.unflatten(state)


def from_equinox(make: Callable[..., Any], *args: Any, **options: Any) -> EquinoxLayer:
    """Make a layer of a module of Equinox, for `nn.Sequential` and `nn.Model`.

    `params` holds the floating-point arrays, which Equinox trains, `state` all others
    and those of `equinox.nn.State`. The module is called for each sample, as by
    `jax.vmap(module, axis_name="batch")`; one that takes a batch is `replace(
    mapped=False)` of the layer. One with a state is called with it last; the mode is
    given by `equinox.nn.inference_mode`.

    Args:
        make: the class of the module, or a function that makes one.
        args: its arguments; `key` is added where it takes one.
        options: its keyword arguments.

    Raises:
        ImportError: at `init` or `apply`, if Equinox is not installed.

    Example:
        >>> import equinox, jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> from funcnet.interop.equinox import from_equinox
        >>> net = nn.Sequential(from_equinox(equinox.nn.Linear, 2, 3), nn.ReLU())
        >>> params, state = net.init(jax.random.key(0))
        >>> net.apply(params, state, jnp.ones((4, 2)))[0].shape
        (4, 3)
    """
    return EquinoxLayer(make, args, tuple(sorted(options.items())))
