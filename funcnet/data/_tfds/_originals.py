"""Sets that TFDS prepares with TensorFlow only, read from their original files."""

import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from funcnet.data import vision
from funcnet.data._datasets.dataset import Dataset
from funcnet.data._tfds._split import joined

Open = Callable[[Path, str, bool], Any]


def _by_train(dataset_cls: Callable[..., Any]) -> Open:
    return lambda root, split, download: dataset_cls(
        root, train=split == "train", download=download
    )


def _by_split(dataset_cls: Callable[..., Any]) -> Open:
    names = {"unlabelled": "unlabeled"}
    return lambda root, split, download: dataset_cls(
        root, names.get(split, split), download=download
    )


ORIGINALS: Final[dict[str, tuple[Open, tuple[str, ...]]]] = {
    "mnist": (_by_train(vision.MNIST), ("train", "test")),
    "fashion_mnist": (_by_train(vision.FashionMNIST), ("train", "test")),
    "kmnist": (_by_train(vision.KMNIST), ("train", "test")),
    "cifar10": (_by_train(vision.CIFAR10), ("train", "test")),
    "cifar100": (_by_train(vision.CIFAR100), ("train", "test")),
    "svhn_cropped": (_by_split(vision.SVHN), ("train", "test", "extra")),
    "stl10": (_by_split(vision.STL10), ("train", "test", "unlabelled")),
}


class _AsTFDS(Dataset[Any]):
    """Images and labels in TFDS' form."""

    def __init__(
        self,
        images: Dataset[Any],
        as_supervised: bool,
        transform: Callable[[Any], Any] | None,
    ) -> None:
        self.images, self.as_supervised = images, as_supervised
        self.transform = transform

    def __len__(self) -> int:
        return len(self.images)  # type: ignore[arg-type]

    def __getitem__(self, index: int) -> Any:
        image, label = self.images[index]
        pixels = np.asarray(image)
        pixels = pixels[:, :, None] if pixels.ndim == 2 else pixels
        sample: Any = {"image": pixels, "label": label}
        if self.as_supervised:
            sample = (pixels, label)
        return sample if self.transform is None else self.transform(sample)


def original(
    name: str,
    split: str,
    root: Path,
    as_supervised: bool,
    transform: Callable[[Any], Any] | None,
    download: bool,
) -> Dataset[Any]:
    """Open a set from its original files, saying so.

    Raises:
        InputError: there is no such split.
        DatasetMissingError: a `FileNotFoundError`: files are missing or damaged.
    """
    opened, known = ORIGINALS[name]
    whole = joined(split, known, name, lambda part: opened(root, part, download))
    warnings.warn(
        f"{name} can be prepared by TFDS with TensorFlow only; its original files in "
        f"{root} are read instead, by funcnet.data.vision.",
        stacklevel=3,
    )
    return _AsTFDS(whole, as_supervised, transform)
