"""Pooling, as `torch.nn.modules.pooling`."""

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from funcnet import nn
from funcnet.compat._core.annotations import PerDim
from funcnet.compat._messages.translate import translated
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.nn._module.native_module import NativeModule
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.modules.utils import _public_modules


class _MaxPoolNd(NativeModule):
    repr_fields = "kernel_size stride padding dilation ceil_mode"
    none_means: ClassVar = {"stride": "kernel_size"}


class MaxPool1d(_MaxPoolNd):
    """Apply 1D max pooling, as `torch.nn.MaxPool1d`."""

    native_class = nn.MaxPool1d


class MaxPool2d(_MaxPoolNd):
    """Apply 2D max pooling, as `torch.nn.MaxPool2d`."""

    native_class = nn.MaxPool2d


class MaxPool3d(_MaxPoolNd):
    """Apply 3D max pooling, as `torch.nn.MaxPool3d`."""

    native_class = nn.MaxPool3d


class _AvgPoolNd(NativeModule):
    repr_fields = "kernel_size stride padding"
    none_means: ClassVar = {"stride": "kernel_size"}


class AvgPool1d(_AvgPoolNd):
    """Apply 1D average pooling, as `torch.nn.AvgPool1d`."""

    native_class = nn.AvgPool1d
    per_dimension = ("kernel_size", "stride", "padding")
    dims = 1


class AvgPool2d(_AvgPoolNd):
    """Apply 2D average pooling, as `torch.nn.AvgPool2d`."""

    native_class = nn.AvgPool2d


class AvgPool3d(_AvgPoolNd):
    """Apply 3D average pooling, as `torch.nn.AvgPool3d`."""

    native_class = nn.AvgPool3d


class _LPPoolNd(NativeModule):
    repr_fields = "norm_type kernel_size stride ceil_mode"


class LPPool1d(_LPPoolNd):
    """Apply 1D power-average pooling, as `torch.nn.LPPool1d`."""

    native_class = nn.LPPool1d


class LPPool2d(_LPPoolNd):
    """Apply 2D power-average pooling, as `torch.nn.LPPool2d`."""

    native_class = nn.LPPool2d


class LPPool3d(_LPPoolNd):
    """Apply 3D power-average pooling, as `torch.nn.LPPool3d`."""

    native_class = nn.LPPool3d


class _AdaptiveNd(NativeModule):
    repr_fields = "output_size"


class AdaptiveAvgPool1d(_AdaptiveNd):
    """Apply 1D adaptive average pooling, as `torch.nn.AdaptiveAvgPool1d`."""

    native_class = nn.AdaptiveAvgPool1d


class AdaptiveAvgPool2d(_AdaptiveNd):
    """Apply 2D adaptive average pooling, as `torch.nn.AdaptiveAvgPool2d`."""

    native_class = nn.AdaptiveAvgPool2d


class AdaptiveAvgPool3d(_AdaptiveNd):
    """Apply 3D adaptive average pooling, as `torch.nn.AdaptiveAvgPool3d`."""

    native_class = nn.AdaptiveAvgPool3d


class AdaptiveMaxPool1d(_AdaptiveNd):
    """Apply 1D adaptive max pooling, as `torch.nn.AdaptiveMaxPool1d`."""

    native_class = nn.AdaptiveMaxPool1d


class AdaptiveMaxPool2d(_AdaptiveNd):
    """Apply 2D adaptive max pooling, as `torch.nn.AdaptiveMaxPool2d`."""

    native_class = nn.AdaptiveMaxPool2d


class AdaptiveMaxPool3d(_AdaptiveNd):
    """Apply 3D adaptive max pooling, as `torch.nn.AdaptiveMaxPool3d`."""

    native_class = nn.AdaptiveMaxPool3d


class _FractionalMaxPoolNd(Module):
    """Maxima of windows that are drawn at random."""

    native_class: ClassVar[Callable[..., object]]
    dims: int
    function: Callable[..., Any]

    def __init__(
        self,
        kernel_size: PerDim,
        output_size: PerDim | None = None,
        output_ratio: float | Sequence[float] | None = None,
        return_indices: bool = False,
        _random_samples: Tensor | None = None,
    ) -> None:
        super().__init__()
        self.kernel_size = _tuple(kernel_size, self.dims)
        self.return_indices = return_indices
        self.register_buffer("_random_samples", _random_samples)
        translated(self.native_class)(kernel_size, output_size, output_ratio)
        self.output_size = _tuple(output_size, self.dims)
        self.output_ratio = _tuple(output_ratio, self.dims)

    def forward(self, input: Tensor) -> Any:
        """Pool."""
        return type(self).function(
            input,
            self.kernel_size,
            self.output_size,
            self.output_ratio,
            self.return_indices,
            _random_samples=self._random_samples,
        )


def _tuple(value: Any, dims: int) -> Any:
    return (value,) * dims if isinstance(value, int | float) else value


class FractionalMaxPool2d(_FractionalMaxPoolNd):
    """Apply 2D fractional max pooling, as `torch.nn.FractionalMaxPool2d`."""

    native_class = nn.FractionalMaxPool2d
    dims = 2
    function = F.fractional_max_pool2d


class FractionalMaxPool3d(_FractionalMaxPoolNd):
    """Apply 3D fractional max pooling, as `torch.nn.FractionalMaxPool3d`."""

    native_class = nn.FractionalMaxPool3d
    dims = 3
    function = F.fractional_max_pool3d


class _MaxUnpoolNd(NativeModule):
    repr_fields = "kernel_size stride padding"
    none_means: ClassVar = {"stride": "kernel_size"}
    per_dimension = ("kernel_size", "stride", "padding")

    def forward(
        self, input: Tensor, indices: Tensor, output_size: Sequence[int] | None = None
    ) -> Any:
        """Put the maxima back to where they came from."""
        size = None if output_size is None else tuple(output_size)
        return self._run((input, indices, size))


class MaxUnpool1d(_MaxUnpoolNd):
    """Apply 1D max unpooling, as `torch.nn.MaxUnpool1d`; inverts `MaxPool1d`."""

    native_class = nn.MaxUnpool1d
    dims = 1


class MaxUnpool2d(_MaxUnpoolNd):
    """Apply 2D max unpooling, as `torch.nn.MaxUnpool2d`; inverts `MaxPool2d`."""

    native_class = nn.MaxUnpool2d
    dims = 2


class MaxUnpool3d(_MaxUnpoolNd):
    """Apply 3D max unpooling, as `torch.nn.MaxUnpool3d`; inverts `MaxPool3d`."""

    native_class = nn.MaxUnpool3d
    dims = 3


__all__ = _public_modules(globals())
