"""Street View House Numbers."""

from typing import Any, ClassVar

import numpy as np

from funcnet.data.vision._base import Change, Root
from funcnet.data.vision._files import DataFile, Remote, missing
from funcnet.data.vision._splits import SplitDataset, check_split

__all__ = ["SVHN"]

_ADDRESS = "http://ufldl.stanford.edu/housenumbers/"


class SVHN(SplitDataset):
    """House numbers, cut out to 32×32 pixels, as torchvision's `SVHN`.

    A sample is an image of Pillow and a digit. The files are MATLAB's, as
    `root/train_32x32.mat`; they are read with SciPy.

    Args:
        root: the folder of the files.
        split: "train" (73,257), "test" (26,032) or "extra" (531,131).
        transform, target_transform: called with an image, and with a label.
        download: fetch the file if it is missing.

    Attributes:
        data: uint8 `(n, 3, 32, 32)`.
        labels: int64 `(n,)`, the digit 0 as 0.

    Raises:
        DatasetMissingError: a `FileNotFoundError`: the file is missing or damaged.
        DownloadError: it could not be fetched.

    Source: Y. Netzer et al., "Reading digits in natural images with unsupervised
    feature learning", 2011, http://ufldl.stanford.edu/housenumbers/.
    """

    split_list: ClassVar[dict[str, list[str]]] = {
        split: [f"{_ADDRESS}{split}_32x32.mat", f"{split}_32x32.mat", md5]
        for split, md5 in (
            ("train", "e26dedcc434d2e4c54c9b2d4a06d8373"),
            ("test", "eb5a983be6a315427106f1b164d9cef3"),
            ("extra", "a93ce644f1a588dc4d68dda5feec44a7"),
        )
    }

    def __init__(
        self,
        root: Root,
        split: str = "train",
        transform: Change | None = None,
        target_transform: Change | None = None,
        download: bool = False,
    ) -> None:
        super().__init__(root, None, transform, target_transform)
        self.split = check_split("SVHN", split, self.split_list)
        self.url, self.filename, self.file_md5 = self.split_list[split]
        remote = Remote((self.url,), self.file_md5)
        if download:
            remote.fetch(self.folder(), self.filename)
        trouble = DataFile(self.filename, self.file_md5).trouble(self.folder())
        if trouble:
            raise missing("SVHN", self.folder(), {self.filename: trouble}, [remote])
        from scipy.io import loadmat

        content = loadmat(self.folder(self.filename))
        self.data: Any = content["X"].transpose(3, 2, 0, 1)
        labels = content["y"].reshape(-1).astype(np.int64)
        self.labels: Any = np.where(labels == 10, 0, labels)
