"""How PyTorch would lay out in memory what is computed here.

Every array that is computed here is contiguous. In PyTorch the result of an operation
on each element lies as its operands do, and some layers give their results with two
dimensions exchanged. Random numbers are drawn in the order of memory; therefore, where
some are drawn, the strides are found from what was recorded.
"""

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

import numpy as np

from funcnet.compat._core.strides import Layout, ResultStrides, contiguous
from funcnet.compat._engine import executor
from funcnet.compat._engine.graph import Node, Value
from funcnet.compat._tensor.view_ops import Step, ViewOp

Shape: TypeAlias = tuple[int, ...]
Stride: TypeAlias = tuple[int, ...]
Known: TypeAlias = dict[int, Stride | None]

# Further back than this the recording is not searched.
_MOST_NODES: Final = 64


def strides_of(value: Value, known: Known | None = None) -> Stride | None:
    """The strides that a value would have in PyTorch; None if it were contiguous."""
    stride = _find(value, {} if known is None else known, 0)
    if value.node is not None:
        value.stride = stride  # a loop that asks in each step looks back to the last
    return stride


def remember(values: Iterable[Value]) -> None:
    """Keep the strides of values that are about to forget what computed them."""
    known: Known = {}
    for value in values:
        node = value.node
        if (
            node is not None
            and len(value.spec.shape) > 1
            and node.call.op.strides in _RULES
        ):
            stride = strides_of(value, known)
            if stride is not None:
                value.stride = stride


executor.hooks.keep_strides = remember


def dense_order(shape: Shape, strides: Sequence[Stride]) -> list[int]:
    """The dimensions from the slowest to the fastest in a result of such operands.

    As PyTorch finds it: dimensions are exchanged where the strides of the first operand
    that tells them apart say so; one of stride 0 does not.
    """
    order = list(range(len(shape)))

    def should_swap(outer: int, inner: int) -> int:
        for stride in strides:
            if not stride[outer] or not stride[inner]:
                continue
            if stride[outer] != stride[inner]:
                return 1 if stride[outer] < stride[inner] else -1
            if shape[outer] < shape[inner]:
                return 1
        return 0

    for start in range(len(shape) - 2, -1, -1):
        current = start
        for other in range(start + 1, len(shape)):
            swap = should_swap(order[current], order[other])
            if swap > 0:
                order[current], order[other] = order[other], order[current]
                current = other
            elif swap < 0:
                break
    return order


def _find(value: Value, known: Known, depth: int) -> Stride | None:
    node = value.node
    if node is None:
        array = value.array
        if type(array) is np.ndarray and not array.flags.c_contiguous:
            return tuple([step // array.itemsize for step in array.strides])
        return getattr(value, "stride", None)
    if hasattr(value, "stride"):
        return value.stride
    rule = _RULES.get(node.call.op.strides)
    if rule is None or len(value.spec.shape) < 2 or depth > _MOST_NODES:
        return None
    if id(value) not in known:
        known[id(value)] = rule(
            node, value, lambda source: _find(source, known, depth + 1)
        )
    return known[id(value)]


_Ask: TypeAlias = Callable[[Value], Stride | None]
_Rule: TypeAlias = Callable[[Node, Value, _Ask], Stride | None]


def _viewed(node: Node, value: Value, ask: _Ask) -> Stride | None:
    """Of a view: as the step leads there; a copy is contiguous."""
    source, *inputs = node.sources
    assert isinstance(node.call.op, ViewOp)
    (_, *settings), _ = node.call.template
    stride = ask(source) or contiguous(source.spec.shape).stride
    step = Step(node.call.op, tuple(settings), tuple(inputs))
    try:
        memory = Layout(source.spec.shape, stride).blank(source.spec.dtype.numpy)
        shown = step.numpy_view(memory)
    except (TypeError, ValueError):
        return None
    shape = value.spec.shape
    strides = tuple([step // shown.itemsize for step in shown.strides])
    if shown.shape != shape or strides == contiguous(shape).stride:
        return None
    return strides


def _elementwise(node: Node, value: Value, ask: _Ask) -> Stride | None:
    """Of an operation on each element: as its operands lie together."""
    operands = [(x.spec.shape, ask(x)) for x in node.sources if x.spec.shape]
    if all(stride is None for _, stride in operands):
        return None
    return _common_stride(value.spec.shape, operands)


def _common_stride(
    shape: Shape, operands: Sequence[tuple[Shape, Stride | None]]
) -> Stride | None:
    strides = []
    for own, stride in operands:
        if len(own) > len(shape):
            return None
        steps = zip(own, stride or contiguous(own).stride, strict=True)
        kept = [0 if n == 1 else step for n, step in steps]
        strides.append((0,) * (len(shape) - len(own)) + tuple(kept))
    return dense(shape, dense_order(shape, strides))


def dense(shape: Shape, order: Sequence[int]) -> Stride:
    """The strides of a tensor without gaps, its dimensions from slowest to fastest."""
    ordered = contiguous(tuple([shape[dim] for dim in order])).stride
    return tuple([ordered[index] for index in np.argsort(order)])


def _as_input(node: Node, value: Value, ask: _Ask, index: int = 0) -> Stride | None:
    """As one of the operands lies, of as many dimensions."""
    source = node.sources[index]
    stride = ask(source)
    if stride is None or len(stride) != len(value.spec.shape):
        return None
    return _common_stride(value.spec.shape, [(source.spec.shape, stride)])


def _channels_last(
    node: Node, value: Value, ask: _Ask, index: int = 0
) -> Stride | None:
    """Of an operation on images: channels last if they are in the input."""
    source, shape = node.sources[index], value.spec.shape
    stride = ask(source)
    if stride is None or len(stride) != len(shape) or len(shape) not in (4, 5):
        return None
    order = [0, *range(2, len(shape)), 1]
    if not _has_channels_last(source.spec.shape, stride, order):
        return None
    return dense(shape, order)


def _has_channels_last(shape: Shape, stride: Stride, order: list[int]) -> bool:
    least = 0
    for dim in reversed(order):
        if not shape[dim] or stride[dim] < least or not stride[1]:
            return False
        if dim == 0 and least == stride[1]:
            return False
        least = stride[dim] * shape[dim]
    return True


def _time_first(node: Node, value: Value, ask: _Ask) -> Stride | None:
    """Of layers that compute with the time before the batch, whatever they give."""
    del node, ask
    if value.index or len(value.spec.shape) != 3:
        return None
    return dense(value.spec.shape, (1, 0, 2))


def _attended(node: Node, value: Value, ask: _Ask) -> Stride | None:
    """Of attention: as the queries lie, unless weights are dropped."""
    drawn = node.call.template[0][4]
    return _as_input(node, value, ask) if drawn is None else None


_RULES: Final[dict[ResultStrides, _Rule]] = {
    ResultStrides.VIEW: _viewed,
    ResultStrides.ELEMENTWISE: _elementwise,
    ResultStrides.AS_FIRST_INPUT: _as_input,
    ResultStrides.AS_LAST_INPUT: functools.partial(_as_input, index=-1),
    ResultStrides.CHANNELS_LAST: _channels_last,
    ResultStrides.CHANNELS_LAST_OF_LAST: functools.partial(_channels_last, index=-1),
    ResultStrides.TIME_FIRST: _time_first,
    ResultStrides.ATTENTION: _attended,
}
