"""The mathematics of `torchvision.ops`: boxes, their suppression, regions of maps.

Example:
    >>> import jax.numpy as jnp
    >>> from funcnet.functional import ops
    >>> ops.box_area(jnp.array([[0.0, 0.0, 2.0, 3.0]])).item()
    6.0
"""

from funcnet.functional.ops.boxes import (
    box_area,
    box_convert,
    box_iou,
    clip_boxes_to_image,
    complete_box_iou,
    distance_box_iou,
    generalized_box_iou,
    masks_to_boxes,
)
from funcnet.functional.ops.deformable import deform_conv2d
from funcnet.functional.ops.losses import (
    complete_box_iou_loss,
    distance_box_iou_loss,
    generalized_box_iou_loss,
    sigmoid_focal_loss,
)
from funcnet.functional.ops.regions import (
    ps_roi_align,
    ps_roi_pool,
    roi_align,
    roi_pool,
)
from funcnet.functional.ops.rotated import box_iou_rotated
from funcnet.functional.ops.suppression import batched_nms, nms, nms_mask

__all__ = [
    "batched_nms",
    "box_area",
    "box_convert",
    "box_iou",
    "box_iou_rotated",
    "clip_boxes_to_image",
    "complete_box_iou",
    "complete_box_iou_loss",
    "deform_conv2d",
    "distance_box_iou",
    "distance_box_iou_loss",
    "generalized_box_iou",
    "generalized_box_iou_loss",
    "masks_to_boxes",
    "nms",
    "nms_mask",
    "ps_roi_align",
    "ps_roi_pool",
    "roi_align",
    "roi_pool",
    "sigmoid_focal_loss",
]
