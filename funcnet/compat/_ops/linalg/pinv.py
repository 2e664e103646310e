"""The pseudo-inverse, with a cutoff for singular values and its derivative."""

from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._ops.linalg.checks import adjoint


def cutoff(sizes: Array, A: Any, atol: float | None, rtol: Any) -> Any:
    """The size up to which singular values of `A` are taken for 0, `(*batch, 1)`."""
    default = max(A.shape[-2:]) * float(jnp.finfo(A.dtype).eps)
    if rtol is None:
        # The relative one has its default where the absolute one is not positive.
        rtol = default if atol is None else jnp.where(jnp.asarray(atol) > 0, 0, default)
    relative = jnp.asarray(rtol).astype(sizes.dtype) * jnp.max(sizes, -1, initial=0)
    absolute = jnp.asarray(0 if atol is None else atol).astype(sizes.dtype)
    return jnp.maximum(absolute, relative)[..., None]


def singular_values(A: Any, hermitian: bool = False) -> Any:
    """The singular values, of a Hermitian matrix from its eigenvalues."""
    if hermitian:
        return jnp.abs(jnp.linalg.eigh(A, symmetrize_input=False)[0])
    return jnp.linalg.svd(A, compute_uv=False)


def pinv_of(
    A: Any, atol: float | None, rtol: float | None, hermitian: bool = False
) -> Any:
    """The pseudo-inverse, small singular values taken for 0."""
    if not A.size:
        return jnp.zeros((*A.shape[:-2], A.shape[-1], A.shape[-2]), A.dtype)
    value = _value(jax.lax.stop_gradient(A), atol, rtol, hermitian)
    return _with_derivative(A, value)


def _value(A: Any, atol: float | None, rtol: float | None, hermitian: bool) -> Any:
    if hermitian:
        s, u = jnp.linalg.eigh(A, symmetrize_input=False)
        vh = adjoint(u)
    else:
        u, s, vh = jnp.linalg.svd(A, full_matrices=False)
    keep = jnp.abs(s) > cutoff(jnp.abs(s), A, atol, rtol)
    inverse = jnp.where(keep, 1 / jnp.where(keep, s, 1), 0).astype(A.dtype)
    return adjoint(vh) * inverse[..., None, :] @ adjoint(u)


@jax.custom_jvp
def _with_derivative(A: Array, P: Array) -> Any:
    """Return `P`, the pseudo-inverse of `A`, differentiated as a function of `A`."""
    return P


@_with_derivative.defjvp
def _derivative(primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
    """Golub and Pereyra (1973): the rank is taken as constant."""
    A, P = primals
    P = _with_derivative(A, P)  # for second derivatives
    dA, _ = tangents
    dAh = adjoint(dA)
    rows, columns = A.shape[-2:]
    left = jnp.eye(columns, dtype=A.dtype) - P @ A
    right = jnp.eye(rows, dtype=A.dtype) - A @ P
    Ph = adjoint(P)
    return P, -P @ dA @ P + P @ Ph @ dAh @ right + left @ dAh @ Ph @ P
