"""CIFAR-10 and CIFAR-100, in the binary layout."""

from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from PIL import Image

from funcnet._errors import InputError
from funcnet.data.vision._files import (
    DataFile,
    Remote,
    missing,
    troubles,
    unpack_tar,
)
from funcnet.data.vision._splits import TrainTestDataset

__all__ = ["CIFAR10", "CIFAR100"]

PIXELS = 3 * 32 * 32


class CIFAR10(TrainTestDataset):
    """Colour images of 32×32 pixels, 50,000 and 10,000, as torchvision's `CIFAR10`.

    A sample is an image of Pillow and a label. The files are those of the binary
    version, in `root/cifar-10-batches-bin`; the Python version, which torchvision
    downloads, consists of pickles, and `funcnet.compat.torchvision.datasets` reads it.

    Args:
        root: the folder that holds, or shall hold, the folder of the set.
        train: the images to train on, or those to test on.
        transform, target_transform: called with an image, and with a label.
        download: fetch the files that are not there.

    Attributes:
        data: uint8 `(n, 32, 32, 3)`.
        targets: a list of n labels.
        classes, class_to_idx: the names of the classes and their numbers.

    Raises:
        DatasetMissingError: a `FileNotFoundError`: files are missing or damaged.
        DownloadError: they could not be fetched.

    Source: A. Krizhevsky, "Learning multiple layers of features from tiny images",
    2009, https://www.cs.toronto.edu/~kriz/cifar.html.
    """

    base: ClassVar[str] = "cifar-10-batches-bin"
    remote: ClassVar[Remote] = Remote(
        ("https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz",),
        "c32a1d4ab5d03f1284b67883e8d87530",
    )
    train_files: ClassVar[tuple[DataFile, ...]] = tuple(
        DataFile(f"data_batch_{n}.bin", size=10_000 * (PIXELS + 1)) for n in range(1, 6)
    )
    test_files: ClassVar[tuple[DataFile, ...]] = (
        DataFile("test_batch.bin", size=10_000 * (PIXELS + 1)),
    )
    names_file: ClassVar[str] = "batches.meta.txt"
    labels_before: ClassVar[int] = 1  # bytes before the pixels; the last one counts

    def _load(self, download: bool) -> None:
        self.data, self.targets, self.classes = self._read(download)
        self.class_to_idx = {name: n for n, name in enumerate(self.classes)}

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        image = Image.fromarray(self.data[index])
        return self.changed(image, self.targets[index])

    def _read(self, download: bool) -> tuple[np.ndarray, list[int], list[str]]:
        """Return images, labels and the names of the classes."""
        folder = self.folder(self.base)
        files = (*self.train_files, *self.test_files, DataFile(self.names_file))
        wrong = troubles(folder, files)
        if wrong and download:
            unpack_tar(self.remote.fetch(self.folder()), self.folder())
            wrong = troubles(folder, files)
        if wrong:
            raise missing(type(self).__name__, folder, wrong, [self.remote])
        classes = (folder / self.names_file).read_text().split()
        chosen = self.train_files if self.train else self.test_files
        rows = np.concatenate([self._rows(folder / file.name) for file in chosen])
        labels = rows[:, self.labels_before - 1]
        if labels.max() >= len(classes):
            raise InputError(
                f"{folder}: a label is {labels.max()}, there are {len(classes)} "
                "classes. The files are damaged; fetch them again."
            )
        planes = rows[:, self.labels_before :].reshape(-1, 3, 32, 32)
        pixels = np.ascontiguousarray(planes.transpose(0, 2, 3, 1))
        return pixels, labels.tolist(), classes

    def _rows(self, path: Path) -> np.ndarray:
        """Return one row of bytes for each image: labels, then pixels."""
        content = np.fromfile(path, np.uint8)
        return content.reshape(-1, self.labels_before + PIXELS)


class CIFAR100(CIFAR10):
    """CIFAR-10's sister with 100 classes, as torchvision's `CIFAR100`.

    Takes the arguments of `CIFAR10`; the files lie in `root/cifar-100-binary`, and the
    labels are the fine ones.
    """

    base = "cifar-100-binary"
    remote = Remote(
        ("https://www.cs.toronto.edu/~kriz/cifar-100-binary.tar.gz",),
        "03b5dce01913d631647c71ecec9e9cb8",
    )
    train_files = (DataFile("train.bin", size=50_000 * (PIXELS + 2)),)
    test_files = (DataFile("test.bin", size=10_000 * (PIXELS + 2)),)
    names_file = "fine_label_names.txt"
    labels_before = 2  # the coarse one, the fine one
