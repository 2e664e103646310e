"""SSDlite, as `torchvision.models.detection.ssdlite`."""

from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any

from funcnet.compat import nn
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.torchvision import models as _models
from funcnet.compat.torchvision.models.detection import _utils as det_utils
from funcnet.compat.torchvision.models.detection._builders import (
    loaded,
    network,
    settled,
    weights_enum,
)
from funcnet.compat.torchvision.models.detection._one_stage import Outputs
from funcnet.compat.torchvision.models.detection.anchor_utils import DefaultBoxGenerator
from funcnet.compat.torchvision.models.detection.backbone_utils import (
    freeze_stages,
    stages_of,
)
from funcnet.compat.torchvision.models.detection.image_list import Backbone, Weights
from funcnet.compat.torchvision.models.detection.ssd import (
    SSD,
    SSDScoringHead,
    check_maps,
    warn_of_size,
)
from funcnet.compat.torchvision.ops import Conv2dNormActivation

__all__ = ["SSDLite320_MobileNet_V3_Large_Weights", "ssdlite320_mobilenet_v3_large"]

Made = Callable[..., nn.Module]


def _block(in_channels: int, out: int, norm: Made, **settings: Any) -> nn.Module:
    made: dict[str, Any] = {"norm_layer": norm, "activation_layer": nn.ReLU6}
    return Conv2dNormActivation(in_channels, out, **settings, **made)


def _prediction_block(
    in_channels: int, out_channels: int, kernel_size: int, norm_layer: Made
) -> nn.Sequential:
    """A convolution of each channel, then one of each pixel."""
    settings = {"kernel_size": kernel_size, "groups": in_channels}
    return nn.Sequential(
        _block(in_channels, in_channels, norm_layer, **settings),
        nn.Conv2d(in_channels, out_channels, 1),
    )


def _extra_block(in_channels: int, out_channels: int, norm_layer: Made) -> nn.Module:
    """A map of half the size."""
    between = out_channels // 2
    return nn.Sequential(
        _block(in_channels, between, norm_layer, kernel_size=1),
        _block(between, between, norm_layer, kernel_size=3, stride=2, groups=between),
        _block(between, out_channels, norm_layer, kernel_size=1),
    )


def _normal_init(conv: nn.Module) -> None:
    for layer in conv.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.normal_(layer.weight, mean=0.0, std=0.03)
            if layer.bias is not None:
                nn.init.constant_(layer.bias, 0.0)


class SSDLiteHead(nn.Module):
    """Classes and boxes of the default boxes of each map."""

    def __init__(
        self,
        in_channels: list[int],
        num_anchors: list[int],
        num_classes: int,
        norm_layer: Made,
    ) -> None:
        super().__init__()
        self.classification_head = SSDLiteClassificationHead(
            in_channels, num_anchors, num_classes, norm_layer
        )
        self.regression_head = SSDLiteRegressionHead(
            in_channels, num_anchors, norm_layer
        )

    def forward(self, x: list[Tensor]) -> Outputs:
        """Return codes of boxes and logits."""
        return {
            "bbox_regression": self.regression_head(x),
            "cls_logits": self.classification_head(x),
        }


def _predictions(
    in_channels: list[int], num_anchors: list[int], columns: int, norm_layer: Made
) -> nn.ModuleList:
    pairs = zip(in_channels, num_anchors, strict=False)
    layers = nn.ModuleList(
        [_prediction_block(n, columns * count, 3, norm_layer) for n, count in pairs]
    )
    _normal_init(layers)
    return layers


class SSDLiteClassificationHead(SSDScoringHead):
    """Logits of the classes of each box, the background first."""

    def __init__(
        self,
        in_channels: list[int],
        num_anchors: list[int],
        num_classes: int,
        norm_layer: Made,
    ) -> None:
        layers = _predictions(in_channels, num_anchors, num_classes, norm_layer)
        super().__init__(layers, num_classes)


class SSDLiteRegressionHead(SSDScoringHead):
    """Codes of each box."""

    def __init__(
        self, in_channels: list[int], num_anchors: list[int], norm_layer: Made
    ) -> None:
        super().__init__(_predictions(in_channels, num_anchors, 4, norm_layer), 4)


class SSDLiteFeatureExtractorMobileNet(nn.Module):
    """The maps of a MobileNet, and of blocks behind it.

    Args:
        backbone: the blocks of a MobileNet.
        c4_pos: the block whose first layer gives the first map.
        norm_layer: of the blocks behind it.
        width_mult: factor of their channels.
        min_depth: the least channels.
    """

    def __init__(
        self,
        backbone: Backbone,
        c4_pos: int,
        norm_layer: Made,
        width_mult: float = 1.0,
        min_depth: int = 16,
    ) -> None:
        super().__init__()
        if backbone[c4_pos].use_res_connect:
            raise ValueError("backbone[c4_pos].use_res_connect should be False")
        block = backbone[c4_pos].block
        self.features = nn.Sequential(
            nn.Sequential(*backbone[:c4_pos], block[0]),
            nn.Sequential(block[1:], *backbone[c4_pos + 1 :]),
        )
        channels = [max(min_depth, int(n * width_mult)) for n in (512, 256, 256, 128)]
        sizes = [backbone[-1].out_channels, *channels]
        extra = nn.ModuleList(
            [
                _extra_block(*pair, norm_layer)
                for pair in zip(sizes, channels, strict=False)
            ]
        )
        _normal_init(extra)
        self.extra = extra

    def forward(self, x: Tensor) -> Any:
        """Return the maps by name."""
        maps = []
        for block in (*self.features, *self.extra):
            x = block(x)
            maps.append(x)
        return OrderedDict((str(index), one) for index, one in enumerate(maps))


def _mobilenet_extractor(
    backbone: Backbone, trainable_layers: int, norm_layer: Made
) -> SSDLiteFeatureExtractorMobileNet:
    features = backbone.features
    stages = stages_of(features)
    freeze_stages(features, stages, trainable_layers)
    return SSDLiteFeatureExtractorMobileNet(features, stages[-2], norm_layer)


SSDLite320_MobileNet_V3_Large_Weights = weights_enum(
    "SSDLite320_MobileNet_V3_Large_Weights", __name__
)


@network(SSDLite320_MobileNet_V3_Large_Weights, whole=True)
def ssdlite320_mobilenet_v3_large(
    weights: Weights,
    progress: bool,
    num_classes: int | None = None,
    weights_backbone: Weights = "IMAGENET1K_V1",
    trainable_backbone_layers: int | None = None,
    norm_layer: Made | None = None,
    **options: Any,
) -> SSD:
    """SSDlite on MobileNetV3, for images of 320 pixels.

    Source: Sandler et al. (2018), https://arxiv.org/abs/1801.04381, and Howard et al.
    (2019), https://arxiv.org/abs/1905.02244
    """
    warn_of_size(options)
    plan = settled(
        *(weights, num_classes, weights_backbone, trainable_backbone_layers),
        *(options, _models.MobileNet_V3_Large_Weights),
        layers=(6, 6),
    )
    norm = norm_layer or partial(nn.BatchNorm2d, eps=0.001, momentum=0.03)
    # Weights of the network have the whole tail.
    network = _models.mobilenet_v3_large(
        weights=plan.weights,
        progress=progress,
        norm_layer=norm,
        reduced_tail=plan.weights is None,
        **options,
    )
    if plan.weights is None:
        _normal_init(network)
    backbone = _mobilenet_extractor(network, plan.layers, norm)
    size = (320, 320)
    anchors = DefaultBoxGenerator(
        [[2, 3] for _ in range(6)], min_ratio=0.2, max_ratio=0.95
    )
    channels = det_utils.retrieve_out_channels(backbone, size)
    check_maps(channels, anchors)
    counts = anchors.num_anchors_per_location()
    settings = {
        "score_thresh": 0.001,
        "nms_thresh": 0.55,
        "detections_per_img": 300,
        "topk_candidates": 300,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
        **options,
    }
    head = SSDLiteHead(channels, counts, plan.classes, norm)
    model = SSD(backbone, anchors, size, plan.classes, head=head, **settings)
    return loaded(model, weights, progress)
