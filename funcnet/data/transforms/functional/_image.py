"""What an image is: its dimensions, its largest value, and how results are cast."""

from typing import Any, TypeGuard

import numpy as np
from PIL import Image

from funcnet._errors import InputError, InputTypeError
from funcnet.data.transforms._base import Picture

_MAXIMA = {
    "uint8": 255,
    "int8": 127,
    "int16": 32767,
    "uint16": 65535,
    "int32": 2147483647,
    "int64": 9223372036854775807,
}


def is_pil(image: object) -> TypeGuard[Image.Image]:
    """Return whether this is an image of Pillow."""
    return isinstance(image, Image.Image)


def check_array(image: object) -> np.ndarray:
    """Raise unless this is an array that can be an image."""
    if not isinstance(image, np.ndarray):
        raise InputTypeError(
            f"Unexpected type {type(image)}: an image is a PIL Image or an array "
            "(..., channels, height, width)."
        )
    if image.ndim < 2:
        raise InputTypeError(
            f"Tensor is not a torch image: it has shape {image.shape}, an image has "
            "at least a height and a width."
        )
    return image


def get_dimensions(image: Picture) -> list[int]:
    """Return `[channels, height, width]`, as torchvision's `get_dimensions`.

    Example:
        >>> import numpy as np
        >>> get_dimensions(np.zeros((3, 8, 10)))
        [3, 8, 10]
    """
    if is_pil(image):
        return [len(image.getbands()), image.height, image.width]
    image = check_array(image)
    return [1 if image.ndim == 2 else image.shape[-3], *image.shape[-2:]]


def get_image_size(image: Picture) -> list[int]:
    """Return `[width, height]`, as torchvision's `get_image_size`."""
    _, height, width = get_dimensions(image)
    return [width, height]


def get_image_num_channels(image: Picture) -> int:
    """Return the number of channels, as torchvision's `get_image_num_channels`."""
    return get_dimensions(image)[0]


def check_channels(image: np.ndarray, permitted: tuple[int, ...] = (1, 3)) -> None:
    """Raise unless the image has one of these numbers of channels."""
    result = get_dimensions(image)[0]
    if result not in permitted:
        raise InputTypeError(
            f"Input image tensor permitted channel values are {list(permitted)}, but "
            f"found {result} (shape {image.shape})."
        )


def check_planes(image: np.ndarray) -> None:
    """Raise unless the image has a dimension of channels, of one or three."""
    if image.ndim < 3:
        raise InputTypeError(
            "Input image tensor should have at least 3 dimensions, but found "
            f"{image.ndim}."
        )
    check_channels(image)


def check_bytes(image: np.ndarray) -> None:
    """Raise unless the values are bytes."""
    if image.dtype != np.uint8:
        raise InputTypeError(
            f"Only torch.uint8 image tensors are supported, but found {image.dtype}."
        )


def is_floating(dtype: Any) -> bool:
    """Return whether a dtype is floating point, JAX's bfloat16 too."""
    return np.issubdtype(dtype, np.floating) or np.dtype(dtype).name == "bfloat16"


def max_value(dtype: Any) -> int:
    """Return the value of white in a dtype: the largest integer, or 1."""
    return _MAXIMA.get(np.dtype(dtype).name, 1)


def working(image: np.ndarray) -> np.ndarray:
    """Return the values in the floating-point type in which they are computed."""
    wide = image.dtype in (np.float32, np.float64)
    return image if wide else image.astype(np.float32)


def rounded(values: np.ndarray, dtype: Any) -> np.ndarray:
    """Return computed values in the dtype of the image, rounded for integers."""
    if np.dtype(dtype).kind in "iu":
        values = np.rint(values)
    return values.astype(dtype, copy=False)


def blend(first: np.ndarray, second: np.ndarray, ratio: float) -> np.ndarray:
    """Return `ratio * first + (1 - ratio) * second`, kept in the range of colours."""
    dtype = first.dtype
    wide = dtype.type if is_floating(dtype) else np.float32
    mixed = wide(ratio) * first.astype(wide, copy=False)
    mixed = mixed + wide(1.0 - ratio) * second.astype(wide, copy=False)
    return np.clip(mixed, 0, max_value(dtype)).astype(dtype, copy=False)


def check_factor(name: str, factor: float) -> None:
    """Raise if a factor of a colour change is negative."""
    if factor < 0:
        raise InputError(f"{name} ({factor}) is not non-negative.")
