"""FCOS, as `torchvision.models.detection.fcos`."""

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
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
from funcnet.compat.torchvision.models.detection.retinanet import classes_of
from funcnet.compat.torchvision.models.detection.rpn import by_anchor
from funcnet.compat.torchvision.models.detection.transform import (
    GeneralizedRCNNTransform,
)
from funcnet.compat.torchvision.ops import generalized_box_iou_loss, sigmoid_focal_loss
from funcnet.compat.torchvision.ops.feature_pyramid_network import LastLevelP6P7

__all__ = ["FCOS", "FCOS_ResNet50_FPN_Weights", "fcos_resnet50_fpn"]

Made = Callable[..., nn.Module] | None


class FCOSHead(nn.Module):
    """Classes, boxes and nearness to the centre, of each pixel of feature maps."""

    def __init__(
        self,
        in_channels: int,
        num_anchors: int,
        num_classes: int,
        num_convs: int = 4,
    ) -> None:
        super().__init__()
        self.box_coder = det_utils.BoxLinearCoder(normalize_by_size=True)
        self.classification_head = FCOSClassificationHead(
            in_channels, num_anchors, num_classes, num_convs
        )
        self.regression_head = FCOSRegressionHead(in_channels, num_anchors, num_convs)

    def compute_loss(
        self,
        targets: Targets,
        head_outputs: Outputs,
        anchors: Sequence[Tensor],
        matched_idxs: Sequence[Tensor],
    ) -> dict[str, Tensor]:
        """Return the losses of classes, boxes and centres, by objects."""
        around, matched = torch.stack(list(anchors)), torch.stack(list(matched_idxs))
        classes, boxes = [], []
        for target, places, logits in zip(
            targets, matched_idxs, head_outputs["cls_logits"], strict=False
        ):
            classes.append(classes_of(target["labels"], places, logits))
            wanted = target["boxes"]
            if not len(wanted):
                wanted = wanted.new_zeros((1, 4))
            boxes.append(wanted[places.clamp(min=0)])
        wanted = torch.stack(boxes)
        is_object = matched >= 0
        objects = is_object.sum().clamp(min=1)
        logits = head_outputs["cls_logits"]
        loss = sigmoid_focal_loss(logits, torch.stack(classes), reduction="sum")
        found = self.box_coder.decode(head_outputs["bbox_regression"], around)
        overlaps = generalized_box_iou_loss(found, wanted)
        centres = F.binary_cross_entropy_with_logits(
            head_outputs["bbox_ctrness"].squeeze(dim=2),
            self._nearness(around, wanted).where(is_object, 0),
            reduction="none",
        )
        return {
            "classification": loss / objects,
            "bbox_regression": overlaps.where(is_object, 0).sum() / objects,
            "bbox_ctrness": centres.where(is_object, 0).sum() / objects,
        }

    def _nearness(self, anchors: Tensor, boxes: Tensor) -> Any:
        """How near to the centre of its object a pixel is, 1 in the middle."""
        sides = self.box_coder.encode(anchors, boxes)
        pairs = sides[..., [0, 2]], sides[..., [1, 3]]
        shares = [pair.min(dim=-1)[0] / pair.max(dim=-1)[0] for pair in pairs]
        return torch.sqrt(shares[0] * shares[1])

    def forward(self, x: Sequence[Tensor]) -> Outputs:
        """Return logits, codes of boxes, and logits of nearness."""
        logits = self.classification_head(x)
        codes, nearness = self.regression_head(x)
        return {
            "cls_logits": logits,
            "bbox_regression": codes,
            "bbox_ctrness": nearness,
        }


class _Tower(nn.Module):
    """Convolutions with group norms, which both heads have."""

    def _add_tower(self, in_channels: int, num_convs: int, norm_layer: Made) -> None:
        norm = norm_layer or partial(nn.GroupNorm, 32)
        blocks: list[nn.Module] = []
        for _ in range(num_convs):
            convolution = nn.Conv2d(in_channels, in_channels, 3, stride=1, padding=1)
            blocks += [convolution, norm(in_channels), nn.ReLU()]
        self.conv = nn.Sequential(*blocks)

    def _draw_tower(self) -> None:
        for layer in self.conv.children():
            if isinstance(layer, nn.Conv2d):
                nn.init.normal_(layer.weight, std=0.01)
                nn.init.constant_(layer.bias, 0)


class FCOSClassificationHead(_Tower):
    """Logits of the classes of each pixel.

    Args:
        in_channels: of the feature maps.
        num_anchors: 1.
        num_classes: of objects.
        num_convs: how many convolutions.
        prior_probability: of an object, at first.
        norm_layer: `GroupNorm` of 32 groups by default.
    """

    def __init__(
        self,
        in_channels: int,
        num_anchors: int,
        num_classes: int,
        num_convs: int = 4,
        prior_probability: float = 0.01,
        norm_layer: Made = None,
    ) -> None:
        super().__init__()
        self.num_classes = num_classes
        self.num_anchors = num_anchors
        self._add_tower(in_channels, num_convs, norm_layer)
        self._draw_tower()
        self.cls_logits = nn.Conv2d(
            in_channels, num_anchors * num_classes, kernel_size=3, stride=1, padding=1
        )
        nn.init.normal_(self.cls_logits.weight, std=0.01)
        logit = -math.log((1 - prior_probability) / prior_probability)
        nn.init.constant_(self.cls_logits.bias, logit)

    def forward(self, x: Sequence[Tensor]) -> Any:
        """Return `(batch, pixels, classes)`."""
        maps = [self.cls_logits(self.conv(features)) for features in x]
        return torch.cat([by_anchor(one, self.num_classes) for one in maps], 1)


class FCOSRegressionHead(_Tower):
    """Distances of sides from each pixel, and how near it is to the centre."""

    def __init__(
        self,
        in_channels: int,
        num_anchors: int,
        num_convs: int = 4,
        norm_layer: Made = None,
    ) -> None:
        super().__init__()
        self._add_tower(in_channels, num_convs, norm_layer)
        self.bbox_reg = nn.Conv2d(in_channels, num_anchors * 4, 3, stride=1, padding=1)
        self.bbox_ctrness = nn.Conv2d(in_channels, num_anchors, 3, stride=1, padding=1)
        for layer in (self.bbox_reg, self.bbox_ctrness):
            nn.init.normal_(layer.weight, std=0.01)
            nn.init.zeros_(layer.bias)
        self._draw_tower()

    def forward(self, x: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """Return `(batch, pixels, 4)` and `(batch, pixels, 1)`."""
        codes, nearness = [], []
        for features in x:
            shared = self.conv(features)
            codes.append(by_anchor(F.relu(self.bbox_reg(shared)), 4))
            nearness.append(by_anchor(self.bbox_ctrness(shared), 1))
        return torch.cat(codes, 1), torch.cat(nearness, 1)


class FCOS(OneStageDetector):
    """FCOS: classes and boxes of the pixels of a feature pyramid.

    Args:
        backbone: from images to feature maps; has `out_channels`.
        num_classes: with the background.
        min_size, max_size, image_mean, image_std: see `GeneralizedRCNNTransform`.
        anchor_generator: makes one square around each pixel.
        head: from maps to predictions.
        center_sampling_radius: how far from an object's centre pixels have it, in
            squares.
        score_thresh, nms_thresh, detections_per_img: the least score of a detection,
            how much they may overlap, and how many there are.
        topk_candidates: how many of each map are looked at.

    Source: Tian et al. (2019), https://arxiv.org/abs/1904.01355
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
        center_sampling_radius: float = 1.5,
        score_thresh: float = 0.2,
        nms_thresh: float = 0.6,
        detections_per_img: int = 100,
        topk_candidates: int = 1000,
        **kwargs: Any,
    ) -> None:
        super().__init__()
        if not hasattr(backbone, "out_channels"):
            raise ValueError(NO_CHANNELS)
        self.backbone = backbone
        check_kind("anchor_generator", anchor_generator, AnchorGenerator)
        if anchor_generator is None:
            sizes = ((8,), (16,), (32,), (64,), (128,))
            anchor_generator = AnchorGenerator(sizes, ((1.0,),) * len(sizes))
        self.anchor_generator = anchor_generator
        count = anchor_generator.num_anchors_per_location()[0]
        if count != 1:
            raise ValueError(
                "anchor_generator.num_anchors_per_location()[0] should be 1 instead of "
                f"{count}"
            )
        if head is None:
            head = FCOSHead(backbone.out_channels, count, num_classes)
        self.head = head
        self.box_coder = det_utils.BoxLinearCoder(normalize_by_size=True)
        mean, std = image_mean or MEAN, image_std or STD
        self.transform = GeneralizedRCNNTransform(
            min_size, max_size, mean, std, **kwargs
        )
        self.center_sampling_radius = center_sampling_radius
        self.score_thresh = score_thresh
        self.nms_thresh = nms_thresh
        self.detections_per_img = detections_per_img
        self.topk_candidates = topk_candidates

    def compute_loss(
        self,
        targets: Targets,
        head_outputs: Outputs,
        anchors: Sequence[Tensor],
        num_anchors_per_level: Sequence[int],
    ) -> Any:
        """Return the losses by name."""
        counts = list(num_anchors_per_level)
        matched = [
            self._matched(target["boxes"], around, counts)
            if target["boxes"].numel()
            else unmatched(around)
            for around, target in zip(anchors, targets, strict=False)
        ]
        return self.head.compute_loss(targets, head_outputs, anchors, matched)

    def _matched(self, boxes: Tensor, anchors: Tensor, counts: list[int]) -> Tensor:
        """The smallest object that each pixel is to find, or -1."""
        middle = (boxes[:, :2] + boxes[:, 2:]) / 2
        pixels = (anchors[:, :2] + anchors[:, 2:]) / 2
        side = anchors[:, 2] - anchors[:, 0]
        apart = (pixels[:, None] - middle[None]).abs().max(dim=2).values
        match = apart < self.center_sampling_radius * side[:, None]
        before, behind = pixels[:, None] - boxes[None, :, :2], boxes[None, :, 2:]
        sides = torch.cat([before, behind - pixels[:, None]], -1)
        match = match & (sides.min(dim=2).values > 0)
        # Each map has the objects of its sizes, the outer ones those beyond, too.
        order = torch.arange(len(anchors), device=anchors.device)
        least = (side * 4).masked_fill(order < counts[0], 0.0)
        last = order >= len(anchors) - counts[-1]
        most = (side * 8).masked_fill(last, float("inf"))
        longest = sides.max(dim=2).values
        match = match & (longest > least[:, None]) & (longest < most[:, None])
        size = boxes[:, 2:] - boxes[:, :2]
        area = size[:, 0] * size[:, 1]
        best = (match.to(torch.float32) * (1e8 - area[None])).max(dim=1)
        result: Tensor = best.indices.masked_fill(best.values < 1e-5, -1)
        return result

    def postprocess_detections(
        self,
        head_outputs: dict[str, list[Tensor]],
        anchors: list[list[Tensor]],
        image_shapes: Sizes,
    ) -> Results:
        """Return what is found in each image, of predictions parted by maps."""

        def score(one: Outputs) -> Tensor:
            both = one["cls_logits"].sigmoid() * one["bbox_ctrness"].sigmoid()
            return torch.sqrt(both)  # type: ignore[no-any-return]

        decode = self.box_coder.decode
        return postprocessed(self, head_outputs, anchors, image_shapes, score, decode)

    def losses(
        self, targets: Any, outputs: Outputs, anchors: list[Tensor], pixels: list[int]
    ) -> dict[str, Tensor]:
        """The losses of a batch."""
        result: dict[str, Tensor] = self.compute_loss(targets, outputs, anchors, pixels)
        return result

    def detections(
        self, outputs: Outputs, anchors: list[Tensor], sizes: Sizes, pixels: list[int]
    ) -> Results:
        """What is found in each image."""
        parted, around = by_level(outputs, anchors, pixels)
        return self.postprocess_detections(parted, around, sizes)


FCOS_ResNet50_FPN_Weights = weights_enum("FCOS_ResNet50_FPN_Weights", __name__)


@network(FCOS_ResNet50_FPN_Weights, whole=True)
def fcos_resnet50_fpn(
    weights: Weights,
    progress: bool,
    num_classes: int | None = None,
    weights_backbone: Weights = _models.ResNet50_Weights.IMAGENET1K_V1,
    trainable_backbone_layers: int | None = None,
    **options: Any,
) -> FCOS:
    """FCOS on ResNet-50 with a feature pyramid; see `FCOS`."""
    plan = settled(
        *(weights, num_classes, weights_backbone, trainable_backbone_layers),
        *(options, _models.ResNet50_Weights),
    )
    levels = {"returned_layers": [2, 3, 4]}
    backbone = resnet50_fpn(
        plan, progress, frozen=True, extra=lambda: LastLevelP6P7(256, 256), **levels
    )
    return loaded(FCOS(backbone, plan.classes, **options), weights, progress)
