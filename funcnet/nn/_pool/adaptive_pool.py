"""Pooling layers that make an output of a fixed size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from funcnet import functional as F
from funcnet._types import Array
from funcnet.nn._function import FunctionLayer
from funcnet.nn._spatial import freeze

OutputSize: TypeAlias = int | Sequence[int | None] | None
"""The size of every spatial dimension, or one for each; None keeps the input's."""


@dataclass(frozen=True, repr=False)
class _AdaptiveAvgPool(FunctionLayer):
    output_size: OutputSize

    pool: ClassVar[Callable[..., Array]]

    def __post_init__(self) -> None:
        freeze(self, "output_size")

    def compute(self, x: Array) -> Array:
        return type(self).pool(x, self.output_size)


@dataclass(frozen=True, repr=False)
class _AdaptiveMaxPool(FunctionLayer):
    output_size: OutputSize
    return_indices: bool = False

    pool: ClassVar[Callable[..., Array]]
    pool_with_indices: ClassVar[Callable[..., tuple[Array, Array]]]

    def __post_init__(self) -> None:
        freeze(self, "output_size")

    def compute(self, x: Array) -> Any:
        pool = type(self).pool_with_indices if self.return_indices else type(self).pool
        return pool(x, self.output_size)


class AdaptiveAvgPool1d(_AdaptiveAvgPool):
    """Average a sequence down to `output_size`; equals `torch.nn.AdaptiveAvgPool1d`.

    As `AdaptiveAvgPool2d` with one spatial dimension.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.AdaptiveAvgPool1d(2).apply({}, {}, jnp.ones((1, 3, 8)))[0].shape
        (1, 3, 2)
    """

    pool = staticmethod(F.adaptive_avg_pool1d)


class AdaptiveAvgPool2d(_AdaptiveAvgPool):
    """Average images down to `output_size`; equals `torch.nn.AdaptiveAvgPool2d`.

    Input `(batch, channels, height, width)`, the batch optional. `output_size` is the
    height and width, or one number for both; None keeps the input's.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.AdaptiveAvgPool2d(2).apply({}, {}, jnp.ones((1, 3, 8, 8)))[0].shape
        (1, 3, 2, 2)
    """

    pool = staticmethod(F.adaptive_avg_pool2d)


class AdaptiveAvgPool3d(_AdaptiveAvgPool):
    """Average volumes down to `output_size`; equals `torch.nn.AdaptiveAvgPool3d`.

    As `AdaptiveAvgPool2d` with three spatial dimensions.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.AdaptiveAvgPool3d(2).apply({}, {}, jnp.ones((1, 3, 8, 8, 8)))[0].shape
        (1, 3, 2, 2, 2)
    """

    pool = staticmethod(F.adaptive_avg_pool3d)


class AdaptiveMaxPool1d(_AdaptiveMaxPool):
    """Take maxima of a sequence for `output_size`; `torch.nn.AdaptiveMaxPool1d`.

    As `AdaptiveMaxPool2d` with one spatial dimension.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.AdaptiveMaxPool1d(2).apply({}, {}, jnp.ones((1, 3, 8)))[0].shape
        (1, 3, 2)
    """

    pool = staticmethod(F.adaptive_max_pool1d)
    pool_with_indices = staticmethod(F.adaptive_max_pool1d_with_indices)


class AdaptiveMaxPool2d(_AdaptiveMaxPool):
    """Take maxima of images for `output_size`; `torch.nn.AdaptiveMaxPool2d`.

    Input `(batch, channels, height, width)`, the batch optional. The output is the
    maxima or, with `return_indices`, the pair of maxima and their indices.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.AdaptiveMaxPool2d(2).apply({}, {}, jnp.ones((1, 3, 8, 8)))[0].shape
        (1, 3, 2, 2)
    """

    pool = staticmethod(F.adaptive_max_pool2d)
    pool_with_indices = staticmethod(F.adaptive_max_pool2d_with_indices)


class AdaptiveMaxPool3d(_AdaptiveMaxPool):
    """Take maxima of volumes for `output_size`; `torch.nn.AdaptiveMaxPool3d`.

    As `AdaptiveMaxPool2d` with three spatial dimensions.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.AdaptiveMaxPool3d(2).apply({}, {}, jnp.ones((1, 3, 8, 8, 8)))[0].shape
        (1, 3, 2, 2, 2)
    """

    pool = staticmethod(F.adaptive_max_pool3d)
    pool_with_indices = staticmethod(F.adaptive_max_pool3d_with_indices)
