"""Making sparse tensors: of coordinates and values, and of dense tensors."""

from typing import Any, NoReturn

import numpy as np

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DeviceLike, DType, Layout, ShapeLike
from funcnet.compat._ops.registry import register, register_attribute
from funcnet.compat._ops.sparse.tensor import SparseTensor, call, sparse
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
    **more: object,
) -> SparseTensor:
    """The elements that are not zero, listed; as `Tensor.to_sparse`."""
    if layout is not None and str(layout) != "torch.sparse_coo":
        raise NotImplementedError(
            f"to_sparse: {layout} is not there; sparse tensors are of coordinates."
        )
    dims = self.ndim if sparse_dim is None else int(sparse_dim)
    numbers = np.asarray(self._array())
    filled = (numbers != 0).reshape(*numbers.shape[:dims], -1).any(-1)
    indices = np.stack(np.nonzero(filled)) if dims else np.zeros((0, 1), np.int64)
    at = from_array(indices.astype(np.int64), self.device)
    values = self[tuple(from_array(row.astype(np.int64)) for row in indices)]
    return sparse(at, values, self.shape, True)


@register("Tensor.to_dense")
def to_dense(
    self: Tensor, dtype: DType | None = None, *, masked_grad: bool | None = None
) -> Tensor:
    """The tensor itself, in another dtype perhaps: it is dense."""
    return self if dtype is None else self.to(dtype)


@register("Tensor.sparse_mask")
def sparse_mask(self: Tensor, mask: SparseTensor) -> SparseTensor:
    """The elements at the indices of a sparse tensor, as `Tensor.sparse_mask`."""
    chosen = tuple(mask._indices_of.unbind(0))
    return mask._with(self[chosen])


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
