"""Random zeroing, as `torch.nn.modules.dropout`."""

from collections.abc import Callable
from typing import Any, ClassVar

from funcnet import nn
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.nn._module.native_module import NativeModule
from funcnet.compat.nn.modules.utils import _public_modules


class _DropoutNd(NativeModule):
    repr_fields = "p"
    has_inplace = True
    native_class: ClassVar[type[nn.Layer]] = nn.Dropout
    function: ClassVar[Callable[..., Any]]

    def forward(self, input: Tensor) -> Any:
        """Zero at random in training, in place if the module says so."""
        return type(self).function(input, self.p, self.training, self.inplace)

    def extra_repr(self) -> str:
        """The probability, and whether it works in place."""
        return f"p={self.p}, inplace={self.inplace}"


class Dropout(_DropoutNd):
    """Dropout of elements, as `torch.nn.Dropout`."""

    native_class = nn.Dropout
    function = F.dropout


class Dropout1d(_DropoutNd):
    """Dropout of the channels of sequences, as `torch.nn.Dropout1d`."""

    native_class = nn.Dropout1d
    function = F.dropout1d


class Dropout2d(_DropoutNd):
    """Dropout of the channels of images, as `torch.nn.Dropout2d`."""

    native_class = nn.Dropout2d
    function = F.dropout2d


class Dropout3d(_DropoutNd):
    """Dropout of the channels of volumes, as `torch.nn.Dropout3d`."""

    native_class = nn.Dropout3d
    function = F.dropout3d


class AlphaDropout(_DropoutNd):
    """Alpha dropout, which keeps mean and variance, as `torch.nn.AlphaDropout`."""

    native_class = nn.AlphaDropout
    function = F.alpha_dropout


class FeatureAlphaDropout(_DropoutNd):
    """Alpha dropout of channels, as `torch.nn.FeatureAlphaDropout`."""

    native_class = nn.FeatureAlphaDropout
    function = F.feature_alpha_dropout


__all__ = _public_modules(globals())
