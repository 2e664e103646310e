"""Norms of vectors and matrices, and the condition number."""

import math
from typing import Any

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._core.annotations import Dims, DType
from funcnet.compat._ops.checks import as_tuple, dimensions
from funcnet.compat._ops.linalg.checks import check_matrix, check_square
from funcnet.compat._ops.promote import is_integral
from funcnet.compat._ops.registry import operation
from funcnet.functional._activation.magnitude import magnitude
from funcnet.functional._norm.vector_norm import vector_norm as native_norm


def vector_norm_of(x: Array, ord: float, dims: tuple[int, ...], keepdim: bool) -> Any:
    """The norm along dimensions that are counted from 0."""
    dims = dims if x.ndim else ()  # a number counts as a vector of one
    return native_norm(x, ord, dims, keepdim)


def _all_if_none(dim: Dims | None, ndim: int) -> tuple[int, ...]:
    return tuple(range(ndim)) if dim is None or dim == () else dimensions(dim, ndim)


def _typed(name: str, x: Array, dtype: DType | None) -> Any:
    if dtype is not None:
        x = x.astype(dtype.numpy)
    if is_integral(x):
        raise RuntimeError(
            f"{name}: Expected a floating point or complex tensor as input. Got "
            f"{x.dtype}"
        )
    return x


@operation("linalg.vector_norm", grad_name="LinalgVectorNormBackward0")
def vector_norm(
    x: Array,
    ord: float = 2,
    dim: Dims | None = None,
    keepdim: bool = False,
    *,
    dtype: DType | None = None,
) -> Any:
    """Compute the `ord`-norm along dimensions, as `torch.linalg.vector_norm`."""
    x = _typed("linalg.vector_norm", x, dtype)
    dims = _all_if_none(dim, x.ndim)
    if not x.size and (ord < 0 or math.isinf(ord)):
        raise RuntimeError(
            f"linalg.vector_norm cannot compute the {ord} norm on an empty tensor "
            "because the operation does not have an identity"
        )
    return vector_norm_of(x, ord, dims, keepdim)


@operation("linalg.matrix_norm", grad_name="LinalgMatrixNormBackward0")
def matrix_norm(
    A: Array,
    ord: float | str = "fro",
    dim: Dims = (-2, -1),
    keepdim: bool = False,
    *,
    dtype: DType | None = None,
) -> Any:
    """Compute the `ord`-norm of matrices, as `torch.linalg.matrix_norm`."""
    check_matrix("linalg.matrix_norm", A)
    A = _typed("linalg.matrix_norm", A, dtype)
    return matrix_norm_of(A, ord, dim, keepdim)


def matrix_norm_of(A: Array, ord: float | str, dim: Dims, keepdim: bool) -> Any:
    """The norm of the matrices that lie in two dimensions."""
    rows, columns = dimensions(dim, A.ndim)
    if ord == "fro":
        return native_norm(A, 2, (rows, columns), keepdim)
    if ord == "nuc" or ord in (2, -2):
        sizes = jnp.linalg.svd(
            jnp.moveaxis(A, (rows, columns), (-2, -1)), compute_uv=False
        )
        picks: dict[Any, Any] = {"nuc": jnp.sum, 2: jnp.max, -2: jnp.min}
        result = picks[ord](sizes, -1)
        return jnp.expand_dims(result, (rows, columns)) if keepdim else result
    if ord not in (1, -1, math.inf, -math.inf):
        raise RuntimeError(f"linalg.matrix_norm: Order {ord} not supported.")
    first, second = (rows, columns) if abs(ord) == 1 else (columns, rows)
    sums = jnp.sum(magnitude(A), first, keepdims=True)
    result = (jnp.max if ord > 0 else jnp.min)(sums, second, keepdims=True)
    return result if keepdim else jnp.squeeze(result, (rows, columns))


@operation("linalg.norm")
def norm(
    A: Array,
    ord: float | str | None = None,
    dim: Dims | None = None,
    keepdim: bool = False,
    *,
    dtype: DType | None = None,
) -> Any:
    """Compute a norm of vectors or matrices, as `torch.linalg.norm`."""
    A = _typed("linalg.norm", A, dtype)
    if ord is None:
        return vector_norm_of(A, 2, _all_if_none(dim, A.ndim), keepdim)
    if dim is None:
        if A.ndim not in (1, 2):
            if isinstance(ord, str):
                check_matrix("linalg.matrix_norm", A)
            raise RuntimeError(
                "linalg.norm: If dim is not specified but ord is, the input must be 1D "
                f"or 2D. Got {A.ndim}D."
            )
        dim = tuple(range(A.ndim))
    dims = as_tuple(dim)
    if len(dims) == 2:
        return matrix_norm_of(A, ord, dims, keepdim)
    if isinstance(ord, str):
        check_matrix("linalg.matrix_norm", A)
        raise RuntimeError(f"linalg.norm: ord={ord!r} needs two dimensions, got {dims}")
    return vector_norm_of(A, ord, dimensions(dims, A.ndim), keepdim)


@operation("linalg.cond")
def cond(A: Array, p: float | None = None) -> Any:
    """Compute the condition number, as `torch.linalg.cond`."""
    check_matrix("linalg.cond", A)
    if p is None or p in (2, -2):
        sizes = jnp.linalg.svd(A, compute_uv=False)
        ratio = sizes[..., -1] / sizes[..., 0]
        return ratio if p == -2 else sizes[..., 0] / sizes[..., -1]
    check_square("linalg.cond", A)
    sizes = matrix_norm_of(A, p, (-2, -1), False)
    inverse = matrix_norm_of(jnp.linalg.inv(A), p, (-2, -1), False)
    result = sizes * inverse
    return jnp.where(jnp.isnan(result), jnp.inf, result)
