"""Transforms that cut out parts of an image."""

import math
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from funcnet._errors import InputError, InputTypeError
from funcnet.data.transforms import functional as F
from funcnet.data.transforms._base import Picture, Transform
from funcnet.data.transforms._draws import Draws
from funcnet.data.transforms._interpolation import (
    Interpolation,
    InterpolationMode,
    as_mode,
)
from funcnet.data.transforms.functional._crop import as_pair
from funcnet.data.transforms.functional._pad import Fill

__all__ = ["CenterCrop", "FiveCrop", "RandomCrop", "RandomResizedCrop", "TenCrop"]

TRIES = 10  # before a rectangle that fits is taken instead


@dataclass(frozen=True, repr=False)
class CenterCrop(Transform):
    """Cut out the middle, as `torchvision.transforms.CenterCrop`.

    Args:
        size: `(height, width)`, or one number for both. An image that is smaller gets
            margins of zeros.
    """

    size: int | Sequence[int]

    def __post_init__(self) -> None:
        self._set(size=as_pair(self.size))

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the middle."""
        return F.center_crop(image, self.size)


@dataclass(frozen=True, repr=False)
class RandomCrop(Transform):
    """Cut out a random part, as `torchvision.transforms.RandomCrop`.

    Args:
        size: `(height, width)`, or one number for both.
        padding: margins that are put around the image first, as `Pad` takes them.
        pad_if_needed: put margins around an image that is smaller than the size.
        fill, padding_mode: of the margins.

    Raises (when it is called):
        InputError: the image is smaller than the size.

    Example:
        >>> import numpy as np
        >>> image = np.arange(16, dtype=np.uint8).reshape(1, 4, 4)
        >>> RandomCrop(2)(image, generator=0).shape
        (1, 2, 2)
    """

    size: int | Sequence[int]
    padding: int | Sequence[int] | None = None
    pad_if_needed: bool = False
    fill: Fill = 0
    padding_mode: str = "constant"

    def __post_init__(self) -> None:
        self._set(size=as_pair(self.size))

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the part."""
        height, width = as_pair(self.size)
        if self.padding is not None:
            image = F.pad(image, self.padding, self.fill, self.padding_mode)
        _, h, w = F.get_dimensions(image)
        if self.pad_if_needed and w < width:
            image = F.pad(image, [width - w, 0], self.fill, self.padding_mode)
        if self.pad_if_needed and h < height:
            image = F.pad(image, [0, height - h], self.fill, self.padding_mode)
        return F.crop(image, *self.draw(image, (height, width), draws))

    @staticmethod
    def draw(
        image: Picture, output_size: Sequence[int], draws: Draws
    ) -> tuple[int, int, int, int]:
        """Draw `(top, left, height, width)`."""
        down, right = room(image, output_size)
        height, width = output_size
        if not down and not right:
            return 0, 0, height, width
        (top,) = draws.integers(0, down + 1, 1)
        (left,) = draws.integers(0, right + 1, 1)
        return top, left, height, width

    def shown(self) -> dict[str, object]:
        """Return size and padding."""
        return {"size": self.size, "padding": self.padding}


def room(image: Picture, output_size: Sequence[int]) -> tuple[int, int]:
    """Return how far down, and how far right, a part of this size may lie.

    Raises:
        InputError: the image is smaller.
    """
    _, h, w = F.get_dimensions(image)
    height, width = output_size
    if h < height or w < width:
        raise InputError(
            f"Required crop size {(height, width)} is larger than input image size "
            f"{(h, w)}. Resize the image first, or give pad_if_needed=True."
        )
    return h - height, w - width


@dataclass(frozen=True, repr=False)
class RandomResizedCrop(Transform):
    """Cut out a random rectangle and bring it to a size, as `RandomResizedCrop`.

    Args:
        size: `(height, width)` of the result, or one number for both.
        scale: the least and the largest share of the image's area.
        ratio: the least and the largest width divided by height.

    Source: C. Szegedy et al., "Going deeper with convolutions", 2014,
    https://arxiv.org/abs/1409.4842.

    Example:
        >>> import numpy as np
        >>> RandomResizedCrop(8)(np.ones((3, 20, 30)), generator=0).shape
        (3, 8, 8)
    """

    size: int | Sequence[int]
    scale: Sequence[float] = (0.08, 1.0)
    ratio: Sequence[float] = (3.0 / 4.0, 4.0 / 3.0)
    interpolation: Interpolation = InterpolationMode.BILINEAR
    antialias: bool | None = True

    def __post_init__(self) -> None:
        check_ranges(self.scale, self.ratio)
        mode = as_mode(self.interpolation)
        self._set(size=as_pair(self.size), interpolation=mode)

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the rectangle."""
        box = self.draw(image, self.scale, self.ratio, draws)
        return F.resized_crop(
            image, *box, self.size, self.interpolation, self.antialias
        )

    @staticmethod
    def draw(
        image: Picture, scale: Sequence[float], ratio: Sequence[float], draws: Draws
    ) -> tuple[int, int, int, int]:
        """Draw `(top, left, height, width)`."""
        _, height, width = F.get_dimensions(image)
        for _ in range(TRIES):
            h, w = draw_sides(height * width, scale, ratio, draws)[::-1]
            if 0 < w <= width and 0 < h <= height:
                (top,) = draws.integers(0, height - h + 1, 1)
                (left,) = draws.integers(0, width - w + 1, 1)
                return top, left, h, w
        # The largest rectangle in the middle whose form is allowed.
        h, w = height, width
        if width / height < min(ratio):
            h = round(w / min(ratio))
        elif width / height > max(ratio):
            w = round(h * max(ratio))
        return (height - h) // 2, (width - w) // 2, h, w

    def shown(self) -> dict[str, object]:
        """Return all settings, the ranges rounded."""
        return {
            **super().shown(),
            "scale": tuple(round(s, 4) for s in self.scale),
            "ratio": tuple(round(r, 4) for r in self.ratio),
        }


@dataclass(frozen=True, repr=False)
class FiveCrop(Transform):
    """Cut out the corners and the middle, a tuple, as `FiveCrop`."""

    size: int | Sequence[int]

    def __post_init__(self) -> None:
        self._set(size=as_pair(self.size))

    def apply(self, image: Picture, draws: Draws) -> tuple[Picture, ...]:
        """Return five images."""
        return F.five_crop(image, self.size)


@dataclass(frozen=True, repr=False)
class TenCrop(Transform):
    """Cut out the corners and the middle, of the mirror image too, as `TenCrop`."""

    size: int | Sequence[int]
    vertical_flip: bool = False

    def __post_init__(self) -> None:
        self._set(size=as_pair(self.size))

    def apply(self, image: Picture, draws: Draws) -> tuple[Picture, ...]:
        """Return ten images."""
        return F.ten_crop(image, self.size, self.vertical_flip)


def draw_sides(
    area: int, scale: Sequence[float], ratio: Sequence[float], draws: Draws
) -> tuple[int, int]:
    """Draw two sides, the first `ratio` times the second, of a share of the area."""
    # float32, as in PyTorch: the sides are rounded, so every bit may count.
    low, high = (float(np.float32(math.log(np.float32(r)))) for r in ratio)
    share = area * draws.uniform(scale[0], scale[1])
    aspect = float(np.float32(math.exp(draws.uniform(low, high))))
    return round(math.sqrt(share * aspect)), round(math.sqrt(share / aspect))


def check_ranges(scale: Sequence[float], ratio: Sequence[float]) -> None:
    """Raise unless these are two ranges; warn where one is upside down."""
    for name, pair in (("Scale", scale), ("Ratio", ratio)):
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise InputTypeError(
                f"{name} should be a sequence (min, max), not {pair!r}."
            )
    if scale[0] > scale[1] or ratio[0] > ratio[1]:
        warnings.warn("Scale and ratio should be of kind (min, max)", stacklevel=4)
