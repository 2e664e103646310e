"""Transforms of colour and sharpness."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from funcnet._errors import InputError, InputTypeError
from funcnet.data.transforms import functional as F
from funcnet.data.transforms._base import Picture, Transform
from funcnet.data.transforms._draws import Draws
from funcnet.data.transforms.functional._blur import kernel_sizes

__all__ = [
    "ColorJitter",
    "ElasticTransform",
    "GaussianBlur",
    "Grayscale",
    "RandomGrayscale",
]

Range = Sequence[float] | None
# In the order of torchvision's numbers for them.
_CHANGES: Final = (
    F.adjust_brightness,
    F.adjust_contrast,
    F.adjust_saturation,
    F.adjust_hue,
)


@dataclass(frozen=True, repr=False)
class ColorJitter(Transform):
    """Change brightness, contrast, saturation and hue, in a random order.

    As `torchvision.transforms.ColorJitter`.

    Args:
        brightness, contrast, saturation: `(least, largest)` factor, or x for
            `(1 - x, 1 + x)`.
        hue: `(least, largest)` shift from -0.5 to 0.5, or x for `(-x, x)`.

    Example:
        >>> ColorJitter(brightness=0.5, hue=0.1)
        ColorJitter(brightness=(0.5, 1.5), contrast=None, saturation=None, hue=(-0.1, \
0.1))
    """

    brightness: float | Range = 0
    contrast: float | Range = 0
    saturation: float | Range = 0
    hue: float | Range = 0

    def __post_init__(self) -> None:
        for name in ("brightness", "contrast", "saturation"):
            limits = _limits(name, getattr(self, name), 1.0, 0.0, float("inf"))
            self._set(**{name: limits})
        self._set(hue=_limits("hue", self.hue, 0.0, -0.5, 0.5))

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the changed image."""
        ranges = (self.brightness, self.contrast, self.saturation, self.hue)
        order, *factors = self.draw(*ranges, draws)  # type: ignore[arg-type]
        for index in order:
            factor = factors[index]
            if factor is not None:
                image = _CHANGES[index](image, factor)
        return image

    @staticmethod
    def draw(
        brightness: Range, contrast: Range, saturation: Range, hue: Range, draws: Draws
    ) -> tuple[list[int], float | None, float | None, float | None, float | None]:
        """Draw the order and the four factors."""
        order = draws.permutation(4)
        b, c, s, h = (
            None if limits is None else draws.uniform(limits[0], limits[1])
            for limits in (brightness, contrast, saturation, hue)
        )
        return order, b, c, s, h


@dataclass(frozen=True, repr=False)
class Grayscale(Transform):
    """Make an image grey, as `torchvision.transforms.Grayscale`."""

    num_output_channels: int = 1

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the image in grey."""
        return F.rgb_to_grayscale(image, self.num_output_channels)


@dataclass(frozen=True, repr=False)
class RandomGrayscale(Transform):
    """Make an image grey with probability `p`, keeping its number of channels.

    As `torchvision.transforms.RandomGrayscale`.
    """

    p: float = 0.1

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the image, or the image in grey."""
        channels = F.get_image_num_channels(image)
        if draws.rand(1)[0] < self.p:
            return F.rgb_to_grayscale(image, channels)
        return image


@dataclass(frozen=True, repr=False)
class GaussianBlur(Transform):
    """Blur an image by a random width, as `torchvision.transforms.GaussianBlur`.

    Args:
        kernel_size: odd; one number, or `(across, down)`.
        sigma: `(least, largest)` width in pixels, or one.
    """

    kernel_size: int | Sequence[int]
    sigma: float | Sequence[float] = (0.1, 2.0)

    def __post_init__(self) -> None:
        sigma = self.sigma
        if isinstance(sigma, int | float):
            sigma = (sigma, sigma)
        if not isinstance(sigma, tuple | list) or len(sigma) != 2:
            raise InputError(
                f"sigma should be a single number or a list/tuple with length 2, not "
                f"{sigma!r}."
            )
        if not 0.0 < sigma[0] <= sigma[1]:
            raise InputError(
                f"sigma values should be positive and of the form (min, max), not "
                f"{sigma}."
            )
        self._set(sigma=sigma, kernel_size=kernel_sizes(self.kernel_size))

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the blurred image."""
        least, largest = self.sigma  # type: ignore[misc]
        sigma = self.draw(least, largest, draws)
        return F.gaussian_blur(image, self.kernel_size, [sigma, sigma])

    @staticmethod
    def draw(sigma_min: float, sigma_max: float, draws: Draws) -> float:
        """Draw a width."""
        return draws.uniform(sigma_min, sigma_max)


@dataclass(frozen=True, repr=False)
class ElasticTransform(Transform):
    """Move each pixel by a smooth random distance, as `ElasticTransform`.

    Args:
        alpha: how far, one number, or `(across, down)`.
        sigma: how smoothly, in pixels.
        fill: the colour of what was outside.

    Source: P. Simard, D. Steinkraus, J. Platt, "Best practices for convolutional
    neural networks applied to visual document analysis", 2003.
    """

    alpha: float | Sequence[float] = 50.0
    sigma: float | Sequence[float] = 5.0
    interpolation: F.InterpolationMode = F.InterpolationMode.BILINEAR
    fill: float | Sequence[float] = 0

    def __post_init__(self) -> None:
        self._set(
            alpha=_floats("alpha", self.alpha, 2),
            sigma=_floats("sigma", self.sigma, 2),
            fill=_floats("fill", self.fill, 1),
        )

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the changed image."""
        _, height, width = F.get_dimensions(image)
        moves = self.draw(self.alpha, self.sigma, [height, width], draws)  # type: ignore[arg-type]
        return F.elastic_transform(image, moves, self.interpolation, self.fill)

    @staticmethod
    def draw(
        alpha: Sequence[float],
        sigma: Sequence[float],
        size: Sequence[int],
        draws: Draws,
    ) -> np.ndarray:
        """Draw the distances, `(1, height, width, 2)`."""
        height, width = size
        moves = []
        for strength, width_, length in zip(alpha, sigma, (width, height), strict=True):
            drawn = draws.rand(height * width).reshape(1, 1, height, width)
            drawn = drawn * np.float32(2) - np.float32(1)
            if width_ > 0.0:
                kernel = int(8 * width_ + 1) | 1
                drawn = np.asarray(F.gaussian_blur(drawn, [kernel] * 2, list(sigma)))
            moves.append(drawn * np.float32(strength) / np.float32(length))
        return np.concatenate(moves, 1).transpose(0, 2, 3, 1)

    def shown(self) -> dict[str, object]:
        """Return the settings, the interpolation with its class."""
        return {**super().shown(), "interpolation": str(self.interpolation)}


def _limits(
    name: str, value: float | Range, center: float, least: float, most: float
) -> tuple[float, float] | None:
    """Make `(least, largest)` of a number or a range; None where nothing changes."""
    if isinstance(value, int | float):
        if value < 0:
            raise InputError(
                f"If {name} is a single number, it must be non negative, not {value}."
            )
        low, high = center - float(value), center + float(value)
        low = max(low, 0.0) if center else low
    elif isinstance(value, tuple | list) and len(value) == 2:
        low, high = float(value[0]), float(value[1])
    elif value is None:
        return None
    else:
        raise InputTypeError(
            f"{name} should be a single number or a list/tuple with length 2, not "
            f"{value!r}."
        )
    if not least <= low <= high <= most:
        raise InputError(
            f"{name} values should be between {(least, most)}, but got {(low, high)}."
        )
    return None if low == high == center else (low, high)


def _floats(name: str, value: float | Sequence[float], count: int) -> list[float]:
    if isinstance(value, int | float):
        return [float(value)] * count
    if not isinstance(value, tuple | list):
        raise InputTypeError(
            f"{name} should be float or a sequence of floats. Got {type(value)}."
        )
    return [float(x) for x in value]
