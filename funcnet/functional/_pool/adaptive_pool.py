"""Pools that are told the output size and choose the windows."""

import math
from collections.abc import Callable, Sequence
from typing import TypeAlias

import jax.numpy as jnp

from funcnet._check import check_floating
from funcnet._errors import InputError
from funcnet._types import Array
from funcnet.functional._pool.avg_pool import sum_along
from funcnet.functional._pool.max_pool import (
    Parts,
    check_ordered,
    max_along,
    spatial_indices,
)
from funcnet.functional._pool.windows import Window, read
from funcnet.functional._spatial import add_batch, drop_batch, to_tuple, widened

__all__ = [
    "adaptive_avg_pool1d",
    "adaptive_avg_pool2d",
    "adaptive_avg_pool3d",
    "adaptive_max_pool1d",
    "adaptive_max_pool1d_with_indices",
    "adaptive_max_pool2d",
    "adaptive_max_pool2d_with_indices",
    "adaptive_max_pool3d",
    "adaptive_max_pool3d_with_indices",
]

OutputSize: TypeAlias = int | Sequence[int | None] | None
"""A size, None for the input's own, or one of these for each dimension."""


def adaptive_avg_pool1d(input: Array, output_size: OutputSize) -> Array:
    """Apply 1D adaptive average pooling.

    Average over `output_size` regions of a sequence.

    Equals `torch.nn.functional.adaptive_avg_pool1d`; see `adaptive_avg_pool2d`.

    Example:
        >>> import jax.numpy as jnp
        >>> adaptive_avg_pool1d(jnp.array([[1.0, 2.0, 3.0]]), 2).tolist()
        [[1.5, 2.5]]
    """
    return _adaptive_avg_pool(1, input, output_size)


def adaptive_avg_pool2d(input: Array, output_size: OutputSize) -> Array:
    """Apply 2D adaptive average pooling.

    Average over regions so that the output has `output_size`.

    Equals `torch.nn.functional.adaptive_avg_pool2d`. Output i of n averages the inputs
    from `floor(i * size / n)` to `ceil((i + 1) * size / n)`; regions may overlap.

    Args:
        input: `(batch, channels, height, width)`, the batch optional.
        output_size: the size, or `(height, width)`; None keeps the input's.

    Returns:
        `(batch, channels, *output_size)`.

    Raises:
        InputError: the rank or `output_size` is wrong.
        InputTypeError: the input is not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> adaptive_avg_pool2d(jnp.ones((2, 3, 7, 5)), (4, None)).shape
        (2, 3, 4, 5)
    """
    return _adaptive_avg_pool(2, input, output_size)


def adaptive_avg_pool3d(input: Array, output_size: OutputSize) -> Array:
    """Apply 3D adaptive average pooling.

    Average over regions of volumes so that the output has `output_size`.

    Equals `torch.nn.functional.adaptive_avg_pool3d`; see `adaptive_avg_pool2d`.

    Example:
        >>> import jax.numpy as jnp
        >>> adaptive_avg_pool3d(jnp.ones((2, 3, 4, 7, 5)), 2).shape
        (2, 3, 2, 2, 2)
    """
    return _adaptive_avg_pool(3, input, output_size)


def adaptive_max_pool1d(input: Array, output_size: OutputSize) -> Array:
    """Apply 1D adaptive max pooling.

    Take maxima over `output_size` regions of a sequence.

    Equals `torch.nn.functional.adaptive_max_pool1d`; see `adaptive_max_pool2d`.

    Example:
        >>> import jax.numpy as jnp
        >>> adaptive_max_pool1d(jnp.array([[1.0, 2.0, 3.0]]), 2).tolist()
        [[2.0, 3.0]]
    """
    return _adaptive_max_pool(1, input, output_size, False)[0]


def adaptive_max_pool2d(input: Array, output_size: OutputSize) -> Array:
    """Apply 2D adaptive max pooling.

    Take maxima over regions so that the output has `output_size`.

    Equals `torch.nn.functional.adaptive_max_pool2d`; the regions are those of
    `adaptive_avg_pool2d`, and the gradient goes to the first maximum of each.

    Raises:
        InputError: the rank or `output_size` is wrong.

    Example:
        >>> import jax.numpy as jnp
        >>> adaptive_max_pool2d(jnp.ones((2, 3, 7, 5)), 1).shape
        (2, 3, 1, 1)
    """
    return _adaptive_max_pool(2, input, output_size, False)[0]


def adaptive_max_pool3d(input: Array, output_size: OutputSize) -> Array:
    """Apply 3D adaptive max pooling.

    Take maxima over regions of volumes so that the output has `output_size`.

    Equals `torch.nn.functional.adaptive_max_pool3d`; see `adaptive_max_pool2d`.

    Example:
        >>> import jax.numpy as jnp
        >>> adaptive_max_pool3d(jnp.ones((2, 3, 4, 7, 5)), (1, 2, None)).shape
        (2, 3, 1, 2, 5)
    """
    return _adaptive_max_pool(3, input, output_size, False)[0]


def adaptive_max_pool1d_with_indices(
    input: Array, output_size: OutputSize
) -> tuple[Array, Array]:
    """Return `adaptive_max_pool1d` and the position of each maximum.

    Example:
        >>> import jax.numpy as jnp
        >>> x = jnp.array([[1.0, 2.0, 3.0]])
        >>> adaptive_max_pool1d_with_indices(x, 2)[1].tolist()
        [[1, 2]]
    """
    y, indices = _adaptive_max_pool(1, input, output_size, True)
    return y, indices


def adaptive_max_pool2d_with_indices(
    input: Array, output_size: OutputSize
) -> tuple[Array, Array]:
    """Return `adaptive_max_pool2d` and where the maxima are.

    An index counts the pixels of one image in reading order.

    Example:
        >>> import jax.numpy as jnp
        >>> x = jnp.arange(16.0).reshape(1, 4, 4)
        >>> adaptive_max_pool2d_with_indices(x, 2)[1].tolist()
        [[[5, 7], [13, 15]]]
    """
    y, indices = _adaptive_max_pool(2, input, output_size, True)
    return y, indices


def adaptive_max_pool3d_with_indices(
    input: Array, output_size: OutputSize
) -> tuple[Array, Array]:
    """Return `adaptive_max_pool3d` and where the maxima are.

    Example:
        >>> import jax.numpy as jnp
        >>> x = jnp.arange(8.0).reshape(1, 2, 2, 2)
        >>> adaptive_max_pool3d_with_indices(x, 1)[1].tolist()
        [[[[7]]]]
    """
    y, indices = _adaptive_max_pool(3, input, output_size, True)
    return y, indices


def _adaptive_avg_pool(dims: int, input: Array, output_size: OutputSize) -> Array:
    name = f"adaptive_avg_pool{dims}d"
    check_floating(name, input)
    x, batched = add_batch(name, input, dims)
    (y,) = _pool_regions(name, (widened(x),), output_size, _average)
    return drop_batch(y.astype(x.dtype), batched)


def _adaptive_max_pool(
    dims: int, input: Array, output_size: OutputSize, with_indices: bool
) -> Parts:
    name = f"adaptive_max_pool{dims}d"
    x, batched = add_batch(name, input, dims)
    check_ordered(name, x)
    parts: Parts = (x, spatial_indices(x)) if with_indices else (x,)
    parts = _pool_regions(name, parts, output_size, max_along)
    return tuple(drop_batch(part, batched) for part in parts)


def _average(parts: Parts, axis: int, window: Window) -> Parts:
    return (sum_along(parts[0], axis, window) / window.kernel,)


def _pool_regions(
    name: str,
    parts: Parts,
    output_size: OutputSize,
    pool: Callable[[Parts, int, Window], Parts],
) -> Parts:
    """Pool each axis, the last first, over the regions of its output size."""
    sizes = parts[0].shape[2:]
    if min(sizes) < 1:
        raise InputError("empty", name=name, input=parts[0].shape)
    for axis, count in reversed(
        list(enumerate(output_sizes(name, output_size, sizes), start=2))
    ):
        parts = _pool_axis(parts, axis, count, pool)
    return parts


def output_sizes(
    name: str, output_size: OutputSize, sizes: tuple[int, ...]
) -> tuple[int, ...]:
    """Return `output_size` with the input's sizes where it says None."""
    given = output_size if isinstance(output_size, Sequence) else [output_size]
    if len(given) == 1:
        given = [given[0]] * len(sizes)
    if len(given) == len(sizes):
        given = [
            own if size is None else size
            for size, own in zip(given, sizes, strict=True)
        ]
    return to_tuple(name, "output_size", given, len(sizes), 0)  # type: ignore[arg-type]


def _pool_axis(
    parts: Parts, axis: int, count: int, pool: Callable[[Parts, int, Window], Parts]
) -> Parts:
    """Pool one axis over `count` regions.

    The pattern of regions repeats gcd(size, count) times, so that as many regions are
    pooled by one slice; where the size is a multiple of the count, all of them.
    """
    size = parts[0].shape[axis]
    if count == size:
        return parts
    if count == 0:
        return tuple(part.take(jnp.arange(0), axis) for part in parts)
    repeats = math.gcd(size, count)
    block, per_block = size // repeats, count // repeats
    blocks = tuple(_split(part, axis, repeats, block) for part in parts)
    pooled = []
    for region in range(per_block):
        start = region * block // per_block
        length = -(-(region + 1) * block // per_block) - start
        slices = tuple(read(part, axis + 1, start, length) for part in blocks)
        pooled.append(pool(slices, axis + 1, Window(length, 1, 1, 0, 0, 1)))
    joined = (jnp.concatenate(part, axis + 1) for part in zip(*pooled, strict=True))
    return tuple(
        part.reshape(*part.shape[:axis], count, *part.shape[axis + 2 :])
        for part in joined
    )


def _split(x: Array, axis: int, repeats: int, block: int) -> Array:
    return x.reshape(*x.shape[:axis], repeats, block, *x.shape[axis + 1 :])
