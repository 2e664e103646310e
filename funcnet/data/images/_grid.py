"""Many images side by side in one."""

from collections.abc import Sequence
from typing import BinaryIO, TypedDict, Unpack

import numpy as np
from PIL import Image

from funcnet._errors import InputError, InputTypeError
from funcnet.data.images._read import File


class GridOptions(TypedDict, total=False):
    """How images stand beside each other: the options of `make_grid`."""

    nrow: int
    padding: int
    normalize: bool
    value_range: tuple[float, float] | None
    scale_each: bool
    pad_value: float


def make_grid(
    images: np.ndarray | Sequence[np.ndarray],
    nrow: int = 8,
    padding: int = 2,
    normalize: bool = False,
    value_range: tuple[float, float] | None = None,
    scale_each: bool = False,
    pad_value: float = 0.0,
) -> np.ndarray:
    """Put images side by side, as `torchvision.utils.make_grid`.

    Args:
        images: `(batch, channels, height, width)`, a list of `(channels, height,
            width)`, or one image. One channel becomes three.
        nrow: images in a row.
        padding: pixels around each.
        normalize: stretch the values of `value_range` (the least and largest there
            are, by default) to 0 and 1.
        scale_each: find the range of each image by itself.
        pad_value: of the pixels around the images.

    Returns:
        `(3 or channels, height, width)`; one image is returned without padding.

    Example:
        >>> make_grid(np.ones((5, 1, 4, 4), np.float32), nrow=3).shape
        (3, 14, 20)
    """
    batch = _as_batch(images)
    if normalize:
        batch = _normalized(batch, value_range, scale_each)
    if len(batch) == 1:
        return batch[0]
    count, channels, height, width = batch.shape
    columns = min(nrow, count)
    rows = -(-count // columns)
    height, width = height + padding, width + padding
    shape = (channels, height * rows + padding, width * columns + padding)
    grid = np.full(shape, pad_value, batch.dtype)
    for index, image in enumerate(batch):
        top = index // columns * height + padding
        left = index % columns * width + padding
        grid[:, top : top + height - padding, left : left + width - padding] = image
    return grid


def save_image(
    images: np.ndarray | Sequence[np.ndarray],
    fp: File | BinaryIO,
    format: str | None = None,
    **options: Unpack[GridOptions],
) -> None:
    """Write images side by side to a file, as `torchvision.utils.save_image`.

    Args:
        images: from 0 to 1, in the shapes that `make_grid` takes; so are the others.
        fp: a path, or a file that is open for writing bytes.
        format: of the file; found from the name of the path where it is not given.
        options: of `make_grid`.
    """
    grid = make_grid(images, **options)
    if grid.dtype.kind != "f":
        grid = grid.astype(np.float32)
    levels = np.clip(grid * grid.dtype.type(255) + grid.dtype.type(0.5), 0, 255)
    pixels = levels.transpose(1, 2, 0).astype(np.uint8)
    Image.fromarray(pixels).save(fp, format)


def _as_batch(images: object) -> np.ndarray:
    if isinstance(images, list | tuple) and all(
        isinstance(image, np.ndarray) for image in images
    ):
        shapes = {image.shape for image in images}
        if len(shapes) != 1:
            raise InputError(
                "make_grid: the images must have the same shape, these have "
                f"{', '.join(map(str, shapes)) or 'none'}."
            )
        images = np.stack(images)
    if not isinstance(images, np.ndarray):
        raise InputTypeError(
            f"tensor or list of tensors expected, got {type(images).__name__}."
        )
    if not 2 <= images.ndim <= 4:
        raise InputError(f"make_grid: an array of shape {images.shape} is no image.")
    batch = images.reshape((1,) * (4 - images.ndim) + images.shape)
    return np.repeat(batch, 3, 1) if batch.shape[1] == 1 else batch


def _normalized(
    batch: np.ndarray, value_range: tuple[float, float] | None, scale_each: bool
) -> np.ndarray:
    if value_range is not None and not isinstance(value_range, tuple):
        raise InputTypeError(
            "value_range has to be a tuple (min, max) if specified. min and max are "
            f"numbers; it is {value_range!r}."
        )
    if scale_each:
        return np.stack([_stretched(image, value_range) for image in batch])
    return _stretched(batch, value_range)


def _stretched(
    values: np.ndarray, value_range: tuple[float, float] | None
) -> np.ndarray:
    low, high = value_range or (float(values.min()), float(values.max()))
    scalar = values.dtype.type
    return (np.clip(values, low, high) - scalar(low)) / scalar(max(high - low, 1e-5))
