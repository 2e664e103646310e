"""Convolution layers."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

import jax

from funcnet import functional as F
from funcnet._check import check_choice
from funcnet._errors import InputError
from funcnet._types import Array, Key, Params, State
from funcnet.nn._base import ParametricLayer
from funcnet.nn._initial import uniform
from funcnet.nn._spatial import IntOrTuple, normalize, per_dimension

__all__ = ["Conv1d", "Conv2d", "Conv3d"]

_PADDING_MODES = ("zeros", "reflect", "replicate", "circular")


@dataclass(frozen=True, repr=False)
class ConvolutionLayer(ParametricLayer):
    """What convolutions have in common with transposed ones."""

    in_channels: int
    out_channels: int
    kernel_size: IntOrTuple
    stride: IntOrTuple = 1

    dims: ClassVar[int]
    _convolve: ClassVar[Callable[..., Array]]


@dataclass(frozen=True, repr=False)
class _Convolution(ConvolutionLayer):
    """What convolutions of one, two and three dimensions have in common."""

    padding: IntOrTuple | str = 0
    dilation: IntOrTuple = 1
    groups: int = 1
    bias: bool = True
    padding_mode: str = "zeros"

    def __post_init__(self) -> None:
        name = type(self).__name__
        check_channels(name, self.in_channels, self.out_channels, self.groups)
        check_choice(name, "padding_mode", self.padding_mode, _PADDING_MODES)
        normalize(self, self.dims, "kernel_size", "stride", "dilation")
        if isinstance(self.padding, str):
            check_choice(name, "padding", self.padding, ("same", "valid"))
            if self.padding == "same" and self.stride != 1:
                raise InputError("conv.same_strided", name=name, stride=self.stride)
        else:
            normalize(self, self.dims, "padding", least=0)

    def init(self, key: Key) -> tuple[Params, State]:
        group_channels = self.in_channels // self.groups
        shape = (
            self.out_channels,
            group_channels,
            *per_dimension(self.kernel_size, self.dims),
        )
        return conv_params(self, key, shape, self.out_channels), {}

    def compute(self, params: Params, x: Array) -> Array:
        padding = self.padding
        if self.padding_mode != "zeros":
            x = F.pad(x, self._amounts(), self.padding_mode)
            padding = 0
        return self._convolve(
            x,
            params["weight"],
            params.get("bias"),
            self.stride,
            padding,
            self.dilation,
            self.groups,
        )

    def _amounts(self) -> list[int]:
        """The padding as `F.pad` takes it: the last dimension first."""
        if self.padding == "valid":
            return [0, 0] * self.dims
        if not isinstance(self.padding, str):
            sizes = per_dimension(self.padding, self.dims)
            return [size for size in reversed(sizes) for _ in range(2)]
        kernels = per_dimension(self.kernel_size, self.dims)
        dilations = per_dimension(self.dilation, self.dims)
        totals = [d * (k - 1) for k, d in zip(kernels, dilations, strict=True)]
        return [n for t in reversed(totals) for n in (t // 2, t - t // 2)]


class Conv1d(_Convolution):
    """Apply a 1D convolution; equals `torch.nn.Conv1d`.

    As `Conv2d` with one spatial dimension: input `(batch, in_channels, length)`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.Conv1d(2, 3, 5, padding="same")
        >>> params, state = layer.init(jax.random.key(0))
        >>> layer.apply(params, state, jnp.ones((4, 2, 9)))[0].shape
        (4, 3, 9)
    """

    dims = 1
    _convolve = staticmethod(F.conv1d)


class Conv2d(_Convolution):
    """Apply a 2D convolution; equals `torch.nn.Conv2d`.

    Params: `weight` `(out_channels, in_channels / groups, height, width)` and `bias`
    `(out_channels,)`, both drawn from U(-b, b) with `b = 1 / sqrt(fan_in)`, where
    `fan_in` is the number of weights behind one output.

    Input `(batch, in_channels, height, width)`, the batch optional; output `(batch,
    out_channels, ...)` as `funcnet.functional.conv2d` describes it.

    Args:
        padding: a number, one for each dimension, "same" or "valid".
        padding_mode: what is padded: "zeros", "reflect", "replicate" or "circular".

    Raises:
        InputError: a setting is out of range, or the groups divide no channels.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.Conv2d(1, 32, 3, padding=1)
        >>> params, state = layer.init(jax.random.key(0))
        >>> layer.apply(params, state, jnp.ones((4, 1, 8, 8)))[0].shape
        (4, 32, 8, 8)
    """

    dims = 2
    _convolve = staticmethod(F.conv2d)


class Conv3d(_Convolution):
    """Apply a 3D convolution; equals `torch.nn.Conv3d`.

    As `Conv2d` with three spatial dimensions: input `(batch, in_channels, depth,
    height, width)`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.Conv3d(1, 2, (1, 3, 3))
        >>> params, state = layer.init(jax.random.key(0))
        >>> layer.apply(params, state, jnp.ones((4, 1, 3, 5, 5)))[0].shape
        (4, 2, 3, 3, 3)
    """

    dims = 3
    _convolve = staticmethod(F.conv3d)


def check_channels(name: str, channels_in: int, channels_out: int, groups: int) -> None:
    """Raise unless the groups divide both numbers of channels."""
    if groups < 1 or channels_in % groups or channels_out % groups:
        facts = {"in_channels": channels_in, "out_channels": channels_out}
        raise InputError("conv_layer.groups", name=name, groups=groups, **facts)


def conv_params(
    layer: ParametricLayer, key: Key, shape: Sequence[int], channels_out: int
) -> Params:
    """Draw a filter and a bias, PyTorch's default."""
    weight_key, bias_key = jax.random.split(key)
    fan_in = math.prod(shape[1:])
    bound = 1 / math.sqrt(fan_in) if fan_in else 0.0
    params = {"weight": uniform(weight_key, tuple(shape), bound, layer.dtype)}
    if layer.bias:  # type: ignore[attr-defined]
        params["bias"] = uniform(bias_key, (channels_out,), bound, layer.dtype)
    return params
