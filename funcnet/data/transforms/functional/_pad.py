"""Margins around images."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from PIL import Image, ImageOps

from funcnet._errors import InputError, InputTypeError
from funcnet.data.transforms._base import Picture
from funcnet.data.transforms.functional._image import check_array, is_pil

Fill: TypeAlias = float | Sequence[float] | None
"""One number for all channels, or one for each."""

MODES = ("constant", "edge", "reflect", "symmetric")


def pad(
    image: Picture,
    padding: int | Sequence[int],
    fill: Fill = 0,
    padding_mode: str = "constant",
) -> Picture:
    """Return the image with margins around it, as torchvision's `pad`.

    Args:
        padding: one width; `(across, down)`; or `(left, top, right, bottom)`. A
            negative one cuts off.
        fill: the colour of a constant margin; one number where the image is an array.
        padding_mode: "constant", "edge" (repeats the outermost pixel), "reflect"
            (mirrors without it) or "symmetric" (with it).

    Raises:
        InputError, InputTypeError: an argument is of another type.

    Example:
        >>> import numpy as np
        >>> pad(np.ones((1, 2)), (0, 1), 7).tolist()
        [[7.0, 7.0], [1.0, 1.0], [7.0, 7.0]]
    """
    check_padding(padding, fill, padding_mode)
    left, top, right, bottom = sides(padding)
    if is_pil(image):
        if padding_mode == "constant":
            return _pad_constant(image, padding, fill)
        return _pad_mirrored(image, (left, top, right, bottom), padding_mode)
    array = check_array(image)
    if fill is not None and not isinstance(fill, int | float | np.number):
        raise InputTypeError(
            f"Got inappropriate fill arg {fill!r}; an array takes one number."
        )
    array = cut(array, (left, top, right, bottom))
    widths = [(0, 0)] * (array.ndim - 2)
    widths += [(max(top, 0), max(bottom, 0)), (max(left, 0), max(right, 0))]
    if padding_mode == "constant":
        value = np.asarray(fill or 0).astype(array.dtype)
        return np.pad(array, widths, constant_values=value)
    _check_reflection(array.shape[-2:], widths[-2:], padding_mode)
    return np.pad(array, widths, padding_mode)  # type: ignore[call-overload]


def sides(padding: int | Sequence[int]) -> tuple[int, int, int, int]:
    """Make `(left, top, right, bottom)` of one, two or four widths."""
    if isinstance(padding, int | np.integer):
        return (int(padding),) * 4
    if len(padding) == 1:
        return (padding[0],) * 4
    if len(padding) == 2:
        return padding[0], padding[1], padding[0], padding[1]
    return padding[0], padding[1], padding[2], padding[3]


def cut(array: np.ndarray, margins: tuple[int, int, int, int]) -> np.ndarray:
    """Cut off the margins that are negative."""
    left, top, right, bottom = (-min(margin, 0) for margin in margins)
    h, w = array.shape[-2:]
    return array[..., top : h - bottom, left : w - right]


def check_padding(padding: Any, fill: Any, padding_mode: Any) -> None:
    """Raise unless the arguments of a padding are of the right types."""
    if not isinstance(padding, int | np.integer | tuple | list):
        raise InputTypeError(f"Got inappropriate padding arg {padding!r}.")
    if fill is not None and not isinstance(
        fill, int | float | np.number | tuple | list
    ):
        raise InputTypeError(f"Got inappropriate fill arg {fill!r}.")
    if padding_mode not in MODES:
        raise InputError(
            "Padding mode should be either constant, edge, reflect or symmetric, not "
            f"{padding_mode!r}."
        )
    if isinstance(padding, tuple | list) and len(padding) not in (1, 2, 4):
        raise InputError(
            "Padding must be an int or a 1, 2, or 4 element tuple, not a "
            f"{len(padding)} element tuple."
        )


def _check_reflection(
    shape: tuple[int, ...], widths: list[tuple[int, int]], padding_mode: str
) -> None:
    """Raise where a mirror would have to show more than there is."""
    for size, pair in zip(shape, widths, strict=True):
        most = {"edge": None, "reflect": size - 1, "symmetric": size}[padding_mode]
        if most is not None and max(pair) > most:
            raise InputError(
                f"Padding size should be less than the corresponding input dimension: "
                f"{max(pair)} pixels are to be mirrored at a side of {size} "
                f"(padding_mode={padding_mode!r})."
            )


def fill_of(image: Image.Image, fill: Fill) -> Any:
    """Return a colour as Pillow wants it: an integer, or a tuple of them.

    Raises:
        InputError: there is another number of channels.
    """
    channels = len(image.getbands())
    colour = [0] if fill is None else fill if isinstance(fill, tuple | list) else [fill]
    if len(colour) not in (1, channels):
        raise InputError(
            "The number of elements in 'fill' does not match the number of channels of "
            f"the image ({len(colour)} != {channels})."
        )
    values = [x if image.mode == "F" else int(x) for x in colour]  # type: ignore[arg-type]
    if len(values) < channels:
        values *= channels
    is_single = channels == 1 and not isinstance(fill, tuple | list)
    return values[0] if is_single else tuple(values)


def _pad_constant(
    image: Image.Image, padding: int | Sequence[int], fill: Fill
) -> Image.Image:
    border = padding if isinstance(padding, int) else tuple(padding)
    if isinstance(border, tuple) and len(border) == 1:
        border = border[0]
    padded = ImageOps.expand(image, border, fill_of(image, fill))
    if image.mode == "P":
        padded.putpalette(image.getpalette() or [])
    return padded


def _pad_mirrored(
    image: Image.Image, margins: tuple[int, int, int, int], padding_mode: str
) -> Image.Image:
    left, top, right, bottom = margins
    if min(margins) < 0:
        cuts = [-min(margin, 0) for margin in margins]
        w, h = image.size
        image = image.crop((cuts[0], cuts[1], w - cuts[2], h - cuts[3]))
    pixels = np.asarray(image)
    widths = [(max(top, 0), max(bottom, 0)), (max(left, 0), max(right, 0))]
    widths += [(0, 0)] * (pixels.ndim - 2)
    padded = Image.fromarray(np.pad(pixels, widths, padding_mode))  # type: ignore[call-overload]
    if image.mode == "P":
        padded.putpalette(image.getpalette() or [])
    return padded
