"""What detectors of one stage share: RetinaNet, FCOS and SSD.

Losses are masked, not cut out: their shapes are those of the anchors, so that a step is
one program, whatever was matched.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.torchvision.models.detection.generalized_rcnn import (
    Detector,
    Results,
)
from funcnet.compat.torchvision.models.detection.image_list import (
    Sizes,
    Targets,
    as_index,
    highest,
    on_host,
    suppressed,
)
from funcnet.compat.torchvision.ops import boxes as box_ops

Outputs = dict[str, Tensor]


class OneStageDetector(Detector):
    """Images to maps, maps to predictions for each anchor, and these to detections.

    A subclass has `compute_loss(targets, outputs, anchors, counts)` and
    `postprocess_detections(outputs, anchors, image_sizes)`, with what it needs.
    """

    head: nn.Module
    anchor_generator: nn.Module

    def forward(self, images: Sequence[Tensor], targets: Targets | None = None) -> Any:
        """Return the losses in training, else the detections of each image.

        Args:
            images: `(channels, height, width)` each, in 0..1.
            targets: for each image its "boxes" and "labels".
        """
        batch, wanted, before = self.prepared(images, targets)
        maps = list(self.features(batch).values())
        outputs = self.head(maps)
        anchors = self.anchor_generator(batch, maps)
        pixels = [one.shape[-2] * one.shape[-1] for one in maps]
        if self.training:
            return self.losses(wanted, outputs, anchors, pixels)
        found = self.detections(outputs, anchors, batch.image_sizes, pixels)
        return self.transform.postprocess(found, batch.image_sizes, before)

    def losses(
        self, targets: Any, outputs: Outputs, anchors: list[Tensor], pixels: list[int]
    ) -> dict[str, Tensor]:
        """The losses of a batch."""
        raise NotImplementedError

    def detections(
        self, outputs: Outputs, anchors: list[Tensor], sizes: Sizes, pixels: list[int]
    ) -> Results:
        """What is found in each image."""
        raise NotImplementedError


def unmatched(anchors: Tensor) -> Tensor:
    """For each anchor that it is no object."""
    result: Tensor = torch.full(
        (len(anchors),), -1, dtype=torch.int64, device=anchors.device
    )
    return result


def by_level(
    outputs: Outputs, anchors: list[Tensor], pixels: list[int]
) -> tuple[dict[str, list[Tensor]], list[list[Tensor]]]:
    """Predictions and anchors, parted by the map that they are of."""
    first = next(iter(outputs.values()))
    around = first.size(1) // sum(pixels)
    counts = [around * count for count in pixels]
    parted = {name: list(one.split(counts, dim=1)) for name, one in outputs.items()}
    return parted, [list(one.split(counts)) for one in anchors]


def best_of_levels(
    scores: Sequence[Tensor],
    boxes: Sequence[Tensor],
    *,
    score_thresh: float,
    topk_candidates: int,
    nms_thresh: float,
    detections_per_img: int,
) -> dict[str, Tensor]:
    """What is found in one image.

    Args:
        scores: `(anchors, classes)` of each map.
        boxes: `(anchors, 4)` of each map, clipped to the image.
        score_thresh: the least score.
        topk_candidates: how many of each map are looked at.
        nms_thresh: how much boxes of a class may overlap.
        detections_per_img: how many are kept.
    """
    classes = scores[0].shape[-1]
    joined, corners = torch.cat(list(scores)).flatten(), torch.cat(list(boxes))
    values = on_host(joined)
    chosen, start = [], 0
    for one in scores:
        part = values[start : start + one.numel()]
        likely = np.flatnonzero(part > score_thresh)
        best = likely[highest(part[likely], topk_candidates)]
        chosen.append(best + start)
        start += one.numel()
    places = np.concatenate(chosen)
    around, labels = places // classes, places % classes
    parts = on_host(corners)[around], values[places], labels
    kept = suppressed(*parts, nms_thresh)[:detections_per_img]
    return {
        "boxes": corners[as_index(around[kept], joined)],
        "scores": joined[as_index(places[kept], joined)],
        "labels": as_index(labels[kept], joined),
    }


def postprocessed(
    detector: Any,
    parted: dict[str, list[Tensor]],
    anchors: list[list[Tensor]],
    sizes: Sizes,
    score: Callable[..., Tensor],
    decode: Callable[..., Tensor],
) -> Results:
    """What is found in each image, of predictions that are parted by maps.

    Args:
        detector: has the thresholds.
        parted: predictions by name, for each map.
        anchors: for each image those of each map.
        sizes: of the images.
        score: from the predictions of a map to `(anchors, classes)`.
        decode: from codes and anchors to boxes.
    """
    names = (
        *("score_thresh", "topk_candidates", "nms_thresh"),
        "detections_per_img",
    )
    settings = {name: getattr(detector, name) for name in names}
    results = []
    for index, size in enumerate(sizes):
        levels = [
            {name: one[level][index] for name, one in parted.items()}
            for level in range(len(anchors[index]))
        ]
        boxes = [
            box_ops.clip_boxes_to_image(decode(one["bbox_regression"], around), size)
            for one, around in zip(levels, anchors[index], strict=True)
        ]
        scores = [score(one) for one in levels]
        results.append(best_of_levels(scores, boxes, **settings))
    return results
