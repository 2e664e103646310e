"""Datasets in memory that come in parts: to train on, to test on, and others."""

from typing import Any

import numpy as np
from PIL import Image

from funcnet._errors import InputError
from funcnet.data.vision._base import Change, Root, VisionDataset


class TrainTestDataset(VisionDataset):
    """Images to train on, or images to test on; a subclass reads them in `_load`."""

    data: Any

    def __init__(
        self,
        root: Root,
        train: bool = True,
        transform: Change | None = None,
        target_transform: Change | None = None,
        download: bool = False,
    ) -> None:
        super().__init__(root, None, transform, target_transform)
        self.train = train
        self._load(download)

    def _load(self, download: bool) -> None:
        raise NotImplementedError

    def __len__(self) -> int:
        return len(self.data)

    def extra_repr(self) -> str:
        """Return which of the two sets it is."""
        return f"Split: {'Train' if self.train else 'Test'}"


class SplitDataset(VisionDataset):
    """Images `(n, channels, height, width)` and labels of one of several splits."""

    split: str
    data: Any
    labels: Any

    def __len__(self) -> int:
        return len(self.data)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        pixels = np.ascontiguousarray(self.data[index].transpose(1, 2, 0))
        return self.changed(Image.fromarray(pixels), int(self.labels[index]))

    def extra_repr(self) -> str:
        """Return which of the sets it is."""
        return f"Split: {self.split}"


def check_split(dataset: str, split: str, known: Any) -> str:
    """Return the split; raise unless it is known."""
    if split not in known:
        raise InputError(
            f"Unknown value '{split}' for argument split of {dataset}. Valid values "
            f"are {', '.join(map(repr, known))}."
        )
    return split
