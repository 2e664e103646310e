"""Views: tensors that share memory with others, inside the gradient graph or not."""

from collections.abc import Iterable
from typing import Any

from funcnet.compat._core.context import thread
from funcnet.compat._core.static_args import freeze_args
from funcnet.compat._engine.graph import Value
from funcnet.compat._tensor.recording import as_value, is_input
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.transform_levels import Logical
from funcnet.compat._tensor.view_ops import DETACH, Step, ViewOp, apply_steps
from funcnet.compat._tensor.view_origin import Origin


def view_of(x: Tensor, op: ViewOp, *settings: object) -> Tensor:
    """A view of a tensor: the same memory, seen through one more step."""
    inputs: list[Any] = []
    template = tuple([freeze_args(part, inputs, is_input) for part in settings])
    return x._take_step(Step(op, template, tuple([as_value(x) for x in inputs])))


def views_of(parts: Iterable[Tensor]) -> tuple[Tensor, ...]:
    """What a function gives that returns several views: none follows a write."""
    result = tuple(parts)
    if thread.context.grad:
        for index, part in enumerate(result):
            part._origin = Origin("several", index, part._counts().version)
    return result


def alias(x: Tensor) -> Tensor:
    """The same memory outside the gradient graph, as `detach` gives it."""
    result: Tensor = object.__new__(Tensor)
    result._show_same(x)
    if x._counter is not None:
        result._counter = x._counter
    return result


def detached(x: Tensor) -> Tensor:
    """The same memory outside the gradient graphs, also of what a level makes of it."""
    result = alias(x)
    # Through the step no derivative of what is written later would be seen either.
    if thread.context.levels and (x.requires_grad or _is_followed(x._value())):
        step = Step(DETACH, (x._spec.shape,))
        result._show(x._storage, (*x._steps, step), apply_steps(x._value(), (step,)))
    return result


def _is_followed(value: Value) -> bool:
    """Return whether a level that is open follows a value."""
    return type(value) is Logical or thread.context.levels[-1].has_tangent(value)
