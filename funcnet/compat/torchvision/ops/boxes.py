"""Boxes, as `torchvision.ops.boxes`.

How many boxes suppression keeps depends on their values: these are computed first, and
numpy does the rest at once.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from funcnet.compat._ops.registry import recorded
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat._tensor.transform_levels import refuse_shape
from funcnet.functional.ops import boxes as native
from funcnet.functional.ops import suppression
from funcnet.functional.ops.rotated import box_iou_rotated

_AREA = recorded("box_area")(native.box_area)
_CONVERT = recorded("box_convert")(native.box_convert)
_IOU = recorded("box_iou")(native.box_iou)
_ROTATED = recorded("box_iou_rotated", differentiable=False)(box_iou_rotated)
_GENERALIZED = recorded("generalized_box_iou")(native.generalized_box_iou)
_DISTANCE = recorded("distance_box_iou")(native.distance_box_iou)
_COMPLETE = recorded("complete_box_iou")(native.complete_box_iou)
_AROUND = recorded("masks_to_boxes", differentiable=False)(native.masks_to_boxes)


@recorded("clip_boxes_to_image", scalars_as_inputs=True)
def _clip(boxes: Any, height: Any, width: Any) -> Any:
    return native.clip_boxes_to_image(boxes, (height, width))


# --- suppression ---------------------------------------------------------------------


def nms(boxes: Tensor, scores: Tensor, iou_threshold: float) -> Tensor:
    """Return the indices of boxes that stay by falling scores: `torchvision.ops.nms`.

    Args:
        boxes: `(n, 4)`, corners `(x1, y1, x2, y2)`.
        scores: `(n,)`; of equal ones the first comes first.
        iou_threshold: a box goes whose IoU with one that stays is greater.

    Example:
        >>> import funcnet.compat as torch
        >>> boxes = torch.tensor([[0.0, 0, 2, 2], [0, 0, 2, 1.9], [5, 5, 6, 6]])
        >>> nms(boxes, torch.tensor([0.5, 0.9, 0.1]), 0.5)
        tensor([1, 2])
    """
    _check(boxes, scores)
    corners, numbers = _values("nms", boxes, scores)
    kept = suppression.nms(corners, numbers, float(iou_threshold))
    return from_array(kept, boxes.device)


def batched_nms(
    boxes: Tensor, scores: Tensor, idxs: Tensor, iou_threshold: float
) -> Tensor:
    """`nms` of the boxes of each class in `idxs`, as `torchvision.ops.batched_nms`."""
    few = 4000 if boxes.device.type == "cpu" else 100_000
    return _batched(boxes, scores, idxs, iou_threshold, few)


def _batched_nms_coordinate_trick(
    boxes: Tensor, scores: Tensor, idxs: Tensor, iou_threshold: float
) -> Tensor:
    return _batched(boxes, scores, idxs, iou_threshold, boxes.numel())


def _batched_nms_vanilla(
    boxes: Tensor, scores: Tensor, idxs: Tensor, iou_threshold: float
) -> Tensor:
    return _batched(boxes, scores, idxs, iou_threshold, -1)


def _batched(
    boxes: Tensor, scores: Tensor, idxs: Tensor, iou_threshold: float, few: int
) -> Tensor:
    _check(boxes, scores)
    corners, numbers, classes = _values("nms", boxes, scores, idxs)
    threshold = float(iou_threshold)
    kept = suppression.batched_nms(corners, numbers, classes, threshold, few=few)
    return from_array(kept, boxes.device)


def _values(name: str, *tensors: Tensor) -> list[np.ndarray]:
    for tensor in tensors:
        refuse_shape(tensor, name)
    return [np.asarray(tensor.detach()._array()) for tensor in tensors]


def _check(boxes: Tensor, scores: Tensor) -> None:
    """Raise as torchvision's kernel does."""
    if boxes.ndim != 2:
        raise RuntimeError(f"boxes should be a 2d tensor, got {boxes.ndim}D")
    if boxes.shape[1] != 4:
        raise RuntimeError(
            f"boxes should have 4 elements in dimension 1, got {boxes.shape[1]}"
        )
    if scores.ndim != 1:
        raise RuntimeError(f"scores should be a 1d tensor, got {scores.ndim}D")
    if len(boxes) != len(scores):
        raise RuntimeError(
            "boxes and scores should have same number of elements in dimension 0, got "
            f"{len(boxes)} and {len(scores)}"
        )
    if boxes.dtype is not scores.dtype:
        raise RuntimeError("dets should have the same type as scores")


def remove_small_boxes(boxes: Tensor, min_size: float) -> Tensor:
    """Return the indices of boxes whose sides are no shorter than `min_size`."""
    sides = boxes[..., 2:] - boxes[..., :2]
    result: Tensor = (sides >= min_size).all(-1).nonzero(as_tuple=True)[0]
    return result


def clip_boxes_to_image(boxes: Tensor, size: Sequence[int]) -> Tensor:
    """Clip boxes to an image of `size`, `(height, width)`."""
    height, width = size
    result: Tensor = _clip(boxes, height, width)
    return result


# --- formats and overlaps ------------------------------------------------------------


def box_convert(boxes: Tensor, in_fmt: str, out_fmt: str) -> Tensor:
    """Convert boxes between formats, as `torchvision.ops.box_convert`.

    The formats are "xyxy", "xywh" and "cxcywh", and of rotated boxes "xywhr", "cxcywhr"
    and "xyxyxyxy".
    """
    if in_fmt not in native.FORMATS or out_fmt not in native.FORMATS:
        raise ValueError(
            "Unsupported Bounding Box Conversions for given in_fmt "
            f"{in_fmt} and out_fmt {out_fmt}"
        )
    if (in_fmt in native.UPRIGHT) != (out_fmt in native.UPRIGHT):
        raise NotImplementedError(
            "Unsupported Bounding Box Conversions for given in_fmt "
            f"{in_fmt} and out_fmt {out_fmt}"
        )
    if in_fmt == out_fmt:
        return boxes.clone()
    result: Tensor = _CONVERT(boxes, in_fmt, out_fmt)
    return result


def box_area(boxes: Tensor, fmt: str = "xyxy") -> Tensor:
    """Return the areas of boxes, as `torchvision.ops.box_area`."""
    if fmt not in native.UPRIGHT:
        raise ValueError(f"Unsupported Bounding Box area for given format {fmt}")
    result: Tensor = _AREA(boxes, fmt)
    return result


def box_iou(boxes1: Tensor, boxes2: Tensor, fmt: str = "xyxy") -> Tensor:
    """Return intersection over union of all pairs, as `torchvision.ops.box_iou`."""
    if fmt not in native.FORMATS:
        raise ValueError(
            f"Unsupported format '{fmt}'. Supported axis-aligned formats: "
            f"{native.FORMATS[:3]}. Supported rotated formats: "
            f"{('cxcywhr', 'xywhr', 'xyxyxyxy')}."
        )
    result: Tensor
    if fmt in native.UPRIGHT:
        result = _IOU(boxes1, boxes2, fmt)
    else:
        pair = [box_convert(boxes, fmt, "cxcywhr") for boxes in (boxes1, boxes2)]
        result = _ROTATED(*pair)
    return result


def _box_inter_union(
    boxes1: Tensor, boxes2: Tensor, fmt: str = "xyxy"
) -> tuple[Tensor, Tensor]:
    areas = [box_area(boxes, fmt) for boxes in (boxes1, boxes2)]
    first, second = (
        box_convert(boxes, fmt, "xyxy")[..., None, :]
        if index == 0
        else box_convert(boxes, fmt, "xyxy")[..., None, :, :]
        for index, boxes in enumerate((boxes1, boxes2))
    )
    sides = first[..., 2:].minimum(second[..., 2:])
    sides = (sides - first[..., :2].maximum(second[..., :2])).clamp(min=0)
    shared = sides[..., 0] * sides[..., 1]
    return shared, areas[0][..., None] + areas[1][..., None, :] - shared


def generalized_box_iou(boxes1: Tensor, boxes2: Tensor) -> Tensor:
    """IoU less the part of the enclosing box that neither covers."""
    result: Tensor = _GENERALIZED(boxes1, boxes2)
    return result


def distance_box_iou(boxes1: Tensor, boxes2: Tensor, eps: float = 1e-7) -> Tensor:
    """IoU less the squared distance of the centres, over that of the outer corners."""
    result: Tensor = _DISTANCE(boxes1, boxes2, eps)
    return result


def complete_box_iou(boxes1: Tensor, boxes2: Tensor, eps: float = 1e-7) -> Tensor:
    """Distance IoU less a penalty for shapes that differ."""
    result: Tensor = _COMPLETE(boxes1, boxes2, eps)
    return result


def masks_to_boxes(masks: Tensor) -> Tensor:
    """Return the boxes around masks `(n, height, width)`, in float32."""
    result: Tensor = _AROUND(masks)
    return result
