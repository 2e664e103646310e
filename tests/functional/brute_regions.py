"""torchvision's operators of regions and boxes, in plain numpy, one element at a time.

Written from their definitions, as references for `funcnet.functional.ops`; those with
`_grad` give the gradient of the input.
"""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

Tap = tuple[int, int, float]


def half_away(x: float) -> int:
    """Round as C does: halves away from zero."""
    return int(math.copysign(math.floor(abs(x) + 0.5), x))


def taps(y: float, x: float, height: int, width: int) -> list[Tap]:
    """The four pixels around a point; none outside, where pixels end at the border."""
    if not (-1 <= y <= height and -1 <= x <= width):
        return []
    lines = []
    for at, length in ((y, height), (x, width)):
        at = max(at, 0)
        low = int(at)
        if low >= length - 1:
            lines.append([(length - 1, 1.0)])
        else:
            lines.append([(low, 1 - (at - low)), (low + 1, at - low)])
    return [(i, j, a * b) for i, a in lines[0] for j, b in lines[1]]


def align_bins(
    rois: Any, size: Any, scale: float, ratio: int, aligned: bool, ps: bool, hw: Any
) -> Iterator[tuple[int, int, int, int, list[Tap], int]]:
    """`(region, image, row, column, taps, samples)` of each bin."""
    kind = rois.dtype.type
    shift = kind(0.5 if aligned or ps else 0)
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = (kind(v) * kind(scale) - shift for v in roi[1:])
        tall, wide = y2 - y1, x2 - x1
        if not (aligned or ps):
            tall, wide = max(tall, kind(1)), max(wide, kind(1))
        bin_h, bin_w = tall / kind(size[0]), wide / kind(size[1])
        rows = ratio if ratio > 0 else math.ceil(bin_h)
        columns = ratio if ratio > 0 else math.ceil(bin_w)
        for p in range(size[0]):
            for q in range(size[1]):
                found = []
                for i in range(rows):
                    y = y1 + kind(p) * bin_h + kind(i + 0.5) * bin_h / kind(rows)
                    for j in range(columns):
                        x = x1 + kind(q) * bin_w + kind(j + 0.5) * bin_w / kind(columns)
                        found += taps(float(y), float(x), *hw)
                yield k, int(roi[0]), p, q, found, rows * columns


def roi_align(
    x: Any, rois: Any, size: Any, scale: float, ratio: int, aligned: bool
) -> Any:
    result = np.zeros((len(rois), x.shape[1], *size), x.dtype)
    for k, b, p, q, found, count in align_bins(
        rois, size, scale, ratio, aligned, False, x.shape[2:]
    ):
        for i, j, weight in found:
            result[k, :, p, q] += x[b, :, i, j] * weight / max(count, 1)
    return result


def roi_align_grad(
    g: Any, x: Any, rois: Any, size: Any, scale: float, ratio: int, aligned: bool
) -> Any:
    result = np.zeros_like(x)
    for k, b, p, q, found, count in align_bins(
        rois, size, scale, ratio, aligned, False, x.shape[2:]
    ):
        for i, j, weight in found:
            result[b, :, i, j] += g[k, :, p, q] * weight / max(count, 1)
    return result


def ps_roi_align(x: Any, rois: Any, size: Any, scale: float, ratio: int) -> Any:
    bins = math.prod(size)
    result = np.zeros((len(rois), x.shape[1] // bins, *size), x.dtype)
    for k, b, p, q, found, count in align_bins(
        rois, size, scale, ratio, False, True, x.shape[2:]
    ):
        own = x[b, p * size[1] + q :: bins]
        for i, j, weight in found:
            result[k, :, p, q] += own[:, i, j] * weight / count
    return result


def ps_roi_align_grad(
    g: Any, x: Any, rois: Any, size: Any, scale: float, ratio: int
) -> Any:
    bins = math.prod(size)
    result = np.zeros_like(x)
    for k, b, p, q, found, count in align_bins(
        rois, size, scale, ratio, False, True, x.shape[2:]
    ):
        own = result[b, p * size[1] + q :: bins]
        for i, j, weight in found:
            own[:, i, j] += g[k, :, p, q] * weight / count
    return result


def pool_bins(
    rois: Any, size: Any, scale: float, inclusive: int, limits: tuple[int, int]
) -> Iterator[tuple[int, int, int, int, tuple[int, int, int, int]]]:
    """`(region, image, row, column, (top, bottom, left, right))` of each bin."""
    kind = rois.dtype.type
    for k, roi in enumerate(rois):
        x1, y1, x2, y2 = (half_away(float(kind(v) * kind(scale))) for v in roi[1:])
        bin_h = kind(max(y2 - y1 + inclusive, 1)) / kind(size[0])
        bin_w = kind(max(x2 - x1 + inclusive, 1)) / kind(size[1])
        for p in range(size[0]):
            for q in range(size[1]):
                ends = (
                    (math.floor(kind(p) * bin_h) + y1, limits[0]),
                    (math.ceil(kind(p + 1) * bin_h) + y1, limits[0]),
                    (math.floor(kind(q) * bin_w) + x1, limits[1]),
                    (math.ceil(kind(q + 1) * bin_w) + x1, limits[1]),
                )
                top, bottom, left, right = (min(max(e, 0), most) for e, most in ends)
                yield k, int(roi[0]), p, q, (top, bottom, left, right)


def roi_pool(x: Any, rois: Any, size: Any, scale: float) -> tuple[Any, Any]:
    shape = (len(rois), x.shape[1], *size)
    result, place = np.zeros(shape, x.dtype), np.full(shape, -1, np.int32)
    for k, b, p, q, (top, bottom, left, right) in pool_bins(
        rois, size, scale, 1, x.shape[2:]
    ):
        for c in range(x.shape[1]):
            part = x[b, c, top:bottom, left:right]
            if part.size:
                i, j = np.unravel_index(part.argmax(), part.shape)
                result[k, c, p, q] = part[i, j]
                place[k, c, p, q] = (top + i) * x.shape[3] + left + j
    return result, place


def roi_pool_grad(g: Any, x: Any, rois: Any, size: Any, scale: float) -> Any:
    _, place = roi_pool(x, rois, size, scale)
    result = np.zeros_like(x).reshape(*x.shape[:2], -1)
    for (k, c, p, q), at in np.ndenumerate(place):
        if at >= 0:
            result[int(rois[k, 0]), c, at] += g[k, c, p, q]
    return result.reshape(x.shape)


def ps_roi_pool(x: Any, rois: Any, size: Any, scale: float) -> Any:
    bins = math.prod(size)
    result = np.zeros((len(rois), x.shape[1] // bins, *size), x.dtype)
    limits = (x.shape[2] - 1, x.shape[3] - 1)
    for k, b, p, q, (top, bottom, left, right) in pool_bins(
        rois, size, scale, 0, limits
    ):
        part = x[b, p * size[1] + q :: bins, top:bottom, left:right]
        if part.size:
            result[k, :, p, q] = part.mean((1, 2))
    return result


def ps_roi_pool_grad(g: Any, x: Any, rois: Any, size: Any, scale: float) -> Any:
    bins = math.prod(size)
    result = np.zeros_like(x)
    for k, b, p, q, (top, bottom, left, right) in pool_bins(
        rois, size, scale, 0, x.shape[2:]
    ):
        area = (bottom - top) * (right - left)
        if bottom > top and right > left:
            own = result[b, p * size[1] + q :: bins, top:bottom, left:right]
            own += (g[k, :, p, q] / area)[:, None, None]
    return result


def deform_conv2d(
    x: Any,
    offset: Any,
    weight: Any,
    bias: Any,
    stride: Any,
    padding: Any,
    dilation: Any,
    mask: Any,
) -> Any:
    batch, channels = x.shape[:2]
    out, per_group, tall, wide = weight.shape
    groups = offset.shape[1] // (2 * tall * wide)
    own, parts = channels // groups, channels // per_group
    rows, columns = offset.shape[2:]
    result = np.zeros((batch, out, rows, columns), np.float64)
    result += bias[None, :, None, None]
    for n, o, r, s in np.ndindex(*result.shape):
        first = o // (out // parts) * per_group
        for c, i, j in np.ndindex(per_group, tall, wide):
            tap = (first + c) // own * tall * wide + i * wide + j
            y = r * stride[0] - padding[0] + i * dilation[0] + offset[n, 2 * tap, r, s]
            at = s * stride[1] - padding[1] + j * dilation[1]
            value = sample(x[n, first + c], y, at + offset[n, 2 * tap + 1, r, s])
            scale = 1.0 if mask is None else mask[n, tap, r, s]
            result[n, o, r, s] += weight[o, c, i, j] * scale * value
    return result


def sample(plane: Any, y: float, x: float) -> float:
    """Bilinear, with zeros outside."""
    height, width = plane.shape
    if not (-1 < y < height and -1 < x < width):
        return 0.0
    i, j = math.floor(y), math.floor(x)
    total = 0.0
    for row, a in ((i, 1 - (y - i)), (i + 1, y - i)):
        for column, b in ((j, 1 - (x - j)), (j + 1, x - j)):
            if 0 <= row < height and 0 <= column < width:
                total += float(plane[row, column]) * a * b
    return total


def nms(boxes: Any, scores: Any, threshold: float) -> list[int]:
    """Box by box, as defined."""
    x1, y1, x2, y2 = boxes.T
    area = (x2 - x1) * (y2 - y1)
    order = sorted(range(len(scores)), key=lambda i: -float(scores[i]))
    kept: list[int] = []
    zero = boxes.dtype.type(0)
    with np.errstate(all="ignore"):
        for j in order:
            for i in kept:
                width = max(zero, min(x2[i], x2[j]) - max(x1[i], x1[j]))
                shared = width * max(zero, min(y2[i], y2[j]) - max(y1[i], y1[j]))
                if float(shared / (area[i] + area[j] - shared)) > threshold:
                    break
            else:
                kept.append(j)
    return kept
