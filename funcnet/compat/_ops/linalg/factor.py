"""Cholesky and QR factors, and Householder reflectors."""

from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat import return_types
from funcnet.compat._ops.linalg.checks import (
    adjoint,
    check_info,
    check_matrix,
    check_square,
    hermitian,
    not_positive,
    valued,
)
from funcnet.compat._ops.registry import operation, register
from funcnet.compat._tensor.tensor import Tensor


@operation("linalg.cholesky_ex", return_type=return_types.linalg_cholesky_ex)
def cholesky_ex(A: Array, *, upper: bool = False, check_errors: bool = False) -> Any:
    """Factor, and tell of failure in `info`, as `torch.linalg.cholesky_ex`."""
    check_square("linalg.cholesky", A)
    if not A.size:
        return A, _no_info(A)
    # One triangle is read; the gradient goes to both, as in PyTorch.
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

    def reflect(X: Array, reflector: tuple[Array, Array]) -> tuple[Any, None]:
        v, factor = reflector
        projection = jnp.einsum("...i,...ij->...j", jnp.conj(v), X)
        outer = v[..., :, None] * projection[..., None, :]
        return X - factor[..., None, None] * outer, None

    reflectors = (jnp.moveaxis(v, -1, 0), jnp.moveaxis(tau, -1, 0))
    return jax.lax.scan(reflect, X, reflectors, reverse=reverse)[0]


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
