"""Changes of the levels of an image: inverted, fewer, stretched, evened out."""

import numpy as np
from PIL import ImageOps

from funcnet._errors import InputError, InputTypeError
from funcnet.data.transforms._base import Picture
from funcnet.data.transforms.functional._image import (
    check_array,
    check_bytes,
    check_planes,
    is_floating,
    is_pil,
    max_value,
)


def invert(image: Picture) -> Picture:
    """Return the negative of the image, as torchvision's `invert`.

    Example:
        >>> import numpy as np
        >>> invert(np.full((1, 1, 1), 55, np.uint8)).item()
        200
    """
    if is_pil(image):
        return ImageOps.invert(image)
    image = _planes(image)
    return image.dtype.type(max_value(image.dtype)) - image


def posterize(image: Picture, bits: int) -> Picture:
    """Return the image with only `bits` bits of each level, as `posterize`.

    Example:
        >>> import numpy as np
        >>> posterize(np.full((1, 1, 1), 255, np.uint8), 2).item()
        192
    """
    if not 0 <= bits <= 8:
        raise InputError(f"The number if bits should be between 0 and 8. Got {bits}.")
    if is_pil(image):
        return ImageOps.posterize(image, bits)
    image = check_array(image)
    check_bytes(image)
    check_planes(image)
    return image & np.uint8(256 - (1 << (8 - bits)))


def solarize(image: Picture, threshold: float) -> Picture:
    """Return the image with the levels from `threshold` up inverted, as `solarize`.

    Example:
        >>> import numpy as np
        >>> solarize(np.array([[[100, 200]]], np.uint8), 128).tolist()
        [[[100, 55]]]
    """
    if is_pil(image):
        return ImageOps.solarize(image, threshold)  # type: ignore[arg-type]
    image = _planes(image)
    if threshold > max_value(image.dtype):
        raise InputTypeError(
            f"Threshold should be less than bound of img: {threshold} is above "
            f"{max_value(image.dtype)}, the white of {image.dtype}."
        )
    inverted = image.dtype.type(max_value(image.dtype)) - image
    return np.where(image >= threshold, inverted, image)


def autocontrast(image: Picture) -> Picture:
    """Return the image with its levels stretched to the whole range.

    As torchvision's `autocontrast`; each channel by itself.
    """
    if is_pil(image):
        return ImageOps.autocontrast(image)
    image = _planes(image)
    wide = image.dtype if is_floating(image.dtype) else np.dtype(np.float32)
    bound = max_value(image.dtype)
    least, most = (
        edge.astype(wide) for edge in (image.min((-2, -1)), image.max((-2, -1)))
    )
    is_flat = most == least
    scale = wide.type(bound) / np.where(is_flat, wide.type(bound), most - least)
    least = np.where(is_flat, wide.type(0), least)[..., None, None]
    stretched = (image.astype(wide) - least) * scale[..., None, None]
    return np.clip(stretched, 0, bound).astype(image.dtype)


def equalize(image: Picture) -> Picture:
    """Return the image with each level about as frequent, as `equalize`.

    Arrays must hold bytes.
    """
    if is_pil(image):
        return ImageOps.equalize(image)
    image = check_array(image)
    if not 3 <= image.ndim <= 4:
        raise InputTypeError(
            f"Input image tensor should have 3 or 4 dimensions, but found {image.ndim}."
        )
    check_bytes(image)
    check_planes(image)
    planes = image.reshape(-1, *image.shape[-2:])
    return np.stack([_equalized(plane) for plane in planes]).reshape(image.shape)


def _equalized(plane: np.ndarray) -> np.ndarray:
    counts = np.bincount(plane.reshape(-1), minlength=256)
    # The highest level that occurs does not count.
    step = counts[counts != 0][:-1].sum() // 255
    if step == 0:
        return plane
    table = (np.cumsum(counts) + step // 2) // step
    table = np.clip(np.concatenate([[0], table[:-1]]), 0, 255)
    return table.astype(np.uint8)[plane]


def _planes(image: Picture) -> np.ndarray:
    image = check_array(image)
    check_planes(image)
    return image
