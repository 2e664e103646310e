"""Arrays of another height and width: each line is a product with a small matrix.

The weights are computed in float32 where PyTorch does, since their
rounding is seen in the results.
"""

import functools
from typing import Final

import numpy as np

from funcnet._errors import InputError
from funcnet.data.transforms._interpolation import InterpolationMode
from funcnet.data.transforms.functional._image import max_value, rounded, working

_HALF: Final = np.float32(0.5)
_ONE: Final = np.float32(1)
_SMOOTH = (InterpolationMode.BILINEAR, InterpolationMode.BICUBIC)
_NEAREST = (InterpolationMode.NEAREST, InterpolationMode.NEAREST_EXACT)


def resample(
    image: np.ndarray, height: int, width: int, mode: InterpolationMode, antialias: bool
) -> np.ndarray:
    """Return `(..., height, width)`, as `torch.nn.functional.interpolate`.

    Raises:
        InputError: the mode is one of Pillow's alone, or a size is not positive.
    """
    if height < 1 or width < 1 or 0 in image.shape[-2:]:
        raise InputError(
            f"Input and output sizes should be greater than 0, but got input "
            f"{image.shape[-2:]} and output {(height, width)}."
        )
    if mode in _NEAREST:
        rows = _nearest(image.shape[-2], height, mode)
        columns = _nearest(image.shape[-1], width, mode)
        return image[..., rows[:, None], columns]
    if mode not in _SMOOTH:
        raise InputError(
            f"Interpolation mode {mode.value!r} is for PIL images; arrays take "
            "nearest, nearest-exact, bilinear and bicubic."
        )
    values = working(image)
    across = _weights(image.shape[-1], width, mode, antialias)
    down = _weights(image.shape[-2], height, mode, antialias)
    values = values @ across.T.astype(values.dtype, copy=False)
    values = down.astype(values.dtype, copy=False) @ values
    if image.dtype == np.uint8 and mode is InterpolationMode.BICUBIC:
        values = np.clip(values, 0, max_value(image.dtype))
    return rounded(values, image.dtype)


def _nearest(size: int, wanted: int, mode: InterpolationMode) -> np.ndarray:
    """Return which line each new line is a copy of."""
    lines = np.arange(wanted).astype(np.float32)
    if mode is InterpolationMode.NEAREST_EXACT:
        lines = lines + _HALF
    lines = lines * (np.float32(size) / np.float32(wanted))
    return np.minimum(np.floor(lines).astype(np.int64), size - 1)


@functools.lru_cache(256)
def _weights(
    size: int, wanted: int, mode: InterpolationMode, antialias: bool
) -> np.ndarray:
    """Return the matrix `(wanted, size)` that makes new lines of old ones."""
    if size == wanted:
        return np.eye(size, dtype=np.float32)
    scale = np.float32(size) / np.float32(wanted)
    if antialias:
        return _antialiased(size, wanted, scale, mode)
    # Rounded once, as PyTorch's compiler has it.
    centers = (float(scale) * (np.arange(wanted) + 0.5) - 0.5).astype(np.float32)
    if mode is InterpolationMode.BILINEAR:
        centers = np.maximum(centers, np.float32(0))
    first = np.floor(centers).astype(np.int64)
    rest = centers - first.astype(np.float32)
    weights = np.zeros((wanted, size), np.float32)
    if mode is InterpolationMode.BILINEAR:
        taps = [(0, _ONE - rest), (1, rest)]
    else:
        a = np.float32(-0.75)
        taps = [
            (-1, _cubic_far(rest + _ONE, a)),
            (0, _cubic_near(rest, a)),
            (1, _cubic_near(_ONE - rest, a)),
            (2, _cubic_far(np.float32(2) - rest, a)),
        ]
    rows = np.arange(wanted)
    for offset, weight in taps:
        np.add.at(weights, (rows, np.clip(first + offset, 0, size - 1)), weight)
    return weights


def _antialiased(
    size: int, wanted: int, scale: np.float32, mode: InterpolationMode
) -> np.ndarray:
    """Weights of a filter that is widened by the scale, as Pillow's."""
    wide = np.maximum(scale, _ONE)
    radius = 1 if mode is InterpolationMode.BILINEAR else 2
    support = float(np.float32(radius) * wide)
    centers = (float(scale) * (np.arange(wanted) + 0.5)).astype(np.float32)
    starts = np.maximum((centers - np.float32(support) + 0.5).astype(np.int64), 0)
    ends = np.minimum((centers + np.float32(support) + 0.5).astype(np.int64), size)
    lines = np.arange(size)
    distances = lines.astype(np.float32) - centers[:, None]  # (wanted, size)
    inverse = float(_ONE / scale) if scale >= 1 else 1.0
    x = np.abs(((distances.astype(np.float64) + 0.5) * inverse).astype(np.float32))
    if mode is InterpolationMode.BILINEAR:
        weights = np.maximum(_ONE - x, np.float32(0))
    else:
        a = np.float32(-0.5)
        far = np.where(x < 2, _cubic_far(x, a), np.float32(0))
        weights = np.where(x < 1, _cubic_near(x, a), far)
    inside = (lines >= starts[:, None]) & (lines < ends[:, None])
    weights = np.where(inside, weights, np.float32(0))
    return weights / weights.sum(1, keepdims=True, dtype=np.float32)


def _cubic_near(x: np.ndarray, a: np.float32) -> np.ndarray:
    """Return Keys' cubic for distances up to 1."""
    return ((a + 2) * x - (a + 3)) * x * x + 1


def _cubic_far(x: np.ndarray, a: np.float32) -> np.ndarray:
    """Return Keys' cubic for distances from 1 to 2."""
    return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
