"""Pure functions of arrays from programs on tensors."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import jax
import numpy as np

from funcnet import tree
from funcnet._types import Key, Params, State
from funcnet.compat._autograd.jax_bridge import common_device, under_jax_transform
from funcnet.compat._core.annotations import Tree
from funcnet.compat._core.context import no_grad
from funcnet.compat._core.device import CPU, device
from funcnet.compat._engine import executor
from funcnet.compat._random import keys as _random_key
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat._tensor.tree import tree_map
from funcnet.compat.nn import Module


def is_tensor(x: object) -> bool:
    return isinstance(x, Tensor)


def _mapped(change: Callable[[Any], Any], values: Tree) -> Any:
    """Map the leaves of a tree; dictionaries keep their order, unlike in JAX.

    What is a leaf of ours may be a tree of JAX's.
    """

    def changed(x: object) -> Any:
        return change(x) if is_tensor(x) else jax.tree.map(change, x, is_leaf=is_tensor)

    return tree_map(changed, values)


def to_arrays(values: Tree) -> Any:
    """Replace the tensors in a tree by their arrays."""
    return _mapped(lambda x: x._array() if is_tensor(x) else x, values)


def to_tensors(values: Tree, where: device = CPU) -> Any:
    """Replace the arrays in a tree, traced or not, by tensors on a device."""
    return _mapped(
        lambda x: from_array(x, where) if isinstance(x, _ARRAYS) else x, values
    )


_ARRAYS = (jax.Array, np.ndarray)


def computed(output: Tree) -> Any:
    """Compute the arrays of an output; nothing else that is pending is run."""
    leaves = jax.tree.leaves(output, is_leaf=is_tensor)
    executor.evaluate([x._value() for x in leaves if is_tensor(x)])
    return to_arrays(output)


def _members(module: Module) -> dict[str, Any]:
    result: dict[str, Any] = dict(module.named_parameters(remove_duplicate=False))
    return result | dict(module.named_buffers(remove_duplicate=False))


@contextlib.contextmanager
def swap_values(module: Module, arrays: dict[str, Any]) -> Iterator[None]:
    """Temporarily replace the arrays of a module's parameters and buffers.

    Afterwards all is as it was, also what the module has set of itself meanwhile.
    """
    members = _members(module)
    kept = {name: [getattr(x, one) for one in _SHOWN] for name, x in members.items()}
    states = [(one.__dict__, _copied(one.__dict__)) for one in module.modules()]
    try:
        for name, array in arrays.items():
            if name not in members:
                raise KeyError(
                    f"{type(module).__name__} has no parameter or buffer {name!r}; it "
                    f"has {', '.join(members)}."
                )
            x = members[name]
            fresh = array if is_tensor(array) else from_array(array, x.device)
            x._base = x._origin = None
            x._show_same(fresh)
            x._counter = fresh._counter
        yield
    finally:
        for state, before in states:
            for name in _PLACES:
                state[name].clear()
                state[name].update(before[name])
            state.update({k: v for k, v in before.items() if k not in _PLACES})
            for name in state.keys() - before.keys():
                del state[name]
        for name, x in members.items():
            for attribute, value in zip(_SHOWN, kept[name], strict=True):
                setattr(x, attribute, value)


# Attributes that say which memory a tensor shows, and whether it requires grad.
_SHOWN = (
    *(
        "_storage",
        "_steps",
        "_base",
        "_cached",
        "_cached_version",
        "_origin",
        "_counter",
    ),
    "_requires_grad",
)
_PLACES = ("_parameters", "_buffers", "_modules")


def _copied(state: dict[str, Any]) -> dict[str, Any]:
    return state | {name: dict(state[name]) for name in _PLACES}


def pure(module: Module) -> tuple[Callable[..., Any], Any, Any]:
    """Turn a module into `(apply, params, state)` with the contract of `funcnet.nn`.

    `apply(params, state, *inputs, key=None, train=False, **named)` gives `(output,
    new_state)` and is a pure function of arrays: `jax.jit`, `jax.grad` and `jax.vmap`
    work on it. `params` and `state` are nested dicts of arrays under the names of the
    `state_dict`; `named` are keyword arguments of `forward`.

    Example:
        >>> import jax
        >>> import funcnet.compat as torch
        >>> apply, params, state = torch.pure(torch.nn.Linear(2, 1))
        >>> y, state = apply(params, state, jax.numpy.ones((3, 2)))
        >>> y.shape
        (3, 1)
    """
    learned = {name: p._array() for name, p in module.named_parameters()}
    kept = {name: b._array() for name, b in module.named_buffers()}
    where = common_device(module.parameters())

    def apply(
        params: Params,
        state: State,
        *inputs: Tree,
        key: Key | None = None,
        train: bool = False,
        **named: Tree,
    ) -> tuple[Any, Any]:
        arrays = tree.flatten(params) | tree.flatten(state)
        drawing = _random_key.use_key(key)
        held = swap_values(module, arrays)
        traced = under_jax_transform()
        with traced, executor.isolated_trace(), held, no_grad(), drawing:
            module.train(train)
            output = module(*to_tensors(inputs, where), **to_tensors(named, where))
            new = {name: x.detach() for name, x in _members(module).items()}
            result, new_state = computed((output, {name: new[name] for name in kept}))
        return result, tree.unflatten(new_state)

    return apply, tree.unflatten(learned), tree.unflatten(kept)
