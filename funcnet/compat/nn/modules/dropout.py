"""Random zeroing, as `torch.nn.modules.dropout`."""

from typing import Any

from funcnet import nn
from funcnet.compat.nn.modules._native import NativeModule


class _DropoutNd(NativeModule):
    shown = "p"
    has_inplace = True

    def forward(self, input: Any) -> Any:
        """Zero at random in training, in place if the module says so."""
        output = super().forward(input)
        if not self.inplace:
            return output
        input._write(output._value(), output._fn, output._output)
        return input

    def extra_repr(self) -> str:
        """The probability, and whether it works in place."""
        return f"p={self.p}, inplace={self.inplace}"


class Dropout(_DropoutNd):
    """Zero elements, as `torch.nn.Dropout`."""

    native_class = nn.Dropout


class Dropout1d(_DropoutNd):
    """Zero channels of sequences, as `torch.nn.Dropout1d`."""

    native_class = nn.Dropout1d


class Dropout2d(_DropoutNd):
    """Zero channels of images, as `torch.nn.Dropout2d`."""

    native_class = nn.Dropout2d


class Dropout3d(_DropoutNd):
    """Zero channels of volumes, as `torch.nn.Dropout3d`."""

    native_class = nn.Dropout3d


class AlphaDropout(_DropoutNd):
    """Dropout that keeps mean and variance, as `torch.nn.AlphaDropout`."""

    native_class = nn.AlphaDropout


class FeatureAlphaDropout(_DropoutNd):
    """The same for channels, as `torch.nn.FeatureAlphaDropout`."""

    native_class = nn.FeatureAlphaDropout
