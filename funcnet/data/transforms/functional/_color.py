"""Lighter, darker, greyer, of another hue."""

import numpy as np
from PIL import Image, ImageEnhance

from funcnet._errors import InputError, InputTypeError
from funcnet.data.transforms._base import Picture
from funcnet.data.transforms.functional._convert import convert_image_dtype
from funcnet.data.transforms.functional._hue import shifted_hue
from funcnet.data.transforms.functional._image import (
    blend,
    check_array,
    check_channels,
    check_factor,
    check_planes,
    get_dimensions,
    is_floating,
    is_pil,
)


def rgb_to_grayscale(image: Picture, num_output_channels: int = 1) -> Picture:
    """Return the image in grey, as torchvision's `rgb_to_grayscale`.

    Args:
        num_output_channels: 1, or 3 that are equal.

    Example:
        >>> import numpy as np
        >>> rgb_to_grayscale(np.full((3, 1, 1), 200, np.uint8)).shape
        (1, 1, 1)
    """
    if num_output_channels not in (1, 3):
        raise InputError(
            f"num_output_channels should be either 1 or 3, not {num_output_channels}."
        )
    if is_pil(image):
        light = image.convert("L")
        return light if num_output_channels == 1 else Image.merge("RGB", (light,) * 3)
    planes = check_array(image)
    check_planes(planes)
    grey = _grey(planes)
    colours = num_output_channels == 3 and planes.shape[-3] == 3
    return np.repeat(grey, 3, axis=-3) if colours else grey


def to_grayscale(image: Image.Image, num_output_channels: int = 1) -> Image.Image:
    """Return an image of Pillow in grey, as torchvision's `to_grayscale`."""
    if not is_pil(image):
        raise InputTypeError(f"Input should be PIL Image, got {type(image)}.")
    grey = rgb_to_grayscale(image, num_output_channels)
    assert is_pil(grey), "an image of Pillow gives one"
    return grey


def adjust_brightness(image: Picture, brightness_factor: float) -> Picture:
    """Return the image `factor` times as bright, as torchvision's `adjust_brightness`.

    Example:
        >>> import numpy as np
        >>> adjust_brightness(np.full((1, 1, 1), 60, np.uint8), 2.0).item()
        120
    """
    if is_pil(image):
        return ImageEnhance.Brightness(image).enhance(brightness_factor)
    image = _checked(image, "brightness_factor", brightness_factor)
    return blend(image, np.zeros_like(image), brightness_factor)


def adjust_contrast(image: Picture, contrast_factor: float) -> Picture:
    """Return the image with another contrast, as torchvision's `adjust_contrast`.

    A factor of 0 gives grey, 1 the image itself.
    """
    if is_pil(image):
        return ImageEnhance.Contrast(image).enhance(contrast_factor)
    image = _checked(image, "contrast_factor", contrast_factor)
    grey = _grey(image) if get_dimensions(image)[0] == 3 else image
    wide = grey.dtype if is_floating(grey.dtype) else np.float32
    axes = tuple(range(-min(grey.ndim, 3), 0))
    mean = grey.mean(axes, dtype=wide, keepdims=True)
    return blend(image, mean, contrast_factor)


def adjust_saturation(image: Picture, saturation_factor: float) -> Picture:
    """Return the image in other strength of colour, as `adjust_saturation`.

    A factor of 0 gives a grey image, 1 the image itself.
    """
    if is_pil(image):
        return ImageEnhance.Color(image).enhance(saturation_factor)
    image = _checked(image, "saturation_factor", saturation_factor)
    if get_dimensions(image)[0] == 1:
        return image
    return blend(image, _grey(image), saturation_factor)


def adjust_hue(image: Picture, hue_factor: float) -> Picture:
    """Return the image with its colours moved around the circle, as `adjust_hue`.

    Args:
        hue_factor: from -0.5 to 0.5, which both give the complementary colours.

    Raises:
        InputError: the factor is outside.
    """
    if not -0.5 <= hue_factor <= 0.5:
        raise InputError(f"hue_factor ({hue_factor}) is not in [-0.5, 0.5].")
    if is_pil(image):
        if image.mode in ("L", "1", "I", "F"):
            return image
        h, s, v = image.convert("HSV").split()
        # A negative shift wraps around in bytes, which are the circle.
        shift = int(hue_factor * 255) % 256
        h = h.point([(level + shift) % 256 for level in range(256)])
        return Image.merge("HSV", (h, s, v)).convert(image.mode)
    image = check_array(image)
    check_channels(image)
    if get_dimensions(image)[0] == 1:
        return image
    shifted = shifted_hue(convert_image_dtype(image, np.float32), hue_factor)
    return convert_image_dtype(shifted, image.dtype)


def adjust_gamma(image: Picture, gamma: float, gain: float = 1.0) -> Picture:
    """Return `gain * image ** gamma` on values from 0 to 1, as `adjust_gamma`.

    Example:
        >>> import numpy as np
        >>> adjust_gamma(np.full((1, 1, 1), 0.5), 2.0).item()
        0.25
    """
    if gamma < 0:
        raise InputError(f"Gamma should be a non-negative real number, not {gamma}.")
    if is_pil(image):
        table = [int((256 - 1e-3) * gain * (x / 255.0) ** gamma) for x in range(256)]
        return image.convert("RGB").point(table * 3).convert(image.mode)
    image = check_array(image)
    check_channels(image)
    dtype = image.dtype
    wide = image if is_floating(dtype) else convert_image_dtype(image, np.float32)
    scalar = wide.dtype.type
    return convert_image_dtype(
        np.clip(scalar(gain) * wide ** scalar(gamma), 0, 1), dtype
    )


def _checked(image: Picture, name: str, factor: float) -> np.ndarray:
    check_factor(name, factor)
    image = check_array(image)
    check_channels(image)
    return image


def _grey(image: np.ndarray) -> np.ndarray:
    """Return `(..., 1, height, width)`, the brightness that the eye sees."""
    if image.shape[-3] == 1:
        return image.copy()
    wide = image.dtype if is_floating(image.dtype) else np.dtype(np.float32)
    r, g, b = (image[..., c, :, :].astype(wide, copy=False) for c in range(3))
    scalar = wide.type
    mixed = scalar(0.2989) * r + scalar(0.587) * g + scalar(0.114) * b
    return mixed.astype(image.dtype)[..., None, :, :]
