"""Average-pooling and power-average-pooling."""

import functools
import math
import operator
from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from funcnet._check import check_floating
from funcnet._errors import InputError
from funcnet._types import Array
from funcnet.functional._pool.windows import Window, pool_windows, read
from funcnet.functional._signature import arguments_of
from funcnet.functional._spatial import (
    IntOrTuple,
    add_batch,
    drop_batch,
    spatial_pad,
    widened,
)

__all__ = [
    "avg_pool1d",
    "avg_pool2d",
    "avg_pool3d",
    "lp_pool1d",
    "lp_pool2d",
    "lp_pool3d",
]


def _avg_pool(
    dims: int,
    input: Array,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None = None,
    padding: IntOrTuple = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Array:
    name = f"avg_pool{dims}d"
    check_floating(name, input)
    x, batched = add_batch(name, input, dims)
    if divisor_override == 0:
        raise InputError("pool.divisor", name=name)
    windows = pool_windows(
        name, x.shape, kernel_size, stride, padding, ceil_mode=ceil_mode
    )
    total = _window_sums(widened(x), windows)
    if divisor_override is None:
        counts = _counts(x.shape[2:], windows, count_include_pad)
        y = total / _per_window(counts, total)
    else:
        y = total / divisor_override
    return drop_batch(y.astype(x.dtype), batched)


def _lp_pool(
    dims: int,
    input: Array,
    norm_type: float,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None = None,
    ceil_mode: bool = False,
) -> Array:
    name = f"lp_pool{dims}d"
    check_floating(name, input)
    if norm_type == 0:
        raise InputError("pool.norm_type", name=name)
    x, batched = add_batch(name, input, dims)
    windows = pool_windows(name, x.shape, kernel_size, stride, 0, 1, ceil_mode)
    # A whole number is multiplied out, which is exact and needs no logarithm.
    power = int(norm_type) if norm_type == int(norm_type) else norm_type
    total = _window_sums(widened(x) ** power, windows)
    kernel = math.prod(window.kernel for window in windows)
    scale = kernel / _counts(x.shape[2:], windows, include_padding=True)
    total *= _per_window(scale, total)
    zero = total == 0  # where a root has no finite slope
    root = jnp.where(zero, 1, total) ** (1 / norm_type)
    y = jnp.where(zero, 0.0 if norm_type > 0 else jnp.inf, root)
    return drop_batch(y.astype(x.dtype), batched)


def avg_pool1d(
    input: Array,
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None = None,
    padding: IntOrTuple = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Array:
    """Apply 1D average pooling; equals `torch.nn.functional.avg_pool1d`.

    As `avg_pool2d` with one spatial dimension.

    Example:
        >>> import jax.numpy as jnp
        >>> avg_pool1d(jnp.array([[1.0, 3.0, 2.0, 4.0]]), 2).tolist()
        [[2.0, 3.0]]
    """
    settings = (stride, padding, ceil_mode, count_include_pad)
    return _avg_pool(1, input, kernel_size, *settings)


@arguments_of(_avg_pool)
def avg_pool2d(*args: Any, **kwargs: Any) -> Array:
    """Apply 2D average pooling; equals `torch.nn.functional.avg_pool2d`.

    Args:
        input: `(batch, channels, height, width)`, the batch optional.
        kernel_size: the size of a window.
        stride: the step between windows; `kernel_size` if None.
        padding: zeros on both sides, at most half of a window.
        ceil_mode: whether a last window that is partly outside counts.
        count_include_pad: whether the zeros of the padding count in the average.
        divisor_override: what to divide the sum of a window by, whatever its size.

    Returns:
        `(batch, channels, out_height, out_width)`.

    Raises:
        InputError: the rank or a setting is wrong, or the input is too small.
        InputTypeError: the input is not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> avg_pool2d(jnp.arange(16.0).reshape(1, 4, 4), 2).tolist()
        [[[2.5, 4.5], [10.5, 12.5]]]
    """
    return _avg_pool(2, *args, **kwargs)


@arguments_of(_avg_pool)
def avg_pool3d(*args: Any, **kwargs: Any) -> Array:
    """Apply 3D average pooling; equals `torch.nn.functional.avg_pool3d`.

    As `avg_pool2d` with three spatial dimensions.

    Example:
        >>> import jax.numpy as jnp
        >>> avg_pool3d(jnp.ones((2, 3, 4, 6, 6)), 2).shape
        (2, 3, 2, 3, 3)
    """
    return _avg_pool(3, *args, **kwargs)


@arguments_of(_lp_pool)
def lp_pool1d(*args: Any, **kwargs: Any) -> Array:
    """Apply 1D power-average pooling; equals `torch.nn.functional.lp_pool1d`.

    As `lp_pool2d` with one spatial dimension.

    Example:
        >>> import jax.numpy as jnp
        >>> lp_pool1d(jnp.array([[3.0, 4.0, 0.0, 2.0]]), 2, 2).tolist()
        [[5.0, 2.0]]
    """
    return _lp_pool(1, *args, **kwargs)


@arguments_of(_lp_pool)
def lp_pool2d(*args: Any, **kwargs: Any) -> Array:
    """Apply 2D power-average pooling.

    Compute `sum(x ** p) ** (1 / p)` over windows, with `p = norm_type`.

    Equals `torch.nn.functional.lp_pool2d`: odd powers keep the sign of their numbers,
    and with `ceil_mode` a partial window is scaled up to a full one. Where a window
    sums to zero the gradient is 0 (PyTorch's is NaN).

    Args:
        input: `(batch, channels, height, width)`, the batch optional.
        norm_type: the power p; 1 gives sums.

    The other arguments, the result and the errors are those of `avg_pool2d`.

    Example:
        >>> import jax.numpy as jnp
        >>> lp_pool2d(jnp.array([[[1.0, 1.0], [1.0, 1.0]]]), 2, 2).tolist()
        [[[2.0]]]
    """
    return _lp_pool(2, *args, **kwargs)


@arguments_of(_lp_pool)
def lp_pool3d(*args: Any, **kwargs: Any) -> Array:
    """Apply 3D power-average pooling; equals `torch.nn.functional.lp_pool3d`.

    As `lp_pool2d` with three spatial dimensions.

    Example:
        >>> import jax.numpy as jnp
        >>> lp_pool3d(jnp.ones((1, 4, 4, 4)), 3, 2).shape
        (1, 2, 2, 2)
    """
    return _lp_pool(3, *args, **kwargs)


def _counts(
    sizes: tuple[int, ...], windows: list[Window], include_padding: bool
) -> np.ndarray:
    """Return how many elements each window averages.

    The padding counts if wanted; what `ceil_mode` adds beyond it never does.
    """
    counts = np.ones((), int)
    for size, window in zip(sizes, windows, strict=True):
        start = np.arange(window.outputs) * window.stride - window.before
        stop = np.minimum(start + window.kernel, size + window.before)
        if not include_padding:
            start, stop = np.maximum(start, 0), np.minimum(stop, size)
        counts = np.multiply.outer(counts, stop - start)
    return counts


def _window_sums(x: Array, windows: list[Window]) -> Array:
    # The last axis last: its strided reads are slow, and by then there are fewest.
    for axis, window in enumerate(windows, start=2):
        x = sum_along(x, axis, window)
    return x


def _per_window(values: np.ndarray, y: Array) -> Array:
    """Bring one number for each window to the shape of `y`."""
    return lax.broadcast_in_dim(values.astype(y.dtype), y.shape, range(2, y.ndim))


def sum_along(x: Array, axis: int, window: Window) -> Array:
    """Replace an axis by the sums of its windows.

    On two cores, forward and gradient of 2×2 windows of (64, 64, 24, 24): 1.7 ms as a
    sum of slices, 6 with `reduce_window`, which wins for large windows.
    """
    kernel, stride, _, before, after, outputs = window
    if (kernel, outputs, before, after) == (x.shape[axis], 1, 0, 0):
        return jnp.sum(x, axis, keepdims=True)
    pads = [(0, 0)] * x.ndim
    pads[axis] = (before, after)
    if kernel <= 8:
        x = spatial_pad(x, pads)
        taps = (read(x, axis, tap, outputs, stride) for tap in range(kernel))
        return functools.reduce(operator.add, taps)
    size = [kernel if i == axis else 1 for i in range(x.ndim)]
    step = [stride if i == axis else 1 for i in range(x.ndim)]
    return lax.reduce_window(x, np.zeros((), x.dtype), lax.add, size, step, pads)
