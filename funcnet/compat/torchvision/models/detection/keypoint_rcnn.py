"""Keypoint R-CNN, as `torchvision.models.detection.keypoint_rcnn`."""

from collections.abc import Sequence
from typing import Any

from funcnet.compat import nn
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
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
)
from funcnet.compat.torchvision.models.detection.image_list import Backbone, Weights
from funcnet.compat.torchvision.ops import MultiScaleRoIAlign

__all__ = [
    "KeypointRCNN",
    "KeypointRCNN_ResNet50_FPN_Weights",
    "keypointrcnn_resnet50_fpn",
]


class KeypointRCNN(FasterRCNN):
    """Keypoint R-CNN: `FasterRCNN` with points of each detection.

    Args:
        backbone: from images to feature maps; has `out_channels`.
        num_classes: with the background; None if there is a `box_predictor`.
        min_size, max_size: see `GeneralizedRCNNTransform`.
        keypoint_roi_pool, keypoint_head, keypoint_predictor: see `RoIHeads`.
        num_keypoints: 17 by default; None if there is a `keypoint_predictor`.
        kwargs: the other arguments of `FasterRCNN`.

    Source: He et al. (2017), https://arxiv.org/abs/1703.06870
    """

    def __init__(
        self,
        backbone: Backbone,
        num_classes: int | None = None,
        min_size: int | Sequence[int] | None = None,
        max_size: int = 1333,
        *args: Any,
        keypoint_roi_pool: MultiScaleRoIAlign | None = None,
        keypoint_head: nn.Module | None = None,
        keypoint_predictor: nn.Module | None = None,
        num_keypoints: int | None = None,
        **kwargs: Any,
    ) -> None:
        check_kind("keypoint_roi_pool", keypoint_roi_pool, MultiScaleRoIAlign)
        if num_keypoints is not None and keypoint_predictor is not None:
            raise ValueError(
                "num_keypoints should be None when keypoint_predictor is specified"
            )
        if keypoint_roi_pool is None:
            keypoint_roi_pool = MultiScaleRoIAlign(["0", "1", "2", "3"], 14, 2)
        if keypoint_head is None:
            keypoint_head = KeypointRCNNHeads(backbone.out_channels, [512] * 8)
        if keypoint_predictor is None:
            keypoint_predictor = KeypointRCNNPredictor(512, num_keypoints or 17)
        sizes = min_size or (640, 672, 704, 736, 768, 800)
        super().__init__(backbone, num_classes, sizes, max_size, *args, **kwargs)
        self.roi_heads.keypoint_roi_pool = keypoint_roi_pool
        self.roi_heads.keypoint_head = keypoint_head
        self.roi_heads.keypoint_predictor = keypoint_predictor


class KeypointRCNNHeads(nn.Sequential):
    """Convolutions of regions with ReLU."""

    def __init__(self, in_channels: int, layers: Sequence[int]) -> None:
        blocks: list[nn.Module] = []
        for size, channels in zip([in_channels, *layers], layers, strict=False):
            blocks.append(nn.Conv2d(size, channels, 3, stride=1, padding=1))
            blocks.append(nn.ReLU(inplace=True))
        super().__init__(*blocks)
        for layer in self.children():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(
                    layer.weight, mode="fan_out", nonlinearity="relu"
                )
                nn.init.constant_(layer.bias, 0)


class KeypointRCNNPredictor(nn.Module):
    """Maps of four times the size, one for each point."""

    def __init__(self, in_channels: int, num_keypoints: int) -> None:
        super().__init__()
        self.kps_score_lowres = nn.ConvTranspose2d(
            in_channels, num_keypoints, 4, stride=2, padding=1
        )
        nn.init.kaiming_normal_(
            self.kps_score_lowres.weight, mode="fan_out", nonlinearity="relu"
        )
        nn.init.constant_(self.kps_score_lowres.bias, 0)
        self.up_scale = 2
        self.out_channels = num_keypoints

    def forward(self, x: Tensor) -> Any:
        """Return `(n, points, side, side)`."""
        return F.interpolate(
            self.kps_score_lowres(x),
            scale_factor=float(self.up_scale),
            mode="bilinear",
            align_corners=False,
            recompute_scale_factor=False,
        )


KeypointRCNN_ResNet50_FPN_Weights = weights_enum(
    "KeypointRCNN_ResNet50_FPN_Weights", __name__
)


@network(KeypointRCNN_ResNet50_FPN_Weights, whole=True)
def keypointrcnn_resnet50_fpn(
    weights: Weights,
    progress: bool,
    num_classes: int | None = None,
    num_keypoints: int | None = None,
    weights_backbone: Weights = _models.ResNet50_Weights.IMAGENET1K_V1,
    trainable_backbone_layers: int | None = None,
    **options: Any,
) -> KeypointRCNN:
    """Keypoint R-CNN on ResNet-50 with a feature pyramid; see `KeypointRCNN`."""
    plan = settled(
        *(weights, num_classes, weights_backbone, trainable_backbone_layers),
        *(options, _models.ResNet50_Weights),
        classes=2,
    )
    points = 17 if num_keypoints is None else num_keypoints
    if weights is not None:
        known = {} if num_keypoints is None else {"num_keypoints": num_keypoints}
        points = len(weights.meta["keypoint_names"])
        _models._api.set_option(known, "num_keypoints", points)
    backbone = resnet50_fpn(plan, progress, frozen=True)
    model = KeypointRCNN(backbone, plan.classes, num_keypoints=points, **options)
    return loaded(model, weights, progress, "COCO_V1")
