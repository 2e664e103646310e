"""Transforms that change the levels of an image, or not."""

from dataclasses import dataclass

from funcnet.data.transforms import functional as F
from funcnet.data.transforms._base import Picture, Transform
from funcnet.data.transforms._draws import Draws

__all__ = [
    "RandomAdjustSharpness",
    "RandomAutocontrast",
    "RandomEqualize",
    "RandomInvert",
    "RandomPosterize",
    "RandomSolarize",
]


@dataclass(frozen=True, repr=False)
class RandomInvert(Transform):
    """Invert an image with probability `p`, as torchvision's `RandomInvert`."""

    p: float = 0.5

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the image, or its negative."""
        return F.invert(image) if draws.rand(1)[0] < self.p else image


@dataclass(frozen=True, repr=False)
class RandomPosterize(Transform):
    """Keep `bits` bits of each level with probability `p`, as `RandomPosterize`."""

    bits: int
    p: float = 0.5

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the image, or one with fewer levels."""
        return F.posterize(image, self.bits) if draws.rand(1)[0] < self.p else image

    def __repr__(self) -> str:
        return f"{type(self).__name__}(bits={self.bits},p={self.p})"


@dataclass(frozen=True, repr=False)
class RandomSolarize(Transform):
    """Invert the levels above a threshold with probability `p`, as `RandomSolarize`."""

    threshold: float
    p: float = 0.5

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the image, or the solarized one."""
        return F.solarize(image, self.threshold) if draws.rand(1)[0] < self.p else image

    def __repr__(self) -> str:
        return f"{type(self).__name__}(threshold={self.threshold},p={self.p})"


@dataclass(frozen=True, repr=False)
class RandomAdjustSharpness(Transform):
    """Make an image softer or sharper with probability `p`."""

    sharpness_factor: float
    p: float = 0.5

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the image, or the changed one."""
        if draws.rand(1)[0] < self.p:
            return F.adjust_sharpness(image, self.sharpness_factor)
        return image

    def __repr__(self) -> str:
        name = type(self).__name__
        return f"{name}(sharpness_factor={self.sharpness_factor},p={self.p})"


@dataclass(frozen=True, repr=False)
class RandomAutocontrast(Transform):
    """Stretch the levels to the whole range with probability `p`."""

    p: float = 0.5

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the image, or the stretched one."""
        return F.autocontrast(image) if draws.rand(1)[0] < self.p else image


@dataclass(frozen=True, repr=False)
class RandomEqualize(Transform):
    """Make all levels about as frequent with probability `p`, as `RandomEqualize`."""

    p: float = 0.5

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the image, or the evened one."""
        return F.equalize(image) if draws.rand(1)[0] < self.p else image
