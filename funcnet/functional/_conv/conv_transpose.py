"""Transposed convolutions."""

from typing import Any

import jax.numpy as jnp
import numpy as np
from jax import lax

from funcnet._errors import InputError
from funcnet._types import Array
from funcnet.functional._conv.conv import check_arrays, check_bias
from funcnet.functional._conv.convolve import add_bias, convolve
from funcnet.functional._conv.correlate import Steps
from funcnet.functional._conv.subpixel import filters_by_remainder, interleave
from funcnet.functional._signature import arguments_of
from funcnet.functional._spatial import (
    IntOrTuple,
    add_batch,
    drop_batch,
    spatial_pad,
    to_tuple,
)

__all__ = ["conv_transpose1d", "conv_transpose2d", "conv_transpose3d"]


def _conv_transpose(
    dims: int,
    input: Array,
    weight: Array,
    bias: Array | None = None,
    stride: IntOrTuple = 1,
    padding: IntOrTuple = 0,
    output_padding: IntOrTuple = 0,
    groups: int = 1,
    dilation: IntOrTuple = 1,
) -> Array:
    name = f"conv_transpose{dims}d"
    x, batched = add_batch(name, input, dims)
    check_arrays(name, dims, x, weight, bias, groups)
    if weight.shape[0] != x.shape[1] or x.shape[1] % groups:
        facts = {"input": x.shape, "weight": weight.shape, "groups": groups}
        raise InputError("conv_transpose.channels", name=name, **facts)
    strides = to_tuple(name, "stride", stride, dims)
    paddings = to_tuple(name, "padding", padding, dims, 0)
    extras = to_tuple(name, "output_padding", output_padding, dims, 0)
    dilations = to_tuple(name, "dilation", dilation, dims)
    for extra, s, d in zip(extras, strides, dilations, strict=True):
        if extra >= max(s, d):
            facts = {"extras": extras, "strides": strides, "dilations": dilations}
            raise InputError(
                "conv_transpose.output_padding", name=name, limit=max(s, d), **facts
            )
    sizes = [
        (n - 1) * s - 2 * p + d * (k - 1) + extra + 1
        for n, s, p, d, k, extra in zip(
            x.shape[2:], strides, paddings, dilations, weight.shape[2:], extras,
            strict=True,
        )
    ]  # fmt: skip
    if min(sizes) < 1:
        facts = {"input": x.shape[2:], "output": tuple(sizes)}
        raise InputError("conv_transpose.no_output", name=name, **facts)
    check_bias(name, bias, weight, weight.shape[1] * groups)
    full = _spread(x, weight, strides, dilations, groups)
    cuts = [
        (-p, p + size - n)
        for p, size, n in zip(paddings, sizes, full.shape[1:-1], strict=True)
    ]
    y = jnp.moveaxis(spatial_pad(full, (*cuts, (0, 0))), -1, 1)
    return drop_batch(add_bias(y, bias), batched)


@arguments_of(_conv_transpose)
def conv_transpose1d(*args: Any, **kwargs: Any) -> Array:
    """Apply a 1D transposed convolution; equals `torch.nn.functional.conv_transpose1d`.

    As `conv_transpose2d` with one spatial dimension.

    Example:
        >>> import jax.numpy as jnp
        >>> conv_transpose1d(jnp.ones((2, 3, 8)), jnp.ones((3, 5, 2)), stride=2).shape
        (2, 5, 16)
    """
    return _conv_transpose(1, *args, **kwargs)


@arguments_of(_conv_transpose)
def conv_transpose2d(*args: Any, **kwargs: Any) -> Array:
    """Apply a 2D transposed convolution; equals `torch.nn.functional.conv_transpose2d`.

    It is the transpose of `conv2d` with the same weight as a linear map of its input:
    each input pixel adds a copy of the filters, `stride` apart.

    Args:
        input: `(batch, in_channels, height, width)`, or one image without the batch.
        weight: `(in_channels, out_channels / groups, kernel_height, kernel_width)`.
        bias: `(out_channels,)`.
        stride: the step between the copies.
        padding: how much is cut off on both sides.
        output_padding: how much is then added at the far side; it chooses between the
            sizes that `conv2d` maps to the same one.
        groups: the number of groups of channels, each convolved on its own.
        dilation: the step between two taps of the filter.

    Returns:
        `(batch, out_channels, out_height, out_width)` with `out = (in - 1) * stride -
        2 * padding + dilation * (kernel - 1) + output_padding + 1`.

    Raises:
        InputError: ranks, channels or groups do not fit, or a setting is out of range.
        InputTypeError: the dtypes differ, or are not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> images, filters = jnp.ones((2, 3, 8, 8)), jnp.ones((3, 5, 4, 4))
        >>> conv_transpose2d(images, filters, stride=2, padding=1).shape
        (2, 5, 16, 16)
    """
    return _conv_transpose(2, *args, **kwargs)


@arguments_of(_conv_transpose)
def conv_transpose3d(*args: Any, **kwargs: Any) -> Array:
    """Apply a 3D transposed convolution; equals `torch.nn.functional.conv_transpose3d`.

    As `conv_transpose2d` with three spatial dimensions.

    Example:
        >>> import jax.numpy as jnp
        >>> x, filters = jnp.ones((2, 3, 2, 4, 4)), jnp.ones((3, 5, 2, 2, 2))
        >>> conv_transpose3d(x, filters, stride=2).shape
        (2, 5, 4, 8, 8)
    """
    return _conv_transpose(3, *args, **kwargs)


def _spread(
    x: Array,
    weight: Array,
    strides: tuple[int, ...],
    dilations: tuple[int, ...],
    groups: int,
) -> Array:
    """Return the transposed convolution without padding, `(batch, *spatial, out)`.

    On the CPU XLA's convolution of a dilated input has a weight gradient 100 times
    slower (500 ms against 5).
    """
    dims = len(strides)
    if any(s > 1 and d > 1 for s, d in zip(strides, dilations, strict=True)):
        holes = [(0, 0, 0)] * 2 + [(0, 0, d - 1) for d in dilations]
        weight = lax.pad(weight, np.zeros((), weight.dtype), holes)
        dilations = (1,) * dims
    weight = filters_by_remainder(weight, strides, groups)
    kernel = weight.shape[2:]
    reach = [d * (k - 1) for k, d in zip(kernel, dilations, strict=True)]
    pads = [(n, n) for n in reach]
    y = convolve(x, weight, None, Steps((1,) * dims, pads, dilations), groups)
    return interleave(jnp.moveaxis(y, 1, -1), strides, groups)
