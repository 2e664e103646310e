"""Functions of sparse tensors, as `torch.sparse`."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, Final

from funcnet.compat._core.annotations import Dims, DType
from funcnet.compat._messages.refused import refused
from funcnet.compat._messages.unsupported import missing
from funcnet.compat._ops.sparse.products import (
    product,
    reduced,
    sampled_addmm,
    spdiags,
)
from funcnet.compat._ops.sparse.tensor import SparseTensor
from funcnet.compat._tensor.tensor import Tensor

_WHY: Final = (
    "matrices with two of four elements are for kernels of NVIDIA's: compute with the "
    "dense tensor, or with x.to_sparse_csr()"
)


def mm(mat1: Tensor, mat2: Tensor, reduce: str = "sum") -> Any:
    """Multiply a sparse matrix by a dense or a sparse one.

    Example:
        >>> import funcnet.compat as torch
        >>> x = torch.eye(2).to_sparse()
        >>> torch.sparse.mm(x, torch.ones(2, 2))
        tensor([[1., 1.],
                [1., 1.]])
    """
    return product(mat1, mat2) if reduce == "sum" else reduced(mat1, mat2, reduce)


def addmm(
    mat: Tensor, mat1: Tensor, mat2: Tensor, *, beta: float = 1, alpha: float = 1
) -> Tensor:
    """Compute `beta · mat + alpha · mat1 @ mat2` of a sparse `mat1`."""
    return beta * mat + alpha * product(mat1, mat2)


def sum(input: Tensor, dim: Dims | None = None, dtype: DType | None = None) -> Any:
    """Sum the elements, or over dimensions."""
    return input.sum(dim=dim, dtype=dtype)


def softmax(
    input: SparseTensor, dim: int, *, dtype: DType | None = None
) -> SparseTensor:
    """Compute the softmax over the specified elements, along a dimension."""
    return _normalized(input, dim, dtype, log=False)


def log_softmax(
    input: SparseTensor, dim: int, *, dtype: DType | None = None
) -> SparseTensor:
    """Compute the log softmax over the specified elements."""
    return _normalized(input, dim, dtype, log=True)


def _normalized(
    input: SparseTensor, dim: int, dtype: DType | None, log: bool
) -> SparseTensor:
    mine = (input if dtype is None else input.to(dtype)).coalesce()
    listed = mine._with(mine._values_of.detach() * 0 + 1).to_dense() != 0
    dense = mine.to_dense().masked_fill(~listed, -float("inf"))
    result = dense.log_softmax(dim) if log else dense.softmax(dim)
    return mine._with(result[tuple(mine._indices_of.unbind(0))])


class check_sparse_tensor_invariants:  # noqa: N801 - PyTorch's name
    """Do nothing: indices are always checked."""

    def __init__(self, enable: bool = True) -> None:
        del enable

    @staticmethod
    def is_enabled() -> bool:
        """Return True."""
        return True

    @staticmethod
    def enable() -> None:
        """Do nothing."""

    @staticmethod
    def disable() -> None:
        """Do nothing: indices are checked all the same."""

    def __enter__(self) -> None:
        return

    def __exit__(self, *error: object) -> None:
        return

    def __call__(self, function: Callable[..., Any]) -> Any:
        return function


@contextlib.contextmanager
def as_sparse_gradcheck(gradcheck: Any) -> Iterator[Any]:
    """Return the function itself."""
    yield gradcheck


globals().update(
    refused(
        "sparse",
        _WHY,
        "to_sparse_semi_structured SparseSemiStructuredTensor "
        "SparseSemiStructuredTensorCUSPARSELT SparseSemiStructuredTensorCUTLASS",
    )
)


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "sparse")


__all__ = [
    "addmm",
    "as_sparse_gradcheck",
    "check_sparse_tensor_invariants",
    "log_softmax",
    "mm",
    "sampled_addmm",
    "softmax",
    "spdiags",
    "sum",
]
