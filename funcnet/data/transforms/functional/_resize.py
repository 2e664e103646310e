"""Images of another size."""

import warnings
from collections.abc import Sequence

import numpy as np

from funcnet._errors import InputError, InputTypeError
from funcnet.data.transforms._base import Picture
from funcnet.data.transforms._interpolation import (
    PILLOW,
    Interpolation,
    InterpolationMode,
    as_mode,
)
from funcnet.data.transforms.functional._crop import crop
from funcnet.data.transforms.functional._image import (
    check_array,
    get_dimensions,
    is_pil,
)
from funcnet.data.transforms.functional._resample import resample


def resize(
    image: Picture,
    size: int | Sequence[int],
    interpolation: Interpolation = InterpolationMode.BILINEAR,
    max_size: int | None = None,
    antialias: bool | None = True,
) -> Picture:
    """Return the image in another size, as torchvision's `resize`.

    Args:
        size: `(height, width)`, or the length of the shorter side.
        interpolation: how values between pixels are found.
        max_size: the most that the longer side may have; for one `size` only.
        antialias: widen the filter of bilinear and bicubic interpolation when the
            image becomes smaller. Pillow always does.

    Raises:
        InputError, InputTypeError: the size is of another form, or contradicts
            `max_size`.

    Example:
        >>> import numpy as np
        >>> resize(np.zeros((3, 40, 60), np.uint8), 20).shape
        (3, 20, 30)
    """
    mode = as_mode(interpolation)
    check_size(size, max_size)
    _, h, w = get_dimensions(image)
    height, width = resized(h, w, size, max_size)
    if (height, width) == (h, w):
        return image
    if is_pil(image):
        if antialias is False:
            warnings.warn(
                "Anti-alias option is always applied for PIL Image input. Argument "
                "antialias is ignored.",
                stacklevel=2,
            )
        return image.resize((width, height), PILLOW[mode])
    return resample(check_array(image), height, width, mode, bool(antialias))


def resized_crop(
    image: Picture,
    top: int,
    left: int,
    height: int,
    width: int,
    size: int | Sequence[int],
    interpolation: Interpolation = InterpolationMode.BILINEAR,
    antialias: bool | None = True,
) -> Picture:
    """Return a rectangle in another size, as torchvision's `resized_crop`."""
    image = crop(image, top, left, height, width)
    return resize(image, size, interpolation, antialias=antialias)


def check_size(size: int | Sequence[int], max_size: int | None) -> None:
    """Raise unless the size is a number, or one or two of them."""
    if not isinstance(size, int | np.integer | tuple | list):
        raise InputTypeError(f"Size should be int or sequence. Got {type(size)}.")
    if isinstance(size, tuple | list):
        if len(size) not in (1, 2):
            raise InputError(
                f"If size is a sequence, it should have 1 or 2 values, not {len(size)}."
            )
        if max_size is not None and len(size) == 2:
            raise InputError(
                "max_size should only be passed if size specifies the length of the "
                f"smaller edge; size is {size}."
            )


def resized(
    h: int, w: int, size: int | Sequence[int], max_size: int | None
) -> tuple[int, int]:
    """Return the height and width of an image after `resize`."""
    if isinstance(size, tuple | list) and len(size) == 2:
        return size[0], size[1]
    short = int(size[0]) if isinstance(size, tuple | list) else int(size)  # type: ignore[arg-type]
    shorter, longer = min(h, w), max(h, w)
    long = int(short * longer / shorter)
    if max_size is not None:
        if max_size <= short:
            raise InputError(
                f"max_size = {max_size} must be strictly greater than the requested "
                f"size for the smaller edge size = {size}."
            )
        if long > max_size:
            short, long = int(max_size * short / long), max_size
    return (long, short) if w <= h else (short, long)
