"""LU factors, compact and apart, and systems that are solved with them."""

from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat import return_types
from funcnet.compat._ops.linalg.checks import (
    broadcast_batch,
    check_matrix,
    check_nonsingular,
    check_square,
    first_zero_pivot,
)
from funcnet.compat._ops.linalg.solve import triangular
from funcnet.compat._ops.registry import operation, register
from funcnet.compat._tensor.tensor import Tensor


def _lu(name: str, A: Array, pivot: bool) -> Any:
    check_matrix(name, A)
    if not pivot:
        raise RuntimeError(f"{name}: LU without pivoting is not implemented on the CPU")
    return jax.lax.linalg.lu(A)


@operation("linalg.lu_factor_ex", return_type=return_types.linalg_lu_factor_ex)
def lu_factor_ex(A: Array, *, pivot: bool = True, check_errors: bool = False) -> Any:
    """Factor compactly without raising, as `torch.linalg.lu_factor_ex`."""
    lu, pivots, _ = _lu("linalg.lu_factor", A, pivot)
    info = first_zero_pivot(lu)
    return lu, pivots + 1, info


@register("linalg.lu_factor", out=True)
def lu_factor(A: Tensor, *, pivot: bool = True) -> Any:
    """Factor into a matrix of both factors, and pivots, as `torch.linalg.lu_factor`."""
    LU, pivots, info = lu_factor_ex(A, pivot=pivot)
    check_nonsingular("torch.linalg.lu_factor", info)
    return return_types.linalg_lu_factor(LU, pivots)


@register("lu", out=True)
def lu(input: Tensor, pivot: bool = True, get_infos: bool = False) -> Any:
    """Factor into one matrix of both factors and pivots, as `torch.lu`."""
    result = lu_factor_ex(input, pivot=pivot)
    return result if get_infos else (result[0], result[1])


@operation("linalg.lu", return_type=return_types.linalg_lu)
def linalg_lu(A: Array, *, pivot: bool = True) -> Any:
    """Factor into permutation, lower and upper triangle, as `torch.linalg.lu`."""
    packed, _, permutation = _lu("linalg.lu", A, pivot)
    return _permutation_matrix(permutation, A.dtype), *_triangles(packed)


def _permutation_matrix(permutation: Array, dtype: Any) -> Any:
    return jax.nn.one_hot(permutation, permutation.shape[-1], dtype=dtype).mT


def _triangles(packed: Array) -> tuple[Any, Any]:
    rows, columns = packed.shape[-2:]
    size = min(rows, columns)
    lower = jnp.tril(packed[..., :, :size], -1) + jnp.eye(
        rows, size, dtype=packed.dtype
    )
    return lower, jnp.triu(packed[..., :size, :])


@operation("lu_unpack", method=False, return_type=return_types.lu_unpack)
def lu_unpack(
    LU_data: Array,
    LU_pivots: Array,
    unpack_data: bool = True,
    unpack_pivots: bool = True,
) -> Any:
    """Take the parts of what `lu_factor` gives, as `torch.lu_unpack`."""
    nothing = jnp.zeros((0,), LU_data.dtype)
    lower, upper = _triangles(LU_data) if unpack_data else (nothing, nothing)
    if not unpack_pivots:
        return nothing, lower, upper
    permutation = _permutation(LU_pivots, LU_data.shape[-2])
    return _permutation_matrix(permutation, LU_data.dtype), lower, upper


def _permutation(pivots: Array, rows: int) -> Any:
    return jax.lax.linalg.lu_pivots_to_permutation(pivots.astype(jnp.int32) - 1, rows)


@operation("linalg.lu_solve")
def linalg_lu_solve(
    LU: Array, pivots: Array, B: Array, *, left: bool = True, adjoint: bool = False
) -> Any:
    """Solve with what `lu_factor` gives, as `torch.linalg.lu_solve`."""
    check_square("torch.linalg.lu_solve", LU, "LU")
    if not left:  # X A = B is A^H X^H = B^H
        flipped = _solve_factored(LU, pivots, jnp.conj(B.mT), not adjoint)
        return jnp.conj(flipped.mT)
    return _solve_factored(LU, pivots, B, adjoint)


def _solve_factored(LU: Array, pivots: Array, B: Array, adjoint: bool) -> Any:
    LU, B = broadcast_batch(LU, B)
    order = _permutation(pivots, LU.shape[-1])
    order = jnp.broadcast_to(order, LU.shape[:-1])[..., None]
    lower = {"upper": False, "unitriangular": True}
    if adjoint:
        turned = {"transpose": True, "conjugate": True}
        X = triangular(LU, B, upper=True, **turned)
        X = triangular(LU, X, **lower, **turned)
        return jnp.take_along_axis(X, jnp.argsort(order, -2), -2)
    X = jnp.take_along_axis(B, order, -2)
    return triangular(LU, triangular(LU, X, **lower), upper=True)


@register("lu_solve", out=True)
def lu_solve(b: Tensor, LU_data: Tensor, LU_pivots: Tensor) -> Tensor:
    """Solve with what `torch.lu` gives, as `torch.lu_solve`."""
    result: Tensor = linalg_lu_solve(LU_data, LU_pivots, b)
    return result
