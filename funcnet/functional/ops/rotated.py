"""Overlap of rotated boxes."""

import math

import jax.numpy as jnp

from funcnet._types import Array


def box_iou_rotated(boxes1: Array, boxes2: Array) -> Array:
    """Return intersection over union of pairs of rotated boxes.

    Equals `torchvision.ops.box_iou` with the format "cxcywhr". The intersection is the
    polygon of corners that lie in the other box and of points where sides cross.

    Args:
        boxes1: `(*, n, 5)`: centre, width, height and degrees counter-clockwise.
        boxes2: `(*, m, 5)`.

    Returns:
        `(*, n, m)`, 0 where a box has no area.

    Example:
        >>> import jax.numpy as jnp
        >>> box = jnp.array([[0.0, 0.0, 2.0, 2.0, 0.0]])
        >>> turned = jnp.array([[0.0, 0.0, 2.0, 2.0, 90.0]])
        >>> box_iou_rotated(box, turned).round(4).tolist()
        [[1.0]]
    """
    first = boxes1[..., :, None, :].astype(jnp.promote_types(boxes1.dtype, jnp.float32))
    second = boxes2[..., None, :, :].astype(first.dtype)
    first, second = jnp.broadcast_arrays(first, second)
    middle = (first[..., :2] + second[..., :2]) / 2  # near 0 less is rounded
    one = _corners(first.at[..., :2].add(-middle))
    two = _corners(second.at[..., :2].add(-middle))
    crossings, crossed = _crossings(one, two)
    points = jnp.concatenate([one, two, crossings], -2)
    valid = jnp.concatenate([_inside(one, two), _inside(two, one), crossed], -1)
    shared = _area(points, valid)
    areas = [boxes[..., 2] * boxes[..., 3] for boxes in (first, second)]
    has_none = (areas[0] < _NOTHING) | (areas[1] < _NOTHING)
    return jnp.where(has_none, 0, shared / (areas[0] + areas[1] - shared))


_NOTHING = 1e-14


def _corners(boxes: Array) -> Array:
    """The corners in order, `(*, 4, 2)`."""
    x, y, w, h, degrees = (boxes[..., i] for i in range(5))
    angle = degrees * (math.pi / 180)
    cos, sin = jnp.cos(angle) / 2, jnp.sin(angle) / 2
    across, down = (cos * w, -sin * w), (sin * h, cos * h)
    corners = [
        jnp.stack(
            [x + a * across[0] + b * down[0], y + a * across[1] + b * down[1]], -1
        )
        for a, b in ((1, 1), (1, -1), (-1, -1), (-1, 1))
    ]
    return jnp.stack(corners, -2)


def _inside(points: Array, box: Array) -> Array:
    """Which points lie in a box, `(*, 4)`."""
    origin = box[..., :1, :]
    result = jnp.ones(points.shape[:-1], bool)
    for other in (1, 3):
        side = box[..., other : other + 1, :] - origin
        along = ((points - origin) * side).sum(-1)
        length = (side * side).sum(-1)
        slack = length * 1e-5
        result &= (along >= -slack) & (along <= length + slack)
    return result


def _crossings(one: Array, two: Array) -> tuple[Array, Array]:
    """Where sides cross, `(*, 16, 2)`, and which of them do."""
    start = one[..., :, None, :], two[..., None, :, :]
    ends = (
        jnp.roll(one, -1, -2)[..., :, None, :],
        jnp.roll(two, -1, -2)[..., None, :, :],
    )
    side = ends[0] - start[0], ends[1] - start[1]
    between = start[1] - start[0]
    turn = _cross(*jnp.broadcast_arrays(*side))
    parallel = jnp.abs(turn) <= _NOTHING
    turn = jnp.where(parallel, 1, turn)
    at = _cross(*jnp.broadcast_arrays(between, side[1])) / turn
    of_other = _cross(*jnp.broadcast_arrays(between, side[0])) / turn
    there = ~parallel & (at >= 0) & (at <= 1) & (of_other >= 0) & (of_other <= 1)
    points = start[0] + at[..., None] * side[0]
    flat = (*points.shape[:-3], 16)
    return points.reshape(*flat, 2), there.reshape(flat)


def _cross(a: Array, b: Array) -> Array:
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]


def _area(points: Array, valid: Array) -> Array:
    """The area of the convex polygon of some of the points."""
    count = jnp.maximum(valid.sum(-1, keepdims=True), 1)
    kept = jnp.where(valid[..., None], points, 0)
    moved = points - (kept.sum(-2) / count.astype(points.dtype))[..., None, :]
    angle = jnp.where(valid, jnp.arctan2(moved[..., 1], moved[..., 0]), jnp.inf)
    order = jnp.argsort(angle, -1)[..., None]
    ordered = jnp.take_along_axis(moved, order, -2)
    known = jnp.take_along_axis(valid[..., None], order, -2)
    # Those that are none fall onto the first: they add no area.
    ordered = jnp.where(known, ordered, ordered[..., :1, :])
    area = _cross(ordered, jnp.roll(ordered, -1, -2)).sum(-1) / 2
    return jnp.where(valid.sum(-1) > 2, jnp.abs(area), 0)
