"""Coding, matching and sampling of boxes: `torchvision.models.detection._utils`."""

import math
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.torchvision.models.detection.image_list import (
    Weights,
    on_host,
)
from funcnet.compat.torchvision.ops import (
    FrozenBatchNorm2d,
    complete_box_iou_loss,
    distance_box_iou_loss,
    generalized_box_iou_loss,
)


class BalancedPositiveNegativeSampler:
    """Choose positives and negatives of each image at random.

    Args:
        batch_size_per_image: how many of both.
        positive_fraction: the share of positives, at most; negatives fill it up.
    """

    def __init__(self, batch_size_per_image: int, positive_fraction: float) -> None:
        self.batch_size_per_image = batch_size_per_image
        self.positive_fraction = positive_fraction

    def __call__(
        self, matched_idxs: Sequence[Tensor]
    ) -> tuple[list[Tensor], list[Tensor]]:
        """Return masks of positives and of negatives, for each image.

        Args:
            matched_idxs: for each image what its boxes are: positive from 1 on,
                negative for 0, neither below.
        """
        chosen: tuple[list[Tensor], list[Tensor]] = ([], [])
        for matched in matched_idxs:
            values = on_host(matched)
            kinds = np.flatnonzero(values >= 1), np.flatnonzero(values == 0)
            most = int(self.batch_size_per_image * self.positive_fraction)
            count = min(len(kinds[0]), most)
            counts = count, min(len(kinds[1]), self.batch_size_per_image - count)
            drawn = [
                on_host(torch.randperm(len(places), device=matched.device))
                for places in kinds
            ]
            for result, places, order, n in zip(
                chosen, kinds, drawn, counts, strict=True
            ):
                mask = np.zeros(values.shape, np.uint8)
                mask[places[order[:n]]] = 1
                result.append(torch.from_numpy(mask).to(matched.device))
        return chosen


# --- boxes as what a network predicts ------------------------------------------------


def encode_boxes(
    reference_boxes: Tensor, proposals: Tensor, weights: Weights
) -> Tensor:
    """Say where boxes lie from proposals: moves by sizes, logarithms of ratios."""
    size = proposals[:, 2:] - proposals[:, :2]
    centre = proposals[:, :2] + 0.5 * size
    wanted_size = reference_boxes[:, 2:] - reference_boxes[:, :2]
    wanted = reference_boxes[:, :2] + 0.5 * wanted_size
    moves = weights[:2] * (wanted - centre) / size
    result: Tensor = torch.cat([moves, weights[2:] * (wanted_size / size).log()], 1)
    return result


class BoxCoder:
    """Encode boxes from anchors, and decode predictions.

    Args:
        weights: factors of the moves and of the logarithms.
        bbox_xform_clip: the greatest logarithm.
    """

    def __init__(
        self,
        weights: tuple[float, float, float, float],
        bbox_xform_clip: float = math.log(1000.0 / 16),
    ) -> None:
        self.weights = weights
        self.bbox_xform_clip = bbox_xform_clip

    def encode(
        self, reference_boxes: Sequence[Tensor], proposals: Sequence[Tensor]
    ) -> Any:
        """Encode the boxes of each image."""
        counts = [len(boxes) for boxes in reference_boxes]
        joined = torch.cat(list(reference_boxes)), torch.cat(list(proposals))
        return self.encode_single(*joined).split(counts, 0)

    def encode_single(self, reference_boxes: Tensor, proposals: Tensor) -> Tensor:
        """Encode boxes `(n, 4)` from as many proposals."""
        kind: dict[str, Any] = {
            "dtype": reference_boxes.dtype,
            "device": reference_boxes.device,
        }
        weights = torch.as_tensor(self.weights, **kind)
        return encode_boxes(reference_boxes, proposals, weights)

    def decode(self, rel_codes: Tensor, boxes: Sequence[Tensor]) -> Tensor:
        """Decode `(n, classes * 4)` from the boxes of all images: `(n, classes, 4)`."""
        assert isinstance(boxes, list | tuple), (
            "This function expects boxes of type list or tuple."
        )
        assert isinstance(rel_codes, Tensor), (
            "This function expects rel_codes of type torch.Tensor."
        )
        count = sum(len(one) for one in boxes)
        codes = rel_codes.reshape(count, -1) if count else rel_codes
        result = self.decode_single(codes, torch.cat(list(boxes)))
        return result.reshape(count, -1, 4) if count else result

    def decode_single(self, rel_codes: Tensor, boxes: Tensor) -> Tensor:
        """Decode `(n, classes * 4)` from `(n, 4)` boxes."""
        boxes = boxes.to(rel_codes.dtype)
        codes = rel_codes.reshape(len(boxes), rel_codes.shape[-1] // 4, 4)
        size = (boxes[:, 2:] - boxes[:, :2])[:, None]
        centre = boxes[:, None, :2] + 0.5 * size
        codes = codes / torch.as_tensor(
            self.weights, dtype=codes.dtype, device=codes.device
        )
        middle = codes[..., :2] * size + centre
        half = 0.5 * (codes[..., 2:].clamp(max=self.bbox_xform_clip).exp() * size)
        corners = torch.cat([middle - half, middle + half], -1)
        result: Tensor = corners.reshape(rel_codes.shape)
        return result


class BoxLinearCoder:
    """Encode boxes as distances of their sides from anchors' centres.

    Args:
        normalize_by_size: count in sizes of the anchors.
    """

    def __init__(self, normalize_by_size: bool = True) -> None:
        self.normalize_by_size = normalize_by_size

    def encode(self, reference_boxes: Tensor, proposals: Tensor) -> Tensor:
        """Distances of the sides of `proposals` from the centres of the others."""
        centre = 0.5 * (reference_boxes[..., :2] + reference_boxes[..., 2:])
        sides = [centre - proposals[..., :2], proposals[..., 2:] - centre]
        result: Tensor = torch.cat(sides, -1)
        return (
            result / self._sizes(reference_boxes) if self.normalize_by_size else result
        )

    def decode(self, rel_codes: Tensor, boxes: Tensor) -> Tensor:
        """Boxes with sides at these distances from the centres of `boxes`."""
        boxes = boxes.to(rel_codes.dtype)
        centre = 0.5 * (boxes[..., :2] + boxes[..., 2:])
        if self.normalize_by_size:
            rel_codes = rel_codes * self._sizes(boxes)
        sides = [centre - rel_codes[..., :2], centre + rel_codes[..., 2:]]
        result: Tensor = torch.cat(sides, -1)
        return result

    @staticmethod
    def _sizes(boxes: Tensor) -> Tensor:
        size = boxes[..., 2:] - boxes[..., :2]
        result: Tensor = torch.cat([size, size], -1)
        return result


# --- matching ------------------------------------------------------------------------


class Matcher:
    """Give each prediction the object that it overlaps most, or none.

    Args:
        high_threshold: from here on it is matched.
        low_threshold: below it has `BELOW_LOW_THRESHOLD`; between, the other constant.
        allow_low_quality_matches: also match the best predictions of each object.
    """

    BELOW_LOW_THRESHOLD: ClassVar[int] = -1
    BETWEEN_THRESHOLDS: ClassVar[int] = -2

    def __init__(
        self,
        high_threshold: float,
        low_threshold: float,
        allow_low_quality_matches: bool = False,
    ) -> None:
        assert low_threshold <= high_threshold, (
            "low_threshold should be <= high_threshold"
        )
        self.high_threshold = high_threshold
        self.low_threshold = low_threshold
        self.allow_low_quality_matches = allow_low_quality_matches

    def __call__(self, match_quality_matrix: Tensor) -> Tensor:
        """Return an object's index for each prediction, or a negative constant.

        Args:
            match_quality_matrix: `(objects, predictions)`.
        """
        if match_quality_matrix.numel() == 0:
            missing = "proposal" if match_quality_matrix.shape[0] else "ground-truth"
            raise ValueError(
                f"No {missing} boxes available for one of the images during training"
            )
        quality, best = match_quality_matrix.max(dim=0)
        between = quality < self.high_threshold
        matches = best.masked_fill(between, self.BETWEEN_THRESHOLDS)
        below = quality < self.low_threshold
        matches = matches.masked_fill(below, self.BELOW_LOW_THRESHOLD)
        if self.allow_low_quality_matches:
            self.set_low_quality_matches_(matches, best, match_quality_matrix)
        return matches

    def set_low_quality_matches_(
        self, matches: Tensor, all_matches: Tensor, match_quality_matrix: Tensor
    ) -> None:
        """Match the predictions that are the best of an object, however bad."""
        highest = match_quality_matrix.max(dim=1).values
        is_best = (match_quality_matrix == highest[:, None]).any(0)
        matches.copy_(torch.where(is_best, all_matches, matches))


class SSDMatcher(Matcher):
    """A `Matcher` that gives each object the one prediction that is best for it."""

    def __init__(self, threshold: float) -> None:
        super().__init__(threshold, threshold, allow_low_quality_matches=False)

    def __call__(self, match_quality_matrix: Tensor) -> Tensor:
        """Return an object's index for each prediction, or -1."""
        matches = super().__call__(match_quality_matrix)
        best = match_quality_matrix.max(dim=1).indices
        order = torch.arange(len(best), dtype=torch.int64, device=best.device)
        matches[best] = order
        return matches


# --- the rest ------------------------------------------------------------------------


def overwrite_eps(model: nn.Module, eps: float) -> None:
    """Set `eps` of the frozen norms: early weights were trained with 0."""
    for module in model.modules():
        if isinstance(module, FrozenBatchNorm2d):
            module.eps = eps


def retrieve_out_channels(model: nn.Module, size: tuple[int, int]) -> list[int]:
    """The channels of what a backbone gives of an image of `(width, height)`."""
    was_training = model.training
    model.eval()
    with torch.no_grad():
        device = next(model.parameters()).device
        features = model(torch.zeros((1, 3, size[1], size[0]), device=device))
        if isinstance(features, Tensor):
            features = OrderedDict([("0", features)])
        channels = [x.size(1) for x in features.values()]
    model.train(was_training)
    return channels


def _topk_min(input: Tensor, orig_kval: int, axis: int) -> int:
    """How many highest values there can be."""
    return min(orig_kval, input.size(axis))


def _box_loss(
    type: str,
    box_coder: BoxCoder,
    anchors_per_image: Tensor,
    matched_gt_boxes_per_image: Tensor,
    bbox_regression_per_image: Tensor,
    cnf: dict[str, float] | None = None,
) -> Tensor:
    """The loss of predicted boxes, added up; see `box_losses`."""
    losses = box_losses(
        type,
        box_coder,
        anchors_per_image,
        matched_gt_boxes_per_image,
        bbox_regression_per_image,
        cnf,
    )
    result: Tensor = losses.sum()
    return result


def box_losses(
    type: str,
    box_coder: BoxCoder,
    anchors: Tensor,
    wanted: Tensor,
    predicted: Tensor,
    cnf: dict[str, float] | None = None,
) -> Tensor:
    """The loss of each predicted box: of its code, or of how it overlaps.

    Args:
        type: "l1" or "smooth_l1" of codes, "ciou", "diou" or "giou" of boxes.
        box_coder: codes boxes from the anchors.
        anchors, wanted: `(n, 4)`, corners.
        predicted: `(n, 4)`, codes.
        cnf: "beta" of the smooth loss, "eps" of the overlaps.
    """
    known = {
        "ciou": complete_box_iou_loss,
        "diou": distance_box_iou_loss,
        "giou": generalized_box_iou_loss,
    }
    settings = cnf or {}
    if type in known:
        boxes = box_coder.decode_single(predicted, anchors)
        return known[type](boxes, wanted, eps=settings.get("eps", 1e-7))
    assert type in ("l1", "smooth_l1"), f"Unsupported loss: {type}"
    target = box_coder.encode_single(wanted, anchors)
    if type == "l1":
        loss = F.l1_loss(predicted, target, reduction="none")
    else:
        beta = settings.get("beta", 1.0)
        loss = F.smooth_l1_loss(predicted, target, reduction="none", beta=beta)
    result: Tensor = loss.sum(-1)
    return result
