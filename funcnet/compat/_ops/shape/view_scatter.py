"""A copy of a tensor with one of its views replaced: the counterparts of the views."""

from typing import Any

from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._ops.checks import dimension
from funcnet.compat._ops.registry import register
from funcnet.compat._tensor.recording import record_op
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.view_ops import (
    AS_STRIDED,
    COPY_SLICES,
    DIAGONAL,
    INDEX,
    ViewOp,
)
from funcnet.compat._tensor.views import alias, view_of


def _replaced(input: Tensor, src: Tensor, op: ViewOp, *settings: object) -> Any:
    wanted = view_of(alias(input), op, *settings)._spec.shape
    if src._spec.shape != wanted:
        raise RuntimeError(
            "expected src to have a size equal to the slice of self. src size = "
            f"{list(src.shape)}, slice size = {list(wanted)}"
        )
    return record_op(COPY_SLICES, (input, src, ((op, settings),)))


def _along(input: Tensor, dim: int, part: Any) -> tuple[Any, ...]:
    """The index that is `part` along one dimension and takes all before it."""
    return (*[(0, size, 1) for size in input._spec.shape[:dim]], part)


@register("select_scatter", out=True)
def select_scatter(input: Tensor, src: Tensor, dim: int, index: int) -> Any:
    """`input` with `src` at an index of a dimension, as `torch.select_scatter`."""
    dim = dimension(dim, input.ndim)
    size = input.shape[dim]
    if not -size <= index < size:
        raise IndexError(
            f"select(): index {index} out of range for tensor of size "
            f"{list(input.shape)} at dimension {dim}"
        )
    return _replaced(input, src, INDEX, *_along(input, dim, index % size))


@register("slice_scatter", out=True)
def slice_scatter(
    input: Tensor,
    src: Tensor,
    dim: int = 0,
    start: int | None = None,
    end: int | None = None,
    step: int = 1,
) -> Any:
    """`input` with `src` in a slice of a dimension, as `torch.slice_scatter`."""
    dim = dimension(dim, input.ndim)
    if step <= 0:
        raise RuntimeError("slice step must be positive")
    low, high, step = slice(start, end, step).indices(input.shape[dim])
    part = (low, len(range(low, high, step)), step)
    return _replaced(input, src, INDEX, *_along(input, dim, part))


@register("diagonal_scatter", out=True)
def diagonal_scatter(
    input: Tensor, src: Tensor, offset: int = 0, dim1: int = 0, dim2: int = 1
) -> Any:
    """`input` with `src` on a diagonal, as `torch.diagonal_scatter`."""
    first, second = (dimension(dim, input.ndim) for dim in (dim1, dim2))
    return _replaced(input, src, DIAGONAL, offset, first, second)


@register("as_strided_scatter", out=True)
def as_strided_scatter(
    input: Tensor,
    src: Tensor,
    size: ShapeLike,
    stride: ShapeLike,
    storage_offset: int | None = None,
) -> Any:
    """`input` with `src` at given strides, as `torch.as_strided_scatter`."""
    settings = tuple(size), tuple(stride), storage_offset or 0
    return _replaced(input, src, AS_STRIDED, *settings)
