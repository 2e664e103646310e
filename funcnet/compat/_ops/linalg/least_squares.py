"""Least squares and the pseudo-inverse."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from funcnet._types import Array
from funcnet.compat import return_types
from funcnet.compat._ops.linalg.checks import broadcast_batch, check_matrix
from funcnet.compat._ops.linalg.pinv import pinv_of
from funcnet.compat._ops.registry import recorded, register
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.transform_levels import numbers_of_all


@recorded("linalg.lstsq_rank", differentiable=False)
def _rank_and_sizes(A: Array, rcond: float, driver: str) -> Any:
    """The rank and the singular values, as far as a driver of LAPACK tells them."""
    sizes = jnp.linalg.svd(A, compute_uv=False)
    rank = jnp.sum(sizes > rcond * jnp.max(sizes, -1, keepdims=True, initial=0), -1)
    if driver == "gels":
        rank = rank.reshape(-1)[:0]
    return rank, sizes if driver in ("gelsd", "gelss") else sizes.reshape(-1)[:0]


@recorded("linalg.lstsq", grad_name="LinalgLstsqBackward0")
def _least_squares(
    A: Array, B: Array, rcond: float | None, vector: bool, with_residuals: bool
) -> Any:
    """The solution of least norm, and the residuals of the columns."""
    B = B[..., None] if vector else B
    A, B = broadcast_batch(A, B)
    X = pinv_of(A, None, rcond) @ B
    missed = A @ X - B
    residuals = jnp.sum(jnp.real(missed * jnp.conj(missed)), -2)
    if not with_residuals:
        residuals = residuals.reshape(-1)[:0]
    return X[..., 0] if vector else X, residuals


@register("linalg.lstsq", out=True)
def lstsq(
    A: Tensor, B: Tensor, rcond: float | None = None, *, driver: str | None = None
) -> Any:
    """Minimise `|A X - B|`, as `torch.linalg.lstsq`."""
    for name, x in (("input", A), ("other", B)):
        if x.ndim < (2 if name == "input" else 1):
            raise RuntimeError(
                f"torch.linalg.lstsq: {name} must have at least "
                f"{2 if name == 'input' else 1} dimensions."
            )
    driver = driver or "gelsy"
    if driver not in ("gels", "gelsy", "gelsd", "gelss"):
        raise RuntimeError(
            "torch.linalg.lstsq: parameter `driver` should be one of (gels, gelsy, "
            f"gelsd, gelss), got {driver}"
        )
    vector = B.ndim == 1 or (B.ndim == A.ndim - 1 and B.shape == A.shape[:-1])
    rows, columns = A.shape[-2:]
    if B.shape[-1 if vector else -2] != rows:
        raise RuntimeError(
            "torch.linalg.lstsq: input.size(-2) should match other.size(-2)"
        )
    if rcond is None:
        rcond = float(np.finfo(A.dtype.numpy).eps) * max(rows, columns)
    rank, sizes = _rank_and_sizes(A, float(rcond), driver)
    # PyTorch has residuals only of overdetermined systems of full rank.
    full = rows > columns and driver != "gelsy"
    if full and driver != "gels":
        full = bool((numbers_of_all(rank) == columns).all())
    X, residuals = _least_squares(A, B, float(rcond), vector, full)
    return return_types.linalg_lstsq(X, residuals, rank, sizes)


@recorded("linalg.pinv")
def _pinv(A: Array, atol: float, rtol: float, hermitian: bool) -> Any:
    check_matrix("linalg.pinv", A)
    return pinv_of(A, atol, rtol, hermitian)


@register("linalg.pinv", out=True)
def pinv(
    A: Tensor,
    rcond: float | None = None,
    hermitian: bool = False,
    *,
    atol: float | None = None,
    rtol: float | None = None,
) -> Tensor:
    """Compute the Moore-Penrose inverse, as `torch.linalg.pinv`."""
    result: Tensor = _pinv(A, atol, rcond if rtol is None else rtol, hermitian)
    return result


@register("pinverse", out=True)
def pinverse(input: Tensor, rcond: float = 1e-15) -> Tensor:
    """Compute the Moore-Penrose inverse, as `torch.pinverse`."""
    result: Tensor = pinv(input, rtol=rcond)
    return result
