"""Layers that move pixels and channels about."""

from dataclasses import dataclass

from funcnet import functional as F
from funcnet.nn._function import FunctionLayer

__all__ = ["ChannelShuffle", "PixelShuffle", "PixelUnshuffle"]


@dataclass(frozen=True, repr=False)
class PixelShuffle(FunctionLayer, function=F.pixel_shuffle):
    """Pixel shuffle: turn channels into pixels; equals `torch.nn.PixelShuffle`.

    Input `(*, channels * upscale_factor**2, height, width)`, output `(*, channels,
    height * upscale_factor, width * upscale_factor)`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.PixelShuffle(2).apply({}, {}, jnp.ones((1, 8, 3, 3)))[0].shape
        (1, 2, 6, 6)
    """

    upscale_factor: int


@dataclass(frozen=True, repr=False)
class PixelUnshuffle(FunctionLayer, function=F.pixel_unshuffle):
    """Pixel unshuffle, the inverse of `PixelShuffle`; `torch.nn.PixelUnshuffle`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.PixelUnshuffle(2).apply({}, {}, jnp.ones((1, 2, 6, 6)))[0].shape
        (1, 8, 3, 3)
    """

    downscale_factor: int


@dataclass(frozen=True, repr=False)
class ChannelShuffle(FunctionLayer, function=F.channel_shuffle):
    """Channel shuffle: interleave `groups` groups; equals `torch.nn.ChannelShuffle`.

    Input and output `(batch, channels, *)`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> x = jnp.arange(4.0).reshape(1, 4, 1)
        >>> nn.ChannelShuffle(2).apply({}, {}, x)[0].ravel().tolist()
        [0.0, 2.0, 1.0, 3.0]
    """

    groups: int
