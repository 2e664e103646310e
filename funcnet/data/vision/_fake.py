"""Images that are only noise."""

from typing import Any

import numpy as np

from funcnet import _random
from funcnet._random import Engine
from funcnet.data.transforms.functional import to_pil_image
from funcnet.data.vision._base import Change, VisionDataset

__all__ = ["FakeData"]


class FakeData(VisionDataset):
    """Noise and random labels, the same in every run, as torchvision's `FakeData`.

    A sample is an image of Pillow and a label; the pixels are torchvision's.

    Args:
        size: how many images there are.
        image_size: `(channels, height, width)`.
        num_classes: labels are smaller than this.
        transform, target_transform: called with an image, and with a label.
        random_offset: is added to an index to seed its image.

    Example:
        >>> image, label = FakeData(size=10, image_size=(3, 4, 4))[7]
        >>> image.size, label
        ((4, 4), 2)
    """

    def __init__(
        self,
        size: int = 1000,
        image_size: tuple[int, int, int] = (3, 224, 224),
        num_classes: int = 10,
        transform: Change | None = None,
        target_transform: Change | None = None,
        random_offset: int = 0,
    ) -> None:
        super().__init__(None, None, transform, target_transform)
        self.size, self.image_size = size, tuple(image_size)
        self.num_classes, self.random_offset = num_classes, random_offset

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        if not 0 <= index < self.size:
            raise IndexError(f"FakeData index {index} out of range for {self.size}")
        engine = Engine(index + self.random_offset)
        count = int(np.prod(self.image_size))
        noise = _random.normal(engine, count, np.dtype(np.float32))
        label = _random.integers(engine, 1, 0, self.num_classes, np.dtype(np.int64))
        image = to_pil_image(noise.reshape(self.image_size))
        return self.changed(image, int(label[0]))
