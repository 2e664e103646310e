"""Detectors of two stages: `torchvision.models.detection.generalized_rcnn`."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from funcnet.compat import nn
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.torchvision.models.detection.image_list import (
    ImageList,
    Targets,
    check_sizes,
    check_targets,
)

Sizes = list[tuple[int, int]]
Results = list[dict[str, Tensor]]
Losses = dict[str, Tensor]


class Detector(nn.Module):
    """What all detectors share: images and targets in, losses or detections out."""

    backbone: nn.Module
    transform: nn.Module

    def eager_outputs(self, losses: Losses, detections: Results) -> Any:
        """The losses in training, else the detections."""
        return losses if self.training else detections

    def prepared(
        self, images: Sequence[Tensor], targets: Targets | None
    ) -> tuple[ImageList, Targets | None, Sizes]:
        """The batch, the targets in its pixels, and the sizes that images had."""
        if self.training:
            check_targets(targets)
        before = [(image.shape[-2], image.shape[-1]) for image in images]
        batch, changed = self.transform(images, targets)
        check_sizes(changed)
        return batch, changed, before

    def features(self, images: ImageList) -> Any:
        """The feature maps of the backbone, by name."""
        result = self.backbone(images.tensors)
        return OrderedDict([("0", result)]) if isinstance(result, Tensor) else result


class GeneralizedRCNN(Detector):
    """A backbone, a network that proposes regions, and heads that look at them.

    Args:
        backbone: from images to feature maps, a tensor or a dictionary.
        rpn: from images and maps to regions, and losses.
        roi_heads: from maps and regions to detections, and losses.
        transform: between images and batches.
    """

    def __init__(
        self,
        backbone: nn.Module,
        rpn: nn.Module,
        roi_heads: nn.Module,
        transform: nn.Module,
    ) -> None:
        super().__init__()
        self.transform = transform
        self.backbone = backbone
        self.rpn = rpn
        self.roi_heads = roi_heads

    def forward(self, images: Sequence[Tensor], targets: Targets | None = None) -> Any:
        """Return the losses in training, else the detections of each image.

        Args:
            images: `(channels, height, width)` each, in 0..1.
            targets: for each image its "boxes" and "labels", and what heads need.
        """
        batch, wanted, before = self.prepared(images, targets)
        features = self.features(batch)
        proposals, losses = self.rpn(batch, features, wanted)
        detections, of_heads = self.roi_heads(
            features, proposals, batch.image_sizes, wanted
        )
        detections = self.transform.postprocess(detections, batch.image_sizes, before)
        return self.eager_outputs({**of_heads, **losses}, detections)
