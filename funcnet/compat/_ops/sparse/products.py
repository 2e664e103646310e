"""Products of sparse matrices that `torch` and `torch.sparse` have besides `mm`."""

from typing import Any

import numpy as np

from funcnet.compat._core.annotations import Layout, ShapeLike
from funcnet.compat._ops.registry import register
from funcnet.compat._ops.sparse.compressed import CompressedTensor, compress
from funcnet.compat._ops.sparse.kinds import KINDS
from funcnet.compat._ops.sparse.tensor import SparseTensor, call, sparse
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor, from_array


def _needs_sparse(name: str, x: object) -> None:
    if not isinstance(x, SparseTensor):
        raise RuntimeError(
            f"{name}: expected a sparse matrix, got a dense one: write x.to_sparse()"
        )


def product(mat1: Tensor, mat2: Tensor) -> Any:
    """The product, with a gradient at the listed elements of a sparse factor only."""
    if isinstance(mat1, SparseTensor):
        return mat1._product(mat2)
    return mat1 @ mat2


@register("smm")
def smm(input: SparseTensor, mat: Tensor) -> SparseTensor:
    """The product of a sparse and a dense matrix, as a sparse one.

    Example:
        >>> import funcnet.compat as torch
        >>> torch.smm(torch.eye(2).to_sparse(), torch.ones(2, 2)).to_dense()
        tensor([[1., 1.],
                [1., 1.]])
    """
    _needs_sparse("smm", input)
    dense = product(input, mat)
    rows = np.asarray(input._indices_of._array())[0]
    listed = np.unique(rows)
    columns = np.arange(dense.shape[1])
    indices = np.stack(
        [np.repeat(listed, len(columns)), np.tile(columns, len(listed))]
    ).astype(np.int64)
    at = tuple(from_array(one) for one in indices)
    return sparse(from_array(indices), dense[at], dense.shape, True)


@register("hspmm", "hsmm", method=False)
def hspmm(mat1: SparseTensor, mat2: Tensor) -> SparseTensor:
    """The product of a sparse and a dense matrix, as a list of rows.

    Example:
        >>> import funcnet.compat as torch
        >>> torch.hspmm(torch.eye(2).to_sparse(), torch.ones(2, 2)).values()
        tensor([[1., 1.],
                [1., 1.]])
    """
    _needs_sparse("hspmm", mat1)
    dense = product(mat1, mat2)
    rows = np.unique(np.asarray(mat1._indices_of._array())[0]).astype(np.int64)
    values = dense.index_select(0, from_array(rows))
    return sparse(from_array(rows[None]), values, dense.shape, True)


@register("dsmm", method=False)
def dsmm(mat1: SparseTensor, mat2: Tensor) -> Tensor:
    """The product of a sparse and a dense matrix, which is dense.

    Example:
        >>> import funcnet.compat as torch
        >>> torch.dsmm(torch.eye(2).to_sparse(), torch.ones(2, 1))
        tensor([[1.],
                [1.]])
    """
    return product(mat1, mat2)  # type: ignore[no-any-return]


@register("sspaddmm")
def sspaddmm(
    input: SparseTensor,
    mat1: SparseTensor,
    mat2: Tensor,
    *,
    beta: float = 1,
    alpha: float = 1,
) -> SparseTensor:
    """Compute `beta · input + alpha · mat1 @ mat2`, listed one after the other.

    Example:
        >>> import funcnet.compat as torch
        >>> x = torch.eye(2).to_sparse()
        >>> torch.sspaddmm(x, x, torch.ones(2, 2)).to_dense()
        tensor([[2., 1.],
                [1., 2.]])
    """
    _needs_sparse("sspaddmm", input)
    more = smm(mat1, mat2)
    if tuple(input.shape) != tuple(more.shape):
        raise RuntimeError(
            f"sspaddmm: Argument #1: Expected dim 0 size {more.shape[0]}, got "
            f"{input.shape[0]}"
        )
    indices = call("cat", [input._indices_of, more._indices_of], 1)
    values = call("cat", [input._values_of * beta, more._values_of * alpha], 0)
    return sparse(indices, values, input.shape, False)


register("saddmm", method=False)(sspaddmm)


def reduced(mat1: Tensor, mat2: Tensor, reduce: str) -> Tensor:
    """The product with a mean, a greatest or a least in place of the sum of a row.

    Raises:
        ValueError: PyTorch has no such reduction.
        NotImplementedError: the first matrix is not CSR.
    """
    if reduce not in ("sum", "mean", "amax", "amin"):
        raise ValueError(
            "reduce argument must be either sum, mean, amax or amin, got " + reduce
        )
    if not isinstance(mat1, CompressedTensor):
        raise NotImplementedError(
            "torch.sparse.mm: reduce= is for a first matrix in CSR: write "
            "x.to_sparse_csr()"
        )
    rows, columns = mat1._indices_of.unbind(0)
    parts = mat2.index_select(0, columns) * mat1._values_of.unsqueeze(-1)
    zeros = parts.new_zeros((mat1.shape[0], mat2.shape[1]))
    return zeros.index_reduce(0, rows, parts, reduce, include_self=False)


def sampled_addmm(
    input: Tensor, mat1: Tensor, mat2: Tensor, *, beta: float = 1.0, alpha: float = 1.0
) -> CompressedTensor:
    """Compute `beta · input + alpha · mat1 @ mat2` at the elements of a CSR `input`.

    Example:
        >>> import funcnet.compat as torch
        >>> x = torch.eye(2).to_sparse_csr()
        >>> torch.sparse.sampled_addmm(x, torch.ones(2, 3), torch.ones(3, 2)).values()
        tensor([4., 4.])
    """
    if not isinstance(input, CompressedTensor):
        raise RuntimeError(
            "Expected self to have sparse csr layout, but got "
            f"{'Sparse' if isinstance(input, SparseTensor) else 'Strided'}"
        )
    at = tuple(input._indices_of.unbind(0))
    row = mat1[(*at[:-2], at[-2])]
    column = mat2.transpose(-2, -1)[(*at[:-2], at[-1])]
    values = (row * column).sum(-1)
    return input._with(input._values_of * beta + values * alpha)


def spdiags(
    diagonals: Tensor,
    offsets: Tensor,
    shape: tuple[int, int],
    layout: Layout | None = None,
) -> Any:
    """A sparse matrix of rows of diagonals.

    Example:
        >>> import funcnet.compat as torch
        >>> torch.sparse.spdiags(
        ...     torch.tensor([[1.0, 2.0]]), torch.tensor([0]), (2, 2)
        ... ).to_dense()
        tensor([[1., 0.],
                [0., 2.]])
    """
    lines = diagonals if diagonals.ndim == 2 else diagonals.unsqueeze(0)
    shifts = np.asarray(offsets._array()).reshape(-1)
    if len(shifts) != lines.shape[0]:
        raise RuntimeError(
            f"Number of diagonals ({lines.shape[0]}) does not match the number of "
            f"offsets ({len(shifts)})"
        )
    if len(np.unique(shifts)) != len(shifts):
        raise RuntimeError("Offset tensor contains duplicate values")
    places = []
    for line, shift in enumerate(shifts.tolist()):
        column = np.arange(lines.shape[1])
        row = column - shift
        inside = (row >= 0) & (row < shape[0]) & (column < shape[1])
        column, row = column[inside], row[inside]
        places.append(np.stack([np.full(len(row), line), row, column]))
    line, row, column = np.concatenate(places, 1).astype(np.int64)
    values = lines[from_array(line), from_array(column)]
    result = sparse(from_array(np.stack([row, column])), values, Size(shape), False)
    if layout is None or str(layout) not in KINDS:
        return result
    return compress(result, layout)


# --- indices --------------------------------------------------------------------------


@register("_convert_indices_from_csr_to_coo", method=False)
def _to_coordinates(
    crow_indices: Tensor,
    col_indices: Tensor,
    *,
    out_int32: bool = False,
    transpose: bool = False,
) -> Tensor:
    """The coordinates of compressed indices."""
    starts, columns = (np.asarray(x._array()) for x in (crow_indices, col_indices))
    rows = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    both = (columns, rows) if transpose else (rows, columns)
    return from_array(np.stack(both).astype(np.int32 if out_int32 else np.int64))


@register("_convert_indices_from_coo_to_csr", method=False)
def _to_starts(input: Tensor, size: int, *, out_int32: bool = False) -> Tensor:
    """Where each row starts, of sorted rows."""
    counts = np.bincount(np.asarray(input._array()), minlength=size)
    starts = np.concatenate([[0], np.cumsum(counts)])
    return from_array(starts.astype(np.int32 if out_int32 else np.int64))


def _copied(name: str) -> Any:
    def copy(input: Tensor) -> Tensor:
        return getattr(input, name)().clone()  # type: ignore[no-any-return]

    copy.__doc__ = f"A copy of the tensor's `{name}()`, as `torch.{name}_copy`."
    return copy


for _name in ("crow_indices", "col_indices", "ccol_indices", "row_indices", "values"):
    register(f"{_name}_copy", method=False, overridable=False)(_copied(_name))
register("indices_copy", method=False, overridable=False)(_copied("indices"))


@register("Tensor.sparse_resize_")
def sparse_resize_(self: Any, size: ShapeLike, sparse_dim: int, dense_dim: int) -> Any:
    """Give a sparse tensor another size with the same elements."""
    return _resized(self, size, sparse_dim, dense_dim, self._nnz())


@register("Tensor.sparse_resize_and_clear_")
def sparse_resize_and_clear_(
    self: Any, size: ShapeLike, sparse_dim: int, dense_dim: int
) -> Any:
    """Give a sparse tensor another size, and list nothing any more."""
    return _resized(self, size, sparse_dim, dense_dim, 0)


def _resized(
    x: Any, size: ShapeLike, sparse_dim: int, dense_dim: int, count: int
) -> Any:
    if not isinstance(x, SparseTensor) or isinstance(x, CompressedTensor):
        raise RuntimeError("sparse_resize_: expected a sparse tensor of coordinates")
    if len(size) != sparse_dim + dense_dim:
        raise RuntimeError(
            "number of dimensions must be sparse_dim "
            f"({sparse_dim}) + dense_dim ({dense_dim}), but got {len(size)}"
        )
    if count and any(a < b for a, b in zip(size, x._size, strict=False)):
        raise RuntimeError(
            "shrinking the size of sparse dimensions (from "
            f"{list(x._size)} to {list(size)}) on a non-empty sparse tensor is not "
            "supported."
        )
    if count and (sparse_dim, dense_dim) != (x.sparse_dim(), x.dense_dim()):
        raise RuntimeError(
            f"changing the number of sparse dimensions (from {x.sparse_dim()} to "
            f"{sparse_dim}) on a non-empty sparse tensor is not supported."
        )
    if not count:
        x._indices_of = from_array(np.zeros((sparse_dim, 0), np.int64))
        x._values_of = x._values_of.new_zeros((0, *size[sparse_dim:]))
        x._unique = True
    x._size = Size(size)
    return x


@register("resize_as_sparse_")
def resize_as_sparse_(input: Any, the_template: SparseTensor) -> Any:
    """Give a sparse tensor the size of another one."""
    dims = the_template.sparse_dim(), the_template.dense_dim()
    return _resized(input, tuple(the_template.shape), *dims, input._nnz())
