"""The door back to purity: programs on tensors as functions of arrays."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import jax

from funcnet import tree
from funcnet.compat import _program, _random_key
from funcnet.compat._devices import CPU, device
from funcnet.compat._jax_function import being_traced, together
from funcnet.compat._modes import no_grad, set_grad_enabled
from funcnet.compat._tensor import Tensor, from_array
from funcnet.compat.nn import Module


def is_tensor(x: Any) -> bool:
    return isinstance(x, Tensor)


def to_arrays(values: Any) -> Any:
    """A tree with the tensors' numbers in place of the tensors."""
    return jax.tree.map(
        lambda x: x._array() if is_tensor(x) else x, values, is_leaf=is_tensor
    )


def to_tensors(values: Any, where: device = CPU) -> Any:
    """A tree with tensors, on one device, in place of the arrays, traced or not."""
    return jax.tree.map(
        lambda x: from_array(x, where) if isinstance(x, jax.Array) else x, values
    )


def on_arrays(
    function: Callable[..., Any], where: device, recorded: bool = False
) -> Callable[..., Any]:
    """A function of tensors on a device as one of arrays, which JAX can transform.

    Gradients are JAX's; with `recorded` the graph is made, too, which shows what the
    function reads.
    """

    def run(*args: Any, **kwargs: Any) -> Any:
        with being_traced(), set_grad_enabled(recorded), _program.apart():
            output = function(*to_tensors(args, where), **to_tensors(kwargs, where))
            return computed(output)

    return run


def computed(output: Any) -> Any:
    """The arrays of an output; nothing else that is recorded is run."""
    leaves = jax.tree.leaves(output, is_leaf=is_tensor)
    _program.compute([x._value() for x in leaves if is_tensor(x)])
    return to_arrays(output)


@contextlib.contextmanager
def holding(module: Module, arrays: dict[str, Any]) -> Iterator[dict[str, Tensor]]:
    """Let the parameters and buffers of a module hold other arrays for a while."""
    members = dict(module.named_parameters(remove_duplicate=False))
    members |= dict(module.named_buffers(remove_duplicate=False))  # type: ignore[arg-type]
    kept = {name: (x._storage, x._requires_grad) for name, x in members.items()}
    try:
        for name, array in arrays.items():
            if name not in members:
                raise KeyError(
                    f"{type(module).__name__} has no parameter or buffer {name!r}; it "
                    f"has {', '.join(members)}."
                )
            x = members[name]
            fresh = array if is_tensor(array) else from_array(array, x.device)
            x._storage = fresh._storage
        yield members  # type: ignore[misc]
    finally:
        for name, x in members.items():
            x._storage, x._requires_grad = kept[name]


def pure(module: Module) -> tuple[Callable[..., Any], Any, Any]:
    """Turn a module into `(apply, params, state)` with the contract of `funcnet.nn`.

    `apply(params, state, *inputs, key=None, train=False)` gives `(output, new_state)`
    and is a pure function of arrays: `jax.jit`, `jax.grad` and `jax.vmap` work on it.
    `params` and `state` are nested dicts of arrays under the names of the `state_dict`.

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
    where = together(module.parameters())

    def apply(
        params: Any, state: Any, *inputs: Any, key: Any = None, train: bool = False
    ) -> tuple[Any, Any]:
        arrays = tree.flatten(params) | tree.flatten(state)
        before = {one: one.training for one in module.modules()}
        drawing = _random_key.drawn_from(key)
        held = holding(module, arrays)
        traced = being_traced()
        with traced, _program.apart(), held as members, no_grad(), drawing:
            try:
                module.train(train)
                output = module(*to_tensors(inputs, where))
                new = {name: members[name].detach() for name in kept}  # type: ignore[attr-defined]
                found, new_state = computed((output, new))
            finally:
                for one, mode in before.items():
                    one.training = mode
        return found, tree.unflatten(new_state)

    return apply, tree.unflatten(learned), tree.unflatten(kept)
