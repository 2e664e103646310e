"""CIFAR in the layout that torchvision downloads, and in the binary one."""

from typing import Any, ClassVar

import numpy as np

from funcnet.compat.torchvision.datasets._batches import read_batch
from funcnet.data import vision
from funcnet.data.vision._files import DataFile, Remote, missing, troubles


class CIFAR10(vision.CIFAR10):
    """Colour images of 32×32 pixels, as `torchvision.datasets.CIFAR10`.

    The files are those that torchvision downloads, in `root/cifar-10-batches-py`, or
    those of the binary version, in `root/cifar-10-batches-bin`, which `download=True`
    fetches: the former are pickles, which are read without running anything in them.
    """

    base_folder: ClassVar[str] = "cifar-10-batches-py"
    train_batches: ClassVar[tuple[DataFile, ...]] = (
        DataFile("data_batch_1", "c99cafc152244af753f735de768cd75f"),
        DataFile("data_batch_2", "d4bba439e000b95fd0a9bffe97cbabec"),
        DataFile("data_batch_3", "54ebc095f3ab1f0389bbae665268c751"),
        DataFile("data_batch_4", "634d18415352ddfa80567beed471001a"),
        DataFile("data_batch_5", "482c414d41f54cd18b22e5b47cb7c3cb"),
    )
    test_batches: ClassVar[tuple[DataFile, ...]] = (
        DataFile("test_batch", "40351d587109b95175f43aff81a1287e"),
    )
    meta: ClassVar[DataFile] = DataFile(
        "batches.meta", "5ff9c542aee3614f3951f8cda6e48888"
    )
    archive: ClassVar[Remote] = Remote(
        ("https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",),
        "c58f30108f718f92721af3b95e74349a",
    )
    label_key: ClassVar[str] = "labels"
    names_key: ClassVar[str] = "label_names"

    def _read(self, download: bool) -> tuple[np.ndarray, list[int], list[str]]:
        folder = self.folder(self.base_folder)
        binary = self.folder(self.base)
        if binary.is_dir() or (download and not folder.is_dir()):
            return super()._read(download)
        files = (*self.train_batches, *self.test_batches, self.meta)
        wrong = troubles(folder, files)
        if wrong:
            raise missing(type(self).__name__, folder, wrong, [self.archive])
        chosen = self.train_batches if self.train else self.test_batches
        batches = [read_batch(folder / file.name) for file in chosen]
        pixels = np.concatenate([_pixels(batch["data"]) for batch in batches])
        labels = [int(n) for batch in batches for n in batch[self.label_key]]
        names = [
            str(name) for name in read_batch(folder / self.meta.name)[self.names_key]
        ]
        return pixels, labels, names


class CIFAR100(CIFAR10, vision.CIFAR100):
    """CIFAR-10's sister with 100 classes, as `torchvision.datasets.CIFAR100`.

    The files lie in `root/cifar-100-python` or `root/cifar-100-binary`.
    """

    base, remote = vision.CIFAR100.base, vision.CIFAR100.remote
    train_files = vision.CIFAR100.train_files
    test_files = vision.CIFAR100.test_files
    names_file = vision.CIFAR100.names_file
    labels_before = vision.CIFAR100.labels_before
    base_folder = "cifar-100-python"
    train_batches = (DataFile("train", "16019d7e3df5f24257cddd939b257f8d"),)
    test_batches = (DataFile("test", "f0ef6b0ae62326f3e7ffdfab6717acfc"),)
    meta = DataFile("meta", "7973b15100ade9c7d40fb424638fde48")
    archive = Remote(
        ("https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz",),
        "eb9058c3a382ffc7106e4002c42a8d85",
    )
    label_key, names_key = "fine_labels", "fine_label_names"


def _pixels(data: Any) -> np.ndarray:
    """Rows of planes as images `(n, 32, 32, 3)`."""
    rows = np.asarray(data, np.uint8).reshape(-1, 3, 32, 32)
    return np.ascontiguousarray(rows.transpose(0, 2, 3, 1))
