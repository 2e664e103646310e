"""LR-ASPP: a small head on a MobileNet."""

from collections import OrderedDict
from typing import Any

from .._api import network, weights_enum
from .._backend import Array, nn
from .._utils import IntermediateLayerGetter
from ._utils import built, resized, stages_of

__all__ = [
    "LRASPP",
    "LRASPP_MobileNet_V3_Large_Weights",
    "lraspp_mobilenet_v3_large",
]


class LRASPP(nn.Module):
    """Classify pixels by two maps, the coarse one weighed by its mean.

    Args:
        backbone: gives the maps "low" and "high".
        low_channels, high_channels: of the maps.
        num_classes: with the background.
        inter_channels: between the coarse map and its logits.

    Source: Howard et al. (2019), https://arxiv.org/abs/1905.02244
    """

    def __init__(
        self,
        backbone: nn.Module,
        low_channels: int,
        high_channels: int,
        num_classes: int,
        inter_channels: int = 128,
    ) -> None:
        super().__init__()
        self.backbone = backbone
        self.classifier = LRASPPHead(
            low_channels, high_channels, num_classes, inter_channels
        )

    def forward(self, input: Array) -> Any:
        logits = self.classifier(self.backbone(input))
        return OrderedDict(out=resized(logits, input.shape[-2:]))


class LRASPPHead(nn.Module):
    """From the two maps to the logits of classes."""

    def __init__(
        self,
        low_channels: int,
        high_channels: int,
        num_classes: int,
        inter_channels: int,
    ) -> None:
        super().__init__()
        self.cbr = nn.Sequential(
            nn.Conv2d(high_channels, inter_channels, 1, bias=False),
            nn.BatchNorm2d(inter_channels),
            nn.ReLU(inplace=True),
        )
        self.scale = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(high_channels, inter_channels, 1, bias=False),
            nn.Sigmoid(),
        )
        self.low_classifier = nn.Conv2d(low_channels, num_classes, 1)
        self.high_classifier = nn.Conv2d(inter_channels, num_classes, 1)

    def forward(self, input: Any) -> Array:
        low, high = input["low"], input["high"]
        weighed = self.cbr(high) * self.scale(high)
        weighed = resized(weighed, low.shape[-2:])
        return self.low_classifier(low) + self.high_classifier(weighed)


def _lraspp_mobilenetv3(backbone: nn.Module, num_classes: int, aux: bool) -> LRASPP:
    features = backbone.features
    stages = stages_of(features)
    low, high = stages[-4], stages[-1]
    layers = IntermediateLayerGetter(features, {str(low): "low", str(high): "high"})
    channels = features[low].out_channels, features[high].out_channels
    return LRASPP(layers, *channels, num_classes)


LRASPP_MobileNet_V3_Large_Weights = weights_enum(
    "LRASPP_MobileNet_V3_Large_Weights", __name__
)


@network(LRASPP_MobileNet_V3_Large_Weights, whole=True)
def lraspp_mobilenet_v3_large(
    weights: Any,
    progress: bool,
    num_classes: int | None = None,
    weights_backbone: Any = "IMAGENET1K_V1",
    **options: Any,
) -> LRASPP:
    """LR-ASPP on a dilated MobileNetV3."""
    from ..mobilenetv3 import MobileNet_V3_Large_Weights, mobilenet_v3_large

    if options.pop("aux_loss", False):
        raise NotImplementedError("This model does not use auxiliary loss")
    given = weights, progress, num_classes, None, weights_backbone, options
    return built(
        *given,
        lambda weights: mobilenet_v3_large(weights=weights, dilated=True),
        MobileNet_V3_Large_Weights,
        _lraspp_mobilenetv3,
    )
