"""Functions of matrices: determinants, powers, the exponential."""

from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat import return_types
from funcnet.compat._ops.linalg.checks import check_square
from funcnet.compat._ops.linalg.solve import inv
from funcnet.compat._ops.promote import is_integral
from funcnet.compat._ops.registry import operation, recorded, register
from funcnet.compat._tensor.tensor import Tensor


@operation("linalg.det", "det", "Tensor.det", method=False)
def det(A: Array) -> Any:
    """Compute the determinant, as `torch.linalg.det`."""
    check_square("linalg.det", A)
    return jnp.linalg.det(A) if A.size else jnp.ones(A.shape[:-2], A.dtype)


@operation("linalg.slogdet", return_type=return_types.linalg_slogdet)
def linalg_slogdet(A: Array) -> Any:
    """Compute sign and logarithm of the determinant, as `torch.linalg.slogdet`."""
    check_square("linalg.slogdet", A)
    return tuple(jnp.linalg.slogdet(A))


@register("slogdet", out=True)
def slogdet(input: Tensor) -> Any:
    """Compute sign and logarithm of the determinant, as `torch.slogdet`."""
    return return_types.slogdet(*linalg_slogdet(input))


@operation("logdet")
def logdet(input: Array) -> Any:
    """Compute the logarithm of the determinant, NaN below 0, as `torch.logdet`."""
    check_square("logdet", input)
    sign, size = jnp.linalg.slogdet(input)
    if jnp.iscomplexobj(input):
        return jnp.log(sign) + size
    return jnp.where(sign == -1, jnp.nan, size)


@recorded("linalg.matrix_power")
def _power(A: Array, n: int) -> Any:
    if A.ndim < 2:
        raise RuntimeError(
            "linalg.matrix_power: The input tensor A must have at least 2 dimensions."
        )
    if not is_integral(A):
        check_square("linalg.matrix_power", A)
    return jnp.linalg.matrix_power(A, n)


@register("matrix_power", out=True)
@register("linalg.matrix_power", out=True)
def matrix_power(input: Tensor, n: int) -> Tensor:
    """Multiply a square matrix by itself `n` times, as `torch.matrix_power`."""
    base = inv(input) if n < 0 else input
    result: Tensor = _power(base, abs(n))
    return result


@operation("matrix_exp", "Tensor.matrix_exp", "linalg.matrix_exp", method=False)
def matrix_exp(A: Array) -> Any:
    """Compute the exponential of a square matrix, as `torch.linalg.matrix_exp`."""
    check_square("linalg.matrix_exp", A)
    return jax.scipy.linalg.expm(A, max_squarings=64) if A.size else A


@operation("linalg.vander")
def vander(x: Array, *, N: int | None = None) -> Any:
    """Raise to the powers 0, 1, ..., `N - 1`, as `torch.linalg.vander`."""
    x = jnp.atleast_1d(x)
    count = x.shape[-1] if N is None else N
    if count <= 0:
        raise RuntimeError("N must be greater than 1.")
    if count == 1:
        return jnp.ones((*x.shape, 1), x.dtype)
    rows = jnp.broadcast_to(x[..., None], (*x.shape, count - 1))
    powers = jnp.cumprod(rows, -1, dtype=jnp.int64 if is_integral(x) else None)
    return jnp.concatenate([jnp.ones_like(powers[..., :1]), powers], -1)
