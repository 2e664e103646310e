"""Heads that look at regions, as `torchvision.models.detection.roi_heads`."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._ops.registry import recorded
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.torchvision.models.detection import _heads_math as math
from funcnet.compat.torchvision.models.detection import _utils as det_utils
from funcnet.compat.torchvision.models.detection.image_list import (
    Head,
    Sizes,
    Targets,
    as_index,
    on_host,
    suppressed,
)
from funcnet.compat.torchvision.ops import boxes as box_ops
from funcnet.compat.torchvision.ops import roi_align

Tensors = Sequence[Tensor]
_PASTE = recorded("paste_masks")(math.paste_masks)


def fastrcnn_loss(
    class_logits: Tensor,
    box_regression: Tensor,
    labels: Tensors,
    regression_targets: Tensors,
) -> tuple[Tensor, Tensor]:
    """Return the losses of classes and of boxes.

    Args:
        class_logits: `(n, classes)`.
        box_regression: `(n, classes * 4)`, codes of boxes.
        labels, regression_targets: classes, and codes, for each image.
    """
    classes, wanted = torch.cat(list(labels)), torch.cat(list(regression_targets))
    loss = F.cross_entropy(class_logits, classes)
    count = class_logits.shape[0]
    codes = box_regression.reshape(count, box_regression.size(-1) // 4, 4)
    place = classes.clamp(min=0)[:, None, None].expand(-1, 1, 4)
    is_object = (classes > 0)[:, None]
    losses = F.smooth_l1_loss(
        codes.gather(1, place)[:, 0].where(is_object, 0),
        wanted.where(is_object, 0),
        beta=1 / 9,
        reduction="sum",
    )
    return loss, losses / classes.numel()


# --- masks ---------------------------------------------------------------------------


def maskrcnn_inference(x: Tensor, labels: Tensors) -> Any:
    """The probabilities of the masks of the classes that were found, by image."""
    counts = [len(one) for one in labels]
    classes = torch.cat(list(labels))
    order = torch.arange(len(x), device=classes.device)
    return x.sigmoid()[order, classes][:, None].split(counts, 0)


def project_masks_on_boxes(
    gt_masks: Tensor,
    boxes: Tensor,
    matched_idxs: Tensor,
    M: int,
) -> Tensor:
    """Cut the masks of objects out at boxes: `(n, M, M)`."""
    rois = torch.cat([matched_idxs.to(boxes)[:, None], boxes], 1)
    result: Tensor = roi_align(gt_masks[:, None].to(rois), rois, (M, M), 1.0)[:, 0]
    return result


def maskrcnn_loss(
    mask_logits: Tensor,
    proposals: Tensors,
    gt_masks: Tensors,
    gt_labels: Tensors,
    mask_matched_idxs: Tensors,
) -> Tensor:
    """Return the loss of masks, of the regions that are objects."""
    if not len(mask_logits):
        nothing: Tensor = mask_logits.sum() * 0
        return nothing
    side = mask_logits.shape[-1]
    matched = list(mask_matched_idxs)
    labels = torch.cat([c[i] for c, i in zip(gt_labels, matched, strict=False)])
    wanted = torch.cat(
        [
            project_masks_on_boxes(masks, boxes, places, side)
            for masks, boxes, places in zip(gt_masks, proposals, matched, strict=False)
        ]
    )
    order = torch.arange(len(labels), device=labels.device)
    result: Tensor = F.binary_cross_entropy_with_logits(
        mask_logits[order, labels], wanted
    )
    return result


def expand_boxes(boxes: Tensor, scale: float) -> Tensor:
    """Boxes with the same centres and sides longer by a factor."""
    half = (boxes[:, 2:] - boxes[:, :2]) * 0.5 * scale
    centre = (boxes[:, 2:] + boxes[:, :2]) * 0.5
    result: Tensor = torch.cat([centre - half, centre + half], 1)
    return result


def expand_masks_tracing_scale(M: int, padding: int) -> Tensor:
    """By how much padding makes the sides of masks longer."""
    result: Tensor = torch.tensor(float(M + 2 * padding)) / torch.tensor(float(M))
    return result


def expand_masks(mask: Tensor, padding: int) -> tuple[Tensor, float]:
    """Masks with zeros around them, and by how much they are larger."""
    side = mask.shape[-1]
    return F.pad(mask, (padding,) * 4), float(side + 2 * padding) / side


def paste_mask_in_image(mask: Tensor, box: Tensor, im_h: int, im_w: int) -> Tensor:
    """Lay one mask `(side, side)` over a box of an image."""
    result: Tensor = _PASTE(mask[None], box[None], im_h, im_w)[0]
    return result


def paste_masks_in_image(
    masks: Tensor, boxes: Tensor, img_shape: tuple[int, int], padding: int = 1
) -> Tensor:
    """Lay masks `(n, 1, side, side)` over boxes: `(n, 1, height, width)`."""
    padded, scale = expand_masks(masks, padding=padding)
    places = expand_boxes(boxes, scale).to(torch.int64)
    if not len(masks):
        empty: Tensor = masks.new_empty((0, 1, *img_shape))
        return empty
    result: Tensor = _PASTE(padded[:, 0], places, *img_shape)[:, None]
    return result


# --- keypoints -----------------------------------------------------------------------


def keypoints_to_heatmap(
    keypoints: Tensor, rois: Tensor, heatmap_size: int
) -> tuple[Tensor, Tensor]:
    """Return the pixel of each point in a map over its region, and whether it has one.

    Args:
        keypoints: `(n, points, 3)`: (x, y) and whether it is seen.
        rois: `(n, 4)`, corners.
        heatmap_size: the side of a map.
    """
    start, end = rois[:, None, :2], rois[:, None, 2:]
    places = keypoints[..., :2]
    scale = heatmap_size / (end - start)
    pixels = ((places - start) * scale).floor().long()
    pixels = pixels.masked_fill(places == end, heatmap_size - 1)
    inside = ((pixels >= 0) & (pixels < heatmap_size)).all(-1)
    valid = (inside & (keypoints[..., 2] > 0)).long()
    return (pixels[..., 1] * heatmap_size + pixels[..., 0]) * valid, valid


def heatmaps_to_keypoints(maps: Tensor, rois: Tensor) -> tuple[Tensor, Tensor]:
    """Return `(n, points, 3)`, where maps over regions are highest, and how high.

    Unlike in torchvision, they have no gradients.
    """
    results = math.highest_points(on_host(maps), on_host(rois))
    places, heights = (torch.from_numpy(one).to(maps.device) for one in results)
    return places, heights


def keypointrcnn_loss(
    keypoint_logits: Tensor,
    proposals: Tensors,
    gt_keypoints: Tensors,
    keypoint_matched_idxs: Tensors,
) -> Tensor:
    """Return the loss of the pixels of points, of the regions that are objects."""
    count, points, height, width = keypoint_logits.shape
    if height != width:
        raise ValueError(
            "keypoint_logits height and width (last two elements of shape) should be "
            f"equal. Instead got H = {height} and W = {width}"
        )
    pairs = [
        keypoints_to_heatmap(wanted[places], boxes, height)
        for boxes, wanted, places in zip(
            proposals, gt_keypoints, keypoint_matched_idxs, strict=False
        )
    ]
    if not count:
        nothing: Tensor = keypoint_logits.sum() * 0
        return nothing
    pixels, valid = (
        torch.cat([one.view(-1) for one in x]) for x in zip(*pairs, strict=True)
    )
    logits = keypoint_logits.view(count * points, height * width)
    total = F.cross_entropy(
        logits, pixels.masked_fill(valid == 0, -100), reduction="sum"
    )
    result: Tensor = total / valid.sum().clamp(min=1)
    return result


def keypointrcnn_inference(
    x: Tensor, boxes: Tensors
) -> tuple[list[Tensor], list[Tensor]]:
    """Return the points of each image, and their scores."""
    counts = [len(one) for one in boxes]
    pairs = [
        heatmaps_to_keypoints(*pair)
        for pair in zip(x.split(counts, 0), boxes, strict=True)
    ]
    return [places for places, _ in pairs], [heights for _, heights in pairs]


# --- the heads -----------------------------------------------------------------------


class RoIHeads(nn.Module):
    """Classify regions, and find boxes, masks and keypoints in them.

    Args:
        box_roi_pool, box_head, box_predictor: from maps and regions to numbers, from
            these to features, and from features to logits and codes of boxes.
        fg_iou_thresh, bg_iou_thresh: from which and below which overlap with an object
            a region is one, or is none.
        batch_size_per_image, positive_fraction: the regions that train, and of them the
            objects at most.
        bbox_reg_weights: of the codes; (10, 10, 5, 5) by default.
        score_thresh, nms_thresh, detections_per_img: the least probability of a
            detection, how much they may overlap, and how many there are.
        mask_roi_pool, mask_head, mask_predictor: the same for masks,
        keypoint_roi_pool, keypoint_head, keypoint_predictor: and for keypoints.
    """

    def __init__(
        self,
        box_roi_pool: Head,
        box_head: Head,
        box_predictor: Head,
        fg_iou_thresh: float,
        bg_iou_thresh: float,
        batch_size_per_image: int,
        positive_fraction: float,
        bbox_reg_weights: tuple[float, float, float, float] | None,
        score_thresh: float,
        nms_thresh: float,
        detections_per_img: int,
        mask_roi_pool: Head = None,
        mask_head: Head = None,
        mask_predictor: Head = None,
        keypoint_roi_pool: Head = None,
        keypoint_head: Head = None,
        keypoint_predictor: Head = None,
    ) -> None:
        super().__init__()
        self.box_similarity = box_ops.box_iou
        self.proposal_matcher = det_utils.Matcher(
            fg_iou_thresh, bg_iou_thresh, allow_low_quality_matches=False
        )
        self.fg_bg_sampler = det_utils.BalancedPositiveNegativeSampler(
            batch_size_per_image, positive_fraction
        )
        self.box_coder = det_utils.BoxCoder(bbox_reg_weights or (10.0, 10.0, 5.0, 5.0))
        self.box_roi_pool = box_roi_pool
        self.box_head = box_head
        self.box_predictor = box_predictor
        self.score_thresh = score_thresh
        self.nms_thresh = nms_thresh
        self.detections_per_img = detections_per_img
        self.mask_roi_pool = mask_roi_pool
        self.mask_head = mask_head
        self.mask_predictor = mask_predictor
        self.keypoint_roi_pool = keypoint_roi_pool
        self.keypoint_head = keypoint_head
        self.keypoint_predictor = keypoint_predictor

    def has_mask(self) -> bool:
        """Whether there are heads for masks."""
        heads = self.mask_roi_pool, self.mask_head, self.mask_predictor
        return all(head is not None for head in heads)

    def has_keypoint(self) -> bool:
        """Whether there are heads for keypoints."""
        heads = self.keypoint_roi_pool, self.keypoint_head, self.keypoint_predictor
        return all(head is not None for head in heads)

    def assign_targets_to_proposals(
        self, proposals: Tensors, gt_boxes: Tensors, gt_labels: Tensors
    ) -> tuple[list[Tensor], list[Tensor]]:
        """Return each region's object, and its class: 0 for none, -1 for neither."""
        matched, labels = [], []
        for regions, boxes, classes in zip(
            proposals, gt_boxes, gt_labels, strict=False
        ):
            if boxes.numel() == 0:
                kind: dict[str, Any] = {"dtype": torch.int64, "device": regions.device}
                matched.append(torch.zeros(len(regions), **kind))
                labels.append(torch.zeros(len(regions), **kind))
                continue
            matches = self.proposal_matcher(self.box_similarity(boxes, regions))
            places = matches.clamp(min=0)
            below = matches == self.proposal_matcher.BELOW_LOW_THRESHOLD
            between = matches == self.proposal_matcher.BETWEEN_THRESHOLDS
            found = classes[places].to(torch.int64).masked_fill(below, 0)
            matched.append(places)
            labels.append(found.masked_fill(between, -1))
        return matched, labels

    def subsample(self, labels: Tensors) -> list[Tensor]:
        """Return the places of the regions of each image that train."""
        pairs = zip(*self.fg_bg_sampler(labels), strict=True)
        return [
            as_index(np.flatnonzero(on_host(positive) | on_host(negative)), positive)
            for positive, negative in pairs
        ]

    def add_gt_proposals(self, proposals: Tensors, gt_boxes: Tensors) -> list[Tensor]:
        """Append the objects to the regions of each image."""
        return [torch.cat(pair) for pair in zip(proposals, gt_boxes, strict=False)]

    def check_targets(self, targets: Targets | None) -> None:
        """Raise ValueError where something that heads need is missing."""
        if targets is None:
            raise ValueError("targets should not be None")
        for name in ("boxes", "labels", *(["masks"] if self.has_mask() else [])):
            if not all(name in target for target in targets):
                raise ValueError(f"Every element of targets should have a {name} key")

    def select_training_samples(
        self, proposals: Tensors, targets: Targets | None
    ) -> tuple[list[Tensor], list[Tensor], list[Tensor], Any]:
        """Return of the regions that train: themselves, objects, classes, codes."""
        self.check_targets(targets)
        assert targets is not None
        dtype = proposals[0].dtype
        boxes = [target["boxes"].to(dtype) for target in targets]
        regions = self.add_gt_proposals(proposals, boxes)
        classes = [target["labels"] for target in targets]
        matched, labels = self.assign_targets_to_proposals(regions, boxes, classes)
        wanted = []
        for index, places in enumerate(self.subsample(labels)):
            regions[index] = regions[index][places]
            labels[index] = labels[index][places]
            matched[index] = matched[index][places]
            objects = boxes[index]
            if objects.numel() == 0:
                objects = torch.zeros((1, 4), dtype=dtype, device=regions[0].device)
            wanted.append(objects[matched[index]])
        return regions, matched, labels, self.box_coder.encode(wanted, regions)

    def postprocess_detections(
        self,
        class_logits: Tensor,
        box_regression: Tensor,
        proposals: Tensors,
        image_shapes: Sizes,
    ) -> tuple[list[Tensor], list[Tensor], list[Tensor]]:
        """Return boxes, scores and labels of what was found in each image."""
        counts = [len(regions) for regions in proposals]
        decoded = self.box_coder.decode(box_regression, proposals).split(counts, 0)
        scores = F.softmax(class_logits, -1).split(counts, 0)
        classes = class_logits.shape[-1]
        found: tuple[list[Tensor], list[Tensor], list[Tensor]] = ([], [], [])
        for boxes, probabilities, size in zip(
            decoded, scores, image_shapes, strict=False
        ):
            clipped = box_ops.clip_boxes_to_image(boxes, size)
            corners = clipped.reshape(-1, classes, 4)[:, 1:].reshape(-1, 4)
            flat = probabilities[:, 1:].reshape(-1)
            labels = np.tile(np.arange(1, classes), len(boxes))
            kept = self._kept(on_host(corners), on_host(flat), labels)
            index = as_index(kept, flat)
            found[0].append(corners[index])
            found[1].append(flat[index])
            found[2].append(as_index(labels[kept], flat))
        return found

    def _kept(
        self, boxes: np.ndarray, scores: np.ndarray, labels: np.ndarray
    ) -> np.ndarray:
        likely = np.flatnonzero(scores > self.score_thresh)
        sides = boxes[likely, 2:] - boxes[likely, :2]
        likely = likely[(sides >= 0.01).all(1)]
        parts = boxes[likely], scores[likely], labels[likely]
        return likely[suppressed(*parts, self.nms_thresh)[: self.detections_per_img]]

    def forward(
        self,
        features: Mapping[str, Tensor],
        proposals: Tensors,
        image_shapes: Sizes,
        targets: Targets | None = None,
    ) -> tuple[list[dict[str, Tensor]], dict[str, Tensor]]:
        """Return what was found in each image, and in training the losses."""
        self._check_dtypes(targets)
        regions: Any = proposals
        matched: Any = None
        labels: Any = None
        wanted: Any = None
        if self.training:
            samples = self.select_training_samples(proposals, targets)
            regions, matched, labels, wanted = samples
        seen = regions, matched
        if self.training and (self.has_mask() or self.has_keypoint()):
            # Asked for before heads run, lest they be computed in a program apart.
            seen = self._objects(regions, matched, labels)
        pooled = self.box_roi_pool(features, regions, image_shapes)
        logits, codes = self.box_predictor(self.box_head(pooled))
        results: list[dict[str, Tensor]] = []
        losses: dict[str, Tensor] = {}
        if self.training:
            pair = fastrcnn_loss(logits, codes, labels, wanted)
            losses = {"loss_classifier": pair[0], "loss_box_reg": pair[1]}
        else:
            found = self.postprocess_detections(logits, codes, regions, image_shapes)
            names = ("boxes", "scores", "labels")
            for image in zip(*found, strict=True):
                one = dict(zip(names, image, strict=True))
                results.append(
                    {name: one[name] for name in ("boxes", "labels", "scores")}
                )
            seen = [result["boxes"] for result in results], None
        chosen = features, seen[0], image_shapes, seen[1], targets, results
        if self.has_mask():
            losses |= self._masks(*chosen)
        if self.has_keypoint():
            losses |= self._keypoints(*chosen)
        return results, losses

    @staticmethod
    def _objects(
        regions: Tensors, matched: Tensors, labels: Tensors
    ) -> tuple[list[Tensor], list[Tensor]]:
        """Of the regions of each image those that are objects, and which objects."""
        places = [as_index(np.flatnonzero(on_host(one) > 0), one) for one in labels]
        chosen = (
            [one[at] for one, at in zip(listed, places, strict=True)]
            for listed in (regions, matched)
        )
        return next(chosen), next(chosen)

    def _check_dtypes(self, targets: Targets | None) -> None:
        for target in targets or ():
            boxes, labels = target["boxes"].dtype, target["labels"].dtype
            if boxes not in (torch.float32, torch.float64, torch.float16):
                raise TypeError(f"target boxes must of float type, instead got {boxes}")
            if labels != torch.int64:
                raise TypeError(
                    f"target labels must of int64 type, instead got {labels}"
                )
            if self.has_keypoint() and target["keypoints"].dtype != torch.float32:
                raise TypeError(
                    "target keypoints must of float type, instead got "
                    f"{target['keypoints'].dtype}"
                )

    def _masks(
        self,
        features: Mapping[str, Tensor],
        regions: list[Tensor],
        image_shapes: Sizes,
        matched: Tensors | None,
        targets: Targets | None,
        results: list[dict[str, Tensor]],
    ) -> dict[str, Tensor]:
        pooled = self.mask_roi_pool(features, regions, image_shapes)
        logits = self.mask_predictor(self.mask_head(pooled))
        if self.training:
            assert targets is not None
            assert matched is not None
            masks, classes = ([t[k] for t in targets] for k in ("masks", "labels"))
            loss = maskrcnn_loss(logits, regions, masks, classes, matched)
            return {"loss_mask": loss}
        labels = [result["labels"] for result in results]
        for result, masks in zip(
            results, maskrcnn_inference(logits, labels), strict=True
        ):
            result["masks"] = masks
        return {}

    def _keypoints(
        self,
        features: Mapping[str, Tensor],
        regions: list[Tensor],
        image_shapes: Sizes,
        matched: Tensors | None,
        targets: Targets | None,
        results: list[dict[str, Tensor]],
    ) -> dict[str, Tensor]:
        pooled = self.keypoint_roi_pool(features, regions, image_shapes)
        logits = self.keypoint_predictor(self.keypoint_head(pooled))
        if self.training:
            assert targets is not None
            assert matched is not None
            wanted = [target["keypoints"] for target in targets]
            loss = keypointrcnn_loss(logits, regions, wanted, matched)
            return {"loss_keypoint": loss}
        pairs = zip(*keypointrcnn_inference(logits, regions), strict=True)
        for result, (points, scores) in zip(results, pairs, strict=True):
            result["keypoints"] = points
            result["keypoints_scores"] = scores
        return {}
