"""Partial inverses of max-pooling."""

import math
from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp

from funcnet._check import is_concrete
from funcnet._errors import InputError, InputTypeError
from funcnet._types import Array
from funcnet.functional._signature import arguments_of
from funcnet.functional._spatial import IntOrTuple, add_batch, drop_batch, to_tuple

__all__ = ["max_unpool1d", "max_unpool2d", "max_unpool3d"]


def _max_unpool(
    dims: int,
    input: Array,
    indices: Array,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None = None,
    padding: IntOrTuple = 0,
    output_size: Sequence[int] | None = None,
) -> Array:
    name = f"max_unpool{dims}d"
    if not jnp.issubdtype(indices.dtype, jnp.integer):
        raise InputTypeError("unpool.dtype", name=name, dims=dims, dtype=indices.dtype)
    if indices.shape != input.shape:
        shapes = {"input": input.shape, "indices": indices.shape}
        raise InputError("unpool.shapes", name=name, **shapes)
    x, batched = add_batch(name, input, dims)
    at = indices.reshape(x.shape).astype(int)
    sizes = _unpooled(name, x.shape[2:], kernel_size, stride, padding, output_size)
    return drop_batch(_scatter(name, x, at, sizes), batched)


@arguments_of(_max_unpool)
def max_unpool1d(*args: Any, **kwargs: Any) -> Array:
    """Apply 1D max unpooling: maxima where they came from, zeros elsewhere.

    Equals `torch.nn.functional.max_unpool1d`; see `max_unpool2d`.

    Example:
        >>> import jax.numpy as jnp
        >>> y, indices = jnp.array([[4.0, 3.0]]), jnp.array([[1, 3]])
        >>> max_unpool1d(y, indices, 2).tolist()
        [[0.0, 4.0, 0.0, 3.0]]
    """
    return _max_unpool(1, *args, **kwargs)


@arguments_of(_max_unpool)
def max_unpool2d(*args: Any, **kwargs: Any) -> Array:
    """Apply 2D max unpooling, the partial inverse of `max_pool2d_with_indices`.

    Equals `torch.nn.functional.max_unpool2d`. Where overlapping windows share a
    maximum, one of the values is kept and all of them get the gradient, as there.

    Args:
        input: `(batch, channels, height, width)`, the batch optional.
        indices: of the same shape, positions in the output in reading order.
        kernel_size: the size of the pool's windows.
        stride: the pool's stride; `kernel_size` if None.
        padding: the pool's padding.
        output_size: the shape of the pool's input, or its spatial part, to choose
            between the sizes that the pool maps to the same one.

    Returns:
        `(batch, channels, out_height, out_width)`, by default `out = (in - 1) * stride
        - 2 * padding + kernel_size`.

    Raises:
        InputError: shapes disagree, `output_size` cannot be the pool's input, or an
            index lies outside of the output (under `jit` that gives NaN instead).
        InputTypeError: the indices are not integers.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet.functional import max_pool2d_with_indices
        >>> x = jnp.array([[[1.0, 2.0], [4.0, 3.0]]])
        >>> y, indices = max_pool2d_with_indices(x, 2)
        >>> max_unpool2d(y, indices, 2).tolist()
        [[[0.0, 0.0], [4.0, 0.0]]]
    """
    return _max_unpool(2, *args, **kwargs)


@arguments_of(_max_unpool)
def max_unpool3d(*args: Any, **kwargs: Any) -> Array:
    """Apply 3D max unpooling, the partial inverse of `max_pool3d_with_indices`.

    Equals `torch.nn.functional.max_unpool3d`; see `max_unpool2d`.

    Example:
        >>> import jax.numpy as jnp
        >>> y, indices = jnp.ones((1, 1, 1, 1)), jnp.array([[[[7]]]])
        >>> max_unpool3d(y, indices, 2).shape
        (1, 2, 2, 2)
    """
    return _max_unpool(3, *args, **kwargs)


def _scatter(name: str, x: Array, at: Array, sizes: tuple[int, ...]) -> Array:
    lead, length = x.shape[:2], math.prod(sizes)
    elements = math.prod(x.shape[2:])
    at, values = at.reshape(*lead, elements), x.reshape(*lead, elements)
    outside = (at < 0) | (at >= length)
    if is_concrete(outside) and outside.any():
        facts = {"index": int(at[outside][0]), "output": sizes, "last": length - 1}
        raise InputError("unpool.index", name=name, **facts)
    rows = jnp.arange(lead[0]).reshape(-1, 1, 1), jnp.arange(lead[1]).reshape(1, -1, 1)
    # Calling the indices unique makes the gradient PyTorch's: each element gets that of
    # its place, also where several share one.
    y = (
        jnp.zeros((*lead, length), x.dtype)
        .at[(*rows, at)]
        .set(values, mode="drop", unique_indices=True)
    )
    if jnp.issubdtype(x.dtype, jnp.inexact):
        y = jnp.where(outside.any(-1, keepdims=True), jnp.nan, y)
    return y.reshape(*lead, *sizes)


def _unpooled(
    name: str,
    sizes: tuple[int, ...],
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None,
    padding: IntOrTuple,
    output_size: Sequence[int] | None,
) -> tuple[int, ...]:
    """Return the spatial shape of the pool's input."""
    dims = len(sizes)
    kernels = to_tuple(name, "kernel_size", kernel_size, dims)
    strides = kernels if stride is None else to_tuple(name, "stride", stride, dims)
    paddings = to_tuple(name, "padding", padding, dims, 0)
    natural = tuple(
        (n - 1) * s - 2 * p + k
        for n, s, p, k in zip(sizes, strides, paddings, kernels, strict=True)
    )
    if output_size is None:
        return natural
    wanted = tuple(output_size)[-dims:] if len(output_size) > dims else output_size
    chosen = to_tuple(name, "output_size", wanted, dims)
    if any(abs(n - m) >= s for n, m, s in zip(chosen, natural, strides, strict=True)):
        facts = {
            "output_size": tuple(output_size),
            "chosen": chosen,
            "stride": strides,
            "natural": natural,
        }
        raise InputError("unpool.output_size", name=name, **facts)
    return chosen
