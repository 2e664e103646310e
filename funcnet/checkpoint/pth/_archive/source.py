"""Where bytes come from: a path, a file object, or memory."""

import io
import mmap
import os
from collections.abc import Callable
from typing import IO, NamedTuple, Protocol, TypeAlias

import numpy as np

from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint.pth._errors import DamagedError

Readable: TypeAlias = str | os.PathLike[str] | IO[bytes]

_LARGE = 2**20
_OWN = getattr(mmap, "MAP_PRIVATE", 0) | getattr(mmap, "MAP_ANONYMOUS", 0)
_ALL_PAGES = 23  # Linux's MADV_POPULATE_WRITE
_ALIGNMENT = 64  # where JAX wants arrays, so that it need not copy them


class Room(NamedTuple):
    """An array, and what puts the bytes into it: to be called once, on any thread."""

    array: np.ndarray
    fill: Callable[[], None]


class Source(Protocol):
    """Bytes of a known size, read from any position."""

    size: int

    def read(self, start: int, count: int) -> bytes:
        """Return `count` bytes from `start`."""

    def room(self, start: int, count: int) -> Room:
        """Return a writable array for `count` bytes from `start`."""

    def view(self) -> memoryview:
        """All bytes, read only when they are used."""

    def close(self) -> None:
        """Close the file."""


def open_source(file: Readable, use_mmap: bool = False) -> Source:
    """Open a path or take the rest of a file object."""
    if isinstance(file, str | os.PathLike):
        return MappedSource(file) if use_mmap else FileSource(open(file, "rb"), True)
    if use_mmap or isinstance(file, io.TextIOBase):
        raise CheckpointError(
            "mmap=True needs a path, not an open file."
            if use_mmap
            else 'the file was opened as text: open it with mode "rb".'
        )
    if isinstance(file, io.BytesIO):
        # No copy is made of the value, and what is written later does not change it.
        return MemorySource(memoryview(file.getvalue())[file.tell() :], shared=True)
    if can_seek(file):
        return FileSource(file, False)
    return MemorySource(memoryview(bytearray(file.read())), shared=False)


def can_seek(file: IO[bytes]) -> bool:
    """Return whether an open file can be read in any order."""
    try:
        file.seek(0, os.SEEK_CUR)
    except (AttributeError, OSError):
        return False
    return True


class MemorySource:
    """Bytes in memory; arrays are copies if others may write to it."""

    def __init__(self, memory: memoryview, shared: bool) -> None:
        self.memory, self.shared, self.size = memory, shared, len(memory)

    def read(self, start: int, count: int) -> bytes:
        _check(self.size, start, count)
        return bytes(self.memory[start : start + count])

    def room(self, start: int, count: int) -> Room:
        _check(self.size, start, count)
        result = np.frombuffer(self.memory, np.uint8, count, start)
        if not self.shared:
            return Room(result, _nothing)
        buffer = _aligned(count)
        return Room(buffer, lambda: np.copyto(buffer, result))

    def view(self) -> memoryview:
        return self.memory

    def close(self) -> None:
        """Do nothing: the memory belongs to the caller or to the arrays."""


class FileSource:
    """An open file, from where it stands to its end."""

    def __init__(self, file: IO[bytes], owned: bool) -> None:
        self.file, self.owned = file, owned
        self.start = file.tell()
        self.size = file.seek(0, os.SEEK_END) - self.start
        file.seek(self.start)

    def read(self, start: int, count: int) -> bytes:
        _check(self.size, start, count)
        self.file.seek(self.start + start)
        result = self.file.read(count)
        if len(result) != count:
            raise DamagedError("the file ends early: it was cut off while it was read.")
        return result

    def room(self, start: int, count: int) -> Room:
        _check(self.size, start, count)
        result = _aligned(count)
        if self.owned and hasattr(os, "preadv"):
            return Room(result, lambda: self._read_apart(result, start))
        # An open file of the caller has one position.
        self.file.seek(self.start + start)
        _until_full(result, lambda rest, _: self._read_into(rest))
        return Room(result, _nothing)

    def _read_apart(self, buffer: np.ndarray, start: int) -> None:
        """Read without moving the file's position."""
        file = self.file.fileno()
        _take_pages(buffer)
        _until_full(buffer, lambda rest, at: os.preadv(file, [rest], start + at))

    def view(self) -> memoryview:
        try:
            mapped = mmap.mmap(self.file.fileno(), 0, access=mmap.ACCESS_READ)
        except (AttributeError, OSError, ValueError):  # no file of the system's
            return memoryview(self.read(0, self.size))
        return memoryview(mapped)[self.start :]

    def _read_into(self, rest: memoryview) -> int:
        if hasattr(self.file, "readinto"):
            return int(self.file.readinto(rest) or 0)
        result = self.file.read(len(rest))
        rest[: len(result)] = result
        return len(result)

    def close(self) -> None:
        if self.owned:
            self.file.close()


class MappedSource:
    """A file that is mapped into memory: what is not used is not read.

    Arrays can be written to; the file stays as it is.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        with open(path, "rb") as file:
            self.size = os.fstat(file.fileno()).st_size
            if not self.size:
                raise DamagedError("the file is empty.")
            self.memory = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)

    def read(self, start: int, count: int) -> bytes:
        _check(self.size, start, count)
        return self.memory[start : start + count]

    def room(self, start: int, count: int) -> Room:
        _check(self.size, start, count)
        return Room(np.frombuffer(self.memory, np.uint8, count, start), _nothing)

    def view(self) -> memoryview:
        return memoryview(self.memory)

    def close(self) -> None:
        """Nothing: the arrays keep the mapping as long as they need it."""


def _aligned(count: int) -> np.ndarray:
    """Room for bytes where JAX can use them without a copy."""
    if count >= _LARGE and _OWN:
        try:
            return np.frombuffer(mmap.mmap(-1, count, flags=_OWN), np.uint8)
        except OSError:  # there are too many pieces
            pass
    space = np.empty(count + _ALIGNMENT, np.uint8)
    start = -space.ctypes.data % _ALIGNMENT
    return space[start : start + count]


def _take_pages(buffer: np.ndarray) -> None:
    """Ask the system for all pages at once, which takes half the time of one by one.

    (numpy asks for huge pages, for which the system must first make room.)
    """
    memory = buffer.base.obj if isinstance(buffer.base, memoryview) else buffer.base
    if isinstance(memory, mmap.mmap) and hasattr(memory, "madvise"):
        try:
            memory.madvise(_ALL_PAGES)
        except OSError:  # a system that does not know this
            return


def _until_full(buffer: np.ndarray, read: Callable[[memoryview, int], int]) -> None:
    """Call `read(rest, position)` until all bytes have come."""
    rest, position = buffer.data, 0
    while position < len(buffer):
        got = read(rest[position:], position)
        if not got:
            raise DamagedError("the file ends early: it was cut off while it was read.")
        position += got


def _nothing() -> None:
    """What is there already."""


def _check(size: int, start: int, count: int) -> None:
    if start < 0 or count < 0 or start + count > size:
        raise DamagedError(
            f"the file has {size} bytes, but bytes {start} to {start + count} are "
            "needed: it is cut off or damaged."
        )
