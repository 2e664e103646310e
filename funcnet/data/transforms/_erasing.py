"""A transform that erases a part of an image."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from funcnet._errors import InputError, InputTypeError
from funcnet.data.transforms import functional as F
from funcnet.data.transforms._base import Transform
from funcnet.data.transforms._crop import TRIES, check_ranges, draw_sides
from funcnet.data.transforms._draws import Draws

__all__ = ["RandomErasing"]


@dataclass(frozen=True, repr=False)
class RandomErasing(Transform):
    """Erase a random rectangle of an array with probability `p`, as `RandomErasing`.

    Args:
        scale: the least and the largest share of the image's area.
        ratio: the least and the largest height divided by width.
        value: what is there instead: a number, one for each channel, or "random" for
            normal noise.

    Source: Z. Zhong et al., "Random erasing data augmentation", 2017,
    https://arxiv.org/abs/1708.04896.
    """

    p: float = 0.5
    scale: Sequence[float] = (0.02, 0.33)
    ratio: Sequence[float] = (0.3, 3.3)
    value: float | str | Sequence[float] = 0

    def __post_init__(self) -> None:
        if not isinstance(self.value, int | float | str | tuple | list):
            raise InputTypeError(
                "Argument value should be either a number or str or a sequence, not "
                f"{self.value!r}."
            )
        if isinstance(self.value, str) and self.value != "random":
            raise InputError(
                f"If value is str, it should be 'random', not {self.value!r}."
            )
        check_ranges(self.scale, self.ratio)
        if self.scale[0] < 0 or self.scale[1] > 1:
            raise InputError(f"Scale should be between 0 and 1, not {self.scale}.")
        if not 0 <= self.p <= 1:
            raise InputError(
                f"Random erasing probability should be between 0 and 1, not {self.p}."
            )

    def apply(self, image: np.ndarray, draws: Draws) -> np.ndarray:
        """Return the image, or one of which a part is erased."""
        if draws.rand(1)[0] >= self.p:
            return image
        if not isinstance(image, np.ndarray):
            raise InputTypeError(
                f"img should be Tensor Image. Got {type(image)}. Put ToTensor() before "
                "RandomErasing."
            )
        value = self.value
        colour: list[float] | None = None
        if not isinstance(value, str):
            plain = [value] if isinstance(value, int | float) else value
            colour = [float(x) for x in plain]
            if len(colour) not in (1, image.shape[-3]):
                raise InputError(
                    "If value is a sequence, it should have either a single value or "
                    f"{image.shape[-3]} (number of input channels), not {len(colour)}."
                )
        return F.erase(image, *self.draw(image, self.scale, self.ratio, colour, draws))

    @staticmethod
    def draw(
        image: np.ndarray,
        scale: Sequence[float],
        ratio: Sequence[float],
        value: Sequence[float] | None,
        draws: Draws,
    ) -> tuple[int, int, int, int, np.ndarray]:
        """Draw `(row, column, height, width, what is there instead)`."""
        channels, height, width = image.shape[-3:]
        for _ in range(TRIES):
            h, w = draw_sides(height * width, scale, ratio, draws)
            if h >= height or w >= width:
                continue
            if value is None:
                new = draws.normal((channels, h, w))
            else:
                new = np.array(value, np.float32)[:, None, None]
            (row,) = draws.integers(0, height - h + 1, 1)
            (column,) = draws.integers(0, width - w + 1, 1)
            return row, column, h, w, new
        return 0, 0, height, width, image
