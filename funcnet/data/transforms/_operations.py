"""The changes that automatic augmentations choose from, with their strengths."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from funcnet.data.transforms import functional as F
from funcnet.data.transforms._base import Picture
from funcnet.data.transforms._interpolation import InterpolationMode
from funcnet.data.transforms.functional._pad import Fill
from funcnet.data.transforms.functional._spaced import spaced

Change: TypeAlias = Callable[[Picture, float, InterpolationMode, Fill], Picture]


@dataclass(frozen=True)
class Strengths:
    """The strengths of a change, from the weakest, and whether they go both ways.

    A change that has no strength has none of them.
    """

    values: tuple[float, ...] = ()
    signed: bool = False


Space: TypeAlias = dict[str, Strengths]
NONE: Final = Strengths()


def spread(least: float, largest: float, count: int, signed: bool = True) -> Strengths:
    """Return `count` strengths at equal distances."""
    return Strengths(tuple(spaced(least, largest, count).tolist()), signed)


def bits(most: int, fewer: int, count: int) -> Strengths:
    """Return numbers of bits for `posterize`, going down from the most."""
    steps = np.arange(count, dtype=np.float32) / np.float32((count - 1) / fewer)
    return Strengths(tuple(most - float(step) for step in np.rint(steps)))


def space(
    count: int,
    *,
    shear: float,
    across: float,
    down: float,
    turn: float,
    enhance: float,
    posterize: Strengths,
) -> Space:
    """Return the changes that all policies know, in torchvision's order."""
    return {
        "ShearX": spread(0.0, shear, count),
        "ShearY": spread(0.0, shear, count),
        "TranslateX": spread(0.0, across, count),
        "TranslateY": spread(0.0, down, count),
        "Rotate": spread(0.0, turn, count),
        "Brightness": spread(0.0, enhance, count),
        "Color": spread(0.0, enhance, count),
        "Contrast": spread(0.0, enhance, count),
        "Sharpness": spread(0.0, enhance, count),
        "Posterize": posterize,
        "Solarize": spread(255.0, 0.0, count, signed=False),
        "AutoContrast": NONE,
        "Equalize": NONE,
    }


def change(
    image: Picture, name: str, strength: float, mode: InterpolationMode, fill: Fill
) -> Picture:
    """Return the image changed as the name says."""
    return _CHANGES[name](image, strength, mode, fill)


def _sheared(x: int, y: int) -> Change:
    def shear(image: Picture, s: float, mode: InterpolationMode, fill: Fill) -> Picture:
        angle = math.degrees(math.atan(s))
        return F.affine(
            image, 0.0, [0, 0], 1.0, [x * angle, y * angle], mode, fill, [0, 0]
        )

    return shear


def _moved(x: int, y: int) -> Change:
    def move(image: Picture, s: float, mode: InterpolationMode, fill: Fill) -> Picture:
        return F.affine(
            image, 0.0, [x * int(s), y * int(s)], 1.0, [0.0, 0.0], mode, fill
        )

    return move


_CHANGES: Final[dict[str, Change]] = {
    "Identity": lambda image, s, mode, fill: image,
    "ShearX": _sheared(1, 0),
    "ShearY": _sheared(0, 1),
    "TranslateX": _moved(1, 0),
    "TranslateY": _moved(0, 1),
    "Rotate": lambda image, s, mode, fill: F.rotate(image, s, mode, fill=fill),
    "Brightness": lambda image, s, mode, fill: F.adjust_brightness(image, 1.0 + s),
    "Color": lambda image, s, mode, fill: F.adjust_saturation(image, 1.0 + s),
    "Contrast": lambda image, s, mode, fill: F.adjust_contrast(image, 1.0 + s),
    "Sharpness": lambda image, s, mode, fill: F.adjust_sharpness(image, 1.0 + s),
    "Posterize": lambda image, s, mode, fill: F.posterize(image, int(s)),
    "Solarize": lambda image, s, mode, fill: F.solarize(image, s),
    "AutoContrast": lambda image, s, mode, fill: F.autocontrast(image),
    "Equalize": lambda image, s, mode, fill: F.equalize(image),
    "Invert": lambda image, s, mode, fill: F.invert(image),
}
