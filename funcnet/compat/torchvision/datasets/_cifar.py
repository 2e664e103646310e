"""CIFAR in the layout that torchvision downloads, and in the binary one."""

from typing import Any, ClassVar

import numpy as np

from funcnet.compat.torchvision.datasets._batches import read_batch
from funcnet.data import vision
from funcnet.data.vision._files import DataFile, Remote, missing, troubles, unpack_tar

_HOME = "https://www.cs.toronto.edu/~kriz/"


class CIFAR10(vision.CIFAR10):
    """CIFAR-10, colour images of 32×32 pixels, as `torchvision.datasets.CIFAR10`.

    The files are those that torchvision downloads, in `root/cifar-10-batches-py`, or
    those of the binary version, in `root/cifar-10-batches-bin`: the former are pickles,
    which are read without running anything in them. What the class says of the former,
    a subclass may say of others.
    """

    base_folder: ClassVar[str] = "cifar-10-batches-py"
    url: ClassVar[str] = f"{_HOME}cifar-10-python.tar.gz"
    filename: ClassVar[str] = "cifar-10-python.tar.gz"
    tgz_md5: ClassVar[str] = "c58f30108f718f92721af3b95e74349a"
    train_list: ClassVar[list[list[str]]] = [
        ["data_batch_1", "c99cafc152244af753f735de768cd75f"],
        ["data_batch_2", "d4bba439e000b95fd0a9bffe97cbabec"],
        ["data_batch_3", "54ebc095f3ab1f0389bbae665268c751"],
        ["data_batch_4", "634d18415352ddfa80567beed471001a"],
        ["data_batch_5", "482c414d41f54cd18b22e5b47cb7c3cb"],
    ]
    test_list: ClassVar[list[list[str]]] = [
        ["test_batch", "40351d587109b95175f43aff81a1287e"],
    ]
    meta: ClassVar[dict[str, str]] = {
        "filename": "batches.meta",
        "key": "label_names",
        "md5": "5ff9c542aee3614f3951f8cda6e48888",
    }

    def download(self) -> None:
        """Download and unpack the archive, unless its files exist."""
        if self._troubles():
            archive = self._archive().fetch(self.folder(), self.filename)
            unpack_tar(archive, self.folder())

    def _check_integrity(self) -> bool:
        """Return whether the files exist and have their checksums."""
        return not self._troubles()

    def _archive(self) -> Remote:
        return Remote((self.url,), self.tgz_md5)

    def _troubles(self) -> dict[str, str]:
        both = (*self.train_list, *self.test_list)
        files = [DataFile(name, md5) for name, md5 in both]
        files.append(DataFile(self.meta["filename"], self.meta.get("md5")))
        return troubles(self.folder(self.base_folder), files)

    def _read(self, download: bool) -> tuple[np.ndarray, list[int], list[str]]:
        folder = self.folder(self.base_folder)
        if self.folder(self.base).is_dir() and not folder.is_dir():
            return super()._read(download)
        if download:
            self.download()
        if wrong := self._troubles():
            raise missing(type(self).__name__, folder, wrong, [self._archive()])
        chosen = self.train_list if self.train else self.test_list
        batches = [read_batch(folder / name) for name, _ in chosen]
        pixels = np.concatenate([_pixels(batch["data"]) for batch in batches])
        labels = [int(n) for batch in batches for n in _labels(batch)]
        names = read_batch(folder / self.meta["filename"])[self.meta["key"]]
        return pixels, labels, [str(name) for name in names]


class CIFAR100(CIFAR10, vision.CIFAR100):
    """CIFAR-100, as CIFAR-10 with 100 classes, as `torchvision.datasets.CIFAR100`.

    The files lie in `root/cifar-100-python` or `root/cifar-100-binary`.
    """

    base, remote = vision.CIFAR100.base, vision.CIFAR100.remote
    train_files = vision.CIFAR100.train_files
    test_files = vision.CIFAR100.test_files
    names_file = vision.CIFAR100.names_file
    labels_before = vision.CIFAR100.labels_before
    base_folder = "cifar-100-python"
    url = f"{_HOME}cifar-100-python.tar.gz"
    filename = "cifar-100-python.tar.gz"
    tgz_md5 = "eb9058c3a382ffc7106e4002c42a8d85"
    train_list: ClassVar[list[list[str]]] = [
        ["train", "16019d7e3df5f24257cddd939b257f8d"],
    ]
    test_list: ClassVar[list[list[str]]] = [
        ["test", "f0ef6b0ae62326f3e7ffdfab6717acfc"],
    ]
    meta: ClassVar[dict[str, str]] = {
        "filename": "meta",
        "key": "fine_label_names",
        "md5": "7973b15100ade9c7d40fb424638fde48",
    }


def _labels(batch: dict[str, Any]) -> Any:
    return batch["labels"] if "labels" in batch else batch["fine_labels"]


def _pixels(data: np.ndarray) -> np.ndarray:
    """Convert rows of planes to images `(n, 32, 32, 3)`."""
    rows = np.asarray(data, np.uint8).reshape(-1, 3, 32, 32)
    return np.ascontiguousarray(rows.transpose(0, 2, 3, 1))
