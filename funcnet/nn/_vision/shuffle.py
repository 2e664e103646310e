"""Layers that move pixels and channels about."""

from dataclasses import dataclass

from funcnet import functional as F
from funcnet._types import Array
from funcnet.nn._function import FunctionLayer


@dataclass(frozen=True, repr=False)
class PixelShuffle(FunctionLayer):
    """Turn channels into pixels; equals `torch.nn.PixelShuffle`.

    Input `(*, channels * upscale_factor**2, height, width)`, output `(*, channels,
    height * upscale_factor, width * upscale_factor)`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.PixelShuffle(2).apply({}, {}, jnp.ones((1, 8, 3, 3)))[0].shape
        (1, 2, 6, 6)
    """

    upscale_factor: int

    def compute(self, x: Array) -> Array:
        return F.pixel_shuffle(x, self.upscale_factor)


@dataclass(frozen=True, repr=False)
class PixelUnshuffle(FunctionLayer):
    """Turn pixels into channels, undoing `PixelShuffle`; `torch.nn.PixelUnshuffle`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.PixelUnshuffle(2).apply({}, {}, jnp.ones((1, 2, 6, 6)))[0].shape
        (1, 8, 3, 3)
    """

    downscale_factor: int

    def compute(self, x: Array) -> Array:
        return F.pixel_unshuffle(x, self.downscale_factor)


@dataclass(frozen=True, repr=False)
class ChannelShuffle(FunctionLayer):
    """Deal the channels of `groups` groups out in turn; `torch.nn.ChannelShuffle`.

    Input and output `(batch, channels, *)`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> x = jnp.arange(4.0).reshape(1, 4, 1)
        >>> nn.ChannelShuffle(2).apply({}, {}, x)[0].ravel().tolist()
        [0.0, 2.0, 1.0, 3.0]
    """

    groups: int

    def compute(self, x: Array) -> Array:
        return F.channel_shuffle(x, self.groups)
