"""Eigenvalues and singular values, with what is made of them."""

import functools
from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat import return_types
from funcnet.compat._ops.linalg.checks import (
    adjoint,
    check_matrix,
    check_square,
    hermitian,
    valued,
)
from funcnet.compat._ops.linalg.pinv import cutoff, singular_values
from funcnet.compat._ops.registry import operation, recorded, register
from funcnet.compat._tensor.tensor import Tensor


@operation("linalg.eigh", return_type=return_types.linalg_eigh)
def eigh(A: Array, UPLO: str = "L") -> Any:
    """Find eigenvalues and vectors of a Hermitian matrix, as `torch.linalg.eigh`."""
    return tuple(_hermitian("linalg.eigh", A, UPLO))


@operation("linalg.eigvalsh")
def eigvalsh(A: Array, UPLO: str = "L") -> Any:
    """Find the eigenvalues of a Hermitian matrix, as `torch.linalg.eigvalsh`."""
    return _hermitian("linalg.eigvalsh", A, UPLO)[0]


def _hermitian(name: str, A: Array, UPLO: str) -> Any:
    check_square(name, A)
    if UPLO.upper() not in ("L", "U"):
        raise RuntimeError(f"Expected UPLO argument to be 'L' or 'U', but got {UPLO}")
    # One triangle is read; the gradient goes to both, as in PyTorch.
    A = valued((A + adjoint(A)) / 2, hermitian(A, UPLO.upper() == "L"))
    return jnp.linalg.eigh(A, symmetrize_input=False)


@operation("linalg.eig", return_type=return_types.linalg_eig)
def eig(A: Array) -> Any:
    """Find eigenvalues and vectors of a square matrix, as `torch.linalg.eig`."""
    check_square("linalg.eig", A)
    if not A.size:
        empty = A.astype(jnp.result_type(A, jnp.complex64))
        return jnp.zeros(A.shape[:-1], empty.dtype), empty
    values, vectors = jax.lax.linalg.eig(
        A, compute_left_eigenvectors=False, enable_eigvec_derivs=True
    )
    return values, vectors


@operation("linalg.eigvals")
def eigvals(A: Array) -> Any:
    """Find the eigenvalues of a square matrix, as `torch.linalg.eigvals`."""
    check_square("linalg.eigvals", A)
    return jnp.linalg.eigvals(A)


@operation("linalg.svd", return_type=return_types.linalg_svd)
def linalg_svd(
    A: Array, full_matrices: bool = True, *, driver: str | None = None
) -> Any:
    """Find the singular values and vectors `U, S, Vh`, as `torch.linalg.svd`."""
    check_matrix("linalg.svd", A)
    if not full_matrices or A.shape[-2] == A.shape[-1]:
        return tuple(jnp.linalg.svd(A, full_matrices=False))
    return _full_svd(A)


@jax.custom_jvp
def _full_svd(A: Array) -> Any:
    """The decomposition with square `U` and `Vh`."""
    return tuple(jnp.linalg.svd(A, full_matrices=True))


@_full_svd.defjvp
def _full_svd_jvp(primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> Any:
    """Differentiate the part that is in the reduced decomposition.

    The vectors beyond it only span a space; PyTorch too gives them no derivative.
    """
    (A,) = primals
    U, S, Vh = _full_svd(A)
    least = S.shape[-1]
    reduced = functools.partial(jnp.linalg.svd, full_matrices=False)
    (u, _, _), (du, dS, dvh) = jax.jvp(reduced, primals, tangents)
    # Each pair of vectors has a sign (or phase) that the two may have chosen apart.
    phase = jnp.sum(jnp.conj(u) * U[..., :least], -2, keepdims=True)
    dU = jnp.zeros_like(U).at[..., :least].set(du * phase)
    dVh = jnp.zeros_like(Vh).at[..., :least, :].set(dvh * jnp.conj(phase.mT))
    return (U, S, Vh), (dU, dS, dVh)


@operation("linalg.svdvals")
def svdvals(A: Array, *, driver: str | None = None) -> Any:
    """Find the singular values, as `torch.linalg.svdvals`."""
    check_matrix("linalg.svdvals", A)
    return jnp.linalg.svd(A, compute_uv=False)


@register("svd", out=True)
def svd(input: Tensor, some: bool = True, compute_uv: bool = True) -> Any:
    """Find the singular values and vectors `U, S, V`, as `torch.svd`."""
    if compute_uv:
        U, S, Vh = linalg_svd(input, not some)
        return return_types.svd(U, S, _adjoint(Vh))
    rows, columns = input.shape[-2:]
    batch = input.shape[:-2]
    S = svdvals(input)
    zeros = [input.new_zeros((*batch, size, size)) for size in (rows, columns)]
    return return_types.svd(zeros[0], S, zeros[1])


@recorded("linalg.adjoint", grad_name="TransposeBackward0")
def _adjoint(A: Array) -> Any:
    return adjoint(A)


@recorded("linalg.matrix_rank")
def _rank(A: Array, atol: float, rtol: float, hermitian: bool) -> Any:
    check_matrix("linalg.matrix_rank", A)
    sizes = singular_values(A, hermitian)
    return jnp.sum(sizes > cutoff(sizes, A, atol, rtol), -1, dtype=jnp.int64)


@register("linalg.matrix_rank", out=True)
def matrix_rank(
    A: Tensor,
    tol: float | None = None,
    hermitian: bool = False,
    *,
    atol: float | None = None,
    rtol: float | None = None,
) -> Tensor:
    """Count the singular values that are not about 0, as `torch.linalg.matrix_rank`."""
    if tol is not None:
        atol, rtol = tol, 0.0
    result: Tensor = _rank(A, atol, rtol, hermitian)
    return result
