"""What linear algebra checks: shapes at once, success when the numbers are there."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from funcnet._types import Array
from funcnet.compat._core.annotations import Operand
from funcnet.compat._ops.checks import type_name
from funcnet.compat._ops.promote import is_integral
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.transform_levels import numbers_of_all


class LinAlgError(RuntimeError):
    """Raised where a matrix does not allow it, as `torch.linalg.LinAlgError`."""


def check_matrix(name: str, A: Any, letter: str = "A") -> None:
    """Raise unless `A` is a floating-point matrix, or a batch of them."""
    if A.ndim < 2:
        raise RuntimeError(
            f"{name}: The input tensor {letter} must have at least 2 dimensions."
        )
    if is_integral(A):
        raise RuntimeError(
            f"{name}: Expected a floating point or complex tensor as input. Got "
            f"{type_name(A)}"
        )


def check_square(name: str, A: Any, letter: str = "A") -> None:
    """Raise unless `A` is a square floating-point matrix, or a batch of them."""
    check_matrix(name, A, letter)
    rows, columns = A.shape[-2:]
    if rows != columns:
        raise RuntimeError(
            f"{name}: {letter} must be batches of square matrices, but they are "
            f"{rows} by {columns} matrices"
        )


def check_info(name: str, info: Tensor, message: Callable[[int], str]) -> None:
    """Raise a `LinAlgError` where `info` is not 0; this computes what is recorded."""
    result = numbers_of_all(info)
    if isinstance(result, jax.core.Tracer):
        return
    flat = np.asarray(result).reshape(-1)
    if not flat.any():
        return
    first = int(np.flatnonzero(flat)[0])
    batch = f"(Batch element {first}): " if result.ndim else ""
    raise LinAlgError(f"{name}: {batch}{message(int(flat[first]))}")


def check_nonsingular(name: str, info: Tensor) -> None:
    """Raise a `LinAlgError` where `info` says that a matrix has no inverse."""
    check_info(
        name,
        info,
        lambda index: (
            f"The diagonal element {index} is zero, the inversion could not be "
            "completed because the input matrix is singular."
        ),
    )


def not_positive(info: int) -> str:
    """What is said of a matrix without a Cholesky factor."""
    return (
        "The factorization could not be completed because the input is not "
        f"positive-definite (the leading minor of order {info} is not "
        "positive-definite)."
    )


def first_zero_pivot(lu: Array) -> Any:
    """The index, from 1, of the first zero on the diagonal of LU factors; 0 if none."""
    diagonal = jnp.diagonal(jax.lax.stop_gradient(lu), axis1=-2, axis2=-1)
    if not diagonal.shape[-1]:
        return jnp.zeros(diagonal.shape[:-1], jnp.int32)
    zero = diagonal == 0
    index = jnp.argmax(zero, -1) + 1
    return jnp.where(jnp.any(zero, -1), index, 0).astype(jnp.int32)


def adjoint(A: Any) -> Any:
    """The conjugate transpose."""
    return jnp.conj(A.mT)


def hermitian(A: Any, lower: bool) -> Any:
    """The Hermitian matrix of which one triangle is given, outside the gradient."""
    A = jax.lax.stop_gradient(A)
    triangle = jnp.tril(A, -1) if lower else jnp.triu(A, 1)
    diagonal = jnp.real(jnp.diagonal(A, axis1=-2, axis2=-1)).astype(A.dtype)
    eye = jnp.eye(A.shape[-1], dtype=A.dtype)
    return triangle + adjoint(triangle) + eye * diagonal[..., None, :]


@jax.custom_jvp
def valued(x: Array, value: Operand) -> Any:
    """Return `value` with the gradient of `x`."""
    return value


@valued.defjvp
def _valued_jvp(primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
    return primals[1], tangents[0]


def broadcast_batch(*arrays: Array) -> list[Any]:
    """Matrices with their batch dimensions broadcast together."""
    batch = jnp.broadcast_shapes(*[x.shape[:-2] for x in arrays])
    return [jnp.broadcast_to(x, batch + x.shape[-2:]) for x in arrays]
