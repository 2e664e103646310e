"""The order of elements in a compressed layout, by their coordinates."""

from typing import Any

import numpy as np

from funcnet.compat._ops.sparse.kinds import Kind
from funcnet.compat._ops.sparse.tensor import SparseTensor
from funcnet.compat._tensor.tensor import Tensor, from_array


def check_blocks(x: Any, kind: Kind, start: int, block: Any) -> None:
    rows, columns = x.shape[start : start + 2]
    if rows % block[0] or columns % block[1]:
        name = kind.layout.name
        raise RuntimeError(
            f"dense_to_{name}: tensor sparse size ({rows},{columns}) must be divisible "
            f"by given blocksize ({block[0]},{block[1]})"
        )


def ordered(
    x: SparseTensor, kind: Kind, start: int, block: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray, Any]:
    """The order of the elements, compressed and plain indices.

    Of blocks the order is where in the list of all numbers of blocks each element goes,
    and the last result is the size of that list.
    """
    indices = np.asarray(x._indices_of._array())
    batch, (rows, columns) = x._size[:start], x._size[start : start + 2]
    high, wide = block
    row, column = indices[start] // high, indices[start + 1] // wide
    longs, shorts = rows // high, columns // wide
    long, short = row, column
    if not kind.by_row:
        longs, shorts, long, short = shorts, longs, column, row
    lead = tuple(indices[:start])
    which = np.ravel_multi_index(lead, batch) if start else np.zeros(len(row), int)
    many = int(np.prod(batch)) if start else 1
    at = (which * longs + long) * shorts + short
    if kind.blocks:
        listed, back = np.unique(at, return_inverse=True)
        inside = (indices[start] % high) * wide + indices[start + 1] % wide
        order = back.reshape(-1) * high * wide + inside
    else:
        order = np.argsort(at, kind="stable")
        listed = at[order]
    counts = np.bincount(listed // shorts, minlength=many * longs).reshape(many, longs)
    totals = counts.sum(1)
    if len(set(totals.tolist())) > 1:
        raise RuntimeError("Expect the same number of specified elements per batch.")
    starts = np.concatenate([np.zeros((many, 1), int), counts.cumsum(1)], 1)
    plain = (listed % shorts).reshape(many, -1)
    if not start:
        starts, plain = starts[0], plain[0]
    else:
        starts, plain = starts.reshape(*batch, -1), plain.reshape(*batch, -1)
    size = (len(listed), high, wide)
    return order, starts.astype(np.int64), plain.astype(np.int64), size


def in_blocks(values: Tensor, places: np.ndarray, size: Any, block: Any) -> Tensor:
    """The blocks with their elements written into zeros."""
    count = size[0] * block[0] * block[1]
    zeros = values.new_zeros((count, *values.shape[1:]))
    filled = zeros.index_copy(0, from_array(places), values)
    return filled.reshape(*size, *values.shape[1:])
