"""Values of an array between its pixels, as `grid_sample` with zeros outside."""

from collections.abc import Sequence

import numpy as np

from funcnet._errors import InputError
from funcnet.data.transforms._interpolation import InterpolationMode
from funcnet.data.transforms.functional._image import get_dimensions, rounded, working
from funcnet.data.transforms.functional._pad import Fill


def sample(
    image: np.ndarray,
    x: np.ndarray,
    y: np.ndarray,
    mode: InterpolationMode,
    fill: Fill,
) -> np.ndarray:
    """Return the values of `(..., height, width)` at positions from -1 to 1.

    Args:
        x, y: `(height, width)` of the result; -1 and 1 are the outer edges.
        mode: `NEAREST` or `BILINEAR`.
        fill: what is seen outside; None is 0.
    """
    if mode not in (InterpolationMode.NEAREST, InterpolationMode.BILINEAR):
        raise InputError(
            f"Interpolation mode '{mode.value}' is unsupported with Tensor input; "
            "use nearest or bilinear."
        )
    h, w = image.shape[-2:]
    values = working(image)
    dtype = values.dtype.type
    columns = _fused(x + dtype(1), dtype(w / 2), dtype(-0.5))
    rows = _fused(y + dtype(1), dtype(h / 2), dtype(-0.5))
    colour = _colour(image, fill, dtype)
    if mode is InterpolationMode.NEAREST:
        result, share = _looked_up(values, np.rint(rows), np.rint(columns))
        if colour is not None:
            result = np.where(share < 0.5, colour, result)
    else:
        result, share = _interpolated(values, rows, columns)
        if colour is not None:
            result = result * share + (dtype(1) - share) * colour
    return rounded(result, image.dtype)


def _looked_up(
    values: np.ndarray, rows: np.ndarray, columns: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the values at whole positions, and 1 where they are inside, else 0."""
    h, w = values.shape[-2:]
    inside = (rows >= 0) & (rows < h) & (columns >= 0) & (columns < w)
    row = np.where(inside, rows, 0).astype(np.int64)
    column = np.where(inside, columns, 0).astype(np.int64)
    share = inside.astype(values.dtype)
    return values[..., row, column] * share, share


def _interpolated(
    values: np.ndarray, rows: np.ndarray, columns: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the mean of the four neighbours, and how much of it was inside."""
    dtype = values.dtype.type
    top, left = np.floor(rows), np.floor(columns)
    down, right = rows - top, columns - left
    total = share = np.zeros((), values.dtype)
    for below, vertical in ((0, dtype(1) - down), (1, down)):
        for after, horizontal in ((0, dtype(1) - right), (1, right)):
            result, inside = _looked_up(values, top + below, left + after)
            weight = vertical * horizontal
            total = _fused(result, weight, total)
            share = _fused(inside, weight, share)
    return total, share


def _fused(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
    """Return `x * y + z`, in float32 rounded once, as PyTorch's compiler has it."""
    if x.dtype == np.float64:
        return x * y + z
    return (np.multiply(x, y, dtype=np.float64) + z).astype(x.dtype)


def _colour(image: np.ndarray, fill: Fill, dtype: type) -> np.ndarray | None:
    """Return what is outside, `(channels, 1, 1)`."""
    if fill is None:
        return None
    values: Sequence[float] = fill if isinstance(fill, tuple | list) else [fill]  # type: ignore[list-item]
    channels = get_dimensions(image)[0]
    if len(values) not in (1, channels):
        raise InputError(
            "The number of elements in 'fill' cannot broadcast to match the number of "
            f"channels of the image ({len(values)} != {channels})."
        )
    colour: np.ndarray = np.array(values, dtype)[:, None, None]
    return colour[0] if image.ndim == 2 else colour
