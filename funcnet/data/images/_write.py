"""Images into files and bytes."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from funcnet._errors import InputError, InputTypeError
from funcnet.data.images._read import File
from funcnet.data.transforms.functional import to_pil_image


def encode_png(image: np.ndarray, compression_level: int = 6) -> bytes:
    """Return an image as the content of a PNG file, as `torchvision.io.encode_png`.

    Args:
        image: bytes, `(1 or 3, height, width)`.
        compression_level: 0 (fast) to 9 (small).

    Example:
        >>> encode_png(np.zeros((3, 2, 2), np.uint8))[1:4]
        b'PNG'
    """
    if not 0 <= compression_level <= 9:
        raise InputError(
            f"Compression level should be between 0 and 9, not {compression_level}."
        )
    return _encoded(image, "PNG", compress_level=compression_level)


def encode_jpeg(image: np.ndarray, quality: int = 75) -> bytes:
    """Return an image as the content of a JPEG file, as `torchvision.io.encode_jpeg`.

    Args:
        image: bytes, `(1 or 3, height, width)`.
        quality: 1 (small) to 100 (like the image).
    """
    if not 1 <= quality <= 100:
        raise InputError(
            f"Image quality should be a positive number between 1 and 100, not "
            f"{quality}."
        )
    return _encoded(image, "JPEG", quality=quality)


def write_png(image: np.ndarray, path: File, compression_level: int = 6) -> None:
    """Write an image to a PNG file, as `torchvision.io.write_png`.

    Takes the arguments of `encode_png`.
    """
    Path(path).write_bytes(encode_png(image, compression_level))


def write_jpeg(image: np.ndarray, path: File, quality: int = 75) -> None:
    """Write an image to a JPEG file, as `torchvision.io.write_jpeg`.

    Takes the arguments of `encode_jpeg`.
    """
    Path(path).write_bytes(encode_jpeg(image, quality))


def _encoded(image: np.ndarray, file_format: str, **options: int) -> bytes:
    if not isinstance(image, np.ndarray) or image.dtype != np.uint8:
        result = getattr(image, "dtype", type(image).__name__)
        raise InputTypeError(f"Input tensor dtype should be uint8, it is {result}.")
    if image.ndim != 3 or image.shape[0] not in (1, 3):
        raise InputError(
            "The input should be (1 or 3 channels, height, width), it has shape "
            f"{image.shape}."
        )
    file = io.BytesIO()
    picture: Image.Image = to_pil_image(image)
    picture.save(file, file_format, **options)
    return file.getvalue()
