"""Sliding blocks of images as columns, and back."""

import math

import jax
import jax.numpy as jnp

from funcnet._check import check_floating, check_rank
from funcnet._errors import InputError
from funcnet._types import Array
from funcnet.functional._pool.windows import Window, read
from funcnet.functional._spatial import (
    IntOrTuple,
    add_batch,
    drop_batch,
    spatial_pad,
    to_tuple,
)

__all__ = ["fold", "unfold"]


def unfold(
    input: Array,
    kernel_size: IntOrTuple,
    dilation: IntOrTuple = 1,
    padding: IntOrTuple = 0,
    stride: IntOrTuple = 1,
) -> Array:
    """Unfold images into columns of sliding blocks (im2col).

    Equals `torch.nn.functional.unfold`.

    Args:
        input: `(batch, channels, height, width)`, the batch optional.
        kernel_size: the size of a block.
        dilation: the step between the elements of a block.
        padding: zeros on both sides.
        stride: the step between blocks.

    Returns:
        `(batch, channels * prod(kernel_size), blocks)`.

    Raises:
        InputError: the rank or a setting is wrong, or no block fits.

    Example:
        >>> import jax.numpy as jnp
        >>> unfold(jnp.arange(9).reshape(1, 3, 3), 2).tolist()
        [[0, 1, 3, 4], [1, 2, 4, 5], [3, 4, 6, 7], [4, 5, 7, 8]]
    """
    x, batched = add_batch("unfold", input, 2)
    settings = (kernel_size, dilation, padding, stride)
    windows = _windows("unfold", x.shape[2:], *settings)
    return drop_batch(_columns(x, windows), batched)


def fold(
    input: Array,
    output_size: IntOrTuple,
    kernel_size: IntOrTuple,
    dilation: IntOrTuple = 1,
    padding: IntOrTuple = 0,
    stride: IntOrTuple = 1,
) -> Array:
    """Fold columns of sliding blocks into images, summed (col2im).

    Equals `torch.nn.functional.fold`. It is the transpose of `unfold`, not its inverse:
    where blocks overlap they are summed.

    Args:
        input: `(batch, channels * prod(kernel_size), blocks)`, the batch optional.
        output_size: `(height, width)` of the images.
        kernel_size: the size of a block.
        dilation: the step between the elements of a block.
        padding: zeros that were on both sides.
        stride: the step between blocks.

    Returns:
        `(batch, channels, *output_size)`.

    Raises:
        InputError: the rank or a setting is wrong, or the sizes do not fit together.
        InputTypeError: the input is not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> fold(jnp.ones((4, 4)), 3, 2).tolist()
        [[[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]]]
    """
    check_floating("fold", input)
    check_rank("fold", input, (2, 3), "(batch, columns, blocks), the batch optional")
    columns = input if input.ndim == 3 else jnp.expand_dims(input, 0)
    sizes = to_tuple("fold", "output_size", output_size, 2)
    windows = _windows("fold", sizes, kernel_size, dilation, padding, stride)
    taps = math.prod(window.kernel for window in windows)
    blocks = math.prod(window.outputs for window in windows)
    if columns.shape[1] % taps or columns.shape[2] != blocks:
        facts = {
            "input": input.shape,
            "sizes": sizes,
            "windows": _described(windows),
            "taps": taps,
            "blocks": blocks,
        }
        raise InputError("fold.columns", name="fold", **facts)
    images = (columns.shape[0], columns.shape[1] // taps, *sizes)
    transposed = jax.linear_transpose(
        lambda x: _columns(x, windows), jax.ShapeDtypeStruct(images, columns.dtype)
    )
    return drop_batch(transposed(columns)[0], input.ndim == 3)


def _windows(
    name: str,
    sizes: tuple[int, ...],
    kernel_size: IntOrTuple,
    dilation: IntOrTuple,
    padding: IntOrTuple,
    stride: IntOrTuple,
) -> list[Window]:
    kernels = to_tuple(name, "kernel_size", kernel_size, 2)
    dilations = to_tuple(name, "dilation", dilation, 2)
    paddings = to_tuple(name, "padding", padding, 2, 0)
    strides = to_tuple(name, "stride", stride, 2)
    settings = zip(sizes, kernels, dilations, paddings, strides, strict=True)
    windows = []
    for size, k, d, p, s in settings:
        outputs = (size + 2 * p - d * (k - 1) - 1) // s + 1
        windows.append(Window(k, s, d, p, p, outputs))
    if min(window.outputs for window in windows) < 1:
        facts = {"sizes": sizes, "windows": _described(windows)}
        raise InputError("fold.no_block", name=name, **facts)
    return windows


def _described(windows: list[Window]) -> dict[str, tuple[int, ...]]:
    """The settings of windows, as facts of an error."""
    return {
        "kernel_size": tuple(window.kernel for window in windows),
        "dilation": tuple(window.dilation for window in windows),
        "padding": tuple(window.before for window in windows),
        "stride": tuple(window.stride for window in windows),
        "outputs": tuple(window.outputs for window in windows),
    }


def _columns(x: Array, windows: list[Window]) -> Array:
    rows, cols = windows
    x = spatial_pad(x, [(window.before, window.after) for window in windows])
    taps = []
    for i in range(rows.kernel):
        part = read(x, 2, i * rows.dilation, rows.outputs, rows.stride)
        for j in range(cols.kernel):
            tap = read(part, 3, j * cols.dilation, cols.outputs, cols.stride)
            taps.append(tap)
    stacked = jnp.stack(taps, 2)  # (batch, channels, taps, rows, columns)
    return stacked.reshape(
        x.shape[0], x.shape[1] * len(taps), rows.outputs * cols.outputs
    )
