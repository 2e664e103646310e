"""Transforms of size and direction."""

from collections.abc import Sequence
from dataclasses import dataclass

from funcnet.data.transforms import functional as F
from funcnet.data.transforms._base import Picture, Transform
from funcnet.data.transforms._draws import Draws
from funcnet.data.transforms._interpolation import (
    Interpolation,
    InterpolationMode,
    as_mode,
)
from funcnet.data.transforms.functional._pad import Fill, check_padding
from funcnet.data.transforms.functional._resize import check_size

__all__ = ["Pad", "RandomHorizontalFlip", "RandomVerticalFlip", "Resize"]


@dataclass(frozen=True, repr=False)
class Resize(Transform):
    """Bring an image to a size, as `torchvision.transforms.Resize`.

    Args:
        size: `(height, width)`, or the length of the shorter side.
        interpolation: how values between pixels are found.
        max_size: the most that the longer side may have; for one `size` only.
        antialias: for arrays; Pillow always widens its filter for smaller images.

    Example:
        >>> from PIL import Image
        >>> Resize(256)(Image.new("RGB", (640, 512))).size
        (320, 256)
    """

    size: int | Sequence[int]
    interpolation: Interpolation = InterpolationMode.BILINEAR
    max_size: int | None = None
    antialias: bool | None = True

    def __post_init__(self) -> None:
        check_size(self.size, self.max_size)
        self._set(interpolation=as_mode(self.interpolation))

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the image in the size."""
        return F.resize(
            image, self.size, self.interpolation, self.max_size, self.antialias
        )


@dataclass(frozen=True, repr=False)
class Pad(Transform):
    """Put margins around an image, as `torchvision.transforms.Pad`.

    Args:
        padding: one width, `(across, down)`, or `(left, top, right, bottom)`.
        fill: the colour of a constant margin.
        padding_mode: "constant", "edge", "reflect" or "symmetric".
    """

    padding: int | Sequence[int]
    fill: Fill = 0
    padding_mode: str = "constant"

    def __post_init__(self) -> None:
        check_padding(self.padding, self.fill, self.padding_mode)

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the image with its margins."""
        return F.pad(image, self.padding, self.fill, self.padding_mode)


@dataclass(frozen=True, repr=False)
class RandomHorizontalFlip(Transform):
    """Exchange left and right with probability `p`, as `RandomHorizontalFlip`.

    Example:
        >>> import numpy as np
        >>> RandomHorizontalFlip(p=1.0)(np.array([[[1, 2, 3]]])).tolist()
        [[[3, 2, 1]]]
    """

    p: float = 0.5

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the image, or its mirror image."""
        return F.hflip(image) if draws.rand(1)[0] < self.p else image


@dataclass(frozen=True, repr=False)
class RandomVerticalFlip(Transform):
    """Exchange top and bottom with probability `p`, as `RandomVerticalFlip`."""

    p: float = 0.5

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the image, or the image upside down."""
        return F.vflip(image) if draws.rand(1)[0] < self.p else image
