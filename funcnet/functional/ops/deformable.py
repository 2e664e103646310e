"""Convolution whose taps read where offsets say."""

import jax.numpy as jnp

from funcnet._check import check_floating, check_rank, check_same_dtype
from funcnet._errors import InputError
from funcnet._types import Array
from funcnet.functional._spatial import to_tuple


def deform_conv2d(
    input: Array,
    offset: Array,
    weight: Array,
    bias: Array | None = None,
    stride: int | tuple[int, int] = 1,
    padding: int | tuple[int, int] = 0,
    dilation: int | tuple[int, int] = 1,
    mask: Array | None = None,
) -> Array:
    """Deformable 2D convolution; equals `torchvision.ops.deform_conv2d`.

    Args:
        input: `(batch, in, height, width)`.
        offset: `(batch, groups * taps * 2, out_height, out_width)`: by how many pixels
            each tap is moved, as (y, x). Groups of channels have their own.
        weight: `(out, in / weight_groups, kernel_height, kernel_width)`.
        bias: `(out,)`.
        stride, padding, dilation: as of `conv2d`, numbers or (height, width).
        mask: `(batch, groups * taps, out_height, out_width)`, how much each tap counts.

    Returns:
        `(batch, out, out_height, out_width)`.

    Raises:
        InputError: shapes do not fit together.
        InputTypeError: the dtypes differ, or are not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> x = jnp.arange(9.0).reshape(1, 1, 3, 3)
        >>> moved = jnp.full((1, 2, 3, 3), 0.5)
        >>> deform_conv2d(x, moved, jnp.ones((1, 1, 1, 1)))[0, 0, 0].tolist()
        [2.0, 3.0, 1.75]

    Source: Dai et al., "Deformable Convolutional Networks" (2017),
    https://arxiv.org/abs/1703.06211; with a mask: Zhu et al. (2018),
    https://arxiv.org/abs/1811.11168
    """
    name = "deform_conv2d"
    for what, x in (("input", input), ("offset", offset), ("weight", weight)):
        check_rank(name, x, (4,), "four dimensions", what)
    check_floating(name, input)
    check_same_dtype(name, input=input, offset=offset, weight=weight, mask=mask)
    steps = to_tuple(name, "stride", stride, 2)
    margins = to_tuple(name, "padding", padding, 2, 0)
    spread = to_tuple(name, "dilation", dilation, 2)
    batch, channels, height, width = input.shape
    out, per_group, *kernel = weight.shape
    taps = kernel[0] * kernel[1]
    groups = offset.shape[1] // (2 * taps)
    sizes = tuple(
        (length + 2 * pad - gap * (k - 1) - 1) // step + 1
        for length, pad, gap, k, step in zip(
            (height, width), margins, spread, kernel, steps, strict=True
        )
    )
    wanted = (batch, groups * taps * 2, *sizes)
    fits = groups and not channels % groups and not channels % per_group
    fits = fits and offset.shape == wanted
    if mask is not None:
        fits = fits and mask.shape == (batch, groups * taps, *sizes)
    if not fits or out % (channels // per_group):
        facts = {"offset": offset.shape, "input": input.shape, "weight": weight.shape}
        raise InputError("deform_conv.shapes", name=name, sizes=sizes, **facts)
    moves = offset.reshape(batch, groups, *kernel, 2, *sizes)
    ys = _points(moves[:, :, :, :, 0], 0, kernel, steps, margins, spread)
    xs = _points(moves[:, :, :, :, 1], 1, kernel, steps, margins, spread)
    columns = _read(input, ys, xs)  # (batch, groups, taps, *sizes, channels / groups)
    if mask is not None:
        columns = columns * mask.reshape(*columns.shape[:-1])[..., None]
    parts = channels // per_group
    places = sizes[0] * sizes[1]
    columns = jnp.moveaxis(columns, -1, 2)  # channels before taps
    columns = columns.reshape(batch, parts, per_group * taps, places)
    kernels = weight.reshape(parts, out // parts, per_group * taps)
    result = jnp.einsum("gok,ngkp->ngop", kernels, columns)
    result = result.reshape(batch, out, *sizes)
    return result if bias is None else result + bias[None, :, None, None]


def _points(
    moves: Array,
    axis: int,
    kernel: list[int],
    steps: tuple[int, ...],
    margins: tuple[int, ...],
    spread: tuple[int, ...],
) -> Array:
    """Where along an axis each tap reads, `(batch, groups, taps, *sizes)`."""
    batch, groups, *_, rows, columns = moves.shape
    count = (rows, columns)[axis]
    start = jnp.arange(count, dtype=moves.dtype) * steps[axis] - margins[axis]
    tap = jnp.arange(kernel[axis], dtype=moves.dtype) * spread[axis]
    lines = [1, 1, 1, 1, 1, 1]
    starts = start.reshape(*lines[:4], *((count, 1) if axis == 0 else (1, count)))
    shape = (1, 1, kernel[0], 1, 1, 1) if axis == 0 else (1, 1, 1, kernel[1], 1, 1)
    at = starts + tap.reshape(shape) + moves
    return at.reshape(batch, groups, kernel[0] * kernel[1], rows, columns)


def _read(input: Array, ys: Array, xs: Array) -> Array:
    """Bilinear samples, zero outside: `(batch, groups, taps, *sizes, channels)`."""
    batch, channels, height, width = input.shape
    groups = ys.shape[1]
    parted = input.reshape(batch, groups, channels // groups, height, width)
    table = jnp.moveaxis(parted, 2, -1).reshape(-1, channels // groups)
    order = jnp.arange(batch * groups, dtype=jnp.int32) * (height * width)
    base = order.reshape(batch, groups, 1, 1, 1)
    inside = (ys > -1) & (ys < height) & (xs > -1) & (xs < width)
    y_low, x_low = jnp.floor(ys), jnp.floor(xs)
    total = jnp.zeros((*ys.shape, channels // groups), input.dtype)
    for y, weigh_y in ((y_low, 1 - (ys - y_low)), (y_low + 1, ys - y_low)):
        for x, weigh_x in ((x_low, 1 - (xs - x_low)), (x_low + 1, xs - x_low)):
            there = inside & (y >= 0) & (y < height) & (x >= 0) & (x < width)
            row = jnp.where(there, y, 0).astype(jnp.int32) * width
            row = base + row + jnp.where(there, x, 0).astype(jnp.int32)
            values = table.at[row].get(mode="clip", wrap_negative_indices=False)
            weight = jnp.where(there, weigh_y * weigh_x, 0)
            total = total + values * weight[..., None]
    return total
