"""Images turned, sheared and seen from the side."""

import math
from collections.abc import Sequence

import numpy as np
from PIL import Image

from funcnet._errors import InputError, InputTypeError
from funcnet.data.transforms._base import Picture
from funcnet.data.transforms._interpolation import (
    PILLOW,
    Interpolation,
    InterpolationMode,
    as_mode,
)
from funcnet.data.transforms.functional._image import (
    check_array,
    get_dimensions,
    is_floating,
    is_pil,
)
from funcnet.data.transforms.functional._pad import Fill, fill_of
from funcnet.data.transforms.functional._sample import sample


def rotate(
    image: Picture,
    angle: float,
    interpolation: Interpolation = InterpolationMode.NEAREST,
    expand: bool = False,
    center: Sequence[float] | None = None,
    fill: Fill = None,
) -> Picture:
    """Return the image turned counter-clockwise, as torchvision's `rotate`.

    Args:
        angle: in degrees.
        expand: make the result large enough to hold the whole image.
        center: `(x, y)` of the pixel it is turned around; the middle by default.
        fill: the colour of what was outside.

    Example:
        >>> import numpy as np
        >>> rotate(np.array([[[1, 2], [3, 4]]]), 90).tolist()
        [[[2, 4], [1, 3]]]
    """
    mode = as_mode(interpolation)
    _check_number("angle", angle)
    _check_pair("center", center)
    if is_pil(image):
        turned = fill_of(image, fill)
        pivot = None if center is None else (center[0], center[1])
        return image.rotate(angle, PILLOW[mode], expand, pivot, fillcolor=turned)  # type: ignore[arg-type]
    image = check_array(image)
    matrix = inverse_matrix(_offset(image, center), -angle, (0.0, 0.0), 1.0, (0.0, 0.0))
    h, w = image.shape[-2:]
    size = _expanded(matrix, h, w) if expand else (h, w)
    return sample(image, *_affine_grid(image, matrix, size), mode, fill)


def affine(
    image: Picture,
    angle: float,
    translate: Sequence[float],
    scale: float,
    shear: float | Sequence[float],
    interpolation: Interpolation = InterpolationMode.NEAREST,
    fill: Fill = None,
    center: Sequence[float] | None = None,
) -> Picture:
    """Return the image turned, moved, scaled and sheared, as torchvision's `affine`.

    Args:
        angle: in degrees, clockwise.
        translate: `(right, down)` in pixels.
        shear: in degrees, along x, or along x and y.
        fill: the colour of what was outside.
        center: `(x, y)` of the pixel that stays where it is; the middle by default.

    Example:
        >>> import numpy as np
        >>> affine(np.array([[[1, 2, 3]]]), 0, (1, 0), 1.0, 0).tolist()
        [[[0, 1, 2]]]
    """
    mode = as_mode(interpolation)
    _check_number("angle", angle)
    _check_pair("translate", translate, required=True)
    _check_pair("center", center)
    if scale <= 0.0:
        raise InputError(f"Argument scale should be positive, got {scale}.")
    shears = _shears(shear)
    if is_pil(image):
        middle = center or (image.width * 0.5, image.height * 0.5)
        matrix = inverse_matrix(middle, angle, translate, scale, shears)
        colour = fill_of(image, fill)
        method = Image.Transform.AFFINE
        return image.transform(
            image.size, method, matrix, PILLOW[mode], fillcolor=colour
        )
    image = check_array(image)
    matrix = inverse_matrix(_offset(image, center), angle, translate, scale, shears)
    grid = _affine_grid(image, matrix, image.shape[-2:])
    return sample(image, *grid, mode, fill)


def perspective(
    image: Picture,
    startpoints: Sequence[Sequence[int]],
    endpoints: Sequence[Sequence[int]],
    interpolation: Interpolation = InterpolationMode.BILINEAR,
    fill: Fill = None,
) -> Picture:
    """Return the image as seen from the side, as torchvision's `perspective`.

    Args:
        startpoints: four corners `[x, y]` in the image: top left, top right, bottom
            right, bottom left.
        endpoints: where these corners come to lie.
    """
    mode = as_mode(interpolation)
    coefficients = perspective_coefficients(startpoints, endpoints)
    if is_pil(image):
        colour = fill_of(image, fill)
        method = Image.Transform.PERSPECTIVE
        return image.transform(
            image.size, method, coefficients, PILLOW[mode], fillcolor=colour
        )
    image = check_array(image)
    return sample(image, *_perspective_grid(image, coefficients), mode, fill)


def inverse_matrix(
    center: Sequence[float],
    angle: float,
    translate: Sequence[float],
    scale: float,
    shear: Sequence[float],
) -> list[float]:
    """Return `[a, b, c, d, e, f]` that lead from a new position to the old one.

    The map is: move by `translate`, back to the center, scale, shear, turn, away from
    it; this is its inverse in closed form.
    """
    turn = math.radians(angle)
    sx, sy = math.radians(shear[0]), math.radians(shear[1])
    a = math.cos(turn - sy) / math.cos(sy)
    b = -math.cos(turn - sy) * math.tan(sx) / math.cos(sy) - math.sin(turn)
    c = math.sin(turn - sy) / math.cos(sy)
    d = -math.sin(turn - sy) * math.tan(sx) / math.cos(sy) + math.cos(turn)
    p, q, r, s = (x / scale for x in (d, -b, -c, a))
    x, y = -center[0] - translate[0], -center[1] - translate[1]
    # The order of the sums is seen in the last bit, and that in the nearest pixel.
    return [p, q, 0.0 + (p * x + q * y) + center[0], r, s, r * x + s * y + center[1]]


def perspective_coefficients(
    startpoints: Sequence[Sequence[int]], endpoints: Sequence[Sequence[int]]
) -> list[float]:
    """Return the eight numbers of the map from the end points to the start points."""
    if len(startpoints) != 4 or len(endpoints) != 4:
        raise InputError(
            f"Please provide exactly four corners, got {len(startpoints)} startpoints "
            f"and {len(endpoints)} endpoints."
        )
    rows = []
    for (x, y), (u, v) in zip(endpoints, startpoints, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
    wanted = np.array(startpoints, np.float64).reshape(8)
    result = np.linalg.lstsq(np.array(rows, np.float64), wanted, rcond=None)[0]
    return result.astype(np.float32).tolist()


def _affine_grid(
    image: np.ndarray, matrix: Sequence[float], size: tuple[int, ...]
) -> tuple[np.ndarray, np.ndarray]:
    """Return from where in the image, -1 to 1, each pixel of the result comes."""
    dtype = image.dtype if is_floating(image.dtype) else np.dtype(np.float32)
    h, w = image.shape[-2:]
    theta = np.array(matrix, dtype).reshape(2, 3)
    theta = theta / np.array([[0.5 * w], [0.5 * h]], dtype)
    down, across = (
        np.linspace(-n * 0.5 + 0.5, n * 0.5 - 0.5, n).astype(dtype) for n in size
    )
    x, y = (across[None] * row[0] + down[:, None] * row[1] + row[2] for row in theta)
    return x, y


def _perspective_grid(
    image: np.ndarray, coefficients: Sequence[float]
) -> tuple[np.ndarray, np.ndarray]:
    dtype = image.dtype if is_floating(image.dtype) else np.dtype(np.float32)
    h, w = image.shape[-2:]
    coefficient_rows = np.array([*coefficients, 1.0], dtype).reshape(3, 3)
    coefficient_rows[:2] /= np.array([[0.5 * w], [0.5 * h]], dtype)
    down, across = (np.linspace(0.5, n - 0.5, n).astype(dtype) for n in (h, w))
    x, y, depth = (
        across[None] * row[0] + down[:, None] * row[1] + row[2]
        for row in coefficient_rows
    )
    return x / depth - dtype.type(1), y / depth - dtype.type(1)


def _expanded(matrix: Sequence[float], h: int, w: int) -> tuple[int, int]:
    """Return the height and width that hold all of the turned image."""
    halves = np.array([w * 0.5, h * 0.5], np.float32)
    corners = np.array([[-1, -1, 1], [-1, 1, 1], [1, 1, 1], [1, -1, 1]], np.float32)
    corners[:, :2] *= halves
    moved = corners @ np.array(matrix, np.float32).reshape(2, 3).T + halves
    # Whole pixels, when they are whole but for rounding.
    tolerance = np.float32(1e-4)
    least, most = (
        np.trunc(edge / tolerance) * tolerance for edge in (moved.min(0), moved.max(0))
    )
    width, height = np.ceil(most) - np.floor(least)
    return int(height), int(width)


def _offset(image: np.ndarray, center: Sequence[float] | None) -> tuple[float, float]:
    """Return the center as seen from the middle of the image."""
    if center is None:
        return 0.0, 0.0
    _, h, w = get_dimensions(image)
    return center[0] - w * 0.5, center[1] - h * 0.5


def _shears(shear: float | Sequence[float]) -> tuple[float, float]:
    if isinstance(shear, int | float | np.number):
        return float(shear), 0.0
    if not isinstance(shear, tuple | list):
        raise InputTypeError(
            f"Shear should be either a single value or a sequence of two values, got "
            f"{shear!r}."
        )
    if len(shear) == 1:
        return shear[0], shear[0]
    if len(shear) != 2:
        raise InputError(
            f"Shear should be a sequence containing two values. Got {shear}."
        )
    return shear[0], shear[1]


def _check_number(name: str, number: object) -> None:
    if not isinstance(number, int | float | np.number):
        raise InputTypeError(f"Argument {name} should be int or float, got {number!r}.")


def _check_pair(name: str, pair: object, required: bool = False) -> None:
    if pair is None and not required:
        return
    if not isinstance(pair, tuple | list):
        raise InputTypeError(f"Argument {name} should be a sequence, got {pair!r}.")
    if len(pair) != 2:
        raise InputError(
            f"Argument {name} should be a sequence of length 2, got {pair!r}."
        )
