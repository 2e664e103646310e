"""How values between pixels are found."""

import enum
from typing import Final, TypeAlias

from funcnet._errors import InputTypeError

__all__ = ["InterpolationMode"]


class InterpolationMode(enum.Enum):
    """How values between pixels are found, as `torchvision.transforms`' modes.

    Arrays take `NEAREST`, `NEAREST_EXACT`, `BILINEAR` and `BICUBIC`; images of Pillow
    take all but `NEAREST_EXACT`, which means `NEAREST` to them.

    Example:
        >>> InterpolationMode.BICUBIC.value
        'bicubic'
    """

    NEAREST = "nearest"
    NEAREST_EXACT = "nearest-exact"
    BILINEAR = "bilinear"
    BICUBIC = "bicubic"
    BOX = "box"
    HAMMING = "hamming"
    LANCZOS = "lanczos"


Interpolation: TypeAlias = InterpolationMode | int | str
"""A mode, Pillow's number for it, or its name."""

# Pillow's numbers.
PILLOW: Final = {
    InterpolationMode.NEAREST: 0,
    InterpolationMode.LANCZOS: 1,
    InterpolationMode.BILINEAR: 2,
    InterpolationMode.BICUBIC: 3,
    InterpolationMode.BOX: 4,
    InterpolationMode.HAMMING: 5,
    InterpolationMode.NEAREST_EXACT: 0,
}


def as_mode(interpolation: Interpolation) -> InterpolationMode:
    """Return the mode for a mode, an integer of Pillow's, or a name."""
    if isinstance(interpolation, InterpolationMode):
        return interpolation
    if isinstance(interpolation, str):
        names = [mode.value for mode in InterpolationMode]
        if interpolation in names:
            return InterpolationMode(interpolation)
    elif isinstance(interpolation, int):
        for mode, number in PILLOW.items():
            if number == interpolation:
                return mode
    raise InputTypeError(
        "Argument interpolation should be a InterpolationMode or a corresponding "
        f"Pillow integer constant, got {interpolation!r}."
    )
