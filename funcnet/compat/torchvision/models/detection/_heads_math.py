"""What masks and keypoints become in pixels of an image, on arrays."""

from typing import Any

import jax.numpy as jnp
import numpy as np

from funcnet._types import Array


def paste_masks(masks: Array, boxes: Array, height: int, width: int) -> Array:
    """Lay masks over boxes of an image.

    Args:
        masks: `(n, side, side)`.
        boxes: `(n, 4)` integers, corners that belong to the box.

    Returns:
        `(n, height, width)`, zero outside of the boxes.
    """
    side = masks.shape[-1]
    rows = _weights(boxes[:, 1], boxes[:, 3], height, side, masks.dtype)
    columns = _weights(boxes[:, 0], boxes[:, 2], width, side, masks.dtype)
    return jnp.einsum(
        "nhi,nij,nwj->nhw", rows, masks, columns, precision="highest", optimize=True
    )


def _weights(start: Array, end: Array, size: int, side: int, dtype: Any) -> Array:
    """How much each pixel of a line takes of each of the mask: `(n, size, side)`."""
    length = jnp.maximum(end - start + 1, 1)[:, None]
    place = jnp.arange(size)[None] - start[:, None]
    inside = (place >= 0) & (place < length)
    scale = side / length.astype(dtype)
    at = jnp.maximum((place.astype(dtype) + 0.5) * scale - 0.5, 0)
    low = jnp.minimum(jnp.floor(at).astype(int), side - 1)
    part = at - low.astype(dtype)
    pixels = jnp.arange(side)[None, None]
    first = pixels == low[..., None]
    second = pixels == jnp.minimum(low + 1, side - 1)[..., None]
    weights = jnp.where(first, 1 - part[..., None], 0)
    weights += jnp.where(second, part[..., None], 0)
    return jnp.where(inside[..., None], weights, 0).astype(dtype)


def highest_points(maps: np.ndarray, rois: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where each map is highest when it is laid over its region, and how high.

    Args:
        maps: `(n, points, side, side)`.
        rois: `(n, 4)`, corners.

    Returns:
        `(n, points, 3)` with (x, y, 1), and `(n, points)`.
    """
    count, points = maps.shape[:2]
    places = np.ones((count, points, 3), np.float32)
    heights = np.zeros((count, points), np.float32)
    sizes = np.maximum(rois[:, 2:] - rois[:, :2], 1)
    pixels = np.ceil(sizes).astype(int)
    for k, (size, (width, height)) in enumerate(zip(sizes, pixels, strict=True)):
        across = _cubic(maps.shape[3], width, maps.dtype)
        down = _cubic(maps.shape[2], height, maps.dtype)
        laid = (down @ maps[k]) @ across.T
        best = laid.reshape(points, -1).argmax(1)
        heights[k] = laid.reshape(points, -1)[np.arange(points), best]
        for axis, at, n in ((0, best % width, width), (1, best // width, height)):
            step = size[axis] / size.dtype.type(n)
            places[k, :, axis] = (at.astype("f4") + 0.5) * step + rois[k, axis]
    return places, heights


def _cubic(side: int, size: int, dtype: Any) -> np.ndarray:
    """The matrix that resizes a line by cubic interpolation, ends repeated."""
    at = (np.arange(size) + 0.5) * (side / size) - 0.5
    low = np.floor(at)
    part = at - low
    slope = -0.75
    result = np.zeros((size, side), dtype)
    for step in (-1, 0, 1, 2):
        far = np.abs(part - step)
        near = ((slope + 2) * far - (slope + 3)) * far**2 + 1
        away = ((slope * far - 5 * slope) * far + 8 * slope) * far - 4 * slope
        pixel = np.clip(low + step, 0, side - 1).astype(int)
        np.add.at(result, (np.arange(size), pixel), np.where(far <= 1, near, away))
    return result
