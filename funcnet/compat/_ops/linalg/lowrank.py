"""Decompositions of low rank from random projections."""

from typing import Any

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._ops.linalg.checks import adjoint, check_matrix
from funcnet.compat._ops.random.sampling import randn
from funcnet.compat._ops.registry import recorded, register
from funcnet.compat._tensor.tensor import Tensor


@recorded("svd_lowrank")
def _svd_lowrank(A: Array, M: Array, R: Array, niter: int) -> Any:
    """Halko, Martinsson and Tropp (2009), https://arxiv.org/abs/0909.4061."""
    check_matrix("svd_lowrank", A)
    A = A if M is None else A - M
    wide = A.shape[-2] < A.shape[-1]
    A = adjoint(A) if wide else A
    Q = jnp.linalg.qr(A @ R)[0]
    for _ in range(niter):
        Q = jnp.linalg.qr(adjoint(A) @ Q)[0]
        Q = jnp.linalg.qr(A @ Q)[0]
    U, S, Vh = jnp.linalg.svd(adjoint(Q) @ A, full_matrices=False)
    U, V = Q @ U, adjoint(Vh)
    return (V, S, U) if wide else (U, S, V)


@register("svd_lowrank", method=False)
def svd_lowrank(
    A: Tensor, q: int | None = 6, niter: int | None = 2, M: Tensor | None = None
) -> tuple[Tensor, Tensor, Tensor]:
    """Find the `q` greatest singular values and vectors, as `torch.svd_lowrank`."""
    q, niter = 6 if q is None else q, 2 if niter is None else niter
    R = randn(min(A.shape[-2:]), q, dtype=A.dtype, device=A.device)
    U, S, V = _svd_lowrank(A, M, R, niter)
    return U, S, V


@register("pca_lowrank", method=False)
def pca_lowrank(
    A: Tensor, q: int | None = None, center: bool = True, niter: int = 2
) -> tuple[Tensor, Tensor, Tensor]:
    """Find the `q` principal components of rows, as `torch.pca_lowrank`."""
    rows, columns = A.shape[-2:]
    if q is None:
        q = min(6, rows, columns)
    elif not 0 <= q <= min(rows, columns):
        raise ValueError(
            f"q(={q}) must be non-negative integer and not greater than min(m, n)="
            f"{min(rows, columns)}"
        )
    return svd_lowrank(_centred(A) if center else A, q, niter)


@recorded("pca_lowrank.centred")
def _centred(A: Array) -> Any:
    return A - A.mean(-2, keepdims=True)
