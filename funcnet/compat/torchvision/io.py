"""Image files, as `torchvision.io`; tensors are `(channels, height, width)`."""

from os import PathLike
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.torchvision._arrays import as_array, as_tensor
from funcnet.compat.torchvision._missing import missing
from funcnet.data import images
from funcnet.data.images import ImageReadMode

File: TypeAlias = str | PathLike[str]


def read_image(
    path: File,
    mode: Any = ImageReadMode.UNCHANGED,
    apply_exif_orientation: bool = False,
) -> Tensor:
    """Read an image as uint8, as `torchvision.io.read_image`."""
    return as_tensor(images.read_image(path, mode, apply_exif_orientation))


def decode_image(
    input: Any,
    mode: Any = ImageReadMode.UNCHANGED,
    apply_exif_orientation: bool = False,
) -> Tensor:
    """Decode an image as uint8, from the content of a file or its path."""
    if isinstance(input, str | PathLike):
        return read_image(input, mode, apply_exif_orientation)
    content = as_array(input)
    return as_tensor(images.decode_image(content, mode, apply_exif_orientation))


decode_png = decode_jpeg = decode_image


def encode_png(input: Tensor, compression_level: int = 6) -> Tensor:
    """Encode an image as PNG, as `torchvision.io.encode_png`."""
    return _content(images.encode_png(as_array(input), compression_level))


def encode_jpeg(input: Tensor, quality: int = 75) -> Tensor:
    """Encode an image as JPEG, as `torchvision.io.encode_jpeg`."""
    return _content(images.encode_jpeg(as_array(input), quality))


def write_png(input: Tensor, filename: File, compression_level: int = 6) -> None:
    """Write an image to a PNG file, as `torchvision.io.write_png`."""
    images.write_png(as_array(input), filename, compression_level)


def write_jpeg(input: Tensor, filename: File, quality: int = 75) -> None:
    """Write an image to a JPEG file, as `torchvision.io.write_jpeg`."""
    images.write_jpeg(as_array(input), filename, quality)


def read_file(path: File) -> Tensor:
    """Read the bytes of a file, as `torchvision.io.read_file`."""
    return _content(Path(path).read_bytes())


def write_file(filename: File, data: Tensor) -> None:
    """Write bytes to a file, as `torchvision.io.write_file`."""
    Path(filename).write_bytes(as_array(data).tobytes())


def _content(content: bytes) -> Tensor:
    return as_tensor(np.frombuffer(content, np.uint8))


__getattr__ = missing("io", globals())

__all__ = [
    "ImageReadMode",
    "decode_image",
    "decode_jpeg",
    "decode_png",
    "encode_jpeg",
    "encode_png",
    "read_file",
    "read_image",
    "write_file",
    "write_jpeg",
    "write_png",
]
