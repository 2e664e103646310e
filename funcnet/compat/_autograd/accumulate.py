"""Adding gradients up: those that meet at a node, and those of leaves in `grad`."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from funcnet.compat._autograd.node import AccumulateGrad
from funcnet.compat._core.strides import ResultStrides
from funcnet.compat._engine.graph import Value, constant
from funcnet.compat._engine.op import Op
from funcnet.compat._tensor.recording import (
    record_op,
    record_op_of_two,
    record_values,
)
from funcnet.compat._tensor.tensor import Tensor, wrap

SUM: Final = Op(
    "add", lambda x, y: x + y, "AddBackward0", strides=ResultStrides.ELEMENTWISE
)


Gradient: TypeAlias = Tensor | Value
"""A gradient on its way; a value where nothing else is to be known of it."""


def add_up(so_far: Gradient, grad: Gradient) -> Gradient:
    """Add two gradients of the same edge."""
    if isinstance(so_far, Value):
        if isinstance(grad, Value):
            return record_values(SUM, so_far, grad)
        so_far = wrap(so_far)
    elif isinstance(grad, Value):
        grad = wrap(grad)
    if so_far._sparse or grad._sparse:
        return _sparse_sum(so_far, grad)
    total: Tensor = record_op_of_two(SUM, so_far, grad)
    return total


def accumulated_value(node: AccumulateGrad, grad: Gradient | None) -> bool:
    """Make a value the `grad` of a leaf that has none; whether no more is to be done.

    As `accumulate_at_leaf` does, where there are neither hooks nor a first gradient.
    """
    leaf = node.variable
    if (
        type(grad) is not Value
        or leaf._grad is not None
        or leaf._backward_hooks
        or leaf._post_accumulate_grad_hooks
        or node.prehooks
        or node.hooks
        or not (leaf._requires_grad or leaf._wants_grad)
    ):
        return False
    leaf._grad = wrap(grad)
    return True


def accumulate_at_leaf(
    node: AccumulateGrad, grads: Sequence[Any], create_graph: bool
) -> None:
    """Add the gradient of a leaf to its `grad`, and run the hooks that come after."""
    leaf, grad = node.variable, grads[0]
    if grad is None or not leaf.requires_grad:  # detached in place since
        return
    accumulate(leaf, grad, create_graph)
    if leaf._post_accumulate_grad_hooks:
        for hook in list(leaf._post_accumulate_grad_hooks.values()):
            _check_nothing(hook(leaf))
    if node.hooks:
        for hook in list(node.hooks.values()):
            hook((), tuple(grads))


def _check_nothing(given: object) -> None:
    if isinstance(given, Tensor):
        raise RuntimeError("Tensor post accumulate grad hooks should return None.")
    if given is not None:
        name = type(given).__name__
        raise TypeError(f"expected Variable, but hook returned '{name}'")


def accumulate(leaf: Tensor, grad: Tensor, create_graph: bool = False) -> None:
    """Add to a tensor's `grad`, in place unless the sum is to be differentiated."""
    so_far = leaf._grad
    if grad._sparse or (so_far is not None and so_far._sparse):
        leaf._grad = _sparse_sum(so_far, grad)
    elif so_far is None:
        leaf._grad = grad if create_graph else wrap(grad._value())
    elif create_graph:
        leaf._grad = record_op(SUM, (so_far, grad))
    else:
        total = record_op(SUM, (wrap(so_far._value()), wrap(grad._value())))
        so_far._write(total._storage.value)


def _sparse_sum(so_far: Any, grad: Any) -> Any:
    """The sum of gradients of which one at least is sparse, as the dense one is."""
    grad = grad.detach()
    if so_far is None:
        return grad
    if so_far._sparse and grad._sparse:
        return so_far.add(grad)
    dense, sparse = (grad, so_far) if so_far._sparse else (so_far, grad)
    return dense + sparse.to_dense()


def clear_gradient(x: Tensor, set_to_none: bool) -> None:
    """Forget the gradient of a tensor, or fill it with zeros in its own memory."""
    grad = x._grad
    if set_to_none:
        x._grad = None
    elif grad is not None and grad._sparse:
        grad.zero_()
    elif grad is not None:
        spec = grad._spec
        grad._grad_fn, grad._requires_grad = None, False
        grad._write(constant(np.zeros(spec.shape, spec.dtype.numpy), spec.device))
