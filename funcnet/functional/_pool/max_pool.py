"""Max-pooling."""

import math
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import lax

from funcnet._errors import InputTypeError
from funcnet._types import Array
from funcnet.functional._pool.block_pool import are_blocks, block_maxima
from funcnet.functional._pool.windows import Window, pool_windows, read
from funcnet.functional._signature import arguments_of
from funcnet.functional._spatial import IntOrTuple, add_batch, drop_batch

__all__ = [
    "max_pool1d",
    "max_pool1d_with_indices",
    "max_pool2d",
    "max_pool2d_with_indices",
    "max_pool3d",
    "max_pool3d_with_indices",
]

Parts = tuple[Array, ...]
"""The values, and where wanted their indices, moved about together."""


class Variant(NamedTuple):
    """Which function of a family of pools is called."""

    dims: int
    with_indices: bool = False


def _max_pool(
    variant: Variant,
    input: Array,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None = None,
    padding: IntOrTuple = 0,
    dilation: IntOrTuple = 1,
    ceil_mode: bool = False,
) -> Parts:
    dims, with_indices = variant
    name = f"max_pool{dims}d"
    x, batched = add_batch(name, input, dims)
    check_ordered(name, x)
    settings = (kernel_size, stride, padding, dilation, ceil_mode)
    windows = pool_windows(name, x.shape, *settings)
    floating = jnp.issubdtype(x.dtype, jnp.floating)
    if floating and not with_indices and are_blocks(windows):
        return (drop_batch(block_maxima(x, windows), batched),)
    parts: Parts = (x, spatial_indices(x)) if with_indices else (x,)
    # Along the last axis first, and the first of equals in each pass: together that is
    # the first in reading order.
    for axis in reversed(range(2, 2 + dims)):
        parts = max_along(parts, axis, windows[axis - 2])
    return tuple(drop_batch(part, batched) for part in parts)


@arguments_of(_max_pool)
def max_pool1d(*args: Any, **kwargs: Any) -> Array:
    """Apply 1D max pooling; equals `torch.nn.functional.max_pool1d`.

    As `max_pool2d` with one spatial dimension.

    Example:
        >>> import jax.numpy as jnp
        >>> max_pool1d(jnp.array([[1.0, 4.0, 2.0, 3.0]]), 2).tolist()
        [[4.0, 3.0]]
    """
    return _max_pool(Variant(1), *args, **kwargs)[0]


@arguments_of(_max_pool)
def max_pool2d(*args: Any, **kwargs: Any) -> Array:
    """Apply 2D max pooling; equals `torch.nn.functional.max_pool2d`.

    The gradient goes to the first maximum of a window in reading order. NaN counts as
    larger than any number.

    Args:
        input: `(batch, channels, height, width)`, the batch optional.
        kernel_size: the size of a window.
        stride: the step between windows; `kernel_size` if None.
        padding: how far windows reach over the edges, at most half of their size.
        dilation: the step between the elements of a window.
        ceil_mode: whether a last window that is partly outside counts.

    Returns:
        `(batch, channels, out_height, out_width)`.

    Raises:
        InputError: the rank or a setting is wrong, or the input is too small.

    Example:
        >>> import jax.numpy as jnp
        >>> max_pool2d(jnp.arange(16.0).reshape(1, 4, 4), 2).tolist()
        [[[5.0, 7.0], [13.0, 15.0]]]
    """
    return _max_pool(Variant(2), *args, **kwargs)[0]


@arguments_of(_max_pool)
def max_pool3d(*args: Any, **kwargs: Any) -> Array:
    """Apply 3D max pooling; equals `torch.nn.functional.max_pool3d`.

    As `max_pool2d` with three spatial dimensions.

    Example:
        >>> import jax.numpy as jnp
        >>> max_pool3d(jnp.ones((2, 3, 4, 6, 6)), (2, 3, 3)).shape
        (2, 3, 2, 2, 2)
    """
    return _max_pool(Variant(3), *args, **kwargs)[0]


@arguments_of(_max_pool)
def max_pool1d_with_indices(*args: Any, **kwargs: Any) -> tuple[Array, Array]:
    """Return `max_pool1d` and the position of each maximum along the length.

    Example:
        >>> import jax.numpy as jnp
        >>> y, indices = max_pool1d_with_indices(jnp.array([[1.0, 4.0, 2.0, 3.0]]), 2)
        >>> indices.tolist()
        [[1, 3]]
    """
    y, indices = _max_pool(Variant(1, with_indices=True), *args, **kwargs)
    return y, indices


@arguments_of(_max_pool)
def max_pool2d_with_indices(*args: Any, **kwargs: Any) -> tuple[Array, Array]:
    """Return `max_pool2d` and where the maxima are, for `max_unpool2d`.

    Equals `torch.nn.functional.max_pool2d` with `return_indices=True`: an index counts
    the pixels of one image in reading order.

    Example:
        >>> import jax.numpy as jnp
        >>> max_pool2d_with_indices(jnp.arange(16.0).reshape(1, 4, 4), 2)[1].tolist()
        [[[5, 7], [13, 15]]]
    """
    y, indices = _max_pool(Variant(2, with_indices=True), *args, **kwargs)
    return y, indices


@arguments_of(_max_pool)
def max_pool3d_with_indices(*args: Any, **kwargs: Any) -> tuple[Array, Array]:
    """Return `max_pool3d` and where the maxima are, for `max_unpool3d`.

    Example:
        >>> import jax.numpy as jnp
        >>> max_pool3d_with_indices(jnp.arange(8.0).reshape(1, 2, 2, 2), 2)[1].tolist()
        [[[[7]]]]
    """
    y, indices = _max_pool(Variant(3, with_indices=True), *args, **kwargs)
    return y, indices


def check_ordered(name: str, x: Array) -> None:
    """Raise unless `x` holds real numbers."""
    if not (
        jnp.issubdtype(x.dtype, jnp.floating) or jnp.issubdtype(x.dtype, jnp.integer)
    ):
        raise InputTypeError("pool.dtype", name=name, dtype=x.dtype)


def spatial_indices(x: Array) -> Array:
    """Number the positions of each `(*spatial)` plane in reading order."""
    plane = x.shape[2:]
    values = jnp.arange(math.prod(plane)).reshape(plane)
    return lax.broadcast_in_dim(values, x.shape, tuple(range(2, x.ndim)))


def max_along(parts: Parts, axis: int, window: Window) -> Parts:
    """Replace an axis by the maxima of its windows; the first of equal ones wins.

    Maxima over windows of 1, 2, 4, ... elements are combined until the kernel is
    covered, the last step at the strided positions only. Each step is a `where`, whose
    gradient is a `where`. Measured on two cores, gradient of a 2×2 pool of (64, 64, 24,
    24): 1.5 ms, `lax.reduce_window` 40; of a 3×3 pool with stride 2: 2.5 ms against 22.
    """
    kernel, stride, dilation, before, after, outputs = window
    if before or after:
        parts = _padded(parts, axis, before, after)
    if kernel == 1:
        return tuple(read(part, axis, 0, outputs, stride) for part in parts)
    covered = 1
    while covered < kernel:
        shift = min(covered, kernel - covered)
        last = covered + shift == kernel
        step = stride if last else 1
        count = outputs if last else parts[0].shape[axis] - shift * dilation
        left = [read(part, axis, 0, count, step) for part in parts]
        right = [read(part, axis, shift * dilation, count, step) for part in parts]
        # Where the left window lies in the padding it has no say, not even at -inf.
        ends = np.arange(count) * step + (covered - 1) * dilation
        parts = _first_maximum(left, right, axis, ends < before)
        covered += shift
    return parts


def _padded(parts: Parts, axis: int, before: int, after: int) -> Parts:
    x, *indices = parts
    pads = [(before, after, 0) if i == axis else (0, 0, 0) for i in range(x.ndim)]
    floating = jnp.issubdtype(x.dtype, jnp.floating)
    lowest = -jnp.inf if floating else jnp.iinfo(x.dtype).min
    fills = (lowest, 0)
    return tuple(
        lax.pad(part, np.asarray(fill, part.dtype), pads)
        for part, fill in zip(parts, fills[: 1 + len(indices)], strict=True)
    )


def _first_maximum(
    left: list[Array], right: list[Array], axis: int, left_is_padding: np.ndarray
) -> Parts:
    a, b = left[0], right[0]
    take_right = (b > a) | (b != b)  # NaN wins
    if left_is_padding.any():
        forced = lax.broadcast_in_dim(jnp.asarray(left_is_padding), a.shape, (axis,))
        take_right |= forced
    return tuple(jnp.where(take_right, b, a) for a, b in zip(left, right, strict=True))
