"""Backbones with feature pyramids: `torchvision.models.detection.backbone_utils`."""

import warnings
from collections.abc import Callable, Iterable
from typing import Any

from funcnet.compat import nn
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.torchvision import models as _models
from funcnet.compat.torchvision.models.detection.image_list import Backbone, Weights
from funcnet.compat.torchvision.ops import FeaturePyramidNetwork, FrozenBatchNorm2d
from funcnet.compat.torchvision.ops.feature_pyramid_network import (
    ExtraFPNBlock,
    LastLevelMaxPool,
)

Made = Callable[..., nn.Module]


class BackboneWithFPN(nn.Module):
    """A network up to some layers, and a feature pyramid on what they give.

    Args:
        backbone: a network.
        return_layers: the names that what its layers give has in the pyramid.
        in_channels_list: their channels.
        out_channels: of the pyramid.
        extra_blocks: adds levels; `LastLevelMaxPool` by default.
        norm_layer: of the pyramid.
    """

    def __init__(
        self,
        backbone: nn.Module,
        return_layers: dict[str, str],
        in_channels_list: list[int],
        out_channels: int,
        extra_blocks: ExtraFPNBlock | None = None,
        norm_layer: Made | None = None,
    ) -> None:
        super().__init__()
        self.body = _models._utils.IntermediateLayerGetter(backbone, return_layers)
        self.fpn = FeaturePyramidNetwork(
            in_channels_list,
            out_channels,
            LastLevelMaxPool() if extra_blocks is None else extra_blocks,
            norm_layer,
        )
        self.out_channels = out_channels

    def forward(self, x: Tensor) -> Any:
        """Return the maps of the pyramid."""
        return self.fpn(self.body(x))


def _freeze(modules: Iterable[nn.Module]) -> None:
    for module in modules:
        for parameter in module.parameters():
            parameter.requires_grad_(False)


def stages_of(features: Backbone) -> list[int]:
    """The layers of a MobileNet that begin a stage, and the last one."""
    starts = [i for i, block in enumerate(features) if getattr(block, "_is_cn", False)]
    return [0, *starts, len(features) - 1]


def freeze_stages(features: Backbone, stages: list[int], trainable_layers: int) -> None:
    """Let only the last stages of a sequence learn."""
    count = len(stages)
    if not 0 <= trainable_layers <= count:
        raise ValueError(
            f"Trainable layers should be in the range [0,{count}], got "
            f"{trainable_layers} "
        )
    first = stages[count - trainable_layers] if trainable_layers else len(features)
    _freeze(features[:first])


def resnet_fpn_backbone(
    *,
    backbone_name: str,
    weights: Weights,
    norm_layer: Made = FrozenBatchNorm2d,
    trainable_layers: int = 3,
    returned_layers: list[int] | None = None,
    extra_blocks: ExtraFPNBlock | None = None,
) -> BackboneWithFPN:
    """Make a ResNet with a feature pyramid.

    Args:
        backbone_name: "resnet50" and the like.
        weights: of the ResNet, or None.
        norm_layer: of the ResNet.
        trainable_layers: how many of its five parts learn, from the last one on.
        returned_layers: the parts that the pyramid stands on, of 1 to 4.
        extra_blocks: adds levels.
    """
    build = getattr(_models, backbone_name)
    backbone = build(weights=weights, norm_layer=norm_layer)
    made = trainable_layers, returned_layers, extra_blocks
    return _resnet_fpn_extractor(backbone, *made)


def _resnet_fpn_extractor(
    backbone: Backbone,
    trainable_layers: int,
    returned_layers: list[int] | None = None,
    extra_blocks: ExtraFPNBlock | None = None,
    norm_layer: Made | None = None,
) -> BackboneWithFPN:
    if not 0 <= trainable_layers <= 5:
        raise ValueError(
            f"Trainable layers should be in the range [0,5], got {trainable_layers}"
        )
    parts = ["layer4", "layer3", "layer2", "layer1", "conv1"][:trainable_layers]
    learning = (*parts, *(["bn1"] if trainable_layers == 5 else []))
    for name, parameter in backbone.named_parameters():
        if not name.startswith(learning):
            parameter.requires_grad_(False)
    returned = returned_layers or [1, 2, 3, 4]
    if min(returned) <= 0 or max(returned) >= 5:
        raise ValueError(
            f"Each returned layer should be in the range [1,4]. Got {returned}"
        )
    names = {f"layer{part}": str(index) for index, part in enumerate(returned)}
    first = backbone.inplanes // 8
    channels = [first * 2 ** (part - 1) for part in returned]
    return BackboneWithFPN(backbone, names, channels, 256, extra_blocks, norm_layer)


def _validate_trainable_layers(
    is_trained: bool,
    trainable_backbone_layers: int | None,
    max_value: int,
    default_value: int,
) -> int:
    if not is_trained:
        if trainable_backbone_layers is not None:
            warnings.warn(
                "Changing trainable_backbone_layers has no effect if neither "
                "pretrained nor pretrained_backbone have been set to True, falling "
                f"back to trainable_backbone_layers={max_value} so that all layers are "
                "trainable",
                stacklevel=outside(),
            )
        trainable_backbone_layers = max_value
    layers = trainable_backbone_layers
    layers = default_value if layers is None else layers
    if not 0 <= layers <= max_value:
        raise ValueError(
            f"Trainable backbone layers should be in the range [0,{max_value}], got "
            f"{layers} "
        )
    return layers


def mobilenet_backbone(
    *,
    backbone_name: str,
    weights: Weights,
    fpn: bool,
    norm_layer: Made = FrozenBatchNorm2d,
    trainable_layers: int = 2,
    returned_layers: list[int] | None = None,
    extra_blocks: ExtraFPNBlock | None = None,
) -> nn.Module:
    """Make a MobileNet as a backbone, with a feature pyramid or with one map."""
    build = getattr(_models, backbone_name)
    backbone = build(weights=weights, norm_layer=norm_layer)
    made = trainable_layers, returned_layers, extra_blocks
    return _mobilenet_extractor(backbone, fpn, *made)


def _mobilenet_extractor(
    backbone: Backbone,
    fpn: bool,
    trainable_layers: int,
    returned_layers: list[int] | None = None,
    extra_blocks: ExtraFPNBlock | None = None,
    norm_layer: Made | None = None,
) -> nn.Module:
    features = backbone.features
    stages = stages_of(features)
    count = len(stages)
    freeze_stages(features, stages, trainable_layers)
    if not fpn:
        last = nn.Conv2d(features[-1].out_channels, 256, 1)
        result = nn.Sequential(features, last)
        result.out_channels = 256
        return result
    returned = returned_layers or [count - 2, count - 1]
    if min(returned) < 0 or max(returned) >= count:
        raise ValueError(
            f"Each returned layer should be in the range [0,{count - 1}], got "
            f"{returned} "
        )
    names = {str(stages[part]): str(index) for index, part in enumerate(returned)}
    channels = [features[stages[part]].out_channels for part in returned]
    return BackboneWithFPN(features, names, channels, 256, extra_blocks, norm_layer)
