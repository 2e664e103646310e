"""Convolutions."""

from collections.abc import Sequence
from typing import Any

from funcnet._check import check_choice, check_floating, check_same_dtype
from funcnet._errors import InputError
from funcnet._types import Array
from funcnet.functional._conv.convolve import convolve
from funcnet.functional._conv.correlate import Steps
from funcnet.functional._signature import arguments_of
from funcnet.functional._spatial import IntOrTuple, add_batch, drop_batch, to_tuple

__all__ = ["conv1d", "conv2d", "conv3d"]


def _conv(
    dims: int,
    input: Array,
    weight: Array,
    bias: Array | None = None,
    stride: IntOrTuple = 1,
    padding: IntOrTuple | str = 0,
    dilation: IntOrTuple = 1,
    groups: int = 1,
) -> Array:
    name = f"conv{dims}d"
    x, batched = add_batch(name, input, dims)
    check_arrays(name, dims, x, weight, bias, groups)
    out_channels, group_channels, *kernel = weight.shape
    if out_channels % groups:
        facts = {"weight": weight.shape, "groups": groups}
        raise InputError("conv.out_channels", name=name, **facts)
    if group_channels * groups != x.shape[1]:
        needed = group_channels * groups
        facts = {"input": x.shape, "weight": weight.shape, "groups": groups}
        raise InputError("conv.channels", name=name, needed=needed, **facts)
    strides = to_tuple(name, "stride", stride, dims)
    dilations = to_tuple(name, "dilation", dilation, dims)
    spans = [d * (k - 1) + 1 for k, d in zip(kernel, dilations, strict=True)]
    pads = padding_amounts(name, padding, spans, strides)
    padded = [n + sum(p) for n, p in zip(x.shape[2:], pads, strict=True)]
    if any(n < span for n, span in zip(padded, spans, strict=True)):
        facts = {"padded": tuple(padded), "kernel": tuple(spans)}
        raise InputError("conv.kernel_too_large", name=name, **facts)
    check_bias(name, bias, weight, out_channels)
    y = convolve(x, weight, bias, Steps(strides, pads, dilations), groups)
    return drop_batch(y, batched)


@arguments_of(_conv)
def conv1d(*args: Any, **kwargs: Any) -> Array:
    """Apply a 1D convolution; equals `torch.nn.functional.conv1d`.

    As `conv2d` with one spatial dimension: input `(batch, in_channels, length)`, weight
    `(out_channels, in_channels / groups, kernel)`.

    Example:
        >>> import jax.numpy as jnp
        >>> conv1d(jnp.ones((2, 3, 8)), jnp.ones((4, 3, 5)), padding="same").shape
        (2, 4, 8)
    """
    return _conv(1, *args, **kwargs)


@arguments_of(_conv)
def conv2d(*args: Any, **kwargs: Any) -> Array:
    """Apply a 2D convolution; equals `torch.nn.functional.conv2d`.

    It is a cross-correlation: the filters are not flipped.

    Args:
        input: `(batch, in_channels, height, width)`, or one image without the batch.
        weight: `(out_channels, in_channels / groups, kernel_height, kernel_width)`.
        bias: `(out_channels,)`.
        stride: the step between two positions of the filter.
        padding: zeros on both sides; "valid" is none, "same" (with stride 1) as many
            as keep the size.
        dilation: the step between two taps of the filter.
        groups: the number of groups of channels, each convolved on its own.

    Returns:
        `(batch, out_channels, out_height, out_width)` with `out = (in + 2 * padding -
        dilation * (kernel - 1) - 1) // stride + 1`.

    Raises:
        InputError: ranks, channels or groups do not fit, the filter is larger than the
            padded input, or a setting is out of range.
        InputTypeError: the dtypes differ, or are not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> images, filters = jnp.ones((2, 3, 8, 8)), jnp.ones((4, 3, 3, 3))
        >>> conv2d(images, filters, stride=2, padding=1).shape
        (2, 4, 4, 4)
    """
    return _conv(2, *args, **kwargs)


@arguments_of(_conv)
def conv3d(*args: Any, **kwargs: Any) -> Array:
    """Apply a 3D convolution; equals `torch.nn.functional.conv3d`.

    As `conv2d` with three spatial dimensions: input `(batch, in_channels, depth,
    height, width)`.

    Example:
        >>> import jax.numpy as jnp
        >>> conv3d(jnp.ones((2, 3, 4, 6, 6)), jnp.ones((5, 3, 2, 3, 3))).shape
        (2, 5, 3, 4, 4)
    """
    return _conv(3, *args, **kwargs)


def check_arrays(
    name: str, dims: int, x: Array, weight: Array, bias: Array | None, groups: int
) -> None:
    """Check what convolution and transposed convolution have in common."""
    check_same_dtype(name, input=x, weight=weight, bias=bias)
    check_floating(name, x)
    if weight.ndim != dims + 2 or min(weight.shape[2:]) < 1:
        facts = {"weight": weight.shape, "ndim": dims + 2}
        raise InputError("conv.weight", name=name, **facts)
    if groups < 1:
        raise InputError("conv.groups", name=name, groups=groups)


def check_bias(name: str, bias: Array | None, weight: Array, channels: int) -> None:
    """Raise unless there is one number for each output channel."""
    if bias is not None and bias.shape != (channels,):
        facts = {"bias": bias.shape, "channels": channels, "weight": weight.shape}
        raise InputError("conv.bias", name=name, **facts)


def padding_amounts(
    name: str, padding: IntOrTuple | str, spans: Sequence[int], strides: Sequence[int]
) -> list[tuple[int, int]]:
    """Return `padding` as `(before, after)` of each axis for filters of `spans`."""
    if not isinstance(padding, str):
        return [(p, p) for p in to_tuple(name, "padding", padding, len(spans), 0)]
    check_choice(name, "padding", padding, ("valid", "same"))
    if padding == "valid":
        return [(0, 0)] * len(spans)
    if any(stride != 1 for stride in strides):
        raise InputError("conv.same_strided", name=name, stride=tuple(strides))
    return [((span - 1) // 2, span // 2) for span in spans]
