"""Functions of sparse tensors, as `torch.sparse`."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any, Final

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import Dims, DType
from funcnet.compat._messages.unsupported import missing
from funcnet.compat._ops.sparse.make import sparse_coo_tensor
from funcnet.compat._ops.sparse.products import (
    product,
    reduced,
    sampled_addmm,
    spdiags,
)
from funcnet.compat._ops.sparse.tensor import SparseTensor
from funcnet.compat._tensor.tensor import Tensor

_DTYPES: Final = {
    "Half": _dtypes.float16,
    "BFloat16": _dtypes.bfloat16,
    "Float": _dtypes.float32,
    "Double": _dtypes.float64,
    "Byte": _dtypes.uint8,
    "Char": _dtypes.int8,
    "Short": _dtypes.int16,
    "Int": _dtypes.int32,
    "Long": _dtypes.int64,
}


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


def _constructor(kind: str) -> Any:
    def make(*args: Any, **kwargs: Any) -> Any:
        if args and len(args) < 3 and all(isinstance(x, int) for x in args):
            args = (args,)
        settings = {"dtype": _DTYPES[kind]} | kwargs
        return sparse_coo_tensor(*args, **settings)

    make.__name__ = make.__qualname__ = f"{kind}Tensor"
    make.__doc__ = f"A tensor of coordinates, as `torch.sparse.{kind}Tensor`."
    return make


# The old constructors: FloatTensor(indices, values, size).
globals().update({f"{kind}Tensor": _constructor(kind) for kind in _DTYPES})


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
