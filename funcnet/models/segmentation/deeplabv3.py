"""DeepLabV3: dilated convolutions of several rates."""

from collections.abc import Sequence
from typing import Any

from .._api import network, weights_enum
from .._backend import Array, cat, nn
from .._utils import IntermediateLayerGetter
from ..resnet import ResNet50_Weights, ResNet101_Weights, resnet50, resnet101
from ._utils import _SimpleSegmentationModel, built, on_resnet, resized, stages_of
from .fcn import DILATED, FCNHead

__all__ = [
    "DeepLabV3",
    "DeepLabV3_MobileNet_V3_Large_Weights",
    "DeepLabV3_ResNet50_Weights",
    "DeepLabV3_ResNet101_Weights",
    "deeplabv3_mobilenet_v3_large",
    "deeplabv3_resnet50",
    "deeplabv3_resnet101",
]


class DeepLabV3(_SimpleSegmentationModel):
    """DeepLabV3: a map is read at several rates of dilation.

    Source: Chen et al. (2017), https://arxiv.org/abs/1706.05587
    """


class DeepLabHead(nn.Sequential):
    """From a map to the logits of classes."""

    def __init__(
        self,
        in_channels: int,
        num_classes: int,
        atrous_rates: Sequence[int] = (12, 24, 36),
    ) -> None:
        super().__init__(
            ASPP(in_channels, atrous_rates),
            nn.Conv2d(256, 256, 3, padding=1, bias=False),
            nn.BatchNorm2d(256),
            nn.ReLU(),
            nn.Conv2d(256, num_classes, 1),
        )


class ASPPConv(nn.Sequential):
    """A dilated convolution."""

    def __init__(self, in_channels: int, out_channels: int, dilation: int) -> None:
        super().__init__(
            nn.Conv2d(
                in_channels,
                out_channels,
                3,
                padding=dilation,
                dilation=dilation,
                bias=False,
            ),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
        )


class ASPPPooling(nn.Sequential):
    """The mean of the whole map, at each pixel."""

    def __init__(self, in_channels: int, out_channels: int) -> None:
        super().__init__(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(in_channels, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
        )

    def forward(self, x: Array) -> Array:
        size = x.shape[-2:]
        for layer in self:
            x = layer(x)
        return resized(x, size)


class ASPP(nn.Module):
    """A pyramid of dilated convolutions, joined: atrous spatial pyramid pooling.

    Args:
        in_channels: of the map.
        atrous_rates: of dilation.
        out_channels: of each convolution, and of the result.
    """

    def __init__(
        self, in_channels: int, atrous_rates: Sequence[int], out_channels: int = 256
    ) -> None:
        super().__init__()
        first = nn.Sequential(
            nn.Conv2d(in_channels, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
        )
        dilated = [ASPPConv(in_channels, out_channels, rate) for rate in atrous_rates]
        pooled = ASPPPooling(in_channels, out_channels)
        self.convs = nn.ModuleList([first, *dilated, pooled])
        self.project = nn.Sequential(
            nn.Conv2d((len(dilated) + 2) * out_channels, out_channels, 1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
            nn.Dropout(0.5),
        )

    def forward(self, x: Array) -> Array:
        return self.project(cat([conv(x) for conv in self.convs], 1))


def _deeplabv3_resnet(backbone: nn.Module, num_classes: int, aux: bool) -> DeepLabV3:
    auxiliary = FCNHead(1024, num_classes) if aux else None
    head = DeepLabHead(2048, num_classes)
    return DeepLabV3(on_resnet(backbone, aux), head, auxiliary)


def _deeplabv3_mobilenetv3(
    backbone: nn.Module, num_classes: int, aux: bool
) -> DeepLabV3:
    features = backbone.features
    stages = stages_of(features)
    last, before = stages[-1], stages[-4]
    layers = {str(last): "out", **({str(before): "aux"} if aux else {})}
    auxiliary = FCNHead(features[before].out_channels, num_classes) if aux else None
    head = DeepLabHead(features[last].out_channels, num_classes)
    return DeepLabV3(IntermediateLayerGetter(features, layers), head, auxiliary)


DeepLabV3_ResNet50_Weights = weights_enum("DeepLabV3_ResNet50_Weights", __name__)
DeepLabV3_ResNet101_Weights = weights_enum("DeepLabV3_ResNet101_Weights", __name__)
DeepLabV3_MobileNet_V3_Large_Weights = weights_enum(
    "DeepLabV3_MobileNet_V3_Large_Weights", __name__
)


@network(DeepLabV3_ResNet50_Weights, whole=True)
def deeplabv3_resnet50(
    weights: Any,
    progress: bool,
    num_classes: int | None = None,
    aux_loss: bool | None = None,
    weights_backbone: Any = "IMAGENET1K_V1",
    **options: Any,
) -> DeepLabV3:
    """DeepLabV3 on a dilated ResNet-50."""
    given = weights, progress, num_classes, aux_loss, weights_backbone, options
    return built(
        *given,
        lambda weights: resnet50(weights=weights, **DILATED),
        ResNet50_Weights,
        _deeplabv3_resnet,
    )


@network(DeepLabV3_ResNet101_Weights, whole=True)
def deeplabv3_resnet101(
    weights: Any,
    progress: bool,
    num_classes: int | None = None,
    aux_loss: bool | None = None,
    weights_backbone: Any = "IMAGENET1K_V1",
    **options: Any,
) -> DeepLabV3:
    """DeepLabV3 on a dilated ResNet-101."""
    given = weights, progress, num_classes, aux_loss, weights_backbone, options
    return built(
        *given,
        lambda weights: resnet101(weights=weights, **DILATED),
        ResNet101_Weights,
        _deeplabv3_resnet,
    )


@network(DeepLabV3_MobileNet_V3_Large_Weights, whole=True)
def deeplabv3_mobilenet_v3_large(
    weights: Any,
    progress: bool,
    num_classes: int | None = None,
    aux_loss: bool | None = None,
    weights_backbone: Any = "IMAGENET1K_V1",
    **options: Any,
) -> DeepLabV3:
    """DeepLabV3 on a dilated MobileNetV3."""
    from ..mobilenetv3 import MobileNet_V3_Large_Weights, mobilenet_v3_large

    given = weights, progress, num_classes, aux_loss, weights_backbone, options
    return built(
        *given,
        lambda weights: mobilenet_v3_large(weights=weights, dilated=True),
        MobileNet_V3_Large_Weights,
        _deeplabv3_mobilenetv3,
    )
