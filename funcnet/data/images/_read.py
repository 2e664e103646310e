"""Images from files and bytes."""

import enum
import io
from os import PathLike, fspath
from typing import TypeAlias

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from funcnet._errors import InputError, InputTypeError
from funcnet.data.transforms.functional import pil_to_tensor

File: TypeAlias = str | PathLike[str]


class ImageError(InputError, RuntimeError):
    """A file or bytes that hold no image, or a damaged one."""


class ImageReadMode(enum.Enum):
    """Which channels an image that is read shall have, as `torchvision.io`'s.

    `UNCHANGED` keeps those of the file; a palette becomes its colours.
    """

    UNCHANGED = 0
    GRAY = 1
    GRAY_ALPHA = 2
    RGB = 3
    RGB_ALPHA = 4


_PILLOW = {
    ImageReadMode.GRAY: "L",
    ImageReadMode.GRAY_ALPHA: "LA",
    ImageReadMode.RGB: "RGB",
    ImageReadMode.RGB_ALPHA: "RGBA",
}
# Anything that Pillow or its decoders raise on damaged data.
_DAMAGE = (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError)


def read_image(
    path: File,
    mode: ImageReadMode | str = ImageReadMode.UNCHANGED,
    apply_exif_orientation: bool = False,
) -> np.ndarray:
    """Read an image as bytes `(channels, height, width)`, as `torchvision.io`'s.

    PNG, JPEG and all else that Pillow reads; PNGs of 16 bits give uint16.

    Args:
        mode: which channels the array shall have, or its name such as "RGB".
        apply_exif_orientation: turn the image as its camera noted.

    Raises:
        FileNotFoundError: there is no such file.
        ImageError: an `InputError`: it is no image, or damaged.

    Example:
        >>> import tempfile, os
        >>> path = os.path.join(tempfile.mkdtemp(), "grey.png")
        >>> from funcnet.data.images import write_png
        >>> write_png(np.full((1, 2, 4), 7, np.uint8), path)
        >>> read_image(path).shape
        (1, 2, 4)
    """
    return _as_array(read_bytes(path), mode, apply_exif_orientation, fspath(path))


def decode_image(
    content: bytes | np.ndarray,
    mode: ImageReadMode | str = ImageReadMode.UNCHANGED,
    apply_exif_orientation: bool = False,
) -> np.ndarray:
    """Decode an image as bytes `(channels, height, width)`, as `decode_image`.

    Args:
        content: of a file, as bytes or as a uint8 array `(n,)`.

    Raises:
        ImageError: an `InputError`: it is no image, or damaged.
    """
    if isinstance(content, np.ndarray):
        if content.dtype != np.uint8 or content.ndim != 1:
            raise InputTypeError(
                "decode_image: a one-dimensional uint8 array is needed, got "
                f"{content.dtype} of shape {content.shape}."
            )
        content = content.tobytes()
    return _as_array(content, mode, apply_exif_orientation, "the given bytes")


def open_image(path: File, mode: str | None = "RGB") -> Image.Image:
    """Read an image of Pillow whole, converted to a mode of Pillow's.

    Raises:
        FileNotFoundError: there is no such file.
        ImageError: an `InputError`: it is no image, or damaged.
    """
    return opened(read_bytes(path), fspath(path), mode)


def opened(content: bytes, name: str, mode: str | None = None) -> Image.Image:
    """Decode an image of Pillow whole; `name` stands in the error."""
    try:
        image = Image.open(io.BytesIO(content))
        image.load()
        # Pillow would copy what is in the mode already: some 8 MB of a large JPEG.
        return image if mode in (None, image.mode) else image.convert(mode)
    except UnidentifiedImageError:
        raise ImageError(
            f"{name} is no image that Pillow knows ({len(content)} bytes that begin "
            f"with {content[:8]!r})."
        ) from None
    except Image.DecompressionBombError as error:
        raise ImageError(f"{name}: {error}") from None
    except _DAMAGE as error:
        raise ImageError(
            f"{name} is a damaged image: {error}. Remove the file or fetch it again."
        ) from error


def read_bytes(path: File) -> bytes:
    """Read a file.

    Raises:
        FileNotFoundError: there is none.
    """
    try:
        with open(path, "rb", buffering=0) as file:
            return file.read()
    except FileNotFoundError:
        raise FileNotFoundError(f"there is no image file {fspath(path)}") from None


def _as_array(
    content: bytes, mode: ImageReadMode | str, orient: bool, name: str
) -> np.ndarray:
    wanted = _mode(mode)
    image = opened(content, name)
    if orient:
        image = ImageOps.exif_transpose(image)
    if wanted in _PILLOW:
        image = image.convert(_PILLOW[wanted])
    elif image.mode == "P":
        image = image.convert("RGBA" if "transparency" in image.info else "RGB")
    elif image.mode == "1":
        image = image.convert("L")
    return pil_to_tensor(image)


def _mode(mode: ImageReadMode | str) -> ImageReadMode:
    if isinstance(mode, ImageReadMode):
        return mode
    names = {"RGBA": "RGB_ALPHA"} | {
        member.name: member.name for member in ImageReadMode
    }
    result = names.get(str(mode).upper())
    if result is None:
        raise InputError(
            f"mode is {mode!r}, it must be one of {', '.join(names)} or an "
            "ImageReadMode."
        )
    return ImageReadMode[result]
