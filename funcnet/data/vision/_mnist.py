"""MNIST, and the sets that come in its format."""

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeAlias

import numpy as np
from PIL import Image

from funcnet._errors import InputError
from funcnet.data.vision._files import DataFile, Remote, missing, troubles, unpack_gzip
from funcnet.data.vision._splits import TrainTestDataset

__all__ = ["KMNIST", "MNIST", "FashionMNIST"]

Resources: TypeAlias = Sequence[tuple[str, str]]


def _resources(*checksums: str) -> Resources:
    """The compressed files of a set, with their MD5."""
    endings = ("images-idx3-ubyte.gz", "labels-idx1-ubyte.gz")
    names = [f"{part}-{ending}" for part in ("train", "t10k") for ending in endings]
    return list(zip(names, checksums, strict=True))


class MNIST(TrainTestDataset):
    """Handwritten digits, 60,000 and 10,000 of 28×28 pixels, as torchvision's `MNIST`.

    A sample is a grey image of Pillow and a label. The files are those of torchvision,
    `root/MNIST/raw/train-images-idx3-ubyte` and so on. The arguments and errors are
    those of `CIFAR10`.

    Attributes:
        data: uint8 `(n, 28, 28)`.
        targets: int64 `(n,)`.
        classes, class_to_idx: the names of the classes and their numbers.

    Source: Y. LeCun, C. Cortes, C. Burges, http://yann.lecun.com/exdb/mnist/.
    """

    mirrors: ClassVar[Sequence[str]] = [
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "http://yann.lecun.com/exdb/mnist/",
    ]
    resources: ClassVar[Resources] = _resources(
        "f68b3c2dcbeaaa9fbdd348bbdeb94873",
        "d53e105ee54ea40749a09fcbcd1e9432",
        "9fb629c4189551a2d022fa330f9573f3",
        "ec29112dd5afa0611ce80d1b7f02629c",
    )
    training_file: ClassVar[str] = "training.pt"
    test_file: ClassVar[str] = "test.pt"
    classes: ClassVar[list[str]] = [
        *("0 - zero", "1 - one", "2 - two", "3 - three", "4 - four", "5 - five"),
        *("6 - six", "7 - seven", "8 - eight", "9 - nine"),
    ]

    def _load(self, download: bool) -> None:
        folder = Path(self.raw_folder)
        if download:
            self.download()
        wrong = troubles(folder, [DataFile(name) for name in self._remotes()])
        if wrong:
            remotes = self._remotes().values()
            raise missing(type(self).__name__, folder, wrong, remotes)
        part = "train" if self.train else "t10k"
        images, labels = f"{part}-images-idx3-ubyte", f"{part}-labels-idx1-ubyte"
        self.data: Any = read_idx(folder / images)
        self.targets: Any = read_idx(folder / labels).astype(np.int64)
        if len(self.data) != len(self.targets):
            raise InputError(
                f"{folder}: {images} has {len(self.data)} images, {labels} "
                f"{len(self.targets)} labels."
            )

    @property
    def raw_folder(self) -> str:
        """The folder of the files."""
        return os.path.join(self.root or "", type(self).__name__, "raw")

    @property
    def processed_folder(self) -> str:
        """The folder in which torchvision once kept what it had read."""
        return os.path.join(self.root or "", type(self).__name__, "processed")

    @property
    def class_to_idx(self) -> dict[str, int]:
        """The numbers of the classes."""
        return {name: number for number, name in enumerate(self.classes)}

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        image, target = self.data[index], int(self.targets[index])
        return self.changed(Image.fromarray(image), target)

    @property
    def train_data(self) -> Any:
        """The images, under their old name."""
        warnings.warn("train_data has been renamed data", stacklevel=2)
        return self.data

    @property
    def train_labels(self) -> Any:
        """The labels, under their old name."""
        warnings.warn("train_labels has been renamed targets", stacklevel=2)
        return self.targets

    test_data, test_labels = train_data, train_labels

    def download(self) -> None:
        """Fetch and unpack the files that are not there."""
        folder = Path(self.raw_folder)
        for name, remote in self._remotes().items():
            if not (folder / name).is_file():
                unpack_gzip(remote.fetch(folder), folder / name)

    def _check_exists(self) -> bool:
        """Return whether the files are there."""
        return all(Path(self.raw_folder, name).is_file() for name in self._remotes())

    def _remotes(self) -> dict[str, Remote]:
        """Where the files come from, by name."""
        return {
            os.path.splitext(os.path.basename(name))[0]: Remote(
                tuple(f"{mirror}{name}" for mirror in self.mirrors), md5
            )
            for name, md5 in self.resources
        }


class FashionMNIST(MNIST):
    """Articles of clothing in MNIST's format, as torchvision's `FashionMNIST`.

    Takes the arguments of `MNIST`; the files lie in `root/FashionMNIST/raw`.

    Source: H. Xiao, K. Rasul, R. Vollgraf, 2017, https://arxiv.org/abs/1708.07747.
    """

    mirrors: ClassVar[Sequence[str]] = [
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"
    ]
    resources = _resources(
        "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
        "25c81989df183df01b3e8a0aad5dffbe",
        "bef4ecab320f06d8554ea6380940ec79",
        "bb300cfdad3c16e7a12a480ee83cd310",
    )
    classes: ClassVar[list[str]] = [
        *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt"),
        *("Sneaker", "Bag", "Ankle boot"),
    ]


class KMNIST(MNIST):
    """Japanese letters in MNIST's format, as torchvision's `KMNIST`.

    Takes the arguments of `MNIST`; the files lie in `root/KMNIST/raw`.

    Source: T. Clanuwat et al., 2018, https://arxiv.org/abs/1812.01718.
    """

    mirrors: ClassVar[Sequence[str]] = ["http://codh.rois.ac.jp/kmnist/dataset/kmnist/"]
    resources = _resources(
        "bdb82020997e1d708af4cf47b453dcf7",
        "e144d726b3acfaa3e44228e80efcd344",
        "5c965bf0a639b31b8f53240b1b52f4d7",
        "7320c461ea6c1c855c0b718fb2a4b134",
    )
    classes: ClassVar[list[str]] = [
        *("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
    ]


def read_idx(path: Path) -> np.ndarray:
    """Read an array of bytes in MNIST's IDX format.

    Raises:
        InputError: the file is of another format, or its length is wrong.
    """
    content = path.read_bytes()
    rank = content[3] if len(content) > 3 else 0
    start = 4 + 4 * rank
    if content[:3] != b"\0\0\x08" or len(content) < start:
        raise InputError(f"{path} is no IDX file of bytes: it begins {content[:4]!r}.")
    shape = tuple(int(n) for n in np.frombuffer(content[4:start], ">u4"))
    wanted = start + int(np.prod(shape, dtype=np.int64))
    if len(content) != wanted:
        raise InputError(
            f"{path} is damaged: it has {len(content)} bytes, an array of {shape} "
            f"takes {wanted}. Remove it and fetch it again."
        )
    return np.frombuffer(content, np.uint8, offset=start).reshape(shape).copy()
