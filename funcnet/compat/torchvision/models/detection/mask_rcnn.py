"""Mask R-CNN, as `torchvision.models.detection.mask_rcnn`."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Any

from funcnet.compat import nn
from funcnet.compat.torchvision import models as _models
from funcnet.compat.torchvision.models.detection._builders import (
    loaded,
    network,
    resnet50_fpn,
    settled,
    weights_enum,
)
from funcnet.compat.torchvision.models.detection.faster_rcnn import (
    FasterRCNN,
    check_kind,
    second_version,
)
from funcnet.compat.torchvision.models.detection.image_list import Backbone, Weights
from funcnet.compat.torchvision.ops import Conv2dNormActivation, MultiScaleRoIAlign

__all__ = [
    "MaskRCNN",
    "MaskRCNN_ResNet50_FPN_V2_Weights",
    "MaskRCNN_ResNet50_FPN_Weights",
    "maskrcnn_resnet50_fpn",
    "maskrcnn_resnet50_fpn_v2",
]


class MaskRCNN(FasterRCNN):
    """Mask R-CNN: `FasterRCNN` with a mask for each detection.

    Args:
        backbone: from images to feature maps; has `out_channels`.
        num_classes: with the background; None if there are predictors.
        min_size, max_size: see `GeneralizedRCNNTransform`.
        mask_roi_pool, mask_head, mask_predictor: see `RoIHeads`.
        kwargs: the other arguments of `FasterRCNN`.

    Source: He et al. (2017), https://arxiv.org/abs/1703.06870
    """

    def __init__(
        self,
        backbone: Backbone,
        num_classes: int | None = None,
        min_size: int | Sequence[int] = 800,
        max_size: int = 1333,
        *args: Any,
        mask_roi_pool: MultiScaleRoIAlign | None = None,
        mask_head: nn.Module | None = None,
        mask_predictor: nn.Module | None = None,
        **kwargs: Any,
    ) -> None:
        check_kind("mask_roi_pool", mask_roi_pool, MultiScaleRoIAlign)
        if num_classes is not None and mask_predictor is not None:
            raise ValueError(
                "num_classes should be None when mask_predictor is specified"
            )
        if mask_roi_pool is None:
            names = ["0", "1", "2", "3"]
            mask_roi_pool = MultiScaleRoIAlign(names, output_size=14, sampling_ratio=2)
        if mask_head is None:
            mask_head = MaskRCNNHeads(backbone.out_channels, [256] * 4, 1)
        if mask_predictor is None:
            mask_predictor = MaskRCNNPredictor(256, 256, num_classes or 0)
        super().__init__(backbone, num_classes, min_size, max_size, *args, **kwargs)
        self.roi_heads.mask_roi_pool = mask_roi_pool
        self.roi_heads.mask_head = mask_head
        self.roi_heads.mask_predictor = mask_predictor


class MaskRCNNHeads(nn.Sequential):
    """Convolutions of regions.

    Args:
        in_channels: of the feature maps.
        layers: the channels of each convolution.
        dilation: of all of them.
        norm_layer: of all of them.
    """

    _version = 2

    def __init__(
        self,
        in_channels: int,
        layers: Sequence[int],
        dilation: int,
        norm_layer: Callable[..., nn.Module] | None = None,
    ) -> None:
        sizes = [in_channels, *layers]
        super().__init__(
            *[
                Conv2dNormActivation(
                    *pair,
                    padding=dilation,
                    dilation=dilation,
                    norm_layer=norm_layer,
                )
                for pair in zip(sizes, layers, strict=False)
            ]
        )
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(
                    layer.weight, mode="fan_out", nonlinearity="relu"
                )
                if layer.bias is not None:
                    nn.init.zeros_(layer.bias)

    def _load_from_state_dict(
        self, state_dict: Any, prefix: str, local_metadata: Any, *args: Any
    ) -> None:
        """Load files, too, in which convolutions are called mask_fcn1 and so on."""
        if local_metadata.get("version") is None or local_metadata["version"] < 2:
            for index in range(len(self)):
                for kind in ("weight", "bias"):
                    old = f"{prefix}mask_fcn{index + 1}.{kind}"
                    if old in state_dict:
                        new = f"{prefix}{index}.0.{kind}"
                        state_dict[new] = state_dict.pop(old)
        super()._load_from_state_dict(state_dict, prefix, local_metadata, *args)


class MaskRCNNPredictor(nn.Sequential):
    """Masks of twice the size, one for each class."""

    def __init__(self, in_channels: int, dim_reduced: int, num_classes: int) -> None:
        super().__init__(
            OrderedDict(
                conv5_mask=nn.ConvTranspose2d(in_channels, dim_reduced, 2, 2, 0),
                relu=nn.ReLU(inplace=True),
                mask_fcn_logits=nn.Conv2d(dim_reduced, num_classes, 1, 1, 0),
            )
        )
        for name, parameter in self.named_parameters():
            if "weight" in name:
                nn.init.kaiming_normal_(parameter, mode="fan_out", nonlinearity="relu")


# --- builders ------------------------------------------------------------------------

_WITH_RESNET = _models.ResNet50_Weights.IMAGENET1K_V1

MaskRCNN_ResNet50_FPN_Weights = weights_enum("MaskRCNN_ResNet50_FPN_Weights", __name__)
MaskRCNN_ResNet50_FPN_V2_Weights = weights_enum(
    "MaskRCNN_ResNet50_FPN_V2_Weights", __name__
)


@network(MaskRCNN_ResNet50_FPN_Weights, whole=True)
def maskrcnn_resnet50_fpn(
    weights: Weights,
    progress: bool,
    num_classes: int | None = None,
    weights_backbone: Weights = _WITH_RESNET,
    trainable_backbone_layers: int | None = None,
    **options: Any,
) -> MaskRCNN:
    """Mask R-CNN on ResNet-50 with a feature pyramid; see `MaskRCNN`."""
    plan = settled(
        *(weights, num_classes, weights_backbone, trainable_backbone_layers),
        *(options, _models.ResNet50_Weights),
    )
    backbone = resnet50_fpn(plan, progress, frozen=True)
    model = MaskRCNN(backbone, num_classes=plan.classes, **options)
    return loaded(model, weights, progress, "COCO_V1")


@network(MaskRCNN_ResNet50_FPN_V2_Weights, whole=True)
def maskrcnn_resnet50_fpn_v2(
    weights: Weights,
    progress: bool,
    num_classes: int | None = None,
    weights_backbone: Weights = None,
    trainable_backbone_layers: int | None = None,
    **options: Any,
) -> MaskRCNN:
    """Mask R-CNN with norms in the pyramid and convolutions in the heads."""
    plan = settled(
        *(weights, num_classes, weights_backbone, trainable_backbone_layers),
        *(options, _models.ResNet50_Weights),
    )
    backbone = resnet50_fpn(plan, progress, frozen=False, norm_layer=nn.BatchNorm2d)
    parts = second_version(backbone)
    parts["mask_head"] = MaskRCNNHeads(
        backbone.out_channels, [256] * 4, 1, norm_layer=nn.BatchNorm2d
    )
    model = MaskRCNN(backbone, num_classes=plan.classes, **parts, **options)
    return loaded(model, weights, progress)
