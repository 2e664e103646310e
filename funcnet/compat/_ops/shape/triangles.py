"""Triangles and diagonals of matrices, and matrices made of vectors."""

from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._ops.checks import dimension
from funcnet.compat._ops.elementwise.arithmetic import floor_divide
from funcnet.compat._ops.registry import operation, register
from funcnet.compat._tensor.tensor import Tensor


def _check_matrix(name: str, x: Array) -> None:
    if x.ndim < 2:
        raise RuntimeError(f"{name}: input tensor must have at least 2 dimensions")


@operation("tril", inplace=True)
def tril(input: Array, diagonal: int = 0) -> Any:
    """The part of matrices on and below a diagonal, zero above, as `torch.tril`."""
    _check_matrix("tril", input)
    return _kept(input, _offsets(input) <= diagonal)


@operation("triu", inplace=True)
def triu(input: Array, diagonal: int = 0) -> Any:
    """The part of matrices on and above a diagonal, zero below, as `torch.triu`."""
    _check_matrix("triu", input)
    return _kept(input, _offsets(input) >= diagonal)


def _kept(x: Array, where: Array) -> Any:
    shape = x.shape
    return jax.lax.select(jnp.broadcast_to(where, shape), x, jnp.zeros(shape, x.dtype))


def _offsets(x: Array) -> Any:
    """On which diagonal each element of a matrix lies."""
    rows, columns = (
        jax.lax.broadcasted_iota(jnp.int64, x.shape[-2:], dim) for dim in (0, 1)
    )
    return columns - rows


@operation("diag", grad_name="DiagonalBackward0")
def diag(input: Array, diagonal: int = 0) -> Any:
    """The matrix of a diagonal, or the diagonal of a matrix, as `torch.diag`."""
    if input.ndim not in (1, 2):
        raise RuntimeError(f"diag(): Supports 1D or 2D tensors. Got {input.ndim}D")
    return jnp.diag(input, diagonal)


@operation("diagflat", grad_name="DiagonalBackward0")
def diagflat(input: Array, offset: int = 0) -> Any:
    """The matrix with all elements on a diagonal, as `torch.diagflat`."""
    return jnp.diagflat(input, offset)


@operation("diag_embed", grad_name="DiagonalBackward0")
def diag_embed(input: Array, offset: int = 0, dim1: int = -2, dim2: int = -1) -> Any:
    """Matrices of the diagonals in the last dimension, as `torch.diag_embed`."""
    ndim = input.ndim + 1
    first, second = dimension(dim1, ndim), dimension(dim2, ndim)
    if first == second:
        raise RuntimeError(f"diagonal dimensions cannot be identical {dim1}, {dim2}")
    size = input.shape[-1] + abs(offset)
    rows = jnp.arange(input.shape[-1]) + max(-offset, 0)
    result = jnp.zeros((*input.shape[:-1], size, size), input.dtype)
    indices = (..., rows, rows + offset)
    result = result.at[indices].set(input, unique_indices=True)
    return jnp.moveaxis(result, (-2, -1), (first, second))


@operation("vander", method=False)
def vander(x: Array, N: int | None = None, increasing: bool = False) -> Any:
    """The powers of a vector as columns, the highest first, as `torch.vander`."""
    if x.ndim != 1:
        raise RuntimeError("x must be a one-dimensional tensor.")
    powers = _powers(x, x.shape[0] if N is None else N)
    return powers if increasing else powers[:, ::-1]


def _powers(x: Array, count: int) -> Any:
    """`x ** 0` to `x ** (count - 1)` in a new dimension at the end."""
    x = x.astype(jnp.int64) if x.dtype == jnp.bool_ else x
    factors = jnp.broadcast_to(x[..., None], (*x.shape, max(count - 1, 0)))
    ones = jnp.ones((*x.shape, min(count, 1)), x.dtype)
    return jnp.concatenate([ones, jnp.cumprod(factors, -1)], -1)


@register("unravel_index", method=False, out=True)
def unravel_index(indices: Tensor, shape: ShapeLike) -> Any:
    """The index in each dimension of flat indices, as in PyTorch."""
    shape = (shape,) if isinstance(shape, int) else tuple(int(n) for n in shape)
    result = []
    for size in reversed(shape):
        result.append(indices % size)
        indices = floor_divide(indices, size)
    return tuple(reversed(result))
