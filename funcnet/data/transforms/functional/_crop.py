"""Parts of images, and mirror images."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from funcnet._errors import InputError
from funcnet.data.transforms._base import Picture
from funcnet.data.transforms.functional._image import (
    check_array,
    get_dimensions,
    is_pil,
)
from funcnet.data.transforms.functional._pad import pad


def crop(image: Picture, top: int, left: int, height: int, width: int) -> Picture:
    """Return a rectangle of the image; what lies outside is 0.

    As torchvision's `crop`; of an array it is a view where it can be.

    Example:
        >>> import numpy as np
        >>> crop(np.arange(9).reshape(3, 3), 1, 1, 2, 2).tolist()
        [[4, 5], [7, 8]]
    """
    if is_pil(image):
        return image.crop((left, top, left + width, top + height))
    array = check_array(image)
    h, w = array.shape[-2:]
    right, bottom = left + width, top + height
    inside = array[..., max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)]
    if left >= 0 and top >= 0 and right <= w and bottom <= h:
        return inside
    margins = [
        max(min(0, right) - left, 0),
        max(min(0, bottom) - top, 0),
        max(right - max(w, left), 0),
        max(bottom - max(h, top), 0),
    ]
    return pad(inside, margins)


def center_crop(image: Picture, output_size: int | Sequence[int]) -> Picture:
    """Return the middle of the image, as torchvision's `center_crop`.

    Where the image is smaller than that, zeros are put around it.

    Example:
        >>> import numpy as np
        >>> center_crop(np.arange(9).reshape(3, 3), 1).tolist()
        [[4]]
    """
    height, width = as_pair(output_size)
    _, h, w = get_dimensions(image)
    if width > w or height > h:
        across, down = max(width - w, 0), max(height - h, 0)
        halves = [across // 2, down // 2, (across + 1) // 2, (down + 1) // 2]
        image = pad(image, halves)
        _, h, w = get_dimensions(image)
        if (width, height) == (w, h):
            return image
    top, left = round((h - height) / 2.0), round((w - width) / 2.0)
    return crop(image, top, left, height, width)


def five_crop(image: Picture, size: int | Sequence[int]) -> tuple[Picture, ...]:
    """Return the four corners and the middle, as torchvision's `five_crop`.

    Raises:
        InputError: the image is smaller than the size.
    """
    height, width = as_pair(size)
    _, h, w = get_dimensions(image)
    if width > w or height > h:
        raise InputError(
            f"Requested crop size {(height, width)} is bigger than input size {(h, w)}."
        )
    return (
        crop(image, 0, 0, height, width),
        crop(image, 0, w - width, height, width),
        crop(image, h - height, 0, height, width),
        crop(image, h - height, w - width, height, width),
        center_crop(image, [height, width]),
    )


def ten_crop(
    image: Picture, size: int | Sequence[int], vertical_flip: bool = False
) -> tuple[Picture, ...]:
    """Return `five_crop` of the image and of its mirror image.

    As torchvision's `ten_crop`.
    """
    mirrored = vflip(image) if vertical_flip else hflip(image)
    return five_crop(image, size) + five_crop(mirrored, size)


def hflip(image: Picture) -> Picture:
    """Return the image with left and right exchanged, as torchvision's `hflip`."""
    if is_pil(image):
        return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return check_array(image)[..., ::-1]


def vflip(image: Picture) -> Picture:
    """Return the image with top and bottom exchanged, as torchvision's `vflip`."""
    if is_pil(image):
        return image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    return check_array(image)[..., ::-1, :]


def as_pair(size: int | Sequence[int]) -> tuple[int, int]:
    """Make `(height, width)` of a number or of one or two numbers.

    Raises:
        InputError: there are more.
    """
    if isinstance(size, int | float | np.number):
        return int(size), int(size)
    if len(size) == 1:
        return size[0], size[0]
    if len(size) != 2:
        raise InputError(
            f"Please provide only two dimensions (h, w) for size, not {size}."
        )
    return size[0], size[1]
