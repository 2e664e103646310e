"""From images to arrays and back, between dtypes, and to a standard range."""

import sys
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, DTypeLike
from PIL import Image

from funcnet._errors import InputError, InputTypeError
from funcnet.data.transforms.functional._image import (
    check_array,
    is_floating,
    is_pil,
    max_value,
)

_SHORTS = "I;16" if sys.byteorder == "little" else "I;16B"
# The types of Pillow's modes whose values are not bytes; it has no signed shorts.
_KINDS = {"I": np.int32, _SHORTS: np.int16, "F": np.float32}
_MODES = {
    1: {"uint8": "L", "int16": _SHORTS, "int32": "I", "float32": "F"},
    2: {"uint8": "LA"},
    3: {"uint8": "RGB"},
    4: {"uint8": "RGBA"},
}
_PERMITTED = {2: ("LA",), 3: ("RGB", "YCbCr", "HSV"), 4: ("RGBA", "CMYK", "RGBX")}


def to_tensor(
    image: Image.Image | np.ndarray, dtype: DTypeLike = np.float32
) -> np.ndarray:
    """Make an array `(channels, height, width)` of an image, as `to_tensor`.

    Bytes become numbers from 0 to 1; values of other types are kept.

    Args:
        image: of Pillow, or an array `(height, width, channels)`, or one without
            channels.
        dtype: of the numbers that bytes become.

    Raises:
        InputTypeError: it is neither.
        InputError: the array has other dimensions.

    Example:
        >>> import numpy as np
        >>> to_tensor(np.full((2, 3, 1), 255, np.uint8)).tolist()
        [[[1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]]
    """
    if isinstance(image, np.ndarray):
        if image.ndim not in (2, 3):
            raise InputError(
                f"pic should be 2/3 dimensional. Got {image.ndim} dimensions."
            )
        pixels = image if image.ndim == 3 else image[:, :, None]
    elif is_pil(image):
        pixels = np.array(image, _KINDS.get(image.mode, np.uint8))
        if image.mode == "1":
            pixels = np.uint8(255) * pixels
        pixels = pixels.reshape(image.height, image.width, len(image.getbands()))
    else:
        raise InputTypeError(f"pic should be PIL Image or ndarray. Got {type(image)}.")
    planes = pixels.transpose(2, 0, 1)
    if planes.dtype == np.uint8:
        # Copied to planes first: bytes are the least to move.
        planes = np.ascontiguousarray(planes)
        scaled = planes.astype(dtype)
        return np.divide(scaled, scaled.dtype.type(255), out=scaled)
    return np.array(planes, order="C")


def pil_to_tensor(image: Image.Image) -> np.ndarray:
    """Make an array `(channels, height, width)` of an image, its values unchanged.

    As torchvision's `pil_to_tensor`.

    Example:
        >>> from PIL import Image
        >>> pil_to_tensor(Image.new("RGB", (4, 2))).shape
        (3, 2, 4)
    """
    if not is_pil(image):
        raise InputTypeError(f"pic should be PIL Image. Got {type(image)}.")
    pixels = np.array(image)
    pixels = pixels.reshape(image.height, image.width, len(image.getbands()))
    return np.ascontiguousarray(pixels.transpose(2, 0, 1))


def to_pil_image(image: np.ndarray, mode: str | None = None) -> Image.Image:
    """Make an image of Pillow of an array, the way back from `to_tensor`.

    Floating-point values from 0 to 1 become bytes, unless the mode is "F".

    Args:
        image: `(channels, height, width)` with one to four channels, or
            `(height, width)`.
        mode: of Pillow; found from the channels and the dtype where it is not given.

    Raises:
        InputTypeError: it is no array, or there is no mode for its dtype.
        InputError: it has other dimensions, or the mode does not fit them.

    Example:
        >>> import numpy as np
        >>> to_pil_image(np.ones((3, 2, 4), np.float32)).getpixel((0, 0))
        (255, 255, 255)
    """
    if not isinstance(image, np.ndarray):
        raise InputTypeError(f"pic should be Tensor or ndarray. Got {type(image)}.")
    if image.ndim not in (2, 3):
        raise InputError(f"pic should be 2/3 dimensional. Got {image.ndim} dimensions.")
    pixels = image[:, :, None] if image.ndim == 2 else image.transpose(1, 2, 0)
    channels = pixels.shape[-1]
    if not 1 <= channels <= 4:
        raise InputError(
            f"pic should not have > 4 channels. Got {channels} channels (an array of "
            f"shape {image.shape}; the channels stand first)."
        )
    if is_floating(pixels.dtype) and mode != "F":
        pixels = (pixels * 255).astype(np.uint8)
    mode = _mode(channels, pixels.dtype, mode)
    pixels = np.ascontiguousarray(pixels[:, :, 0] if channels == 1 else pixels)
    size = (pixels.shape[1], pixels.shape[0])
    return Image.frombytes(mode, size, pixels.tobytes())


def _mode(channels: int, dtype: np.dtype, wanted: str | None) -> str:
    usual = _MODES[channels].get(dtype.name)
    permitted = _PERMITTED.get(channels)
    if wanted is not None and permitted is not None and wanted not in permitted:
        raise InputError(
            f"Only modes {list(permitted)} are supported for {channels}D inputs, not "
            f"{wanted!r}."
        )
    if wanted is not None and permitted is None and wanted != usual:
        raise InputError(
            f"Incorrect mode ({wanted}) supplied for input type {dtype}. Should be "
            f"{usual}."
        )
    mode = wanted or usual
    if mode is None:
        raise InputTypeError(f"Input type {dtype} is not supported.")
    return mode


def convert_image_dtype(image: np.ndarray, dtype: DTypeLike = np.float32) -> np.ndarray:
    """Return the image in another dtype, white staying white.

    As torchvision's `convert_image_dtype`: floating point is from 0 to 1, integers go
    to the largest of their type.

    Raises:
        InputError: floating-point values have too few digits for the integers.

    Example:
        >>> import numpy as np
        >>> convert_image_dtype(np.array([[0, 51, 255]], np.uint8)).tolist()
        [[0.0, 0.20000000298023224, 1.0]]
    """
    image, target = check_array(image), np.dtype(dtype)
    if image.dtype == target:
        return image
    if is_floating(image.dtype):
        if is_floating(target):
            return image.astype(target)
        if target.itemsize >= image.dtype.itemsize and target.itemsize >= 4:
            raise InputError(
                f"The cast from {image.dtype} to {target} cannot be performed safely."
            )
        scale = image.dtype.type(max_value(target) + 1.0 - 1e-3)
        return (image * scale).astype(target)
    if is_floating(target):
        return image.astype(target) / target.type(max_value(image.dtype))
    largest, wanted = max_value(image.dtype), max_value(target)
    if largest > wanted:
        return (image // ((largest + 1) // (wanted + 1))).astype(target)
    return image.astype(target) * target.type((wanted + 1) // (largest + 1))


def normalize(
    image: np.ndarray,
    mean: ArrayLike | Sequence[float],
    std: ArrayLike | Sequence[float],
) -> np.ndarray:
    """Return `(image - mean) / std`, channel by channel, as torchvision's `normalize`.

    Args:
        image: floating point, `(..., channels, height, width)`.
        mean, std: one number for each channel, or one for all.

    Raises:
        InputTypeError: the image is not floating point.
        InputError: it has no channels, or a `std` is zero.

    Example:
        >>> import numpy as np
        >>> normalize(np.ones((3, 1, 1)), [0.5, 0, 1], [0.5, 1, 2]).ravel().tolist()
        [1.0, 1.0, 0.0]
    """
    if is_pil(image):
        raise InputTypeError(
            f"img should be Tensor Image. Got {type(image)}. Put ToTensor() before "
            "Normalize."
        )
    image = check_array(image)
    if not is_floating(image.dtype):
        raise InputTypeError(
            f"Input tensor should be a float tensor. Got {image.dtype}. Put ToTensor() "
            "or ConvertImageDtype(...) before Normalize."
        )
    if image.ndim < 3:
        raise InputError(
            "Expected tensor to be a tensor image of size (..., C, H, W). Got "
            f"tensor.size() = {image.shape}."
        )
    means, stds = (
        _column(x, image, name) for x, name in ((mean, "mean"), (std, "std"))
    )
    if (stds == 0).any():
        raise InputError(
            f"std evaluated to zero after conversion to {image.dtype}, leading to "
            "division by zero."
        )
    shifted = image - means
    return np.divide(shifted, stds, out=shifted)


def _column(values: ArrayLike, image: np.ndarray, name: str) -> np.ndarray:
    """Return numbers, one for each channel, so that they meet their channels."""
    column = np.asarray(values, image.dtype)
    if column.ndim == 1:
        column = column[:, None, None]
    channels = image.shape[-3]
    if column.ndim >= 3 and column.shape[-3] not in (1, channels):
        raise InputError(
            f"normalize: {name} has {column.shape[-3]} numbers, the image has "
            f"{channels} channels (shape {image.shape})."
        )
    return column


def erase(
    image: np.ndarray, i: int, j: int, h: int, w: int, v: ArrayLike
) -> np.ndarray:
    """Return the image with `v` in the rectangle at row i and column j.

    As torchvision's `erase`.

    Example:
        >>> import numpy as np
        >>> erase(np.ones((1, 2, 2)), 0, 1, 2, 1, 0).tolist()
        [[[1.0, 0.0], [1.0, 0.0]]]
    """
    if not isinstance(image, np.ndarray):
        raise InputTypeError(f"img should be Tensor Image. Got {type(image)}.")
    erased = check_array(image).copy()
    erased[..., i : i + h, j : j + w] = v
    return erased
