"""The files a dataset is made of: which there must be, and what to say otherwise."""

import gzip
import os
import shutil
import tarfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from funcnet.data.vision._download import download, md5_of

__all__ = ["DatasetMissingError"]


class DatasetMissingError(FileNotFoundError, RuntimeError):
    """Files of a dataset that are not there, or not what they should be."""


@dataclass(frozen=True)
class DataFile:
    """A file in the folder of a dataset.

    `md5` and `size` are checked where they are known.
    """

    name: str
    md5: str | None = None
    size: int | None = None

    def trouble(self, folder: Path) -> str | None:
        """Say what is wrong with the file; None where it is as it should be."""
        path = folder / self.name
        if not path.is_file():
            return "missing"
        size = path.stat().st_size
        if self.size is not None and size != self.size:
            return f"damaged: it has {size} bytes, it must have {self.size}"
        if self.md5 is not None and (result := md5_of(path)) != self.md5:
            return f"damaged: its MD5 is {result}, it must be {self.md5}"
        return None


@dataclass(frozen=True)
class Remote:
    """A file that can be downloaded, an archive as a rule."""

    urls: tuple[str, ...]
    md5: str

    @property
    def name(self) -> str:
        """The last part of the address."""
        return self.urls[0].rsplit("/", 1)[-1]

    def fetch(self, folder: Path, name: str | None = None) -> Path:
        """Download the file into a folder, unless it is there, and return its path."""
        path = folder / (name or self.name)
        if not path.is_file() or md5_of(path) != self.md5:
            download(self.urls, path, self.md5)
        return path


def troubles(folder: Path, files: Iterable[DataFile]) -> dict[str, str]:
    """Return what is wrong with the files of a folder, by name."""
    result = {file.name: file.trouble(folder) for file in files}
    return {name: trouble for name, trouble in result.items() if trouble}


def missing(
    dataset: str, folder: Path, wrong: dict[str, str], remotes: Iterable[Remote]
) -> DatasetMissingError:
    """Make the error that names the files, the folder and where to get them."""
    lines = "".join(f"\n  {name}: {trouble}" for name, trouble in wrong.items())
    urls = "".join(f"\n  {remote.urls[0]}" for remote in remotes)
    return DatasetMissingError(
        f"Dataset not found or corrupted: {dataset} needs these files in {folder}:"
        f"{lines}\nYou can use download=True to download it. Without a network, fetch "
        f"them elsewhere and put them there. They come from:{urls}"
    )


def unpack_tar(archive: Path, folder: Path) -> None:
    """Unpack an archive; files that would leave the folder are refused."""
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")


def unpack_gzip(packed: Path, path: Path) -> None:
    """Unpack a file, which appears under its name only when it is whole."""
    part = path.with_name(path.name + ".part")
    with gzip.open(packed, "rb") as source, part.open("wb") as target:
        shutil.copyfileobj(source, target)
    os.replace(part, path)
