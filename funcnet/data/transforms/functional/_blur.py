"""Softer and sharper images, and elastic ones."""

from collections.abc import Sequence

import numpy as np
from PIL import ImageEnhance

from funcnet._errors import InputError, InputTypeError
from funcnet.data.transforms._base import Picture
from funcnet.data.transforms._interpolation import (
    Interpolation,
    InterpolationMode,
    as_mode,
)
from funcnet.data.transforms.functional._convert import pil_to_tensor, to_pil_image
from funcnet.data.transforms.functional._image import (
    blend,
    check_array,
    check_channels,
    check_factor,
    is_pil,
    rounded,
    working,
)
from funcnet.data.transforms.functional._pad import Fill
from funcnet.data.transforms.functional._sample import sample
from funcnet.data.transforms.functional._spaced import spaced


def gaussian_blur(
    image: Picture,
    kernel_size: int | Sequence[int],
    sigma: float | Sequence[float] | None = None,
) -> Picture:
    """Return the image blurred by a normal distribution, as `gaussian_blur`.

    Args:
        kernel_size: odd, one number, or `(across, down)`.
        sigma: in pixels, one number, or `(across, down)`; by default the kernel's
            size times 0.15 and 0.35 more.

    Raises:
        InputError: a size is even or not positive, a sigma is not positive, or the
            image is too small to be mirrored at its edges.

    Example:
        >>> import numpy as np
        >>> gaussian_blur(np.ones((1, 5, 5)), 3).round(6).min().item()
        1.0
    """
    sizes = kernel_sizes(kernel_size)
    sigmas = _sigmas(sigma, sizes)
    if is_pil(image):
        return to_pil_image(_blurred(pil_to_tensor(image), sizes, sigmas), image.mode)
    return _blurred(check_array(image), sizes, sigmas)


def adjust_sharpness(image: Picture, sharpness_factor: float) -> Picture:
    """Return the image softer (0) or sharper (2), as `adjust_sharpness`."""
    if is_pil(image):
        return ImageEnhance.Sharpness(image).enhance(sharpness_factor)
    check_factor("sharpness_factor", sharpness_factor)
    image = check_array(image)
    check_channels(image)
    if min(image.shape[-2:]) <= 2:
        return image
    values = working(image)
    # Eight neighbours count one each, the pixel itself five.
    around = _along(_along(values, np.ones(3, values.dtype), -1), np.ones(3), -2)
    inner = (around + 4 * values[..., 1:-1, 1:-1]) / 13
    soft = image.copy()
    soft[..., 1:-1, 1:-1] = rounded(inner, image.dtype)
    return blend(image, soft, sharpness_factor)


def elastic_transform(
    image: Picture,
    displacement: np.ndarray,
    interpolation: Interpolation = InterpolationMode.BILINEAR,
    fill: Fill = None,
) -> Picture:
    """Return the image with each pixel moved by its own distance.

    As torchvision's `elastic_transform`.

    Args:
        displacement: `(1, height, width, 2)`, to the right and down; the image is 2
            wide and 2 high.
    """
    mode = as_mode(interpolation)
    array = pil_to_tensor(image) if is_pil(image) else check_array(image)
    h, w = array.shape[-2:]
    if displacement.shape != (1, h, w, 2):
        raise InputError(
            f"Argument displacement shape should be {(1, h, w, 2)}, but given "
            f"{displacement.shape}."
        )
    down, across = (spaced((1 - n) / n, (n - 1) / n, n) for n in (h, w))
    x = across[None] + displacement[0, ..., 0]
    y = down[:, None] + displacement[0, ..., 1]
    moved = sample(array, x, y, mode, fill)
    return to_pil_image(moved, image.mode) if is_pil(image) else moved


def kernel_sizes(kernel_size: int | Sequence[int]) -> tuple[int, int]:
    """Make `(across, down)` of one or two sizes, which must be odd."""
    if not isinstance(kernel_size, int | tuple | list):
        raise InputTypeError(
            "kernel_size should be int or a sequence of integers. Got "
            f"{type(kernel_size)}."
        )
    both = [kernel_size] * 2 if isinstance(kernel_size, int) else list(kernel_size)
    if len(both) != 2:
        raise InputError(
            f"If kernel_size is a sequence its length should be 2. Got {len(both)}."
        )
    if any(size % 2 == 0 or size < 0 for size in both):
        raise InputError(
            f"kernel_size should have odd and positive integers. Got {kernel_size}."
        )
    return both[0], both[1]


def _sigmas(
    sigma: float | Sequence[float] | None, sizes: tuple[int, int]
) -> tuple[float, float]:
    if sigma is None:
        return sizes[0] * 0.15 + 0.35, sizes[1] * 0.15 + 0.35
    both = [sigma] * 2 if isinstance(sigma, int | float) else list(sigma)
    both = both * 2 if len(both) == 1 else both
    if len(both) != 2:
        raise InputError(
            f"If sigma is a sequence, its length should be 2. Got {len(both)}."
        )
    if min(both) <= 0:
        raise InputError(f"sigma should have positive values. Got {sigma}.")
    return both[0], both[1]


def _blurred(
    image: np.ndarray, sizes: tuple[int, int], sigmas: tuple[float, float]
) -> np.ndarray:
    values = working(image)
    across, down = (
        _bell(size, deviation, values.dtype)
        for size, deviation in zip(sizes, sigmas, strict=True)
    )
    h, w = values.shape[-2:]
    if sizes[0] // 2 >= w or sizes[1] // 2 >= h:
        raise InputError(
            "Padding size should be less than the corresponding input dimension: "
            f"a kernel of {sizes} pixels does not fit an image of {w} x {h}."
        )
    widths = [(0, 0)] * (values.ndim - 2)
    widths += [(sizes[1] // 2,) * 2, (sizes[0] // 2,) * 2]
    values = np.pad(values, widths, "reflect")
    values = _along(values, across, -1)
    return rounded(_along(values, down, -2), image.dtype)


def _bell(size: int, sigma: float, dtype: np.dtype) -> np.ndarray:
    """Return the weights of a normal distribution, whose sum is one."""
    reach = (size - 1) * 0.5
    x = np.linspace(-reach, reach, size).astype(dtype)
    weights = np.exp(dtype.type(-0.5) * (x / dtype.type(sigma)) ** 2)
    return weights / weights.sum(dtype=dtype)


def _along(values: np.ndarray, weights: np.ndarray, axis: int) -> np.ndarray:
    """Return weighted sums of neighbours along an axis, where all of them exist."""
    count = values.shape[axis] - len(weights) + 1
    total = None
    for start, weight in enumerate(weights):
        index = [slice(None)] * values.ndim
        index[axis] = slice(start, start + count)
        part = values[tuple(index)] * values.dtype.type(weight)
        total = part if total is None else np.add(total, part, out=total)
    assert total is not None, "weights of no size"
    return total
