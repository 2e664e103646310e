"""Recording an operation on tensors: its inputs, its results, `torch.autocast`."""

from typing import Any, Final

import jax
import numpy as np

from funcnet.compat._core.annotations import DType
from funcnet.compat._core.autocast_policy import casts, precision
from funcnet.compat._core.context import thread
from funcnet.compat._core.conversion import converted
from funcnet.compat._core.device import ANYWHERE
from funcnet.compat._core.static_args import NO_KEYWORDS, PLACEHOLDER, freeze_args
from funcnet.compat._core.strides import ResultStrides
from funcnet.compat._engine import executor
from funcnet.compat._engine.graph import (
    Recorded,
    Value,
    constant,
    number_input,
    record,
    scalar_input,
)
from funcnet.compat._engine.op import Op
from funcnet.compat._tensor.grad_graph import make_grad_node
from funcnet.compat._tensor.tensor import Tensor, wrap


class ScalarInput:
    """A Python number that enters a program as an input, not as a constant.

    Another number then does not compile another program. Numbers in the settings of an
    operation that are not marked so are part of the program.
    """

    __slots__ = ("value",)

    def __init__(self, value: complex) -> None:
        self.value = value


class NumberInput(ScalarInput):
    """A Python number that is an input, and a constant of programs until it changes.

    So a setting that never changes costs nothing, and one that does compiles once more.
    """

    __slots__ = ()


def record_op(
    op: Op, args: tuple[Any, ...], kwargs: dict[str, Any] | None = None
) -> Any:
    """Record an operation on tensors: a tensor, or a tuple of them, as `op` gives."""
    inputs: list[Any] = []
    parts: list[Any] = []
    for arg in args:
        if type(arg) is Tensor:
            inputs.append(arg)
            parts.append(PLACEHOLDER)
        else:
            parts.append(freeze_args(arg, inputs, is_input))
    template = tuple(parts)
    named = freeze_args(kwargs, inputs, is_input) if kwargs else NO_KEYWORDS
    autocast = thread.context.autocast
    if autocast is not None:
        inputs = _autocast_inputs(op, inputs, autocast)
    sources = tuple([x._value() if type(x) is Tensor else as_value(x) for x in inputs])
    return wrap_outputs(record(op, sources, (template, named)), inputs)


_TWO_TENSORS: Final = ((PLACEHOLDER, PLACEHOLDER), NO_KEYWORDS)


def record_op_of_two(op: Op, x: Tensor, y: Tensor) -> Any:
    """The same of two tensors and nothing else, of which a backward pass has many."""
    context = thread.context
    if context.grad or context.levels or context.autocast is not None:
        return record_op(op, (x, y))
    return wrap(record_values(op, x._value(), y._value()))


def record_values(op: Op, x: Value, y: Value) -> Value:
    """The same of two values, where neither gradients nor levels are recorded."""
    _, (value,) = record(op, (x, y), _TWO_TENSORS)
    pending = thread.context.pending
    if len(pending) > executor.MOST_NODES and not executor.hooks.may_grow():
        executor.run_pending()
    return value


def _autocast_inputs(
    op: Op, inputs: list[Any], low_dtypes: dict[str, DType]
) -> list[Any]:
    """The inputs in the precision in which `torch.autocast` wants an operation."""
    cast = []
    for x in inputs:
        if isinstance(x, Tensor):
            low = low_dtypes.get(x._spec.device.type)
            wanted = low and precision(op.name, x._spec.device.type, low)
            if wanted and casts(x._spec.dtype, wanted):
                x = record_op(CAST, (x, wanted))
        cast.append(x)
    return cast


CAST = Op("to", converted, "ToCopyBackward0", strides=ResultStrides.ELEMENTWISE)


_INPUTS: Final = (Tensor, ScalarInput, np.ndarray)


def is_input(argument: object) -> bool:
    """Return whether an argument is an input: a tensor, an array or a `ScalarInput`."""
    return isinstance(argument, _INPUTS)


def as_value(argument: object) -> Value:
    """The value with which an input enters the recording."""
    if isinstance(argument, Tensor):
        return argument._value()
    if type(argument) is ScalarInput:
        return scalar_input(argument.value)
    if type(argument) is NumberInput:
        return number_input(argument.value)
    return constant(np.array(argument), ANYWHERE)


def wrap_outputs(recorded: Recorded, inputs: list[Any]) -> Any:
    """Wrap the outputs of a recorded node and connect them to the gradient graph."""
    node, values = recorded
    context = thread.context
    fn = make_grad_node(node, inputs)
    call = node.call
    if call.single:
        result = wrap(values[0], fn)
        if fn is not None:
            if (saved_indices := call.kept[fn.wanted]) and saved_indices[-1] < 0:
                fn.saved += ((result._storage, 0, ~0),)
                if fn.packed:
                    context.saved_hooks[-1].pack_result(fn, result)
            if context.levels:
                context.levels[-1].track(result)
        if len(context.pending) > executor.MOST_NODES and not executor.hooks.may_grow():
            executor.run_pending()
        return result
    results = []
    for index, value in enumerate(values):
        differentiable = fn is not None and value.spec.dtype.is_inexact
        result = wrap(value, fn if differentiable else None, index)
        results.append(result)
        if fn is not None:
            if ~index in call.kept[fn.wanted]:
                fn.saved += ((result._storage, 0, ~index),)
            if context.levels and differentiable:
                context.levels[-1].track(result)
    return jax.tree.unflatten(call.structure, results)
