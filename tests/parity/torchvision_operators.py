"""torchvision, with operators in Python where those of the wheel do not load.

`nms` is defined box by box, `roi_align` is torchvision's own form in Python, deformable
convolution reads by `grid_sample`, and the others are plain numpy with their gradients.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import torch

from tests.functional import brute_regions as brute
from tests.parity.compat.vision import theirs

_SCHEMAS: Final = {
    "nms": "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "roi_align": "(Tensor input, Tensor rois, float spatial_scale, SymInt "
    "pooled_height, SymInt pooled_width, int sampling_ratio, bool aligned) -> Tensor",
    "roi_pool": "(Tensor input, Tensor rois, float spatial_scale, SymInt "
    "pooled_height, SymInt pooled_width) -> (Tensor, Tensor)",
    "ps_roi_align": "(Tensor input, Tensor rois, float spatial_scale, SymInt "
    "pooled_height, SymInt pooled_width, int sampling_ratio) -> (Tensor, Tensor)",
    "ps_roi_pool": "(Tensor input, Tensor rois, float spatial_scale, SymInt "
    "pooled_height, SymInt pooled_width) -> (Tensor, Tensor)",
    "deform_conv2d": "(Tensor input, Tensor weight, Tensor offset, Tensor mask, Tensor "
    "bias, SymInt stride_h, SymInt stride_w, SymInt pad_h, SymInt pad_w, SymInt "
    "dilation_h, SymInt dilation_w, SymInt groups, SymInt offset_groups, bool "
    "use_mask) -> Tensor",
}


def _nms(boxes: Any, scores: Any, threshold: float) -> Any:
    kept = brute.nms(*_arrays(boxes, scores), threshold)
    return torch.tensor(kept, dtype=torch.int64)


def _roi_align(x: Any, rois: Any, scale: float, h: int, w: int, *rest: Any) -> Any:
    run = theirs.ops.roi_align.__globals__["_roi_align"].__wrapped__
    return run(x, rois.detach(), scale, h, w, *rest)


def _with_gradient(forward: Callable[..., Any], backward: Callable[..., Any]) -> Any:
    class Function(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, x: Any, *args: Any) -> Any:
            ctx.args = (x, *args)
            return torch.from_numpy(forward(*_arrays(*ctx.args)))

        @staticmethod
        def backward(ctx: Any, grad: Any) -> Any:
            result = backward(*_arrays(grad, *ctx.args))
            return torch.from_numpy(result), *[None] * (len(ctx.args) - 1)

    return Function.apply


def _arrays(*args: Any) -> list[Any]:
    return [x.detach().numpy() if isinstance(x, torch.Tensor) else x for x in args]


def _roi_pool(x: Any, rois: Any, scale: float, h: int, w: int) -> Any:
    pool = _with_gradient(lambda *args: brute.roi_pool(*args)[0], brute.roi_pool_grad)
    place = brute.roi_pool(*_arrays(x, rois, (h, w), scale))[1]
    return pool(x, rois, (h, w), scale), torch.from_numpy(place)


def _ps_roi_align(x: Any, rois: Any, scale: float, h: int, w: int, ratio: int) -> Any:
    pool = _with_gradient(brute.ps_roi_align, brute.ps_roi_align_grad)
    result = pool(x, rois, (h, w), scale, ratio)
    return result, torch.zeros(result.shape, dtype=torch.int32)


def _ps_roi_pool(x: Any, rois: Any, scale: float, h: int, w: int) -> Any:
    pool = _with_gradient(brute.ps_roi_pool, brute.ps_roi_pool_grad)
    result = pool(x, rois, (h, w), scale)
    return result, torch.zeros(result.shape, dtype=torch.int32)


def _deform_conv2d(
    x: Any,
    weight: Any,
    offset: Any,
    mask: Any,
    bias: Any,
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
    tall, wide = weight.shape[2:]
    rows, columns = offset.shape[2:]
    own = x.shape[1] // offset_groups
    taps = []
    for tap in range(tall * wide):
        parts = []
        for group in range(offset_groups):
            at = 2 * (group * tall * wide + tap)
            y = torch.arange(rows)[:, None] * stride_h - pad_h
            y = y + tap // wide * dilation_h + offset[:, at]
            to_right = torch.arange(columns)[None] * stride_w - pad_w
            to_right = to_right + tap % wide * dilation_w + offset[:, at + 1]
            # With corners that are not aligned a coordinate is that of a pixel's edge.
            grid = torch.stack(
                [(to_right * 2 + 1) / x.shape[3] - 1, (y * 2 + 1) / x.shape[2] - 1], -1
            )
            part = x[:, group * own : (group + 1) * own]
            values = torch.nn.functional.grid_sample(part, grid, align_corners=False)
            if use_mask:
                values = values * mask[:, at // 2][:, None]
            parts.append(values)
        taps.append(torch.cat(parts, 1))
    read = torch.stack(taps, 2).flatten(1, 2)  # (batch, channels * taps, rows, columns)
    kernel = weight.flatten(1)[:, :, None, None]
    return torch.nn.functional.conv2d(read, kernel, bias, groups=groups)


def _define() -> Any:
    library = torch.library.Library("torchvision", "FRAGMENT")
    for name, schema in _SCHEMAS.items():
        library.define(name + schema)
        library.impl(name, globals()[f"_{name}"], "CompositeImplicitAutograd")
    extension = theirs.extension
    extension._has_ops = lambda: True
    theirs.ops.roi_align.__globals__["_has_ops"] = lambda: True
    return library


def arrays(seed: int) -> np.random.Generator:
    """A source of numbers."""
    return np.random.default_rng(seed)


LIBRARY: Final = None if theirs.extension._has_ops() else _define()
