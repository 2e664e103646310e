"""Tensors cut into chunks, and the chunks of one number put together."""

from collections.abc import Sequence
from typing import Any

from funcnet.compat._ops.checks import dimension
from funcnet.compat._ops.nn.vision import pad
from funcnet.compat._ops.registry import register
from funcnet.compat._ops.shape.joining import cat
from funcnet.compat._tensor.tensor import Tensor


@register("_chunk_cat", method=False, out=True)
def chunk_cat(tensors: Sequence[Tensor], dim: int, num_chunks: int) -> Any:
    """Cut each tensor along `dim` into equal chunks and join them, flattened.

    As `torch._chunk_cat`: `(*leading, size, *rest)` becomes `(*leading, num_chunks,
    -1)`, filled up with zeros, and these are concatenated along the last dimension.
    """
    dim = _checked(tensors, dim, num_chunks)
    rows = []
    for x in tensors:
        missing = -x.shape[dim] % num_chunks
        if missing:
            x = pad(x, [0, 0] * (x.ndim - dim - 1) + [0, missing])
        rows.append(x.reshape(*x.shape[:dim], num_chunks, -1))
    return cat(rows, dim + 1)


def _checked(tensors: Sequence[Tensor], dim: int, num_chunks: int) -> int:
    """The dimension counted from 0, once everything fits together."""
    if num_chunks < 1:
        raise RuntimeError("_chunk_cat expects positive num_chunks")
    if not tensors:
        raise RuntimeError("_chunk_cat expects a non-empty input tensor list")
    first = tensors[0]
    if dim < 0 and any(x.ndim != first.ndim for x in tensors):
        raise RuntimeError(
            "_chunk_cat expects non-negative dim when input tensors have different "
            "ndims"
        )
    dim = dimension(dim, min(x.ndim for x in tensors))
    for x in tensors:
        if not x.shape.numel():
            raise RuntimeError("_chunk_cat expects non-empty tensor")
        if x.dtype is not first.dtype:
            raise RuntimeError(
                "_chunk_cat expects all input tensors with the same dtype"
            )
        if x.shape[:dim] != first.shape[:dim]:
            raise RuntimeError(
                "_chunk_cat expects same sizes of 0,...,dim-1 dimensions for all "
                "tensors"
            )
    return dim
