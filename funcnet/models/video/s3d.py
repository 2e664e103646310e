"""S3D: separable convolutions of videos."""

from collections.abc import Callable
from functools import partial
from typing import Any

from .._api import network, weights_enum
from .._backend import Array, cat, nn
from .._blocks import Conv3dNormActivation

__all__ = ["S3D", "S3D_Weights", "s3d"]

Made = Callable[..., Any]


class TemporalSeparableConv(nn.Sequential):
    """A convolution of each frame, and one over frames."""

    def __init__(
        self,
        in_planes: int,
        out_planes: int,
        kernel_size: int,
        stride: int,
        padding: int,
        norm_layer: Made,
    ) -> None:
        k, s, p = kernel_size, stride, padding
        made: dict[str, Any] = {"norm_layer": norm_layer, "bias": False}
        super().__init__(
            Conv3dNormActivation(
                in_planes, out_planes, (1, k, k), (1, s, s), (0, p, p), **made
            ),
            Conv3dNormActivation(
                out_planes, out_planes, (k, 1, 1), (s, 1, 1), (p, 0, 0), **made
            ),
        )


class SepInceptionBlock3D(nn.Module):
    """Separable convolutions, and pooling, beside each other."""

    def __init__(
        self,
        in_planes: int,
        b0_out: int,
        b1_mid: int,
        b1_out: int,
        b2_mid: int,
        b2_out: int,
        b3_out: int,
        norm_layer: Made,
    ) -> None:
        super().__init__()

        def pointwise(channels: int) -> Any:
            return Conv3dNormActivation(
                in_planes, channels, kernel_size=1, stride=1, norm_layer=norm_layer
            )

        def branch(between: int, channels: int) -> Any:
            first = pointwise(between)
            return nn.Sequential(
                first, TemporalSeparableConv(between, channels, 3, 1, 1, norm_layer)
            )

        self.branch0 = pointwise(b0_out)
        self.branch1 = branch(b1_mid, b1_out)
        self.branch2 = branch(b2_mid, b2_out)
        self.branch3 = nn.Sequential(
            nn.MaxPool3d(kernel_size=(3, 3, 3), stride=1, padding=1), pointwise(b3_out)
        )

    def forward(self, x: Array) -> Array:
        parts = self.branch0(x), self.branch1(x), self.branch2(x), self.branch3(x)
        return cat(parts, 1)


class S3D(nn.Module):
    """S3D.

    Args:
        dropout: the rate before the classifier.
        norm_layer: batch norm by default.

    Source: Xie et al., "Rethinking Spatiotemporal Feature Learning" (2017),
    https://arxiv.org/abs/1712.04851
    """

    def __init__(
        self,
        num_classes: int = 400,
        dropout: float = 0.2,
        norm_layer: Made | None = None,
    ) -> None:
        super().__init__()
        norm = norm_layer or partial(nn.BatchNorm3d, eps=0.001, momentum=0.001)

        def halved() -> Any:
            return nn.MaxPool3d((1, 3, 3), stride=(1, 2, 2), padding=(0, 1, 1))

        self.features = nn.Sequential(
            TemporalSeparableConv(3, 64, 7, 2, 3, norm),
            halved(),
            Conv3dNormActivation(64, 64, kernel_size=1, stride=1, norm_layer=norm),
            TemporalSeparableConv(64, 192, 3, 1, 1, norm),
            halved(),
            SepInceptionBlock3D(192, 64, 96, 128, 16, 32, 32, norm),
            SepInceptionBlock3D(256, 128, 128, 192, 32, 96, 64, norm),
            nn.MaxPool3d((3, 3, 3), stride=(2, 2, 2), padding=(1, 1, 1)),
            SepInceptionBlock3D(480, 192, 96, 208, 16, 48, 64, norm),
            SepInceptionBlock3D(512, 160, 112, 224, 24, 64, 64, norm),
            SepInceptionBlock3D(512, 128, 128, 256, 24, 64, 64, norm),
            SepInceptionBlock3D(512, 112, 144, 288, 32, 64, 64, norm),
            SepInceptionBlock3D(528, 256, 160, 320, 32, 128, 128, norm),
            nn.MaxPool3d((2, 2, 2), stride=(2, 2, 2), padding=(0, 0, 0)),
            SepInceptionBlock3D(832, 256, 160, 320, 32, 128, 128, norm),
            SepInceptionBlock3D(832, 384, 192, 384, 48, 128, 128, norm),
        )
        self.avgpool = nn.AvgPool3d(kernel_size=(2, 7, 7), stride=1)
        self.classifier = nn.Sequential(
            nn.Dropout(p=dropout),
            nn.Conv3d(1024, num_classes, kernel_size=1, stride=1, bias=True),
        )

    def forward(self, x: Array) -> Array:
        x = self.classifier(self.avgpool(self.features(x)))
        return x.mean((2, 3, 4))


S3D_Weights = weights_enum("S3D_Weights", __name__)


@network(S3D_Weights)
def s3d(**options: Any) -> S3D:
    """S3D; see `S3D` for the options."""
    return S3D(**options)
