"""Fully convolutional networks."""

from typing import Any

from .._api import network, weights_enum
from .._backend import nn
from ..resnet import ResNet50_Weights, ResNet101_Weights, resnet50, resnet101
from ._utils import _SimpleSegmentationModel, built, on_resnet

__all__ = [
    "FCN",
    "FCN_ResNet50_Weights",
    "FCN_ResNet101_Weights",
    "fcn_resnet50",
    "fcn_resnet101",
]

DILATED = {"replace_stride_with_dilation": [False, True, True]}


class FCN(_SimpleSegmentationModel):
    """Fully convolutional network: a convolution of the last map gives the classes.

    Source: Long et al. (2014), https://arxiv.org/abs/1411.4038
    """


class FCNHead(nn.Sequential):
    """From a map to the logits of classes."""

    def __init__(self, in_channels: int, channels: int) -> None:
        between = in_channels // 4
        super().__init__(
            nn.Conv2d(in_channels, between, 3, padding=1, bias=False),
            nn.BatchNorm2d(between),
            nn.ReLU(),
            nn.Dropout(0.1),
            nn.Conv2d(between, channels, 1),
        )


def _fcn_resnet(backbone: nn.Module, num_classes: int, aux: bool) -> FCN:
    auxiliary = FCNHead(1024, num_classes) if aux else None
    return FCN(on_resnet(backbone, aux), FCNHead(2048, num_classes), auxiliary)


FCN_ResNet50_Weights = weights_enum("FCN_ResNet50_Weights", __name__)
FCN_ResNet101_Weights = weights_enum("FCN_ResNet101_Weights", __name__)


@network(FCN_ResNet50_Weights, whole=True)
def fcn_resnet50(
    weights: Any,
    progress: bool,
    num_classes: int | None = None,
    aux_loss: bool | None = None,
    weights_backbone: Any = "IMAGENET1K_V1",
    **options: Any,
) -> FCN:
    """Fully convolutional network on a dilated ResNet-50."""
    given = weights, progress, num_classes, aux_loss, weights_backbone, options
    return built(
        *given,
        lambda weights: resnet50(weights=weights, **DILATED),
        ResNet50_Weights,
        _fcn_resnet,
    )


@network(FCN_ResNet101_Weights, whole=True)
def fcn_resnet101(
    weights: Any,
    progress: bool,
    num_classes: int | None = None,
    aux_loss: bool | None = None,
    weights_backbone: Any = "IMAGENET1K_V1",
    **options: Any,
) -> FCN:
    """Fully convolutional network on a dilated ResNet-101."""
    given = weights, progress, num_classes, aux_loss, weights_backbone, options
    return built(
        *given,
        lambda weights: resnet101(weights=weights, **DILATED),
        ResNet101_Weights,
        _fcn_resnet,
    )
