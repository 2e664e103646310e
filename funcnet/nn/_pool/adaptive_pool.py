"""Pooling layers that make an output of a fixed size."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from funcnet import functional as F
from funcnet.nn._function import FunctionLayer
from funcnet.nn._pool.pool import IndexedPool
from funcnet.nn._spatial import freeze

__all__ = [
    "AdaptiveAvgPool1d",
    "AdaptiveAvgPool2d",
    "AdaptiveAvgPool3d",
    "AdaptiveMaxPool1d",
    "AdaptiveMaxPool2d",
    "AdaptiveMaxPool3d",
]

OutputSize: TypeAlias = int | Sequence[int | None] | None
"""The size of every spatial dimension, or one for each; None keeps the input's."""


@dataclass(frozen=True, repr=False)
class _AdaptiveAvgPool(FunctionLayer):
    output_size: OutputSize

    def __post_init__(self) -> None:
        freeze(self, "output_size")


@dataclass(frozen=True, repr=False)
class _AdaptiveMaxPool(IndexedPool):
    output_size: OutputSize
    return_indices: bool = False

    def __post_init__(self) -> None:
        freeze(self, "output_size")


class AdaptiveAvgPool1d(_AdaptiveAvgPool, function=F.adaptive_avg_pool1d):
    """Apply 1D adaptive average pooling; equals `torch.nn.AdaptiveAvgPool1d`.

    As `AdaptiveAvgPool2d` with one spatial dimension.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.AdaptiveAvgPool1d(2).apply({}, {}, jnp.ones((1, 3, 8)))[0].shape
        (1, 3, 2)
    """


class AdaptiveAvgPool2d(_AdaptiveAvgPool, function=F.adaptive_avg_pool2d):
    """Apply 2D adaptive average pooling; equals `torch.nn.AdaptiveAvgPool2d`.

    Input `(batch, channels, height, width)`, the batch optional. `output_size` is the
    height and width, or one number for both; None keeps the input's.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.AdaptiveAvgPool2d(2).apply({}, {}, jnp.ones((1, 3, 8, 8)))[0].shape
        (1, 3, 2, 2)
    """


class AdaptiveAvgPool3d(_AdaptiveAvgPool, function=F.adaptive_avg_pool3d):
    """Apply 3D adaptive average pooling; equals `torch.nn.AdaptiveAvgPool3d`.

    As `AdaptiveAvgPool2d` with three spatial dimensions.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.AdaptiveAvgPool3d(2).apply({}, {}, jnp.ones((1, 3, 8, 8, 8)))[0].shape
        (1, 3, 2, 2, 2)
    """


class AdaptiveMaxPool1d(
    _AdaptiveMaxPool,
    function=F.adaptive_max_pool1d,
    with_indices=F.adaptive_max_pool1d_with_indices,
):
    """Apply 1D adaptive max pooling; equals `torch.nn.AdaptiveMaxPool1d`.

    As `AdaptiveMaxPool2d` with one spatial dimension.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.AdaptiveMaxPool1d(2).apply({}, {}, jnp.ones((1, 3, 8)))[0].shape
        (1, 3, 2)
    """


class AdaptiveMaxPool2d(
    _AdaptiveMaxPool,
    function=F.adaptive_max_pool2d,
    with_indices=F.adaptive_max_pool2d_with_indices,
):
    """Apply 2D adaptive max pooling; equals `torch.nn.AdaptiveMaxPool2d`.

    Input `(batch, channels, height, width)`, the batch optional. The output is the
    maxima or, with `return_indices`, the pair of maxima and their indices.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.AdaptiveMaxPool2d(2).apply({}, {}, jnp.ones((1, 3, 8, 8)))[0].shape
        (1, 3, 2, 2)
    """


class AdaptiveMaxPool3d(
    _AdaptiveMaxPool,
    function=F.adaptive_max_pool3d,
    with_indices=F.adaptive_max_pool3d_with_indices,
):
    """Apply 3D adaptive max pooling; equals `torch.nn.AdaptiveMaxPool3d`.

    As `AdaptiveMaxPool2d` with three spatial dimensions.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.AdaptiveMaxPool3d(2).apply({}, {}, jnp.ones((1, 3, 8, 8, 8)))[0].shape
        (1, 3, 2, 2, 2)
    """
