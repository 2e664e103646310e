"""Transforms that turn, shear and tilt an image."""

import numbers
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
from funcnet.data.transforms.functional._pad import Fill

__all__ = ["RandomAffine", "RandomPerspective", "RandomRotation"]

Points = list[list[int]]


@dataclass(frozen=True, repr=False)
class RandomRotation(Transform):
    """Turn an image by a random angle, as `torchvision.transforms.RandomRotation`.

    Args:
        degrees: `(least, largest)` angle counter-clockwise, or d for `(-d, d)`.
        expand: make the result large enough to hold the whole image.
        center: `(x, y)` it is turned around; the middle by default.
        fill: the colour of what was outside.
    """

    degrees: float | Sequence[float]
    interpolation: Interpolation = InterpolationMode.NEAREST
    expand: bool = False
    center: Sequence[float] | None = None
    fill: Fill = 0

    def __post_init__(self) -> None:
        if self.center is not None:
            check_length("center", self.center, 2)
        self._set(
            degrees=angle_range("degrees", self.degrees, 2),
            interpolation=as_mode(self.interpolation),
            fill=checked_fill(self.fill),
        )

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the turned image."""
        angle = self.draw(self.degrees, draws)  # type: ignore[arg-type]
        return F.rotate(
            image, angle, self.interpolation, self.expand, self.center, self.fill
        )

    @staticmethod
    def draw(degrees: Sequence[float], draws: Draws) -> float:
        """Draw an angle."""
        return draws.uniform(float(degrees[0]), float(degrees[1]))

    def shown(self) -> dict[str, object]:
        """Return the settings, the center only if it was given."""
        shown = {**super().shown()}
        if self.center is None:
            del shown["center"]
        return shown


@dataclass(frozen=True, repr=False)
class RandomAffine(Transform):
    """Turn, move, scale and shear an image at random, as `RandomAffine`.

    Args:
        degrees: `(least, largest)` angle clockwise, or d for `(-d, d)`.
        translate: the largest moves as shares of width and height.
        scale: `(least, largest)` factor.
        shear: `(least, largest)` angle along x, or s for `(-s, s)`, or four numbers
            for x and y.
        fill: the colour of what was outside.
        center: `(x, y)` of the pixel that is turned around; the middle by default.
    """

    degrees: float | Sequence[float]
    translate: Sequence[float] | None = None
    scale: Sequence[float] | None = None
    shear: float | Sequence[float] | None = None
    interpolation: Interpolation = InterpolationMode.NEAREST
    fill: Fill = 0
    center: Sequence[float] | None = None

    def __post_init__(self) -> None:
        for name in ("translate", "scale", "center"):
            pair = getattr(self, name)
            if pair is not None:
                check_length(name, pair, 2)
        if any(not 0.0 <= t <= 1.0 for t in self.translate or ()):
            raise InputError(
                f"translation values should be between 0 and 1, not {self.translate}."
            )
        if any(s <= 0 for s in self.scale or ()):
            raise InputError(f"scale values should be positive, not {self.scale}.")
        shear = self.shear
        self._set(
            degrees=angle_range("degrees", self.degrees, 2),
            shear=None if shear is None else angle_range("shear", shear, 2, 4),
            interpolation=as_mode(self.interpolation),
            fill=checked_fill(self.fill),
        )

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the changed image."""
        size = F.get_image_size(image)
        drawn = self.draw(
            self.degrees,  # type: ignore[arg-type]
            self.translate,
            self.scale,
            self.shear,  # type: ignore[arg-type]
            size,
            draws,
        )
        return F.affine(image, *drawn, self.interpolation, self.fill, self.center)

    @staticmethod
    def draw(
        degrees: Sequence[float],
        translate: Sequence[float] | None,
        scale_ranges: Sequence[float] | None,
        shears: Sequence[float] | None,
        img_size: Sequence[int],
        draws: Draws,
    ) -> tuple[float, tuple[int, int], float, tuple[float, float]]:
        """Draw angle, move, factor and shears."""
        angle = draws.uniform(float(degrees[0]), float(degrees[1]))
        x = y = 0
        if translate is not None:
            most_x = float(translate[0] * img_size[0])
            most_y = float(translate[1] * img_size[1])
            x = round(draws.uniform(-most_x, most_x))
            y = round(draws.uniform(-most_y, most_y))
        scale = 1.0
        if scale_ranges is not None:
            scale = draws.uniform(scale_ranges[0], scale_ranges[1])
        shear_x = shear_y = 0.0
        if shears is not None:
            shear_x = draws.uniform(shears[0], shears[1])
            if len(shears) == 4:
                shear_y = draws.uniform(shears[2], shears[3])
        return angle, (x, y), scale, (shear_x, shear_y)

    def shown(self) -> dict[str, object]:
        """Return what differs from the defaults."""
        usual = {"interpolation": InterpolationMode.NEAREST, "fill": 0}
        shown = super().shown()
        return {k: v for k, v in shown.items() if v != usual.get(k)}


@dataclass(frozen=True, repr=False)
class RandomPerspective(Transform):
    """Show an image from the side with probability `p`, as `RandomPerspective`.

    Args:
        distortion_scale: how far the corners move, 0 to 1.
        fill: the colour of what was outside.
    """

    distortion_scale: float = 0.5
    p: float = 0.5
    interpolation: Interpolation = InterpolationMode.BILINEAR
    fill: Fill = 0

    def __post_init__(self) -> None:
        mode = as_mode(self.interpolation)
        self._set(interpolation=mode, fill=checked_fill(self.fill))

    def apply(self, image: Picture, draws: Draws) -> Picture:
        """Return the image, or how it looks from the side."""
        if draws.rand(1)[0] >= self.p:
            return image
        _, height, width = F.get_dimensions(image)
        points = self.draw(width, height, self.distortion_scale, draws)
        return F.perspective(image, *points, self.interpolation, self.fill)

    @staticmethod
    def draw(
        width: int, height: int, distortion_scale: float, draws: Draws
    ) -> tuple[Points, Points]:
        """Draw where the four corners come to lie."""
        across = int(distortion_scale * (width // 2))
        down = int(distortion_scale * (height // 2))
        left, right = (0, across + 1), (width - across - 1, width)
        top, bottom = (0, down + 1), (height - down - 1, height)
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        end = [[draws.integers(*side, 1)[0] for side in corner] for corner in corners]
        w, h = width - 1, height - 1
        return [[0, 0], [w, 0], [w, h], [0, h]], end

    def shown(self) -> dict[str, object]:
        """Return the probability."""
        return {"p": self.p}


def angle_range(
    name: str, angle: float | Sequence[float], *lengths: int
) -> list[float]:
    """Make `[least, largest]` of an angle, or of two (or four) numbers."""
    if isinstance(angle, numbers.Number):
        if angle < 0:  # type: ignore[operator]
            raise InputError(f"If {name} is a single number, it must be positive.")
        return [float(-angle), float(angle)]  # type: ignore[operator, arg-type]
    check_length(name, angle, *lengths)
    return [float(a) for a in angle]  # type: ignore[union-attr]


def check_length(name: str, numbers_: object, *lengths: int) -> None:
    """Raise unless this is a sequence of one of these lengths."""
    wanted = " or ".join(map(str, lengths))
    text = f"{name} should be a sequence of length {wanted}, not {numbers_!r}."
    if not isinstance(numbers_, Sequence | np.ndarray):
        raise InputTypeError(text)
    if len(numbers_) not in lengths:
        raise InputError(text)


def checked_fill(fill: object) -> object:
    """Return the colour, 0 for None; raise if it is not one."""
    if fill is None:
        return 0
    if not isinstance(fill, Sequence | numbers.Number):
        raise InputTypeError(
            f"Fill should be either a sequence or a number, not {fill!r}."
        )
    return fill
