"""Making sparse tensors: of coordinates and values, and of dense tensors."""

from typing import Any, NoReturn

import numpy as np

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DeviceLike, DType, Layout, ShapeLike
from funcnet.compat._core.memory_format import (
    sparse_bsc,
    sparse_bsr,
    sparse_coo,
    sparse_csc,
    sparse_csr,
)
from funcnet.compat._ops.registry import register, register_attribute
from funcnet.compat._ops.sparse.compressed import (
    BlockSize,
    CompressedTensor,
    compress,
)
from funcnet.compat._ops.sparse.kinds import KINDS
from funcnet.compat._ops.sparse.tensor import SparseTensor, call, coordinates, sparse
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat._tensor.views import alias


@register("sparse_coo_tensor", method=False)
def sparse_coo_tensor(
    indices: Any = None,
    values: object = None,
    size: ShapeLike | None = None,
    *,
    dtype: DType | None = None,
    device: DeviceLike | None = None,
    pin_memory: bool = False,
    requires_grad: bool = False,
    check_invariants: bool | None = None,
    is_coalesced: bool | None = None,
) -> SparseTensor:
    """A tensor of which the elements that are not zero are listed.

    Equals `torch.sparse_coo_tensor`; indices are always checked.

    Args:
        indices: `(sparse_dim, nnz)`; an index may be listed several times.
        values: `(nnz, *dense)`.
        size: of the whole; by default, as large as the indices need.
        is_coalesced: each index is there once, in order.

    Raises:
        RuntimeError: sizes do not fit, or an index is out of range.

    Example:
        >>> import funcnet.compat as torch
        >>> x = torch.sparse_coo_tensor([[0, 1], [2, 0]], [3.0, 4.0], (2, 3))
        >>> x.to_dense()
        tensor([[0., 0., 3.],
                [4., 0., 0.]])
    """
    if values is None and (size is None or indices is None):  # nothing is listed
        size = tuple(indices if size is None else size)
        empty = call("zeros", 0, dtype=dtype, device=device)
        places = from_array(np.zeros((len(size), 0), np.int64))
        return sparse(places, empty.requires_grad_(requires_grad), size, True)
    places = call("as_tensor", indices).to(_dtypes.int64)
    result = call("as_tensor", values, dtype=dtype, device=device)
    if places.ndim != 2:
        raise RuntimeError(
            f"indices must be sparse_dim x nnz, but got: {list(places.shape)}"
        )
    count = places.shape[1]
    if not result.ndim or result.shape[0] != count:
        raise RuntimeError(
            "indices and values must have same nnz, but got nnz from indices: "
            f"{count}, nnz from values: {result.shape[0] if result.ndim else 1}"
        )
    numbers = np.asarray(places._array())
    if size is None:
        largest = numbers.max(1) + 1 if count else np.zeros(len(numbers), int)
        size = (*largest.tolist(), *result.shape[1:])
    _check_size(numbers, result, Size(size))
    if requires_grad:
        result = alias(result).requires_grad_(True)
    return sparse(places, result, size, bool(is_coalesced))


def _check_size(indices: np.ndarray, values: Tensor, size: Size) -> None:
    dims, dense = len(indices), values.ndim - 1
    if len(size) != dims + dense:
        raise RuntimeError(
            "'len(size) == sparse_dim + dense_dim' is not satisfied: len(size) = "
            f"{len(size)}, sparse_dim = {dims}, dense_dim = {dense}"
        )
    if not indices.size:
        return
    if indices.min() < 0:
        raise RuntimeError(
            f"found negative index {indices.min()} for dim "
            f"{int(indices.min(1).argmin())}"
        )
    for dim, largest in enumerate(indices.max(1).tolist()):
        if largest >= size[dim]:
            raise RuntimeError(
                f"size is inconsistent with indices: for dim {dim}, size is "
                f"{size[dim]} but found index {largest}"
            )


@register("Tensor.to_sparse", "Tensor.to_sparse_coo")
def to_sparse(
    self: Tensor,
    sparse_dim: int | None = None,
    *,
    layout: Layout | None = None,
    blocksize: BlockSize = None,
    dense_dim: int | None = None,
) -> Any:
    """The elements that are not zero, listed; as `Tensor.to_sparse`.

    Args:
        sparse_dim: how many dimensions are indexed; by default all.
        layout: torch.sparse_coo, or one that is compressed.
        blocksize: of torch.sparse_bsr and sparse_bsc.
        dense_dim: how many dimensions an element has, of a compressed layout.

    Raises:
        RuntimeError: the layout does not fit to the size.

    Example:
        >>> import funcnet.compat as torch
        >>> torch.eye(2).to_sparse(layout=torch.sparse_csr).crow_indices()
        tensor([0, 1, 2])
    """
    if layout is not None and layout is not sparse_coo:
        if str(layout) not in KINDS:
            raise RuntimeError(
                "to_sparse: expected layout Sparse, SparseCsr, SparseCsc, SparseBsr or "
                f"SparseBsc, but got {layout}"
            )
        return compress(self, layout, blocksize, dense_dim or 0)
    if isinstance(self, CompressedTensor):
        if sparse_dim not in (None, 2):
            raise RuntimeError(
                "sparse_compressed_to_sparse: conversion from "
                f"{self._kind.title} to Sparse with sparse_dim argument !=2 is not "
                "supported"
            )
        return self.to_coordinates()
    if isinstance(self, SparseTensor):
        return self
    return coordinates(self, self.ndim if sparse_dim is None else int(sparse_dim))


@register("Tensor.to_sparse_csr")
def to_sparse_csr(self: Tensor, dense_dim: int | None = None) -> CompressedTensor:
    """The elements that are not zero, listed by rows; as `Tensor.to_sparse_csr`."""
    return _compress(self, sparse_csr, None, dense_dim)


@register("Tensor.to_sparse_csc")
def to_sparse_csc(self: Tensor, dense_dim: int | None = None) -> CompressedTensor:
    """The elements that are not zero, listed by columns; as `Tensor.to_sparse_csc`."""
    return _compress(self, sparse_csc, None, dense_dim)


@register("Tensor.to_sparse_bsr")
def to_sparse_bsr(
    self: Tensor, blocksize: BlockSize, dense_dim: int | None = None
) -> CompressedTensor:
    """The blocks that are not zero, listed by rows; as `Tensor.to_sparse_bsr`."""
    return _compress(self, sparse_bsr, blocksize, dense_dim)


@register("Tensor.to_sparse_bsc")
def to_sparse_bsc(
    self: Tensor, blocksize: BlockSize, dense_dim: int | None = None
) -> CompressedTensor:
    """The blocks that are not zero, listed by columns; as `Tensor.to_sparse_bsc`."""
    return _compress(self, sparse_bsc, blocksize, dense_dim)


def _compress(
    self: Tensor, layout: Layout, blocksize: BlockSize, dense_dim: int | None
) -> Any:
    most, dims = max(0, self.ndim - 2), dense_dim or 0
    if not 0 <= dims <= most:
        raise RuntimeError(
            f"dense_to_{layout.name}: dense_dim argument must be in [0,{most}] range, "
            f"but {dims} is given"
        )
    return compress(self, layout, blocksize, dims)


@register("Tensor.to_dense")
def to_dense(
    self: Tensor, dtype: DType | None = None, *, masked_grad: bool | None = None
) -> Tensor:
    """The tensor itself, in another dtype perhaps: it is dense."""
    return self if dtype is None else self.to(dtype)


@register("Tensor.sparse_mask")
def sparse_mask(self: Tensor, mask: SparseTensor) -> SparseTensor:
    """The elements at the indices of a sparse tensor, as `Tensor.sparse_mask`."""
    if self.shape != mask.shape:
        raise RuntimeError(
            "sparse_mask(): operands have incompatible sizes; self has size "
            f"{list(self.shape)} but mask has size {list(mask.shape)}"
        )
    dense = self.to_dense() if isinstance(self, SparseTensor) else self
    return mask._with(dense[tuple(mask._indices_of.unbind(0))])


def _not_sparse(name: str) -> Any:
    def refuse(self: Tensor, *args: object) -> NoReturn:
        raise RuntimeError(
            f"{name} expected sparse coordinate tensor layout but got Strided"
        )

    refuse.__name__ = refuse.__qualname__ = name
    refuse.__doc__ = "Refuse: the tensor is dense."
    return refuse


for _name in (
    "coalesce",
    "is_coalesced",
    "indices",
    "values",
    "_nnz",
    "_indices",
    "_values",
):
    register(f"Tensor.{_name}")(_not_sparse(_name))
register("Tensor.sparse_dim", doc="No dimension is sparse: 0.")(lambda self: 0)
register("Tensor.dense_dim", doc="All dimensions are dense.")(lambda self: self.ndim)
register_attribute("is_sparse_csr", lambda self: False)
