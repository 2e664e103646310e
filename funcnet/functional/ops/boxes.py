"""Boxes: their formats, areas, overlaps, and those around masks.

A box is `(x1, y1, x2, y2)`, two corners, where no other format is named.
"""

import math
from typing import Final

import jax
import jax.numpy as jnp

from funcnet._check import check_choice
from funcnet._errors import InputError
from funcnet._types import Array

FORMATS: Final = ("xyxy", "xywh", "cxcywh", "xywhr", "cxcywhr", "xyxyxyxy")
"""Corners; corner and size; centre and size; both with an angle; four corners."""

UPRIGHT: Final = FORMATS[:3]


def box_convert(boxes: Array, in_fmt: str, out_fmt: str) -> Array:
    """Convert boxes between formats; equals `torchvision.ops.box_convert`.

    Args:
        boxes: `(*, 4)`, of rotated boxes `(*, 5)` or, of four corners, `(*, 8)`.
        in_fmt: "xyxy", "xywh" (corner and size) or "cxcywh" (centre and size); rotated
            by degrees counter-clockwise "xywhr", "cxcywhr" or "xyxyxyxy" (corners).
        out_fmt: the format of the result. Rotated and upright formats do not mix.

    Raises:
        InputError: a format is not known, or one is of rotated boxes and one is not.

    Example:
        >>> import jax.numpy as jnp
        >>> box_convert(jnp.array([1.0, 2.0, 4.0, 6.0]), "xyxy", "xywh").tolist()
        [1.0, 2.0, 3.0, 4.0]
    """
    for what, fmt in (("in_fmt", in_fmt), ("out_fmt", out_fmt)):
        check_choice("box_convert", what, fmt, FORMATS)
    if (in_fmt in UPRIGHT) != (out_fmt in UPRIGHT):
        facts = {"in_fmt": in_fmt, "out_fmt": out_fmt}
        raise InputError("box_convert.mixed", name="box_convert", **facts)
    if in_fmt == out_fmt:
        return boxes
    if in_fmt in UPRIGHT:
        return _from_corners(_to_corners(boxes, in_fmt), out_fmt)
    keep = boxes.dtype if jnp.issubdtype(boxes.dtype, jnp.integer) else None
    if in_fmt == "cxcywhr":
        boxes = _round_to(_corner_of_centre(boxes), keep)
    elif in_fmt == "xyxyxyxy":
        boxes = _round_to(_sides_of_corners(boxes), keep)
    if out_fmt == "cxcywhr":
        boxes = _round_to(_centre_of_corner(boxes), keep)
    elif out_fmt == "xyxyxyxy":
        boxes = _round_to(_corners_of_sides(boxes), keep)
    return boxes


def box_area(boxes: Array, fmt: str = "xyxy") -> Array:
    """Return the areas of boxes `(*, 4)`; equals `torchvision.ops.box_area`.

    Raises:
        InputError: the format is not "xyxy", "xywh" or "cxcywh".

    Example:
        >>> import jax.numpy as jnp
        >>> box_area(jnp.array([[1.0, 2.0, 4.0, 6.0]])).tolist()
        [12.0]
    """
    check_choice("box_area", "fmt", fmt, UPRIGHT)
    a, b, c, d = columns(_upcast(boxes))
    return (c - a) * (d - b) if fmt == "xyxy" else c * d


def box_iou(boxes1: Array, boxes2: Array, fmt: str = "xyxy") -> Array:
    """Return intersection over union of pairs; equals `torchvision.ops.box_iou`.

    Args:
        boxes1: `(*, n, 4)`.
        boxes2: `(*, m, 4)`.
        fmt: "xyxy", "xywh" or "cxcywh".

    Returns:
        `(*, n, m)`.

    Raises:
        InputError: the format is not known.

    Example:
        >>> import jax.numpy as jnp
        >>> a = jnp.array([[0.0, 0.0, 2.0, 2.0]])
        >>> box_iou(a, jnp.array([[1.0, 0.0, 2.0, 2.0]])).tolist()
        [[0.5]]
    """
    check_choice("box_iou", "fmt", fmt, UPRIGHT)
    return _ratio(*_overlap(boxes1, boxes2, fmt))


def generalized_box_iou(boxes1: Array, boxes2: Array) -> Array:
    """Return generalized IoU of pairs: as `torchvision.ops.generalized_box_iou`.

    It is less than IoU by the share of the enclosing box that neither box covers.

    Source: Rezatofighi et al. (2019), https://arxiv.org/abs/1902.09630
    """
    intersection, union = _overlap(boxes1, boxes2, "xyxy")
    width, height = _enclosing(boxes1, boxes2)
    area = width * height
    return _ratio(intersection, union) - _ratio(area - union, area)


def distance_box_iou(boxes1: Array, boxes2: Array, eps: float = 1e-7) -> Array:
    """Return distance IoU of pairs: as `torchvision.ops.distance_box_iou`.

    It is less than IoU by the squared distance of the centres, over that of the
    enclosing box's corners.

    Source: Zheng et al. (2020), https://arxiv.org/abs/1911.08287
    """
    boxes1, boxes2 = _upcast(boxes1), _upcast(boxes2)
    width, height = _enclosing(boxes1, boxes2)
    diagonal = width**2 + height**2 + eps
    first, second = columns(boxes1), columns(boxes2)
    apart = [
        (
            _halved(first[i] + first[i + 2])[..., :, None]
            - _halved(second[i] + second[i + 2])[..., None, :]
        )
        ** 2
        for i in (0, 1)
    ]
    return box_iou(boxes1, boxes2) - (apart[0] + apart[1]) / diagonal


def complete_box_iou(boxes1: Array, boxes2: Array, eps: float = 1e-7) -> Array:
    """Return complete IoU of pairs: as `torchvision.ops.complete_box_iou`.

    It is less than distance IoU where the shapes of the boxes differ.

    Source: Zheng et al. (2020), https://arxiv.org/abs/2005.03572
    """
    boxes1, boxes2 = _upcast(boxes1), _upcast(boxes2)
    angles = [shape_angle(boxes1)[..., :, None], shape_angle(boxes2)[..., None, :]]
    penalty = shape_penalty(angles[0], angles[1], box_iou(boxes1, boxes2), eps)
    return distance_box_iou(boxes1, boxes2, eps) - penalty


def clip_boxes_to_image(boxes: Array, size: tuple[int, int]) -> Array:
    """Clip boxes `(*, 4)` to an image; equals `torchvision.ops.clip_boxes_to_image`.

    Args:
        boxes: corners.
        size: `(height, width)` of the image.

    Example:
        >>> import jax.numpy as jnp
        >>> clip_boxes_to_image(jnp.array([[-1.0, 2.0, 9.0, 9.0]]), (4, 5)).tolist()
        [[0.0, 2.0, 5.0, 4.0]]
    """
    height, width = size
    x1, y1, x2, y2 = columns(boxes)
    corners = (
        _between(x1, width),
        _between(y1, height),
        _between(x2, width),
        _between(y2, height),
    )
    return jnp.stack(corners, -1)


def masks_to_boxes(masks: Array) -> Array:
    """Return the boxes around masks; equals `torchvision.ops.masks_to_boxes`.

    Args:
        masks: `(n, height, width)`; what is not zero belongs to the mask.

    Returns:
        `(n, 4)` in float32: the first and last columns and rows; zeros where a mask is
        empty.

    Example:
        >>> import jax.numpy as jnp
        >>> masks_to_boxes(jnp.zeros((1, 4, 5)).at[0, 1:3, 2].set(1.0)).tolist()
        [[2.0, 1.0, 2.0, 2.0]]
    """
    if not masks.size:
        return jnp.zeros((0, 4), jnp.float32)
    rows, columns = (masks != 0).any(2), (masks != 0).any(1)
    ends = [
        end.astype(jnp.float32)
        for line in (columns, rows)
        for end in (
            jnp.argmax(line, 1),
            line.shape[1] - 1 - jnp.argmax(line[:, ::-1], 1),
        )
    ]
    boxes = jnp.stack([ends[0], ends[2], ends[1], ends[3]], 1)
    return jnp.where(rows.any(1)[:, None], boxes, 0)


# --- parts that losses share ---------------------------------------------------------


def shape_angle(boxes: Array) -> Array:
    """The arc tangent of width over height."""
    x1, y1, x2, y2 = columns(boxes)
    return jnp.arctan(_ratio(x2 - x1, y2 - y1))


def shape_penalty(angle1: Array, angle2: Array, iou: Array, eps: float) -> Array:
    """How much complete IoU takes off for shapes that differ."""
    from_shape = 4 / math.pi**2 * (angle1 - angle2) ** 2
    return jax.lax.stop_gradient(from_shape / (1 - iou + from_shape + eps)) * from_shape


def _overlap(boxes1: Array, boxes2: Array, fmt: str) -> tuple[Array, Array]:
    """The areas of intersection and union of all pairs."""
    area1, area2 = box_area(boxes1, fmt), box_area(boxes2, fmt)
    first = columns(_to_corners(boxes1, fmt)[..., :, None, :])
    second = columns(_to_corners(boxes2, fmt)[..., None, :, :])
    sides = [
        _not_negative(
            _upcast(
                jnp.minimum(first[i + 2], second[i + 2])
                - jnp.maximum(first[i], second[i])
            )
        )
        for i in (0, 1)
    ]
    intersection = sides[0] * sides[1]
    return intersection, area1[..., :, None] + area2[..., None, :] - intersection


def _enclosing(boxes1: Array, boxes2: Array) -> tuple[Array, Array]:
    """Width and height of the smallest box around each pair."""
    first, second = (
        columns(boxes1[..., :, None, :]),
        columns(boxes2[..., None, :, :]),
    )
    width, height = (
        _not_negative(
            _upcast(
                jnp.maximum(first[i + 2], second[i + 2])
                - jnp.minimum(first[i], second[i])
            )
        )
        for i in (0, 1)
    )
    return width, height


# --- formats -------------------------------------------------------------------------


def _to_corners(boxes: Array, fmt: str) -> Array:
    if fmt == "xyxy":
        return boxes
    a, b, w, h = columns(boxes)
    if fmt == "xywh":
        return jnp.stack([a, b, a + w, b + h], -1)
    a, b, w, h = columns(_floating(boxes))
    return jnp.stack([a - 0.5 * w, b - 0.5 * h, a + 0.5 * w, b + 0.5 * h], -1)


def _from_corners(boxes: Array, fmt: str) -> Array:
    x1, y1, x2, y2 = columns(boxes)
    if fmt == "xyxy":
        return boxes
    if fmt == "xywh":
        return jnp.stack([x1, y1, x2 - x1, y2 - y1], -1)
    sides = [_floating(x2 - x1), _floating(y2 - y1)]
    return jnp.stack([_halved(x1 + x2), _halved(y1 + y2), *sides], -1)


def _corner_of_centre(boxes: Array) -> Array:
    cx, cy, w, h, angle = columns(_floating(boxes))
    cos, sin = _turn(angle)
    x = cx - w / 2 * cos - h / 2 * sin
    return jnp.stack([x, cy - h / 2 * cos + w / 2 * sin, w, h, angle], -1)


def _centre_of_corner(boxes: Array) -> Array:
    x, y, w, h, angle = columns(_floating(boxes))
    cos, sin = _turn(angle)
    cx = x + w / 2 * cos + h / 2 * sin
    return jnp.stack([cx, y - w / 2 * sin + h / 2 * cos, w, h, angle], -1)


def _corners_of_sides(boxes: Array) -> Array:
    x1, y1, w, h, angle = columns(_floating(boxes))
    cos, sin = _turn(angle)
    x2, y2 = x1 + w * cos, y1 - w * sin
    third = [x2 + h * sin, y2 + h * cos]
    return jnp.stack([x1, y1, x2, y2, *third, x1 + h * sin, y1 + h * cos], -1)


def _sides_of_corners(boxes: Array) -> Array:
    x1, y1, x2, y2, x3, y3, _, _ = columns(_floating(boxes))
    angle = jnp.arctan2(y1 - y2, x2 - x1) * 180 / math.pi
    width = jnp.sqrt((x2 - x1) ** 2 + (y1 - y2) ** 2)
    height = jnp.sqrt((x3 - x2) ** 2 + (y3 - y2) ** 2)
    return jnp.stack([x1, y1, width, height, angle], -1)


def _turn(degrees: Array) -> tuple[Array, Array]:
    radians = degrees * math.pi / 180.0
    return jnp.cos(radians), jnp.sin(radians)


def _round_to(boxes: Array, dtype: jnp.dtype | None) -> Array:
    return boxes if dtype is None else jnp.round(boxes).astype(dtype)


# --- numbers -------------------------------------------------------------------------


def columns(boxes: Array) -> list[Array]:
    """What stands in the last dimension, written so that sizes may be symbols."""
    count = boxes.shape[-1]
    return [jax.lax.index_in_dim(boxes, i, -1, keepdims=False) for i in range(count)]


def _floating(x: Array) -> Array:
    """Integers as float32, whatever else JAX would make of them."""
    return x if jnp.issubdtype(x.dtype, jnp.inexact) else x.astype(jnp.float32)


def _upcast(x: Array) -> Array:
    """At least 32 bits, so that products of sides do not overflow."""
    if jnp.issubdtype(x.dtype, jnp.floating):
        return x if x.dtype.itemsize >= 4 else x.astype(jnp.float32)
    wide = x.dtype in (jnp.int32, jnp.int64)
    return x if wide else x.astype(jnp.int32)


def _ratio(a: Array, b: Array) -> Array:
    return _floating(a) / _floating(b)


def _halved(x: Array) -> Array:
    return _floating(x) / 2


def _not_negative(x: Array) -> Array:
    """Clamp at 0, where the gradient passes, as that of PyTorch's clamp does."""
    return jnp.where(x < 0, 0, x)


def _between(x: Array, high: int) -> Array:
    return jnp.where(x < 0, 0, jnp.where(x > high, high, x)).astype(x.dtype)
