"""Pooling layers with windows of a fixed size."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from funcnet import functional as F
from funcnet.nn._function import FunctionLayer
from funcnet.nn._spatial import IntOrTuple, normalize

__all__ = [
    "AvgPool1d",
    "AvgPool2d",
    "AvgPool3d",
    "LPPool1d",
    "LPPool2d",
    "LPPool3d",
    "MaxPool1d",
    "MaxPool2d",
    "MaxPool3d",
]


class IndexedPool(FunctionLayer):
    """A pool with a setting `return_indices`, and a second function to obey it."""

    return_indices: bool
    _with_indices: ClassVar[Callable[..., Any]]

    def __init_subclass__(
        cls, with_indices: Callable[..., Any] | None = None, **options: Any
    ) -> None:
        super().__init_subclass__(**options)
        if with_indices is not None:
            cls._with_indices = staticmethod(with_indices)

    def function_and_settings(self) -> tuple[Callable[..., Any], dict[str, Any]]:
        function, settings = super().function_and_settings()
        with_indices = settings.pop("return_indices")
        return self._with_indices if with_indices else function, settings


@dataclass(frozen=True, repr=False)
class _MaxPool(IndexedPool):
    kernel_size: IntOrTuple
    stride: IntOrTuple | None = None
    padding: IntOrTuple = 0
    dilation: IntOrTuple = 1
    return_indices: bool = False
    ceil_mode: bool = False

    dims: ClassVar[int]

    def __post_init__(self) -> None:
        normalize(self, self.dims, "kernel_size", "stride", "dilation")
        normalize(self, self.dims, "padding", least=0)


class MaxPool1d(
    _MaxPool, function=F.max_pool1d, with_indices=F.max_pool1d_with_indices
):
    """Apply 1D max pooling; equals `torch.nn.MaxPool1d`.

    As `MaxPool2d` with one spatial dimension.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.MaxPool1d(2).apply({}, {}, jnp.ones((1, 3, 8)))[0].shape
        (1, 3, 4)
    """

    dims = 1


class MaxPool2d(
    _MaxPool, function=F.max_pool2d, with_indices=F.max_pool2d_with_indices
):
    """Apply 2D max pooling; equals `torch.nn.MaxPool2d`.

    Input `(batch, channels, height, width)`, the batch optional. The output is the
    maxima or, with `return_indices`, the pair of maxima and their indices, which
    `MaxUnpool2d` takes. The arguments are those of `funcnet.functional.max_pool2d`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.MaxPool2d(2).apply({}, {}, jnp.ones((1, 3, 8, 8)))[0].shape
        (1, 3, 4, 4)
    """

    dims = 2


class MaxPool3d(
    _MaxPool, function=F.max_pool3d, with_indices=F.max_pool3d_with_indices
):
    """Apply 3D max pooling; equals `torch.nn.MaxPool3d`.

    As `MaxPool2d` with three spatial dimensions.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.MaxPool3d(2).apply({}, {}, jnp.ones((1, 3, 4, 4, 4)))[0].shape
        (1, 3, 2, 2, 2)
    """

    dims = 3


@dataclass(frozen=True, repr=False)
class _AvgPool(FunctionLayer):
    kernel_size: IntOrTuple
    stride: IntOrTuple | None = None
    padding: IntOrTuple = 0
    ceil_mode: bool = False
    count_include_pad: bool = True

    dims: ClassVar[int]

    def __post_init__(self) -> None:
        normalize(self, self.dims, "kernel_size", "stride")
        normalize(self, self.dims, "padding", least=0)


class AvgPool1d(_AvgPool, function=F.avg_pool1d):
    """Apply 1D average pooling; equals `torch.nn.AvgPool1d`.

    As `AvgPool2d` with one spatial dimension, without `divisor_override`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.AvgPool1d(2).apply({}, {}, jnp.ones((1, 3, 8)))[0].shape
        (1, 3, 4)
    """

    dims = 1


@dataclass(frozen=True, repr=False)
class AvgPool2d(_AvgPool, function=F.avg_pool2d):
    """Apply 2D average pooling; equals `torch.nn.AvgPool2d`.

    Input `(batch, channels, height, width)`, the batch optional. The arguments are
    those of `funcnet.functional.avg_pool2d`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.AvgPool2d(2).apply({}, {}, jnp.ones((1, 3, 8, 8)))[0].shape
        (1, 3, 4, 4)
    """

    divisor_override: int | None = None

    dims = 2


@dataclass(frozen=True, repr=False)
class AvgPool3d(_AvgPool, function=F.avg_pool3d):
    """Apply 3D average pooling; equals `torch.nn.AvgPool3d`.

    As `AvgPool2d` with three spatial dimensions.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.AvgPool3d(2).apply({}, {}, jnp.ones((1, 3, 4, 4, 4)))[0].shape
        (1, 3, 2, 2, 2)
    """

    divisor_override: int | None = None

    dims = 3


@dataclass(frozen=True, repr=False)
class _LPPool(FunctionLayer):
    norm_type: float
    kernel_size: IntOrTuple
    stride: IntOrTuple | None = None
    ceil_mode: bool = False

    dims: ClassVar[int]

    def __post_init__(self) -> None:
        normalize(self, self.dims, "kernel_size", "stride")


class LPPool1d(_LPPool, function=F.lp_pool1d):
    """Apply 1D power-average pooling; equals `torch.nn.LPPool1d`.

    As `LPPool2d` with one spatial dimension.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.LPPool1d(2, 2).apply({}, {}, jnp.ones((1, 3, 8)))[0].shape
        (1, 3, 4)
    """

    dims = 1


class LPPool2d(_LPPool, function=F.lp_pool2d):
    """Apply 2D power-average pooling; equals `torch.nn.LPPool2d`.

    Input `(batch, channels, height, width)`, the batch optional. The arguments are
    those of `funcnet.functional.lp_pool2d`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.LPPool2d(2, 2).apply({}, {}, jnp.ones((1, 3, 8, 8)))[0].shape
        (1, 3, 4, 4)
    """

    dims = 2


class LPPool3d(_LPPool, function=F.lp_pool3d):
    """Apply 3D power-average pooling; equals `torch.nn.LPPool3d`.

    As `LPPool2d` with three spatial dimensions.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.LPPool3d(2, 2).apply({}, {}, jnp.ones((1, 3, 4, 4, 4)))[0].shape
        (1, 3, 2, 2, 2)
    """

    dims = 3
