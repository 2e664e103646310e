"""Arrays that still lie in a file, and reading many of them at once."""

import math
import threading
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np

from funcnet.checkpoint._background import Background
from funcnet.checkpoint._errors import CheckpointError

PIECE = 2**24
"""Bytes that are read and summed at a time; each has a checksum of its own."""

_SLICE = 2**18  # bytes that the processor still has at hand when they are summed
_LARGE = 2**22  # arrays from here on are aligned to pages
_SMALL = 2**22  # bytes that are read before threads would have started


class Source:
    """An open file that several threads read."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self._lock = file, threading.Lock()

    def read_into(self, view: memoryview, offset: int) -> None:
        """Fill `view` with the bytes at `offset`."""
        with self._lock:
            self.file.seek(offset)
            # A single call may give less than was asked for: Linux ends at 2 GiB.
            while view and (count := self.file.readinto(view)):  # type: ignore[attr-defined]
                view = view[count:]
        if view:
            raise CheckpointError("the file became shorter while it was read.")

    def close(self) -> None:
        self.file.close()


@dataclass(frozen=True, slots=True)
class StoredArray:
    """An array as it lies in a file.

    Attributes:
        ranges: `(offset, bytes)` of its parts, one after the other.
        checksums: CRC-32 of each `PIECE` of its bytes; None where the file has none.
        scalar: a NumPy scalar, not a 0-d array.
    """

    source: Source
    shape: tuple[int, ...]
    dtype: np.dtype
    ranges: tuple[tuple[int, int], ...]
    checksums: tuple[int, ...] | None = None
    scalar: bool = False

    @property
    def nbytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize


def read_arrays(wanted: Sequence[tuple[str, StoredArray]]) -> list[Any]:
    """Read arrays, given with their names, into fresh memory; verify their checksums.

    Raises:
        CheckpointError: a checksum is wrong, naming the array.
    """
    arrays = [_aligned(stored.shape, stored.dtype) for _, stored in wanted]
    tasks = [
        task
        for (name, stored), array in zip(wanted, arrays, strict=True)
        for task in _tasks(name, stored, array)
    ]
    _run(tasks)
    results = []
    for (name, stored), array in zip(wanted, arrays, strict=True):
        if stored.dtype == np.bool_ and array.size and array.view(np.uint8).max() > 1:
            raise CheckpointError(
                f"{name}: an array of bool holds others than 0 and 1."
            )
        results.append(array[()] if stored.scalar else array)
    return results


def checksums(data: memoryview) -> list[int]:
    """Return the CRC-32 of each `PIECE` of an array's bytes."""
    starts = range(0, len(data), PIECE)
    return [zlib.crc32(data[start : start + PIECE]) for start in starts]


@dataclass(frozen=True, slots=True)
class _Task:
    name: str
    source: Source
    parts: tuple[tuple[int, memoryview], ...]
    checksum: int | None

    @property
    def size(self) -> int:
        return sum(len(view) for _, view in self.parts)

    def run(self) -> None:
        result = 0
        for offset, view in self.parts:
            for start in range(0, len(view), _SLICE):
                part = view[start : start + _SLICE]
                self.source.read_into(part, offset + start)
                if self.checksum is not None:
                    result = zlib.crc32(part, result)
        if self.checksum is not None and result != self.checksum:
            raise CheckpointError(
                f"{self.name}: the checksum is wrong: the file was damaged."
            )


def _tasks(name: str, stored: StoredArray, array: np.ndarray) -> Iterable[_Task]:
    """Yield what is to be read for one array, a piece at a time."""
    data = memoryview(array.reshape(-1).view(np.uint8))
    for index, start in enumerate(range(0, len(data), PIECE)):
        stop = min(start + PIECE, len(data))
        checksum = None if stored.checksums is None else stored.checksums[index]
        yield _Task(name, stored.source, _parts(stored, data, start, stop), checksum)


def _parts(
    stored: StoredArray, data: memoryview, start: int, stop: int
) -> tuple[tuple[int, memoryview], ...]:
    """Where the bytes from `start` to `stop` of an array lie in the file."""
    parts, begin = [], 0
    for offset, length in stored.ranges:
        low, high = max(start, begin), min(stop, begin + length)
        if low < high:
            parts.append((offset + low - begin, data[low:high]))
        begin += length
    return tuple(parts)


def _run(tasks: Sequence[_Task]) -> None:
    if sum(task.size for task in tasks) < _SMALL:
        for task in tasks:
            task.run()
        return
    # Both reading and summing let the other threads of Python run on.
    with Background() as background:
        waiting = [background.run(task.run, task.size) for task in tasks]
        for finished in waiting:
            finished()


def _aligned(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Make an array where jax would put it, so that it need not copy it again.

    Large ones begin at a page of 2 MiB: the system gives them in such pages, which
    makes reading 240 MB 15 % faster.
    """
    size = math.prod(shape) * dtype.itemsize
    alignment = 64 if size < _LARGE else 2**21
    space = np.empty(size + alignment, np.uint8)
    start = -space.ctypes.data % alignment
    return space[start : start + size].view(dtype).reshape(shape)
