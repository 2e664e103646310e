"""The operators behind the functions, as packages call them."""

from collections.abc import Callable
from typing import Any, Final

import funcnet.compat as torch
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.torchvision.ops import _regions as regions
from funcnet.compat.torchvision.ops import boxes
from funcnet.compat.torchvision.ops.deform_conv import deform_conv2d


def _roi_align(
    input: Tensor,
    rois: Tensor,
    spatial_scale: float,
    pooled_height: int,
    pooled_width: int,
    sampling_ratio: int,
    aligned: bool,
) -> Any:
    size = pooled_height, pooled_width
    scale = float(spatial_scale)
    return regions.roi_align(input, rois, size, scale, sampling_ratio, aligned)


def _roi_pool(
    input: Tensor,
    rois: Tensor,
    spatial_scale: float,
    pooled_height: int,
    pooled_width: int,
) -> Any:
    """The maxima, and where in its image each stands."""
    size = pooled_height, pooled_width
    return regions.roi_pool_with_places(input, rois, size, float(spatial_scale))


def _ps_roi_align(
    input: Tensor,
    rois: Tensor,
    spatial_scale: float,
    pooled_height: int,
    pooled_width: int,
    sampling_ratio: int,
) -> Any:
    """The means, and the channel that each is of."""
    size = pooled_height, pooled_width
    scale = float(spatial_scale)
    result = regions.ps_roi_align(input, rois, size, scale, sampling_ratio)
    return result, _channels(result)


def _ps_roi_pool(
    input: Tensor,
    rois: Tensor,
    spatial_scale: float,
    pooled_height: int,
    pooled_width: int,
) -> Any:
    """The means, and the channel that each is of."""
    size = pooled_height, pooled_width
    result = regions.ps_roi_pool(input, rois, size, float(spatial_scale))
    return result, _channels(result)


def _channels(result: Tensor) -> Any:
    count = result[0].numel() if len(result) else 0
    places = torch.arange(count, dtype=torch.int32, device=result.device)
    return places.reshape(1, *result.shape[1:]).expand(result.shape).clone()


def _deform_conv2d(
    input: Tensor,
    weight: Tensor,
    offset: Tensor,
    mask: Tensor,
    bias: Tensor,
    stride_h: int,
    stride_w: int,
    pad_h: int,
    pad_w: int,
    dilation_h: int,
    dilation_w: int,
    groups: int,
    offset_groups: int,
    use_mask: bool,
) -> Any:
    del groups, offset_groups  # the shapes say so
    settings = (stride_h, stride_w), (pad_h, pad_w), (dilation_h, dilation_w)
    given = mask if use_mask else None
    return deform_conv2d(input, offset, weight, bias, *settings, given)


OPERATORS: Final[dict[str, Callable[..., Any]]] = {
    "box_iou_rotated": lambda a, b: boxes.box_iou(a, b, "cxcywhr"),
    "deform_conv2d": _deform_conv2d,
    "nms": boxes.nms,
    "ps_roi_align": _ps_roi_align,
    "ps_roi_pool": _ps_roi_pool,
    "roi_align": _roi_align,
    "roi_pool": _roi_pool,
}
"""What `torch.ops.torchvision` has, without the operators of gradients."""
