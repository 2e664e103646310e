"""Storages of the zip format, which PyTorch writes since 1.6."""

import sys
from typing import Final

import numpy as np

from funcnet.checkpoint._background import Background
from funcnet.checkpoint.pth._archive.source import Source
from funcnet.checkpoint.pth._archive.zip_reader import Archive
from funcnet.checkpoint.pth._errors import DamagedError, RefusedError
from funcnet.checkpoint.pth._tensors import Pending, Storage

_NOTES: Final = ("byteorder", "version", "data.pkl")
_LONGEST_PICKLE = 2**30


class ZipRecords:
    """The members of an archive: one pickle, and a file for each storage."""

    def __init__(self, source: Source, verify: bool) -> None:
        self.archive = Archive(source)
        self.verify = verify
        members = self.archive.members
        for name in members:
            if name not in _NOTES and not name.startswith("."):
                folder, _, key = name.partition("/")
                if folder != "data" or not (key.isascii() and key.isdigit()):
                    raise DamagedError(f"the archive has a member {name!r}.")
        self.swapped = self._byte_order() != sys.byteorder

    def pickle(self) -> bytes:
        """The pickle that says what the file holds."""
        if self.archive.member("data.pkl").size > _LONGEST_PICKLE:
            raise RefusedError("the pickle in the file is larger than a gigabyte.")
        return self.archive.read("data.pkl")

    def storage(
        self, key: str, dtype: np.dtype | None, size: int, location: str
    ) -> Storage:
        """The storage of a key; nothing is read yet."""
        member = self.archive.member(f"data/{key}")
        if member.size != size:
            raise DamagedError(
                f"storage {key} has {member.size} bytes, its tensors say {size}."
            )
        return Storage(key, dtype, size, location, self._read)

    @property
    def background(self) -> Background:
        """What reads on other threads; a context around all reading."""
        return self.archive.background

    def finish(self) -> None:
        """Wait until all is read and checked."""
        self.archive.finish()

    def _read(self, storage: Storage) -> Pending:
        result, wait = self.archive.array(f"data/{storage.key}", self.verify)
        if not self.swapped:
            return result, wait
        wait()
        return swap_bytes(result, storage), wait

    def _byte_order(self) -> str:
        if "byteorder" not in self.archive.members:  # before PyTorch 2.1
            return "little"
        order = self.archive.read("byteorder")
        if order not in (b"little", b"big"):
            raise DamagedError(f"the byte order is {order[:20]!r}.")
        return order.decode()


def swap_bytes(data: np.ndarray, storage: Storage) -> np.ndarray:
    """The bytes of a storage in the other order."""
    if storage.dtype is None:
        raise RefusedError(
            f"storage {storage.key} was saved on a machine with the other byte order "
            "and does not say the size of its numbers."
        )
    size = storage.dtype.itemsize // (2 if storage.dtype.kind == "c" else 1)
    return data.view(f"u{size}").byteswap().view(np.uint8)
