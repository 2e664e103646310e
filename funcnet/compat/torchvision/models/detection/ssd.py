"""SSD, as `torchvision.models.detection.ssd`."""

import warnings
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

import numpy as np

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.torchvision import models as _models
from funcnet.compat.torchvision.models.detection import _utils as det_utils
from funcnet.compat.torchvision.models.detection._builders import (
    loaded,
    network,
    settled,
    weights_enum,
)
from funcnet.compat.torchvision.models.detection._one_stage import (
    OneStageDetector,
    Outputs,
    unmatched,
)
from funcnet.compat.torchvision.models.detection.anchor_utils import DefaultBoxGenerator
from funcnet.compat.torchvision.models.detection.backbone_utils import _freeze
from funcnet.compat.torchvision.models.detection.faster_rcnn import MEAN, STD
from funcnet.compat.torchvision.models.detection.generalized_rcnn import Results
from funcnet.compat.torchvision.models.detection.image_list import (
    Backbone,
    Sizes,
    Targets,
    Weights,
    as_index,
    highest,
    on_host,
    suppressed,
)
from funcnet.compat.torchvision.models.detection.rpn import by_anchor
from funcnet.compat.torchvision.models.detection.transform import (
    GeneralizedRCNNTransform,
)
from funcnet.compat.torchvision.ops import boxes as box_ops

__all__ = ["SSD300_VGG16_Weights", "ssd300_vgg16"]


def _xavier_init(conv: nn.Module) -> None:
    for layer in conv.modules():
        if isinstance(layer, nn.Conv2d):
            nn.init.xavier_uniform_(layer.weight)
            if layer.bias is not None:
                nn.init.constant_(layer.bias, 0.0)


class SSDHead(nn.Module):
    """Classes and boxes of the default boxes of each map."""

    def __init__(
        self, in_channels: list[int], num_anchors: list[int], num_classes: int
    ) -> None:
        super().__init__()
        self.classification_head = SSDClassificationHead(
            in_channels, num_anchors, num_classes
        )
        self.regression_head = SSDRegressionHead(in_channels, num_anchors)

    def forward(self, x: list[Tensor]) -> Outputs:
        """Return codes of boxes and logits."""
        return {
            "bbox_regression": self.regression_head(x),
            "cls_logits": self.classification_head(x),
        }


class SSDScoringHead(nn.Module):
    """A convolution for each map, and what they give joined.

    Args:
        module_list: the convolutions.
        num_columns: the numbers for each box.
    """

    def __init__(self, module_list: nn.ModuleList, num_columns: int) -> None:
        super().__init__()
        self.module_list = module_list
        self.num_columns = num_columns

    def _get_result_from_module_list(self, x: Tensor, idx: int) -> Any:
        return self.module_list[idx](x)

    def forward(self, x: list[Tensor]) -> Any:
        """Return `(batch, boxes, num_columns)`."""
        maps = [self._get_result_from_module_list(one, i) for i, one in enumerate(x)]
        return torch.cat([by_anchor(one, self.num_columns) for one in maps], 1)


def _convolutions(
    in_channels: list[int], num_anchors: list[int], columns: int
) -> nn.ModuleList:
    pairs = zip(in_channels, num_anchors, strict=False)
    layers = nn.ModuleList(
        [nn.Conv2d(n, columns * count, kernel_size=3, padding=1) for n, count in pairs]
    )
    _xavier_init(layers)
    return layers


class SSDClassificationHead(SSDScoringHead):
    """Logits of the classes of each box, the background first."""

    def __init__(
        self, in_channels: list[int], num_anchors: list[int], num_classes: int
    ) -> None:
        layers = _convolutions(in_channels, num_anchors, num_classes)
        super().__init__(layers, num_classes)


class SSDRegressionHead(SSDScoringHead):
    """Codes of each box."""

    def __init__(self, in_channels: list[int], num_anchors: list[int]) -> None:
        super().__init__(_convolutions(in_channels, num_anchors, 4), 4)


class SSD(OneStageDetector):
    """SSD: classes and boxes of the default boxes of several maps.

    Args:
        backbone: from images to feature maps.
        anchor_generator: makes the default boxes.
        size: `(width, height)` of all images.
        num_classes: with the background.
        image_mean, image_std: see `GeneralizedRCNNTransform`.
        head: from maps to predictions.
        score_thresh, nms_thresh, detections_per_img: the least score of a detection,
            how much they may overlap, and how many there are.
        iou_thresh: from which overlap on a box has an object.
        topk_candidates: how many of each class are looked at.
        positive_fraction: the share of objects in the loss of classes.

    Source: Liu et al. (2015), https://arxiv.org/abs/1512.02325
    """

    def __init__(
        self,
        backbone: Backbone,
        anchor_generator: DefaultBoxGenerator,
        size: tuple[int, int],
        num_classes: int,
        image_mean: Sequence[float] | None = None,
        image_std: Sequence[float] | None = None,
        head: nn.Module | None = None,
        score_thresh: float = 0.01,
        nms_thresh: float = 0.45,
        detections_per_img: int = 200,
        iou_thresh: float = 0.5,
        topk_candidates: int = 400,
        positive_fraction: float = 0.25,
        **kwargs: Any,
    ) -> None:
        super().__init__()
        self.backbone = backbone
        self.anchor_generator = anchor_generator
        self.box_coder = det_utils.BoxCoder(weights=(10.0, 10.0, 5.0, 5.0))
        if head is None:
            channels = getattr(backbone, "out_channels", None)
            if channels is None:
                channels = det_utils.retrieve_out_channels(backbone, size)
            check_maps(channels, anchor_generator)
            counts = anchor_generator.num_anchors_per_location()
            head = SSDHead(channels, counts, num_classes)
        self.head = head
        self.proposal_matcher = det_utils.SSDMatcher(iou_thresh)
        self.transform = GeneralizedRCNNTransform(
            *(min(size), max(size), image_mean or MEAN, image_std or STD),
            size_divisible=1,
            fixed_size=size,
            **kwargs,
        )
        self.score_thresh = score_thresh
        self.nms_thresh = nms_thresh
        self.detections_per_img = detections_per_img
        self.topk_candidates = topk_candidates
        self.neg_to_pos_ratio = (1.0 - positive_fraction) / positive_fraction

    def losses(
        self, targets: Any, outputs: Outputs, anchors: list[Tensor], pixels: list[int]
    ) -> dict[str, Tensor]:
        """The losses of a batch."""
        del pixels
        matched = [
            self.proposal_matcher(box_ops.box_iou(target["boxes"], around))
            if target["boxes"].numel()
            else unmatched(around)
            for around, target in zip(anchors, targets, strict=False)
        ]
        return self.compute_loss(targets, outputs, anchors, matched)

    def compute_loss(
        self,
        targets: Targets,
        head_outputs: Outputs,
        anchors: Sequence[Tensor],
        matched_idxs: Sequence[Tensor],
    ) -> dict[str, Tensor]:
        """Return the losses of boxes and of classes, by objects."""
        logits = head_outputs["cls_logits"]
        losses, classes = [], []
        for target, codes, around, matched in zip(
            targets,
            head_outputs["bbox_regression"],
            anchors,
            matched_idxs,
            strict=False,
        ):
            is_object = matched >= 0
            boxes, labels = target["boxes"], target["labels"]
            if not len(boxes):
                boxes, labels = boxes.new_ones((1, 4)), labels.new_zeros(1)
            places = matched.clamp(min=0)
            wanted = self.box_coder.encode_single(boxes[places], around)
            losses.append(
                F.smooth_l1_loss(
                    codes.where(is_object[:, None], 0),
                    wanted.where(is_object[:, None], 0),
                    reduction="sum",
                )
            )
            classes.append(labels[places].where(is_object, 0))
        objects = sum((one >= 0).sum() for one in matched_idxs).clamp(min=1)  # type: ignore[union-attr]
        wanted = torch.stack(classes)
        loss = F.cross_entropy(
            logits.view(-1, logits.size(-1)), wanted.view(-1), reduction="none"
        ).view(wanted.size())
        is_object = wanted > 0
        hardest = self._hardest(loss, is_object)
        total = loss.where(is_object, 0).sum() + loss.where(hardest, 0).sum()
        return {
            "bbox_regression": torch.stack(losses).sum() / objects,
            "classification": total / objects,
        }

    def _hardest(self, loss: Tensor, is_object: Tensor) -> Tensor:
        """The boxes of the background with the greatest losses, some an object."""
        count = self.neg_to_pos_ratio * is_object.sum(1, keepdim=True)
        ordered = loss.detach().masked_fill(is_object, -float("inf"))
        rank = ordered.sort(1, descending=True)[1].sort(1)[1]
        result: Tensor = rank < count
        return result

    def detections(
        self, outputs: Outputs, anchors: list[Tensor], sizes: Sizes, pixels: list[int]
    ) -> Results:
        """What is found in each image."""
        del pixels
        return self.postprocess_detections(outputs, anchors, sizes)

    def postprocess_detections(
        self, head_outputs: Outputs, image_anchors: list[Tensor], image_shapes: Sizes
    ) -> Results:
        """Return what is found in each image."""
        scores = F.softmax(head_outputs["cls_logits"], dim=-1)
        results = []
        for codes, of_classes, around, size in zip(
            head_outputs["bbox_regression"],
            scores,
            image_anchors,
            image_shapes,
            strict=False,
        ):
            decoded = self.box_coder.decode_single(codes, around)
            boxes = box_ops.clip_boxes_to_image(decoded, size)
            places, labels = self._kept(on_host(boxes), on_host(of_classes))
            at, kinds = as_index(places, boxes), as_index(labels, boxes)
            found = {"boxes": boxes[at], "scores": of_classes[at, kinds]}
            results.append({**found, "labels": kinds})
        return results

    def _kept(
        self, boxes: np.ndarray, scores: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        chosen = []
        for label in range(1, scores.shape[1]):
            likely = np.flatnonzero(scores[:, label] > self.score_thresh)
            chosen.append(likely[highest(scores[likely, label], self.topk_candidates)])
        places = np.concatenate(chosen)
        labels = np.repeat(np.arange(1, scores.shape[1]), [len(one) for one in chosen])
        parts = boxes[places], scores[places, labels], labels
        kept = suppressed(*parts, self.nms_thresh)[: self.detections_per_img]
        return places[kept], labels[kept]


def check_maps(channels: list[int], anchors: DefaultBoxGenerator) -> None:
    """Raise ValueError unless there are boxes for each map."""
    if len(channels) != len(anchors.aspect_ratios):
        raise ValueError(
            f"The length of the output channels from the backbone ({len(channels)}) do "
            "not match the length of the anchor generator aspect ratios "
            f"({len(anchors.aspect_ratios)})"
        )


class SSDFeatureExtractorVGG(nn.Module):
    """The maps of a VGG, and of layers behind it.

    Args:
        backbone: the layers of a VGG.
        highres: whether one more is behind it, for images of 512 pixels.
    """

    def __init__(self, backbone: Backbone, highres: bool) -> None:
        super().__init__()
        pools = [i for i, one in enumerate(backbone) if isinstance(one, nn.MaxPool2d)]
        third, fourth = pools[2], pools[3]
        backbone[third].ceil_mode = True  # of 75 pixels, 38
        self.scale_weight = nn.Parameter(torch.ones(512) * 20)
        self.features = nn.Sequential(*backbone[:fourth])
        smaller: dict[str, Any] = {"padding": 1, "stride": 2}
        extra = nn.ModuleList(
            [
                _pair(1024, 256, 512, **smaller),
                _pair(512, 128, 256, **smaller),
                _pair(256, 128, 256),
                _pair(256, 128, 256),
            ]
        )
        if highres:
            extra.append(_pair(256, 128, 256, kernel_size=4))
        _xavier_init(extra)
        last = nn.Sequential(
            nn.MaxPool2d(kernel_size=3, stride=1, padding=1, ceil_mode=False),
            nn.Conv2d(512, 1024, kernel_size=3, padding=6, dilation=6),
            nn.ReLU(inplace=True),
            nn.Conv2d(1024, 1024, kernel_size=1),
            nn.ReLU(inplace=True),
        )
        _xavier_init(last)
        extra.insert(0, nn.Sequential(*backbone[fourth:-1], last))
        self.extra = extra

    def forward(self, x: Tensor) -> Any:
        """Return the maps by name."""
        x = self.features(x)
        maps = [self.scale_weight.view(1, -1, 1, 1) * F.normalize(x)]
        for block in self.extra:
            x = block(x)
            maps.append(x)
        return OrderedDict((str(index), one) for index, one in enumerate(maps))


def _pair(
    in_channels: int, between: int, out: int, kernel_size: int = 3, **settings: Any
) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(in_channels, between, kernel_size=1),
        nn.ReLU(inplace=True),
        nn.Conv2d(between, out, kernel_size=kernel_size, **settings),
        nn.ReLU(inplace=True),
    )


def _vgg_extractor(backbone: Backbone, highres: bool, trainable_layers: int) -> Any:
    layers = backbone.features
    pools = [i for i, one in enumerate(layers) if isinstance(one, nn.MaxPool2d)]
    stages = [0, *pools[:-1]]
    count = len(stages)
    assert 0 <= trainable_layers <= count, (
        f"trainable_layers should be in the range [0, {count}]. Instead got "
        f"{trainable_layers}"
    )
    first = stages[count - trainable_layers] if trainable_layers else len(layers)
    _freeze(layers[:first])
    return SSDFeatureExtractorVGG(layers, highres)


def warn_of_size(options: dict[str, Any]) -> None:
    """Warn that the size of images is not asked for."""
    if "size" in options:
        warnings.warn(
            "The size of the model is already fixed; ignoring the parameter.",
            stacklevel=outside(),
        )


SSD300_VGG16_Weights = weights_enum("SSD300_VGG16_Weights", __name__)


@network(SSD300_VGG16_Weights, whole=True)
def ssd300_vgg16(
    weights: Weights,
    progress: bool,
    num_classes: int | None = None,
    weights_backbone: Weights = _models.VGG16_Weights.IMAGENET1K_FEATURES,
    trainable_backbone_layers: int | None = None,
    **options: Any,
) -> SSD:
    """SSD on VGG-16, for images of 300 pixels; see `SSD`."""
    warn_of_size(options)
    if isinstance(weights_backbone, bool):
        known = _models.VGG16_Weights.IMAGENET1K_FEATURES
        weights_backbone = known if weights_backbone else None
    plan = settled(
        *(weights, num_classes, weights_backbone, trainable_backbone_layers),
        *(options, _models.VGG16_Weights),
        layers=(5, 4),
    )
    network = _models.vgg16(weights=plan.weights, progress=progress)
    backbone = _vgg_extractor(network, False, plan.layers)
    anchors = DefaultBoxGenerator(
        [[2], [2, 3], [2, 3], [2, 3], [2], [2]],
        scales=[0.07, 0.15, 0.33, 0.51, 0.69, 0.87, 1.05],
        steps=[8, 16, 32, 64, 100, 300],
    )
    mean = {"image_mean": [0.48235, 0.45882, 0.40784], "image_std": [1.0 / 255.0] * 3}
    model = SSD(backbone, anchors, (300, 300), plan.classes, **{**mean, **options})
    return loaded(model, weights, progress)
