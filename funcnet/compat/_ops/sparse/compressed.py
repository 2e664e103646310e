"""Compressed sparse tensors: CSR, CSC, and those of blocks, BSR and BSC.

What can be done with them is what can be done with coordinates: these are computed
from the compressed indices where an operation needs them. Values are dense tensors in
the gradient graph, so gradients reach the elements that are listed.
"""

from typing import Any, NoReturn, SupportsIndex

import numpy as np

from funcnet.compat._core import overriding as _overriding
from funcnet.compat._core.annotations import Dims, DType, Layout, Scalar, ShapeLike
from funcnet.compat._core.memory_format import sparse_csr
from funcnet.compat._ops.sparse.kinds import KINDS, Kind, not_compressed
from funcnet.compat._ops.sparse.order import check_blocks, in_blocks, ordered
from funcnet.compat._ops.sparse.tensor import SparseTensor, call, coordinates, sparse
from funcnet.compat._ops.sparse.text import text
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat._tensor.views import alias

BlockSize = tuple[int, int] | list[int] | None


# Of the methods for coordinates, those that look at the values alone.
_OF_VALUES = frozenset(
    (
        *("half", "bfloat16", "int", "long", "bool", "short", "cfloat", "cdouble"),
        *("__abs__", "__len__", "is_pinned"),
    )
)


class CompressedTensor(SparseTensor):
    """A tensor whose listed elements are found by row, or by column."""

    is_sparse = False
    _kind: Kind
    _compressed: Tensor
    _plain: Tensor
    _listed: Tensor
    _found: "Tensor | None" = None
    _unique = True

    @property
    def layout(self) -> Layout:  # type: ignore[override]
        """How the elements are listed."""
        return self._kind.layout

    @property
    def is_sparse_csr(self) -> bool:
        """Whether rows of numbers are compressed."""
        return self._kind.layout is sparse_csr

    # --- as coordinates ---------------------------------------------------------------

    @property
    def _values_of(self) -> Tensor:  # type: ignore[override]
        """The values by element, in the order of `_indices_of`."""
        listed, lead = self._listed, self._compressed.ndim + 2 * self._kind.blocks
        if lead == 1:
            return listed
        return listed.reshape(-1, *listed.shape[lead:])

    @property
    def _indices_of(self) -> Tensor:  # type: ignore[override]
        """The coordinates of the elements, in the order of the values."""
        if self._found is None:
            self._found = from_array(self._coordinates(), self.device)
        return self._found

    def _coordinates(self) -> np.ndarray:
        starts = np.asarray(self._compressed._array()).astype(np.int64)
        plain = np.asarray(self._plain._array()).astype(np.int64)
        batch, count = starts.shape[:-1], plain.shape[-1]
        starts = starts.reshape(-1, starts.shape[-1])
        plain = plain.reshape(len(starts), count)
        long = np.concatenate(
            [np.repeat(np.arange(len(one) - 1), np.diff(one)) for one in starts]
            or [np.zeros(0, np.int64)]
        )
        short = plain.reshape(-1)
        row, column = (long, short) if self._kind.by_row else (short, long)
        which = np.repeat(np.arange(len(plain)), count)
        if self._kind.blocks:
            start = self._compressed.ndim
            high, wide = self._listed.shape[start : start + 2]
            inside = np.indices((high, wide)).reshape(2, -1)
            row = (row[:, None] * high + inside[0]).reshape(-1)
            column = (column[:, None] * wide + inside[1]).reshape(-1)
            which = np.repeat(which, high * wide)
        first = np.unravel_index(which, batch) if batch else ()
        return np.stack([*first, row, column]).astype(np.int64)

    def _with(self, values: Tensor, unique: bool | None = None) -> "CompressedTensor":
        shape = tuple(self._listed.shape)
        listed = values if tuple(values.shape) == shape else values.reshape(shape)
        return self._of(listed)

    def _of(self, listed: Tensor) -> "CompressedTensor":
        """Other values at the same indices."""
        result = compressed(
            self._kind, self._compressed, self._plain, listed, self._size
        )
        result._found = self._found
        return result

    def _merged(self) -> "CompressedTensor":
        return self

    @property
    def grad(self) -> Any:
        """The gradient of the values, at their indices."""
        listed: Any = self._listed
        return None if listed.grad is None else self._of(listed.grad)

    @grad.setter
    def grad(self, value: Any) -> None:
        listed: Any = self._listed
        listed.grad = None if value is None else value._listed

    @property
    def grad_fn(self) -> Any:
        """What computed the values."""
        return self._listed.grad_fn

    @property
    def is_leaf(self) -> bool:
        """Whether nothing that is differentiated computed the values."""
        return self._listed.is_leaf

    def requires_grad_(self, requires_grad: bool = True) -> "CompressedTensor":
        """Make the values require gradients, or not."""
        if requires_grad and not self.requires_grad:  # not those it was made of
            self._listed = alias(self._listed)
        self._listed.requires_grad_(requires_grad)
        return self

    @staticmethod
    def _added(name: str) -> Any:
        return SparseTensor._added(name) if name in _OF_VALUES else None

    # --- its parts --------------------------------------------------------------------

    def values(self) -> Tensor:
        """The listed elements, or blocks."""
        return self._listed

    def _nnz(self) -> int:
        """How many elements or blocks are listed, in each batch."""
        return int(self._plain.shape[-1])

    def sparse_dim(self) -> int:
        """2: a matrix is listed."""
        return 2

    def dense_dim(self) -> int:
        """How many dimensions an element has."""
        return self._listed.ndim - self._compressed.ndim - 2 * self._kind.blocks

    def crow_indices(self) -> Tensor:
        """Where each row starts among the elements, and where the last one ends."""
        return self._index("crow_indices", self._compressed)

    def col_indices(self) -> Tensor:
        """The column of each element."""
        return self._index("col_indices", self._plain)

    def ccol_indices(self) -> Tensor:
        """Where each column starts among the elements, and where the last one ends."""
        return self._index("ccol_indices", self._compressed)

    def row_indices(self) -> Tensor:
        """The row of each element."""
        return self._index("row_indices", self._plain)

    def _index(self, name: str, part: Tensor) -> Tensor:
        if name not in self._kind.names:
            raise not_compressed(name, self._kind.title)
        return part

    def _not_coordinates(self, name: str) -> NoReturn:
        raise RuntimeError(
            f"{name} expected sparse coordinate tensor layout but got "
            f"{self._kind.title}"
        )

    def indices(self) -> NoReturn:
        """Refuse: it has no coordinates."""
        self._not_coordinates("indices")

    def coalesce(self) -> NoReturn:
        """Refuse: it has no coordinates."""
        self._not_coordinates("coalesce")

    def is_coalesced(self) -> NoReturn:
        """Refuse: it has no coordinates."""
        self._not_coordinates("is_coalesced")

    # --- conversions ------------------------------------------------------------------

    def to_coordinates(self) -> SparseTensor:
        """The same elements with their coordinates, in the same order."""
        flat = self._flat()
        unique = bool(np.all(flat[1:] > flat[:-1]))
        return sparse(self._indices_of, self._values_of, self._size, unique)

    # --- shapes -----------------------------------------------------------------------

    def transpose(self, dim0: int, dim1: int) -> "CompressedTensor":
        """Exchange rows and columns: a view with rows in place of columns."""
        last = {self.ndim - self.dense_dim() - 2, self.ndim - self.dense_dim() - 1}
        first, second = dim0 % self.ndim, dim1 % self.ndim
        if {first, second} != last:
            raise RuntimeError(
                f"transpose(): can only transpose rows and columns of {self.layout}; "
                "write x.to_dense().transpose(dim0, dim1)"
            )
        size = list(self._size)
        size[first], size[second] = size[second], size[first]
        listed = self._listed
        if self._kind.blocks:
            at = self._compressed.ndim
            listed = listed.transpose(at, at + 1)
        kind = self._kind.transposed
        result = compressed(kind, self._compressed, self._plain, listed, Size(size))
        if self._source is not None:
            result._source = self._source.transpose(dim0, dim1)
        return result

    @property
    def mT(self) -> "CompressedTensor":  # noqa: N802
        """The transposes of the matrices."""
        return self.transpose(-2, -1)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, int):
            return self.to_coordinates().coalesce()[index]
        if isinstance(index, tuple) and len(index) == 2 == self.ndim:
            row, column = index
            if isinstance(row, int) and isinstance(column, int):
                return self[row].to_dense()[column]
            if isinstance(column, int) and row == slice(None):
                return self.t()[column]
        raise RuntimeError(
            "Sparse CSR tensors do not have strides: index x.to_dense(), or select "
            "a row or a column by its number"
        )

    def select(self, dim: int, index: int) -> Any:
        """A row or a column of a matrix."""
        return self[index] if dim % self.ndim == 0 else self.t()[index]

    # --- arithmetic -------------------------------------------------------------------

    def clone(self, *args: object, **kwargs: object) -> "CompressedTensor":
        """A copy."""
        return self._of(self._listed.clone())

    def to(self, *args: Any, **kwargs: Any) -> "CompressedTensor":
        """The values in another dtype or on another device."""
        listed = self._listed.to(*args, **kwargs)
        return self if listed is self._listed else self._of(listed)

    def add(self, other: Any, *, alpha: Scalar = 1) -> Any:
        """The sum with a tensor of the same size."""
        if not isinstance(other, Tensor):
            raise RuntimeError(
                "add: expected 'self' and 'other' to have same size, but self has "
                f"size {list(self._size)} and other is a number: add x.to_dense()"
            )
        if not isinstance(other, SparseTensor):
            return self.to_dense().add(other, alpha=alpha)
        mine = self.to_coordinates().coalesce()
        if isinstance(other, CompressedTensor):
            other = other.to_coordinates()
        total = mine.add(other.coalesce(), alpha=alpha)
        return compress(total, self.layout, self.block_size())

    def block_size(self) -> tuple[int, int] | None:
        """The size of its blocks; None where an element is a number."""
        at = self._compressed.ndim
        high, wide = (*self._listed.shape[at : at + 2], 0, 0)[:2]
        return (int(high), int(wide)) if self._kind.blocks else None

    def matmul(self, other: Any) -> Any:
        """The product with a matrix or a vector."""
        result = super().matmul(other)
        return (
            compress(result, sparse_csr) if isinstance(other, SparseTensor) else result
        )

    def _product(self, other: Any) -> Any:
        if isinstance(other, CompressedTensor):
            other = other.to_coordinates()
        return self.to_coordinates()._product(other)

    mm = mv = matmul  # type: ignore[assignment]

    def sum(
        self,
        dim: Dims | None = None,
        keepdim: bool = False,
        *,
        dtype: DType | None = None,
    ) -> Any:
        """The sum of all elements, or over dimensions that are kept."""
        if dim is None:
            return self._listed.sum(dtype=dtype)
        if not keepdim:
            raise RuntimeError(
                "reduction operations on CSR tensors with keepdim=False is unsupported"
            )
        dense = self.to_dense().sum(dim, keepdim=True, dtype=dtype)
        return compress(dense, sparse_csr)

    def zero_(self) -> "CompressedTensor":
        """Write zeros over the values."""
        self._listed.zero_()
        return self

    def neg_(self) -> "CompressedTensor":
        """Change the sign of the values in place."""
        self._listed.neg_()
        return self

    def mul_(self, other: Scalar) -> "CompressedTensor":
        """Multiply the values by a number in place."""
        self._listed.mul_(other)
        return self

    def zeros_like(self, **settings: Any) -> "CompressedTensor":
        """A tensor of this size that lists nothing."""
        listed = call("zeros_like", self._listed.detach(), **settings)
        starts = call("zeros_like", self._compressed)
        nothing = listed.narrow(self._compressed.ndim - 1, 0, 0)
        plain = self._plain[..., :0]
        return compressed(self._kind, starts, plain, nothing, self._size)

    def ones_like(self, **settings: Any) -> "CompressedTensor":
        """Ones at the same indices."""
        return self._of(call("ones_like", self._listed.detach(), **settings))

    def empty_like(self, **settings: Any) -> "CompressedTensor":
        """Values of no meaning at the same indices."""
        return self._of(call("empty_like", self._listed.detach(), **settings))

    __add__ = add
    __matmul__ = matmul

    def __neg__(self) -> "CompressedTensor":
        return self._of(-self._listed)

    def __rmatmul__(self, other: Any) -> Any:
        return self.to_coordinates().__rmatmul__(other)

    # --- not supported ----------------------------------------------------------------

    def numpy(self, *args: object, **kwargs: object) -> NoReturn:
        """Refuse: arrays of numpy are dense."""
        raise TypeError(
            f"can't convert {self._kind.title} layout tensor to numpy. Use "
            "Tensor.to_dense() first."
        )

    __array__ = numpy

    def __reduce_ex__(self, protocol: SupportsIndex) -> Any:
        parts = (self._compressed, self._plain, self._listed)
        return _restored, (str(self.layout), *parts, tuple(self._size))

    def __deepcopy__(self, memo: dict[int, Any]) -> "CompressedTensor":
        result = self._of(self._listed.__deepcopy__(memo))
        memo[id(self)] = result
        return result

    def __repr__(self, *, tensor_contents: object = None) -> str:
        names = (*self._kind.names, "values")
        parts = (self._compressed, self._plain, self._listed)
        listed = dict(zip(names, parts, strict=True))
        return text(self, listed, self._nnz(), below=False)


def compressed(
    kind: Kind, starts: Tensor, plain: Tensor, listed: Tensor, size: ShapeLike
) -> CompressedTensor:
    """A compressed tensor of these parts."""
    result: Any = object.__new__(CompressedTensor)
    result._kind, result._compressed, result._plain = kind, starts, plain
    result._listed, result._size = listed, Size(size)
    _overriding.note_instance(CompressedTensor)
    return result


def _restored(
    name: str, starts: Tensor, plain: Tensor, listed: Tensor, size: ShapeLike
) -> CompressedTensor:
    return compressed(KINDS[name], starts, plain, listed, size)


def compress(
    x: Any, wanted: Layout, block: BlockSize = None, dense_dim: int = 0
) -> Any:
    """A tensor of any layout in a compressed one.

    Raises:
        RuntimeError: the blocks do not fit into the size, or batches list different
            numbers of elements.
    """
    kind = KINDS[str(wanted)]
    if kind.blocks and block is None:
        raise RuntimeError(
            f"to_sparse: conversion to {wanted} needs blocksize=(rows, columns)"
        )
    if isinstance(x, CompressedTensor):
        blocks = None if block is None else tuple(block)
        if x._kind is kind and blocks == x.block_size():
            return x
        x = x.to_coordinates()
    start = x.ndim - dense_dim - 2
    if kind.blocks:
        check_blocks(x, kind, start, block)
    if not isinstance(x, SparseTensor):
        x = coordinates(x, x.ndim - dense_dim)
    x = x.coalesce()
    if x.sparse_dim() < 2:
        raise RuntimeError(
            f"to_sparse: a {x.ndim}-dimensional tensor has no rows and columns to "
            f"compress into {wanted}"
        )
    start = x.sparse_dim() - 2
    order, starts, plain, size = ordered(x, kind, start, block or (1, 1))
    values = x._values_of
    if kind.blocks:
        listed = in_blocks(values, order, size, block)
    elif np.array_equal(order, np.arange(len(order))):
        listed = values
    else:
        listed = values.index_select(0, from_array(order))
    batch = tuple(x._size[:start])
    listed = listed.reshape(*batch, -1, *listed.shape[1:]) if batch else listed
    first, second = (from_array(one, x.device) for one in (starts, plain))
    result = compressed(kind, first, second, listed, x._size)
    result._source = x._source
    return result
