"""Layers that resize."""

from collections.abc import Sequence
from dataclasses import dataclass

from funcnet import functional as F
from funcnet.nn._function import FunctionLayer
from funcnet.nn._spatial import freeze

__all__ = ["Upsample", "UpsamplingBilinear2d", "UpsamplingNearest2d"]


@dataclass(frozen=True, repr=False)
class Upsample(FunctionLayer, function=F.interpolate):
    """Upsampling to `size` or by `scale_factor`; equals `torch.nn.Upsample`.

    Input `(batch, channels, *spatial)`. The arguments are those of
    `funcnet.functional.interpolate`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Upsample(scale_factor=2).apply({}, {}, jnp.ones((1, 3, 4, 4)))[0].shape
        (1, 3, 8, 8)
    """

    size: int | Sequence[int] | None = None
    scale_factor: float | Sequence[float] | None = None
    mode: str = "nearest"
    align_corners: bool | None = None
    recompute_scale_factor: bool | None = None

    def __post_init__(self) -> None:
        freeze(self, "size", "scale_factor")


@dataclass(frozen=True, repr=False)
class _Upsampling2d(FunctionLayer):
    size: int | Sequence[int] | None = None
    scale_factor: float | Sequence[float] | None = None

    def __post_init__(self) -> None:
        freeze(self, "size", "scale_factor")


class UpsamplingNearest2d(_Upsampling2d, function=F.upsample_nearest):
    """Nearest-neighbour upsampling; equals `torch.nn.UpsamplingNearest2d`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.UpsamplingNearest2d(scale_factor=2)
        >>> layer.apply({}, {}, jnp.ones((1, 3, 4, 4)))[0].shape
        (1, 3, 8, 8)
    """


class UpsamplingBilinear2d(_Upsampling2d, function=F.upsample_bilinear):
    """Bilinear upsampling, aligning corners; `torch.nn.UpsamplingBilinear2d`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.UpsamplingBilinear2d(scale_factor=2)
        >>> layer.apply({}, {}, jnp.ones((1, 3, 4, 4)))[0].shape
        (1, 3, 8, 8)
    """
