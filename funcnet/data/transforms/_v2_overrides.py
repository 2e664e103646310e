"""Transforms that draw as torchvision's second version, `transforms.v2`, does."""

from collections.abc import Sequence
from typing import Any

from funcnet.data.transforms import _compose, _crop
from funcnet.data.transforms._base import Picture
from funcnet.data.transforms._draws import Draws


class RandomCrop(_crop.RandomCrop):
    __doc__ = _crop.RandomCrop.__doc__

    @staticmethod
    def draw(
        image: Picture, output_size: Sequence[int], draws: Draws
    ) -> tuple[int, int, int, int]:
        """Draw a position only along a side that is longer than the crop."""
        down, right = _crop.room(image, output_size)
        top = draws.integers(0, down + 1, 1)[0] if down else 0
        left = draws.integers(0, right + 1, 1)[0] if right else 0
        height, width = output_size
        return top, left, height, width


class RandomOrder(_compose.RandomOrder):
    __doc__ = _compose.RandomOrder.__doc__

    def apply(self, image: Any, draws: Draws) -> Any:
        """Return what the last of them gives."""
        for index in draws.permutation(len(self.transforms)):
            image = self.run(self.transforms[index], image, draws)
        return image
