"""Parts of tensors along a dimension: select, narrow, chunk, split."""

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from funcnet.compat._core.dtype import bool_
from funcnet.compat._core.shapes import no_dimension
from funcnet.compat._ops.checks import dimension
from funcnet.compat._ops.registry import register
from funcnet.compat._tensor.recording import NumberInput, ScalarInput
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.view_ops import (
    INDEX,
    SELECT,
    SPLIT,
    SPLIT_SIZES,
    UNBIND,
    ViewOp,
)
from funcnet.compat._tensor.views import view_of, views_of


def _part(x: Tensor, dim: int, part: Any, op: ViewOp = INDEX) -> Tensor:
    return view_of(x, op, *[(0, n, 1) for n in x._spec.shape[:dim]], part)


def _start(x: Tensor, index: int) -> Any:
    """An index that may change; a constant at first where gradients are recorded."""
    return NumberInput(index) if x.requires_grad else ScalarInput(index)


@register("narrow")
def narrow(input: Tensor, dim: int, start: Tensor | int, length: int) -> Tensor:
    """Some neighbours along a dimension, as `torch.narrow`."""
    if not input.ndim:
        raise RuntimeError("narrow() cannot be applied to a 0-dim tensor.")
    if isinstance(start, Tensor) and (
        start.ndim or start.dtype.is_floating_point or start.dtype is bool_
    ):
        raise RuntimeError("start must be an 0-dim integral Tensor.")
    dim, start = dimension(dim, input.ndim), int(start)
    size = input._spec.shape[dim]
    if length < 0:
        raise RuntimeError("narrow(): length must be non-negative.")
    if not -size <= start <= size:
        raise IndexError(
            f"start out of range (expected to be in range of [{-size}, {size}], but "
            f"got {start})"
        )
    start += size * (start < 0)
    if start + length > size:
        raise RuntimeError(
            f"start ({start}) + length ({length}) exceeds dimension size ({size})."
        )
    return _part(input, dim, (_start(input, start), length, 1))


@register("select")
def select(input: Tensor, dim: int, index: Any) -> Tensor:
    """The slice at one index of a dimension, as `torch.select`."""
    if not input.ndim:
        raise IndexError("select() cannot be applied to a 0-dim tensor.")
    dim, index = dimension(dim, input.ndim), int(index)
    size = input._spec.shape[dim]
    if not -size <= index < size:
        raise IndexError(
            f"select(): index {index} out of range for tensor of size "
            f"{list(input._spec.shape)} at dimension {dim}"
        )
    return _part(input, dim, _start(input, index % size), SELECT)


@register("unbind")
def unbind(input: Tensor, dim: int = 0) -> tuple[Tensor, ...]:
    """The slices at all indices of a dimension, as `torch.unbind`."""
    if not input.ndim:
        raise IndexError(no_dimension(dim, 0))
    dim = dimension(dim, input.ndim)
    indices = [_start(input, i) for i in range(input._spec.shape[dim])]
    return views_of([_part(input, dim, index, UNBIND) for index in indices])


def _cut(
    x: Tensor, lengths: Sequence[int], dim: int, op: ViewOp = SPLIT
) -> tuple[Tensor, ...]:
    starts = np.cumsum([0, *lengths]).tolist()
    pairs = zip(starts, lengths, strict=False)
    parts = [_part(x, dim, (NumberInput(start), n, 1), op) for start, n in pairs]
    return tuple(parts) if op is INDEX else views_of(parts)


def _unsafe(cut: Callable[..., Any], name: str) -> None:
    """Register the form of which the parts may be written to, each for itself."""

    def public(*args: object, **kwargs: object) -> tuple[Tensor, ...]:
        parts: tuple[Tensor, ...] = cut(*args, **kwargs)
        for part in parts:
            part._origin = part._base = None
        return parts

    plain = name.removeprefix("unsafe_")
    register(name, doc=f"`{plain}`, of which the parts may be written to.")(public)


def _splittable(x: Tensor, name: str) -> None:
    if not x.ndim:
        raise RuntimeError(f"{name} expects at least a 1-dimensional tensor")


@register("split")
def split(
    tensor: Tensor, split_size_or_sections: Any = None, dim: int = 0, **named: Any
) -> tuple[Tensor, ...]:
    """Parts of a size, or of given sizes, as `torch.split`."""
    given = split_size_or_sections
    if given is None:
        given = named.get("split_size", named.get("split_sizes"))
    if not isinstance(given, int):
        return split_with_sizes(tensor, given, dim)
    _splittable(tensor, "split")
    dim = dimension(dim, tensor.ndim)
    size = tensor._spec.shape[dim]
    if given < 0:
        raise RuntimeError(
            f"split expects split_size be non-negative, but got split_size={given}"
        )
    if not given and size:
        raise RuntimeError(
            "split_size can only be 0 if dimension size is 0, but got dimension size "
            f"of {size}"
        )
    whole, rest = divmod(size, given) if given else (0, 0)
    return _cut(tensor, [given] * whole + [rest] * bool(rest or not whole), dim)


@register("split_with_sizes")
def split_with_sizes(
    input: Tensor, split_sizes: Sequence[int], dim: int = 0
) -> tuple[Tensor, ...]:
    """Parts of given sizes, as `torch.split_with_sizes`."""
    _splittable(input, "split")
    dim = dimension(dim, input.ndim)
    lengths, size = [int(n) for n in split_sizes], input._spec.shape[dim]
    if sum(lengths) != size:
        raise RuntimeError(
            f"split_with_sizes expects split_sizes to sum exactly to {size} (input "
            f"tensor's size at dimension {dim}), but got split_sizes={lengths}"
        )
    return _cut(input, lengths, dim, SPLIT_SIZES)


@register("chunk")
def chunk(input: Tensor, chunks: int, dim: int = 0) -> tuple[Tensor, ...]:
    """At most `chunks` parts, as equal as can be, as `torch.chunk`."""
    _splittable(input, "chunk")
    if chunks <= 0:
        raise RuntimeError(
            f"chunk expects `chunks` to be greater than 0, got: {chunks}"
        )
    dim = dimension(dim, input.ndim)
    size = input._spec.shape[dim]
    if not size:
        return _cut(input, [0] * chunks, dim)
    return split(input, -(-size // chunks), dim)


@register("tensor_split")
def tensor_split(
    input: Tensor, indices_or_sections: Any = None, dim: int = 0, **named: Any
) -> tuple[Tensor, ...]:
    """Parts cut at indices, or a number of parts, as `torch.tensor_split`."""
    given = indices_or_sections
    if given is None:
        given = named.get("sections", named.get("indices"))
    if isinstance(given, Tensor):
        given = np.asarray(given._array()).tolist()
    _splittable(input, "tensor_split")
    dim = dimension(dim, input.ndim)
    size = input._spec.shape[dim]
    if isinstance(given, int):
        if given <= 0:
            raise RuntimeError(f"number of sections must be larger than 0, got {given}")
        whole, rest = divmod(size, given)
        return _cut(input, [whole + (i < rest) for i in range(given)], dim, INDEX)
    ends = [
        slice(low, high).indices(size)
        for low, high in itertools.pairwise([0, *given, size])
    ]
    parts = [(low, max(high - low, 0), 1) for low, high, _ in ends]
    return tuple([_part(input, dim, part) for part in parts])


def _split_along(name: str, least: int, dim: int) -> None:
    def public(input: Tensor, *given: Any, **settings: Any) -> tuple[Tensor, ...]:
        if input.ndim < least:
            raise RuntimeError(
                f"torch.{name} requires a tensor with at least {least} dimension, but "
                f"got a tensor with {input.ndim} dimensions!"
            )
        (cuts,) = (*given, *settings.values())
        along = 0 if name == "hsplit" and input.ndim == 1 else dim
        size = input._spec.shape[along]
        if isinstance(cuts, int) and (not cuts or size % cuts):
            raise RuntimeError(
                f"torch.{name} attempted to split along dimension {along}, but the "
                f"size of the dimension {size} is not divisible by the split_size "
                f"{cuts}!"
            )
        return tensor_split(input, cuts, along)

    register(name, doc=f"Parts along dimension {dim}, as `torch.{name}`.")(public)


_split_along("hsplit", 1, 1)
_split_along("vsplit", 2, 0)
_split_along("dsplit", 3, 2)
for _cutting in (split, split_with_sizes, chunk):
    _unsafe(_cutting, f"unsafe_{_cutting.__name__}")
