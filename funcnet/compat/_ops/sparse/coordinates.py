"""What sparse tensors can do besides arithmetic: shapes, rows, dtypes, in place."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from funcnet.compat._ops.sparse.tensor import (
    OF_SEVERAL,
    SparseTensor,
    call,
    method,
    sparse,
)
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor, from_array


def _nothing(x: SparseTensor, **settings: Any) -> SparseTensor:
    """A sparse tensor of the same size that lists nothing."""
    indices = np.zeros((x.sparse_dim(), 0), np.int64)
    values = x._values_of.detach()[:0].to(settings.get("dtype") or x.dtype)
    return sparse(from_array(indices, x.device), values, x._size, True)


method("zeros_like", "empty_like", "new_zeros", "new_empty")(_nothing)


@method("half", "bfloat16", "int", "long", "bool", "short", "cfloat", "cdouble")
def _cast(x: SparseTensor, *, name: str) -> SparseTensor:
    return x._with(getattr(x._values_of, name)())


@method("__abs__")
def _absolute(x: SparseTensor) -> Any:
    return call("abs", x)


@method("is_pinned")
def _is_pinned(x: SparseTensor) -> bool:
    return False


# --- rows and dimensions --------------------------------------------------------------


@method("__len__")
def _length(x: SparseTensor) -> int:
    return x._size[0]


@method("__iter__")
def _rows(x: SparseTensor) -> Iterator[Any]:
    return iter(_unbound(x))


@method("unbind")
def _unbound(x: SparseTensor, dim: int = 0) -> tuple[Any, ...]:
    first = x.transpose(0, dim) if dim % x.ndim else x
    return tuple([first[i] for i in range(first._size[0])])


@method("permute")
def _permute(x: SparseTensor, *dims: Any) -> SparseTensor:
    order = [dim % x.ndim for dim in (dims if len(dims) > 1 else dims[0])]
    count = x.sparse_dim()
    if sorted(order[:count]) != list(range(count)):
        raise RuntimeError("permute: dense dimensions stay after those indexed.")
    values = x._values_of.permute(0, *[dim - count + 1 for dim in order[count:]])
    size = Size([x._size[dim] for dim in order])
    return sparse(x._indices_of[order[:count]], values, size, False)


@method("unsqueeze")
def _unsqueeze(x: SparseTensor, dim: int) -> SparseTensor:
    dim %= x.ndim + 1
    size = Size([*x._size[:dim], 1, *x._size[dim:]])
    if dim > x.sparse_dim():
        values = x._values_of.unsqueeze(dim - x.sparse_dim() + 1)
        return sparse(x._indices_of, values, size, x._unique)
    rows = list(x._indices_of.unbind(0))
    zeros = from_array(np.zeros(x._nnz(), np.int64), x.device)
    indices = call("stack", [*rows[:dim], zeros, *rows[dim:]])
    return sparse(indices, x._values_of, size, x._unique)


@method("index_select")
def _index_select(x: SparseTensor, dim: int, index: Tensor) -> SparseTensor:
    dim %= x.ndim
    chosen = np.asarray(index._array()).reshape(-1)
    size = list(x._size)
    if ((chosen < 0) | (chosen >= size[dim])).any():
        raise IndexError("index out of range in self")
    size[dim] = len(chosen)
    if dim >= x.sparse_dim():
        values = x._values_of.index_select(dim - x.sparse_dim() + 1, index)
        return sparse(x._indices_of, values, Size(size), x._unique)
    indices = np.asarray(x._indices_of._array())
    pairs = np.argwhere(chosen[:, None] == indices[dim][None])  # (chosen, listed)
    listed = pairs[:, 1].astype(np.int64)
    result = indices[:, listed]
    result[dim] = pairs[:, 0]
    values = x._values_of.index_select(0, from_array(listed))
    return sparse(from_array(result, x.device), values, Size(size), False)


def stacked(tensors: Sequence[Any], dim: int = 0) -> Any:
    """Sparse tensors along a new dimension."""
    return call("cat", [_unsqueeze(x, dim) for x in tensors], dim)


OF_SEVERAL["stack"] = stacked


# --- in place -------------------------------------------------------------------------


def _become(x: SparseTensor, other: SparseTensor) -> SparseTensor:
    x._indices_of, x._values_of = other._indices_of, other._values_of
    x._unique = other._unique
    return x


@method("mul_", "div_", "__imul__", "__itruediv__")
def _scale(x: SparseTensor, other: Any, *, name: str) -> SparseTensor:
    divides = "div" in name
    if isinstance(other, Tensor) and other.ndim:
        return _become(x, x.div(other) if divides else x.mul(other))
    if divides:
        x._values_of.div_(other)
        return x
    _become(x, x.coalesce())  # as in PyTorch
    x._values_of.mul_(other)
    return x


@method("add_", "sub_", "__iadd__", "__isub__")
def _add(x: SparseTensor, other: Any, *, name: str, alpha: Any = 1) -> SparseTensor:
    return _become(x, x.add(other, alpha=-alpha if "sub" in name else alpha))


@method("copy_")
def _copy(x: SparseTensor, src: Any, non_blocking: bool = False) -> SparseTensor:
    if not isinstance(src, SparseTensor):
        raise RuntimeError("copy_() between dense and sparse Tensors is not supported")
    if src._size != x._size:
        raise RuntimeError(
            f"The size of tensor a {list(x._size)} must match the size of tensor b "
            f"{list(src._size)}"
        )
    return _become(x, src._with(src._values_of.to(x._values_of).clone()))
