"""Systems of linear equations, inverses and least squares."""

import math
from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat import return_types
from funcnet.compat._ops.checks import type_name
from funcnet.compat._ops.linalg.checks import (
    adjoint,
    broadcast_batch,
    check_info,
    check_matrix,
    check_nonsingular,
    check_square,
    first_zero_pivot,
)
from funcnet.compat._ops.registry import operation, recorded, register
from funcnet.compat._tensor.tensor import Tensor


def _pivots_info(A: Array) -> Any:
    """Where elimination first meets a zero on the diagonal, from 1; 0 if nowhere."""
    lu, _, _ = jax.lax.linalg.lu(jax.lax.stop_gradient(A))
    return first_zero_pivot(lu)


@operation("linalg.inv_ex", return_type=return_types.linalg_inv_ex)
def inv_ex(A: Array, *, check_errors: bool = False) -> Any:
    """Invert without raising; `info` tells of failure, as `torch.linalg.inv_ex`."""
    check_square("linalg.inv", A)
    return jnp.linalg.inv(A), _pivots_info(A)


@register("inverse", "linalg.inv", out=True)
def inv(A: Tensor) -> Tensor:
    """Invert a square matrix or a batch of them, as `torch.linalg.inv`."""
    inverse, info = inv_ex(A)
    check_nonsingular("linalg.inv", info)
    return inverse


@operation("linalg.solve_ex", return_type=return_types.linalg_solve_ex)
def solve_ex(
    A: Array, B: Array, *, left: bool = True, check_errors: bool = False
) -> Any:
    """Solve without raising; `info` tells of failure, as `torch.linalg.solve_ex`."""
    check_square("linalg.solve", A)
    if A.dtype != B.dtype:
        raise RuntimeError(
            "linalg.solve: Expected A and B to have the same dtype, but found A of "
            f"type {type_name(A)} and B of type {type_name(B)} instead"
        )
    vector = B.ndim == 1 or (B.ndim == A.ndim - 1 and B.shape == A.shape[:-1])
    B = B[..., None] if vector else B
    if B.shape[-2 if left or vector else -1] != A.shape[-1]:
        form = "AX = B" if left else "XA = B"
        raise RuntimeError(
            "linalg.solve: Incompatible shapes of A and B for the equation "
            f"{form} ({A.shape[-2]}x{A.shape[-1]} and {B.shape[-2]}x{B.shape[-1]})"
        )
    A, B = broadcast_batch(A, B)
    info = _pivots_info(A)
    right = not (left or vector)
    X = jnp.linalg.solve(A.mT, B.mT).mT if right else jnp.linalg.solve(A, B)
    return X[..., 0] if vector else X, info


@register("linalg.solve", out=True)
def solve(A: Tensor, B: Tensor, *, left: bool = True) -> Tensor:
    """Solve `A X = B`, or `X A = B` with `left=False`, as `torch.linalg.solve`."""
    X, info = solve_ex(A, B, left=left)
    check_info(
        "torch.linalg.solve",
        info,
        lambda _: "The solver failed because the input matrix is singular.",
    )
    return X


def triangular(
    A: Array,
    B: Array,
    *,
    upper: bool,
    left: bool = True,
    unitriangular: bool = False,
    transpose: bool = False,
    conjugate: bool = False,
) -> Any:
    """Solve with a triangular matrix; batch dimensions broadcast."""
    A, B = broadcast_batch(A, B)
    return jax.lax.linalg.triangular_solve(
        A,
        B,
        left_side=left,
        lower=not upper,
        transpose_a=transpose,
        conjugate_a=conjugate,
        unit_diagonal=unitriangular,
    )


@operation("linalg.solve_triangular")
def solve_triangular(
    A: Array, B: Array, *, upper: bool, left: bool = True, unitriangular: bool = False
) -> Any:
    """Solve `A X = B` with a triangular `A`, as `torch.linalg.solve_triangular`."""
    check_square("linalg.solve_triangular", A)
    check_matrix("linalg.solve_triangular", B, "B")
    return triangular(A, B, upper=upper, left=left, unitriangular=unitriangular)


@operation("triangular_solve", return_type=return_types.triangular_solve)
def triangular_solve(
    b: Array,
    A: Array,
    upper: bool = True,
    transpose: bool = False,
    unitriangular: bool = False,
) -> Any:
    """Solve `A X = b` with a triangular `A`, as `torch.triangular_solve`."""
    check_square("triangular_solve", A)
    settings = {"upper": upper, "unitriangular": unitriangular, "transpose": transpose}
    A, b = broadcast_batch(A, b)
    return triangular(A, b, **settings), A


@operation("cholesky_solve")
def cholesky_solve(B: Array, L: Array, upper: bool = False) -> Any:
    """Solve `A X = B`, given the Cholesky factor of `A`, as `torch.cholesky_solve`."""
    check_square("cholesky_solve", L)
    return _with_factor(B, L, upper)


def _with_factor(B: Array, L: Array, upper: bool) -> Any:
    L = adjoint(L) if upper else L
    L, B = broadcast_batch(L, B)

    def solve(_: object, B: Array) -> Any:
        half = triangular(L, B, upper=False)
        return triangular(L, half, upper=False, transpose=True, conjugate=True)

    # Differentiated as the solution of `L L^H X = B`, whose `L` may be full.
    return jax.lax.custom_linear_solve(
        lambda X: L @ (adjoint(L) @ X),
        B,
        solve,
        symmetric=not jnp.iscomplexobj(L),
        transpose_solve=solve,
    )


@operation("cholesky_inverse")
def cholesky_inverse(L: Array, upper: bool = False) -> Any:
    """Invert `A`, given its Cholesky factor, as `torch.cholesky_inverse`."""
    check_square("cholesky_inverse", L)
    return _with_factor(jnp.eye(L.shape[-1], dtype=L.dtype), L, upper)


@recorded("linalg.tensorinv")
def _tensorinv(A: Array, ind: int) -> Any:
    rows = math.prod(A.shape[:ind])
    flat = A.reshape(rows, -1)
    if flat.shape[0] != flat.shape[1]:
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[ind:]) == "
            f"prod(self.shape[:ind]), but got {flat.shape[1]} != {rows}"
        )
    inverse = jnp.linalg.inv(flat).reshape(*A.shape[ind:], *A.shape[:ind])
    return inverse, _pivots_info(flat)


@register("linalg.tensorinv", out=True)
def tensorinv(A: Tensor, ind: int = 2) -> Tensor:
    """Invert a tensor under `tensordot`, as `torch.linalg.tensorinv`."""
    if ind <= 0:
        raise RuntimeError("Expected a strictly positive integer for 'ind'")
    inverse, info = _tensorinv(A, ind)
    check_nonsingular("linalg.inv", info)
    return inverse


@operation("linalg.tensorsolve")
def tensorsolve(A: Array, B: Array, dims: Sequence[int] | None = None) -> Any:
    """Solve `tensordot(A, X, X.ndim) = B`, as `torch.linalg.tensorsolve`."""
    if dims is not None:
        A = jnp.moveaxis(A, dims, tuple(range(-len(dims), 0)))
    shape = A.shape[B.ndim :]
    if math.prod(shape) != B.size:
        raise RuntimeError(
            "Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == "
            f"prod(self.shape[:other.ndim]), but got {math.prod(shape)} != {B.size}"
        )
    return jnp.linalg.solve(A.reshape(B.size, -1), B.reshape(-1)).reshape(shape)
