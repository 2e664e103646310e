"""Pooling layers with windows of a fixed size."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from funcnet import functional as F
from funcnet._types import Array
from funcnet.nn._function import FunctionLayer
from funcnet.nn._spatial import IntOrTuple, normalize


@dataclass(frozen=True, repr=False)
class _MaxPool(FunctionLayer):
    kernel_size: IntOrTuple
    stride: IntOrTuple | None = None
    padding: IntOrTuple = 0
    dilation: IntOrTuple = 1
    return_indices: bool = False
    ceil_mode: bool = False

    dims: ClassVar[int]
    pool: ClassVar[Callable[..., Array]]
    pool_with_indices: ClassVar[Callable[..., tuple[Array, Array]]]

    def __post_init__(self) -> None:
        normalize(self, self.dims, "kernel_size", "stride", "dilation")
        normalize(self, self.dims, "padding", least=0)

    def compute(self, x: Array) -> Any:
        pool = type(self).pool_with_indices if self.return_indices else type(self).pool
        sizes = (self.kernel_size, self.stride, self.padding, self.dilation)
        return pool(x, *sizes, self.ceil_mode)


class MaxPool1d(_MaxPool):
    """Take maxima over windows of a sequence; equals `torch.nn.MaxPool1d`.

    As `MaxPool2d` with one spatial dimension.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.MaxPool1d(2).apply({}, {}, jnp.ones((1, 3, 8)))[0].shape
        (1, 3, 4)
    """

    dims = 1
    pool = staticmethod(F.max_pool1d)
    pool_with_indices = staticmethod(F.max_pool1d_with_indices)


class MaxPool2d(_MaxPool):
    """Take maxima over windows of images; equals `torch.nn.MaxPool2d`.

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
    pool = staticmethod(F.max_pool2d)
    pool_with_indices = staticmethod(F.max_pool2d_with_indices)


class MaxPool3d(_MaxPool):
    """Take maxima over windows of volumes; equals `torch.nn.MaxPool3d`.

    As `MaxPool2d` with three spatial dimensions.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.MaxPool3d(2).apply({}, {}, jnp.ones((1, 3, 4, 4, 4)))[0].shape
        (1, 3, 2, 2, 2)
    """

    dims = 3
    pool = staticmethod(F.max_pool3d)
    pool_with_indices = staticmethod(F.max_pool3d_with_indices)


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

    def settings_by_name(self) -> dict[str, Any]:
        """All settings, as keywords of the function."""
        return {f.name: getattr(self, f.name) for f in fields(self)}


class AvgPool1d(_AvgPool):
    """Average over windows of a sequence; equals `torch.nn.AvgPool1d`.

    As `AvgPool2d` with one spatial dimension, without `divisor_override`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.AvgPool1d(2).apply({}, {}, jnp.ones((1, 3, 8)))[0].shape
        (1, 3, 4)
    """

    dims = 1

    def compute(self, x: Array) -> Array:
        return F.avg_pool1d(x, **self.settings_by_name())


@dataclass(frozen=True, repr=False)
class AvgPool2d(_AvgPool):
    """Average over windows of images; equals `torch.nn.AvgPool2d`.

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

    def compute(self, x: Array) -> Array:
        return F.avg_pool2d(x, **self.settings_by_name())


@dataclass(frozen=True, repr=False)
class AvgPool3d(_AvgPool):
    """Average over windows of volumes; equals `torch.nn.AvgPool3d`.

    As `AvgPool2d` with three spatial dimensions.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.AvgPool3d(2).apply({}, {}, jnp.ones((1, 3, 4, 4, 4)))[0].shape
        (1, 3, 2, 2, 2)
    """

    divisor_override: int | None = None

    dims = 3

    def compute(self, x: Array) -> Array:
        return F.avg_pool3d(x, **self.settings_by_name())


@dataclass(frozen=True, repr=False)
class _LPPool(FunctionLayer):
    norm_type: float
    kernel_size: IntOrTuple
    stride: IntOrTuple | None = None
    ceil_mode: bool = False

    dims: ClassVar[int]
    pool: ClassVar[Callable[..., Array]]

    def __post_init__(self) -> None:
        normalize(self, self.dims, "kernel_size", "stride")

    def compute(self, x: Array) -> Array:
        sizes = (self.kernel_size, self.stride)
        return type(self).pool(x, self.norm_type, *sizes, self.ceil_mode)


class LPPool1d(_LPPool):
    """Take p-norms over windows of a sequence; equals `torch.nn.LPPool1d`.

    As `LPPool2d` with one spatial dimension.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.LPPool1d(2, 2).apply({}, {}, jnp.ones((1, 3, 8)))[0].shape
        (1, 3, 4)
    """

    dims = 1
    pool = staticmethod(F.lp_pool1d)


class LPPool2d(_LPPool):
    """Take p-norms over windows of images; equals `torch.nn.LPPool2d`.

    Input `(batch, channels, height, width)`, the batch optional. The arguments are
    those of `funcnet.functional.lp_pool2d`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.LPPool2d(2, 2).apply({}, {}, jnp.ones((1, 3, 8, 8)))[0].shape
        (1, 3, 4, 4)
    """

    dims = 2
    pool = staticmethod(F.lp_pool2d)


class LPPool3d(_LPPool):
    """Take p-norms over windows of volumes; equals `torch.nn.LPPool3d`.

    As `LPPool2d` with three spatial dimensions.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.LPPool3d(2, 2).apply({}, {}, jnp.ones((1, 3, 4, 4, 4)))[0].shape
        (1, 3, 2, 2, 2)
    """

    dims = 3
    pool = staticmethod(F.lp_pool3d)
