"""Triangular and orthogonal factors: Cholesky, LU, QR, Householder."""

from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat import return_types
from funcnet.compat._ops.linalg.checks import (
    adjoint,
    broadcast_batch,
    check_info,
    check_matrix,
    check_square,
    first_zero,
    hermitian,
    not_positive,
    singular,
    valued,
)
from funcnet.compat._ops.linalg.solve import triangular
from funcnet.compat._ops.registry import operation, register
from funcnet.compat._tensor.tensor import Tensor


@operation("linalg.cholesky_ex", return_type=return_types.linalg_cholesky_ex)
def cholesky_ex(A: Array, *, upper: bool = False, check_errors: bool = False) -> Any:
    """Factor, and tell of failure in `info`, as `torch.linalg.cholesky_ex`."""
    check_square("linalg.cholesky", A)
    if not A.size:
        return A, _no_info(A)
    # One triangle is read; the gradient goes to both, as PyTorch has it.
    A = valued((A + adjoint(A)) / 2, hermitian(A, not upper))
    L = jnp.linalg.cholesky(A, symmetrize_input=False)
    failed = jnp.any(jnp.isnan(jax.lax.stop_gradient(L)), (-2, -1))
    # Which minor it was takes a slow loop, which only a failure runs.
    order = jax.lax.cond(
        jnp.any(failed), _first_bad_minor, _no_info, jax.lax.stop_gradient(A)
    )
    return adjoint(L) if upper else L, jnp.where(failed, order, 0)


def _no_info(A: Array) -> Any:
    return jnp.zeros(A.shape[:-2], jnp.int32)


def _first_bad_minor(A: Array) -> Any:
    """The order of the first leading minor that is not positive, by elimination."""

    def eliminate(k: int, carry: Array) -> Any:
        rest, result = carry
        pivot = jnp.real(rest[..., k, k])
        result = jnp.where((result == 0) & ~(pivot > 0), k + 1, result)
        column = rest[..., :, k]
        outer = column[..., :, None] * jnp.conj(column[..., None, :])
        return rest - outer / pivot[..., None, None].astype(A.dtype), result

    return jax.lax.fori_loop(0, A.shape[-1], eliminate, (A, _no_info(A)))[1]


@register("linalg.cholesky", out=True)
def linalg_cholesky(A: Tensor, *, upper: bool = False) -> Tensor:
    """Factor a positive-definite matrix, as `torch.linalg.cholesky`."""
    L, info = cholesky_ex(A, upper=upper)
    check_info("linalg.cholesky", info, not_positive)
    return L


@register("cholesky", out=True)
def cholesky(input: Tensor, upper: bool = False) -> Tensor:
    """Factor a positive-definite matrix, as `torch.cholesky`."""
    result: Tensor = linalg_cholesky(input, upper=upper)
    return result


@operation("linalg.qr", return_type=return_types.linalg_qr)
def linalg_qr(A: Array, mode: str = "reduced") -> Any:
    """Factor into an orthogonal and a triangular matrix, as `torch.linalg.qr`."""
    check_matrix("linalg.qr", A)
    if mode not in ("reduced", "complete", "r"):
        raise RuntimeError(
            f"qr received unrecognized mode '{mode}' but expected one of 'reduced' "
            "(default), 'r', or 'complete'"
        )
    if mode == "r":
        return jnp.zeros((0,), A.dtype), jnp.linalg.qr(A, mode="r")
    return tuple(jnp.linalg.qr(A, mode=mode))


@register("qr", out=True)
def qr(input: Tensor, some: bool = True) -> Any:
    """Factor into an orthogonal and a triangular matrix, as `torch.qr`."""
    return return_types.qr(*linalg_qr(input, "reduced" if some else "complete"))


# --- LU ----------------------------------------------------------------------------


def _lu(name: str, A: Array, pivot: bool) -> Any:
    check_matrix(name, A)
    if not pivot:
        raise RuntimeError(f"{name}: LU without pivoting is not implemented on the CPU")
    return jax.lax.linalg.lu(A)


@operation("linalg.lu_factor_ex", return_type=return_types.linalg_lu_factor_ex)
def lu_factor_ex(A: Array, *, pivot: bool = True, check_errors: bool = False) -> Any:
    """Factor compactly without raising, as `torch.linalg.lu_factor_ex`."""
    lu, pivots, _ = _lu("linalg.lu_factor", A, pivot)
    info = first_zero(jnp.diagonal(jax.lax.stop_gradient(lu), axis1=-2, axis2=-1))
    return lu, pivots + 1, info


@register("linalg.lu_factor", out=True)
def lu_factor(A: Tensor, *, pivot: bool = True) -> Any:
    """Factor into a matrix of both factors, and pivots, as `torch.linalg.lu_factor`."""
    LU, pivots, info = lu_factor_ex(A, pivot=pivot)
    check_info("torch.linalg.lu_factor", info, singular)
    return return_types.linalg_lu_factor(LU, pivots)


@register("lu", out=True)
def lu(input: Tensor, pivot: bool = True, get_infos: bool = False) -> Any:
    """Factor into one matrix of both factors and pivots, as `torch.lu`."""
    result = lu_factor_ex(input, pivot=pivot)
    return result if get_infos else (result[0], result[1])


@operation("linalg.lu", return_type=return_types.linalg_lu)
def linalg_lu(A: Array, *, pivot: bool = True) -> Any:
    """Factor into permutation, lower and upper triangle, as `torch.linalg.lu`."""
    both, _, permutation = _lu("linalg.lu", A, pivot)
    return _permutation_matrix(permutation, A.dtype), *_triangles(both)


def _permutation_matrix(permutation: Array, kind: Any) -> Any:
    return jax.nn.one_hot(permutation, permutation.shape[-1], dtype=kind).mT


def _triangles(both: Array) -> tuple[Any, Any]:
    rows, columns = both.shape[-2:]
    least = min(rows, columns)
    lower = jnp.tril(both[..., :, :least], -1) + jnp.eye(rows, least, dtype=both.dtype)
    return lower, jnp.triu(both[..., :least, :])


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


# --- Householder ---------------------------------------------------------------------


@operation("geqrf", return_type=return_types.geqrf)
def geqrf(input: Array) -> Any:
    """Factor as LAPACK does, into reflectors and their factors, as `torch.geqrf`."""
    check_matrix("geqrf", input)
    h, tau = jnp.linalg.qr(input, mode="raw")
    return h.mT, tau


def _reflected(A: Array, tau: Array, X: Array, reverse: bool, conjugate: bool) -> Any:
    """Apply the reflectors `1 - tau v v^H` in the columns of `A` to `X`, one by one."""
    count = tau.shape[-1]
    rows = A.shape[-2]
    v = jnp.tril(A[..., :, :count], -1) + jnp.eye(rows, count, dtype=A.dtype)
    tau = jnp.conj(tau) if conjugate else tau

    def reflect(X: Array, both: tuple[Array, Array]) -> tuple[Any, None]:
        one, factor = both
        along = jnp.einsum("...i,...ij->...j", jnp.conj(one), X)
        return X - factor[..., None, None] * one[..., :, None] * along[
            ..., None, :
        ], None

    each = (jnp.moveaxis(v, -1, 0), jnp.moveaxis(tau, -1, 0))
    return jax.lax.scan(reflect, X, each, reverse=reverse)[0]


@operation("linalg.householder_product", "orgqr", "Tensor.orgqr", method=False)
def householder_product(input: Array, tau: Array) -> Any:
    """Multiply reflectors, as `torch.linalg.householder_product`."""
    check_matrix("linalg.householder_product", input)
    rows, columns = input.shape[-2:]
    first = jnp.eye(rows, columns, dtype=input.dtype)
    first = jnp.broadcast_to(first, input.shape)
    return _reflected(input, tau, first, reverse=True, conjugate=False)


@operation("ormqr")
def ormqr(
    input: Array, tau: Array, other: Array, left: bool = True, transpose: bool = False
) -> Any:
    """Multiply a matrix by the product of reflectors, as `torch.ormqr`."""
    check_matrix("ormqr", input)
    if left:
        return _reflected(input, tau, other, not transpose, conjugate=transpose)
    turned = _reflected(input, tau, adjoint(other), transpose, conjugate=not transpose)
    return adjoint(turned)
