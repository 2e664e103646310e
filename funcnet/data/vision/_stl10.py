"""STL-10."""

from typing import ClassVar, Final

import numpy as np

from funcnet._errors import InputError
from funcnet.data.vision._base import Change, Root
from funcnet.data.vision._files import (
    DataFile,
    Remote,
    missing,
    troubles,
    unpack_tar,
)
from funcnet.data.vision._splits import SplitDataset, check_split

__all__ = ["STL10"]

_SPLITS: Final = ("train", "train+unlabeled", "unlabeled", "test")


class STL10(SplitDataset):
    """Colour images of 96×96 pixels, most without labels, as torchvision's `STL10`.

    A sample is an image of Pillow and a label, -1 where there is none. The files lie
    in `root/stl10_binary`.

    Args:
        root: the folder that holds, or shall hold, the folder of the set.
        split: "train" (5,000), "test" (8,000), "unlabeled" (100,000) or
            "train+unlabeled".
        folds: take one of ten parts, 0 to 9, of the training images.
        transform, target_transform: called with an image, and with a label.
        download: fetch the files that are not there.

    Attributes:
        data: uint8 `(n, 3, 96, 96)`.
        labels: int64 `(n,)`.
        classes: the names of the classes.

    Raises:
        DatasetMissingError: a `FileNotFoundError`: files are missing or damaged.
        DownloadError: they could not be fetched.

    Source: A. Coates, H. Lee, A. Ng, "An analysis of single-layer networks in
    unsupervised feature learning", 2011, https://cs.stanford.edu/~acoates/stl10/.
    """

    base_folder: ClassVar[str] = "stl10_binary"
    url: ClassVar[str] = "http://ai.stanford.edu/~acoates/stl10/stl10_binary.tar.gz"
    filename: ClassVar[str] = "stl10_binary.tar.gz"
    tgz_md5: ClassVar[str] = "91f7769df0f17e558f3565bffb0c7dfb"
    class_names_file: ClassVar[str] = "class_names.txt"
    folds_list_file: ClassVar[str] = "fold_indices.txt"
    train_list: ClassVar[list[list[str]]] = [
        ["train_X.bin", "918c2871b30a85fa023e0c44e0bee87f"],
        ["train_y.bin", "5a34089d4802c674881badbb80307741"],
        ["unlabeled_X.bin", "5242ba1fed5e4be9e1e742405eb56ca4"],
    ]
    test_list: ClassVar[list[list[str]]] = [
        ["test_X.bin", "7f263ba9f9e0b06b93213547f721ac82"],
        ["test_y.bin", "36f9794fa4beb8a2c72628de14fa638e"],
    ]

    def __init__(
        self,
        root: Root,
        split: str = "train",
        folds: int | None = None,
        transform: Change | None = None,
        target_transform: Change | None = None,
        download: bool = False,
    ) -> None:
        super().__init__(root, None, transform, target_transform)
        self.split = check_split("STL10", split, _SPLITS)
        if folds not in (None, *range(10)):
            raise InputError(
                "Value for argument folds should be in the range [0, 10), but got "
                f"{folds}."
            )
        self.folds = folds
        folder, remote = (
            self.folder(self.base_folder),
            Remote((self.url,), self.tgz_md5),
        )
        both = (*self.train_list, *self.test_list)
        files = [DataFile(name, md5) for name, md5 in both]
        wrong = troubles(folder, files)
        if wrong and download:
            archive = remote.fetch(self.folder(), self.filename)
            unpack_tar(archive, self.folder())
            wrong = troubles(folder, files)
        if wrong:
            raise missing("STL10", folder, wrong, [remote])
        self.data, self.labels = self._read()
        names = folder / self.class_names_file
        self.classes = names.read_text().split() if names.is_file() else None

    def _read(self) -> tuple[np.ndarray, np.ndarray]:
        if self.split == "test":
            return self._images("test_X.bin"), self._labels("test_y.bin")
        parts = []
        if self.split != "unlabeled":
            images, labels = self._images("train_X.bin"), self._labels("train_y.bin")
            if self.folds is not None:
                table = self.folder(self.base_folder, self.folds_list_file).read_text()
                chosen = np.array(table.splitlines()[self.folds].split(), np.int64)
                images, labels = images[chosen], labels[chosen]
            parts.append((images, labels))
        if self.split != "train":
            images = self._images("unlabeled_X.bin")
            parts.append((images, np.full(len(images), -1, np.int64)))
        both = zip(*parts, strict=True)
        images, labels = (np.concatenate(part) for part in both)
        return images, labels

    def _images(self, name: str) -> np.ndarray:
        content = np.fromfile(self.folder(self.base_folder, name), np.uint8)
        # The pixels are stored column by column.
        return content.reshape(-1, 3, 96, 96).transpose(0, 1, 3, 2)

    def _labels(self, name: str) -> np.ndarray:
        content = np.fromfile(self.folder(self.base_folder, name), np.uint8)
        return content.astype(np.int64) - 1
