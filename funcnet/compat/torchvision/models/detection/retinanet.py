"""RetinaNet, as `torchvision.models.detection.retinanet`."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.torchvision import models as _models
from funcnet.compat.torchvision.models.detection import _utils as det_utils
from funcnet.compat.torchvision.models.detection._builders import (
    loaded,
    network,
    resnet50_fpn,
    settled,
    weights_enum,
)
from funcnet.compat.torchvision.models.detection._one_stage import (
    OneStageDetector,
    Outputs,
    by_level,
    postprocessed,
    unmatched,
)
from funcnet.compat.torchvision.models.detection.anchor_utils import AnchorGenerator
from funcnet.compat.torchvision.models.detection.faster_rcnn import (
    MEAN,
    NO_CHANNELS,
    STD,
    check_kind,
)
from funcnet.compat.torchvision.models.detection.generalized_rcnn import Results
from funcnet.compat.torchvision.models.detection.image_list import (
    Backbone,
    Sizes,
    Targets,
    Weights,
)
from funcnet.compat.torchvision.models.detection.rpn import by_anchor
from funcnet.compat.torchvision.models.detection.transform import (
    GeneralizedRCNNTransform,
)
from funcnet.compat.torchvision.ops import Conv2dNormActivation, sigmoid_focal_loss
from funcnet.compat.torchvision.ops import boxes as box_ops
from funcnet.compat.torchvision.ops.feature_pyramid_network import LastLevelP6P7

__all__ = [
    "RetinaNet",
    "RetinaNet_ResNet50_FPN_V2_Weights",
    "RetinaNet_ResNet50_FPN_Weights",
    "retinanet_resnet50_fpn",
    "retinanet_resnet50_fpn_v2",
]

Made = Callable[..., nn.Module] | None


def _default_anchorgen() -> AnchorGenerator:
    sizes = tuple(
        (side, int(side * 2 ** (1.0 / 3)), int(side * 2 ** (2.0 / 3)))
        for side in (32, 64, 128, 256, 512)
    )
    return AnchorGenerator(sizes, ((0.5, 1.0, 2.0),) * len(sizes))


class RetinaNetHead(nn.Module):
    """Classes and boxes of each anchor."""

    def __init__(
        self,
        in_channels: int,
        num_anchors: int,
        num_classes: int,
        norm_layer: Made = None,
    ) -> None:
        super().__init__()
        self.classification_head = RetinaNetClassificationHead(
            in_channels, num_anchors, num_classes, norm_layer=norm_layer
        )
        self.regression_head = RetinaNetRegressionHead(
            in_channels, num_anchors, norm_layer=norm_layer
        )

    def compute_loss(
        self,
        targets: Targets,
        head_outputs: Outputs,
        anchors: Sequence[Tensor],
        matched_idxs: Sequence[Tensor],
    ) -> dict[str, Tensor]:
        """Return the losses of classes and of boxes."""
        given = targets, head_outputs
        return {
            "classification": self.classification_head.compute_loss(
                *given, matched_idxs
            ),
            "bbox_regression": self.regression_head.compute_loss(
                *given, anchors, matched_idxs
            ),
        }

    def forward(self, x: Sequence[Tensor]) -> Outputs:
        """Return logits and codes of boxes."""
        return {
            "cls_logits": self.classification_head(x),
            "bbox_regression": self.regression_head(x),
        }


class _Tower(nn.Module):
    """Four convolutions, which both heads have."""

    _version = 2

    def _add_tower(self, in_channels: int, norm_layer: Made) -> None:
        self.conv = nn.Sequential(
            *[
                Conv2dNormActivation(in_channels, in_channels, norm_layer=norm_layer)
                for _ in range(4)
            ]
        )

    def _draw_tower(self) -> None:
        for layer in self.conv.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.normal_(layer.weight, std=0.01)
                if layer.bias is not None:
                    nn.init.constant_(layer.bias, 0)

    def _load_from_state_dict(
        self, state_dict: Any, prefix: str, local_metadata: Any, *args: Any
    ) -> None:
        """Load files, too, in which convolutions and ReLUs stood in one sequence."""
        if local_metadata.get("version") is None or local_metadata["version"] < 2:
            for index in range(4):
                for kind in ("weight", "bias"):
                    old = f"{prefix}conv.{2 * index}.{kind}"
                    if old in state_dict:
                        new = f"{prefix}conv.{index}.0.{kind}"
                        state_dict[new] = state_dict.pop(old)
        super()._load_from_state_dict(state_dict, prefix, local_metadata, *args)


class RetinaNetClassificationHead(_Tower):
    """Logits of the classes of each anchor.

    Args:
        in_channels: of the feature maps.
        num_anchors: around each pixel.
        num_classes: of objects.
        prior_probability: of an object, at first.
        norm_layer: of the convolutions.
    """

    def __init__(
        self,
        in_channels: int,
        num_anchors: int,
        num_classes: int,
        prior_probability: float = 0.01,
        norm_layer: Made = None,
    ) -> None:
        super().__init__()
        self._add_tower(in_channels, norm_layer)
        self._draw_tower()
        self.cls_logits = nn.Conv2d(
            in_channels, num_anchors * num_classes, kernel_size=3, stride=1, padding=1
        )
        nn.init.normal_(self.cls_logits.weight, std=0.01)
        logit = -math.log((1 - prior_probability) / prior_probability)
        nn.init.constant_(self.cls_logits.bias, logit)
        self.num_classes = num_classes
        self.num_anchors = num_anchors
        self.BETWEEN_THRESHOLDS = det_utils.Matcher.BETWEEN_THRESHOLDS

    def compute_loss(
        self,
        targets: Targets,
        head_outputs: Outputs,
        matched_idxs: Sequence[Tensor],
    ) -> Any:
        """Return the focal loss, by objects and images."""
        losses = []
        for target, logits, matched in zip(
            targets, head_outputs["cls_logits"], matched_idxs, strict=False
        ):
            wanted = classes_of(target["labels"], matched, logits)
            loss = sigmoid_focal_loss(logits, wanted)
            counts = (matched != self.BETWEEN_THRESHOLDS)[:, None]
            objects = (matched >= 0).sum().clamp(min=1)
            losses.append(loss.where(counts, 0).sum() / objects)
        return sum(losses[1:], losses[0]) / len(targets)

    def forward(self, x: Sequence[Tensor]) -> Any:
        """Return `(batch, anchors, classes)`."""
        maps = [self.cls_logits(self.conv(features)) for features in x]
        return torch.cat([by_anchor(one, self.num_classes) for one in maps], 1)


def classes_of(labels: Tensor, matched: Tensor, logits: Tensor) -> Tensor:
    """1 for the class of the object that an anchor has, else 0.

    Args:
        labels: of the objects of an image.
        matched: the object of each anchor, or a negative number.
        logits: `(anchors, classes)`, what it is compared with.
    """
    classes = torch.arange(logits.shape[-1], device=logits.device)
    if not len(labels):
        nothing: Tensor = torch.zeros_like(logits)
        return nothing
    own = labels[matched.clamp(min=0)].masked_fill(matched < 0, -1)
    result: Tensor = (own[..., None] == classes).to(logits.dtype)
    return result


class RetinaNetRegressionHead(_Tower):
    """Codes of the box of each anchor."""

    def __init__(
        self, in_channels: int, num_anchors: int, norm_layer: Made = None
    ) -> None:
        super().__init__()
        self._add_tower(in_channels, norm_layer)
        self.bbox_reg = nn.Conv2d(
            in_channels, num_anchors * 4, kernel_size=3, stride=1, padding=1
        )
        nn.init.normal_(self.bbox_reg.weight, std=0.01)
        nn.init.zeros_(self.bbox_reg.bias)
        self._draw_tower()
        self.box_coder = det_utils.BoxCoder(weights=(1.0, 1.0, 1.0, 1.0))
        self._loss_type = "l1"

    def compute_loss(
        self,
        targets: Targets,
        head_outputs: Outputs,
        anchors: Sequence[Tensor],
        matched_idxs: Sequence[Tensor],
    ) -> Any:
        """Return the loss of boxes, by objects and images."""
        losses = []
        for target, codes, around, matched in zip(
            targets,
            head_outputs["bbox_regression"],
            anchors,
            matched_idxs,
            strict=False,
        ):
            if not len(target["boxes"]):
                losses.append(codes.sum() * 0)
                continue
            wanted = target["boxes"][matched.clamp(min=0)]
            loss = det_utils.box_losses(
                self._loss_type, self.box_coder, around, wanted, codes
            )
            is_object = matched >= 0
            total = loss.where(is_object, 0).sum()
            losses.append(total / is_object.sum().clamp(min=1))
        return sum(losses[1:], losses[0]) / max(1, len(targets))

    def forward(self, x: Sequence[Tensor]) -> Any:
        """Return `(batch, anchors, 4)`."""
        maps = [self.bbox_reg(self.conv(features)) for features in x]
        return torch.cat([by_anchor(one, 4) for one in maps], 1)


class RetinaNet(OneStageDetector):
    """RetinaNet: classes and boxes of the anchors of a feature pyramid.

    Args:
        backbone: from images to feature maps; has `out_channels`.
        num_classes: with the background.
        min_size, max_size, image_mean, image_std: see `GeneralizedRCNNTransform`.
        anchor_generator: makes the boxes that predictions start from.
        head: from maps to predictions.
        proposal_matcher: gives anchors their objects, by default as the thresholds
            `fg_iou_thresh` and `bg_iou_thresh` say.
        score_thresh, nms_thresh, detections_per_img: the least score of a detection,
            how much they may overlap, and how many there are.
        topk_candidates: how many of each map are looked at.

    Source: Lin et al. (2017), https://arxiv.org/abs/1708.02002
    """

    def __init__(
        self,
        backbone: Backbone,
        num_classes: int,
        min_size: int | Sequence[int] = 800,
        max_size: int = 1333,
        image_mean: Sequence[float] | None = None,
        image_std: Sequence[float] | None = None,
        anchor_generator: AnchorGenerator | None = None,
        head: nn.Module | None = None,
        proposal_matcher: det_utils.Matcher | None = None,
        score_thresh: float = 0.05,
        nms_thresh: float = 0.5,
        detections_per_img: int = 300,
        fg_iou_thresh: float = 0.5,
        bg_iou_thresh: float = 0.4,
        topk_candidates: int = 1000,
        **kwargs: Any,
    ) -> None:
        super().__init__()
        if not hasattr(backbone, "out_channels"):
            raise ValueError(NO_CHANNELS)
        self.backbone = backbone
        check_kind("anchor_generator", anchor_generator, AnchorGenerator)
        anchors = anchor_generator or _default_anchorgen()
        self.anchor_generator = anchors
        if head is None:
            count = anchors.num_anchors_per_location()[0]
            head = RetinaNetHead(backbone.out_channels, count, num_classes)
        self.head = head
        self.proposal_matcher = proposal_matcher or det_utils.Matcher(
            fg_iou_thresh, bg_iou_thresh, allow_low_quality_matches=True
        )
        self.box_coder = det_utils.BoxCoder(weights=(1.0, 1.0, 1.0, 1.0))
        mean, std = image_mean or MEAN, image_std or STD
        self.transform = GeneralizedRCNNTransform(
            min_size, max_size, mean, std, **kwargs
        )
        self.score_thresh = score_thresh
        self.nms_thresh = nms_thresh
        self.detections_per_img = detections_per_img
        self.topk_candidates = topk_candidates

    def compute_loss(
        self, targets: Targets, head_outputs: Outputs, anchors: Sequence[Tensor]
    ) -> Any:
        """Return the losses by name."""
        matched = []
        for around, target in zip(anchors, targets, strict=False):
            boxes = target["boxes"]
            if boxes.numel():
                matched.append(self.proposal_matcher(box_ops.box_iou(boxes, around)))
            else:
                matched.append(unmatched(around))
        return self.head.compute_loss(targets, head_outputs, anchors, matched)

    def postprocess_detections(
        self,
        head_outputs: dict[str, list[Tensor]],
        anchors: list[list[Tensor]],
        image_shapes: Sizes,
    ) -> Results:
        """Return what is found in each image, of predictions parted by maps."""
        score = lambda one: one["cls_logits"].sigmoid()  # noqa: E731
        decode = self.box_coder.decode_single
        return postprocessed(self, head_outputs, anchors, image_shapes, score, decode)

    def losses(
        self, targets: Any, outputs: Outputs, anchors: list[Tensor], pixels: list[int]
    ) -> dict[str, Tensor]:
        """The losses of a batch."""
        del pixels
        result: dict[str, Tensor] = self.compute_loss(targets, outputs, anchors)
        return result

    def detections(
        self, outputs: Outputs, anchors: list[Tensor], sizes: Sizes, pixels: list[int]
    ) -> Results:
        """What is found in each image."""
        parted, around = by_level(outputs, anchors, pixels)
        return self.postprocess_detections(parted, around, sizes)


# --- builders ------------------------------------------------------------------------

RetinaNet_ResNet50_FPN_Weights = weights_enum(
    "RetinaNet_ResNet50_FPN_Weights", __name__
)
RetinaNet_ResNet50_FPN_V2_Weights = weights_enum(
    "RetinaNet_ResNet50_FPN_V2_Weights", __name__
)


@network(RetinaNet_ResNet50_FPN_Weights, whole=True)
def retinanet_resnet50_fpn(
    weights: Weights,
    progress: bool,
    num_classes: int | None = None,
    weights_backbone: Weights = _models.ResNet50_Weights.IMAGENET1K_V1,
    trainable_backbone_layers: int | None = None,
    **options: Any,
) -> RetinaNet:
    """RetinaNet on ResNet-50 with a feature pyramid; see `RetinaNet`."""
    plan = settled(
        *(weights, num_classes, weights_backbone, trainable_backbone_layers),
        *(options, _models.ResNet50_Weights),
    )
    levels = {"returned_layers": [2, 3, 4]}
    backbone = resnet50_fpn(
        plan, progress, frozen=True, extra=lambda: LastLevelP6P7(256, 256), **levels
    )
    model = RetinaNet(backbone, plan.classes, **options)
    return loaded(model, weights, progress, "COCO_V1")


@network(RetinaNet_ResNet50_FPN_V2_Weights, whole=True)
def retinanet_resnet50_fpn_v2(
    weights: Weights,
    progress: bool,
    num_classes: int | None = None,
    weights_backbone: Weights = None,
    trainable_backbone_layers: int | None = None,
    **options: Any,
) -> RetinaNet:
    """RetinaNet with group norms, and a loss of how boxes overlap.

    Source: Zhang et al. (2019), https://arxiv.org/abs/1912.02424
    """
    plan = settled(
        *(weights, num_classes, weights_backbone, trainable_backbone_layers),
        *(options, _models.ResNet50_Weights),
    )
    levels = {"returned_layers": [2, 3, 4]}
    backbone = resnet50_fpn(
        plan, progress, frozen=False, extra=lambda: LastLevelP6P7(2048, 256), **levels
    )
    anchors = _default_anchorgen()
    head = RetinaNetHead(
        *(backbone.out_channels, anchors.num_anchors_per_location()[0], plan.classes),
        norm_layer=partial(nn.GroupNorm, 32),
    )
    head.regression_head._loss_type = "giou"
    model = RetinaNet(
        backbone, plan.classes, anchor_generator=anchors, head=head, **options
    )
    return loaded(model, weights, progress)
