"""Memory that two processes share, and that has no name to be left behind.

A worker writes the arrays of a batch into pieces of such memory and sends their
numbers, and each piece itself once. The other side makes arrays of them without a
copy; when no array there uses a piece any longer, the worker may use it again.
"""

import mmap
import os
import pickle
import tempfile
from collections import defaultdict, deque
from collections.abc import Sequence
from typing import Any

import cloudpickle
import numpy as np

SMALL = 1 << 13  # smaller arrays go with the message
_MANY = 200  # new pieces in one message; what is beyond goes with the message


def anonymous_file(size: int) -> int:
    """An open file in memory that vanishes with the last process that has it."""
    if hasattr(os, "memfd_create"):
        file = os.memfd_create("funcnet-data", os.MFD_CLOEXEC)
    else:
        with tempfile.TemporaryFile() as unnamed:
            file = os.dup(unnamed.fileno())
    os.ftruncate(file, size)
    return file


def _map(file: int, size: int, access: int = mmap.ACCESS_WRITE) -> np.ndarray:
    """The bytes of a file, which is closed."""
    try:
        return np.frombuffer(mmap.mmap(file, size, access=access), np.uint8)
    finally:
        os.close(file)


def _capacity(size: int) -> int:
    """A little more than is needed, so that other sizes find a piece to use again."""
    step = max(1 << max(size - 1, 0).bit_length() - 2, mmap.PAGESIZE)
    return -(-size // step) * step


class Writer:
    """The worker's side: makes arrays in shared memory, and pickles batches of them."""

    def __init__(self) -> None:
        self._pieces: list[np.ndarray] = []
        self._free: dict[int, list[int]] = defaultdict(list)
        self._new: dict[int, int] = {}  # pieces the other side does not have yet: files
        self._taken: dict[int, int] = {}  # address: piece, of this batch

    def allocate(self, shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
        """An array to write a part of the next batch into."""
        element_dtype = np.dtype(dtype)
        size = int(np.prod(shape, dtype=np.int64)) * element_dtype.itemsize
        if size < SMALL or len(self._new) >= _MANY:
            return np.empty(shape, element_dtype)
        piece = self._pieces[self._piece(size)]
        return piece[:size].view(element_dtype).reshape(shape)

    def _piece(self, size: int) -> int:
        """The number of a piece that has room."""
        capacity = _capacity(size)
        if self._free[capacity]:
            number = self._free[capacity].pop()
        else:
            file, number = anonymous_file(capacity), len(self._pieces)
            self._new[number] = os.dup(file)
            self._pieces.append(_map(file, capacity))
        self._taken[_address(self._pieces[number])] = number
        return number

    def dump(self, batch: Any) -> tuple[tuple[Any, ...], list[int]]:
        """What to send for a batch, and the files that go with it."""
        used: list[tuple[int, int]] = []  # piece and bytes of each buffer

        def collect(buffer: pickle.PickleBuffer) -> bool:
            raw = np.frombuffer(buffer.raw(), np.uint8)
            if raw.nbytes < SMALL:
                return True  # stays in the pickle
            number = self._taken.get(_address(raw))
            if number is None:
                if len(self._new) >= _MANY:
                    return True
                number = self._piece(raw.nbytes)
                self._pieces[number][: raw.nbytes] = raw
            used.append((number, raw.nbytes))
            return False

        data = cloudpickle.dumps(
            batch, pickle.HIGHEST_PROTOCOL, buffer_callback=collect
        )
        sent = {number for number, _ in used}
        self.free([n for n in self._taken.values() if n not in sent])
        self._taken.clear()
        new = {n: self._pieces[n].nbytes for n in self._new if n in sent}
        return (data, used, new), [self._new.pop(number) for number in new]

    def free(self, pieces: Sequence[int]) -> None:
        """Use these pieces again."""
        for number in pieces:
            self._free[self._pieces[number].nbytes].append(number)


class Reader:
    """The other side: makes batches, and notes which pieces are unused."""

    def __init__(self) -> None:
        self._pieces: dict[int, np.ndarray] = {}
        self.freed: deque[int] = deque()

    def accept(self, sent: tuple[Any, ...], files: list[int]) -> "SharedBatch":
        """Take in a message of `Writer.dump`."""
        data, used, new = sent
        for (number, size), file in zip(new.items(), files, strict=True):
            self._pieces[number] = _map(file, size)
        leases = [_Lease(self, number) for number in dict.fromkeys(n for n, _ in used)]
        by_number = {lease.number: np.asarray(lease) for lease in leases}
        return SharedBatch(data, [by_number[number][:size] for number, size in used])


class SharedBatch:
    """A batch that has come and was not unpacked yet."""

    def __init__(self, data: bytes, buffers: list[np.ndarray]) -> None:
        self._data, self._buffers = data, buffers

    def open(self) -> Any:
        """The batch; its large arrays lie in the shared memory."""
        return pickle.loads(self._data, buffers=self._buffers)


class _Lease:
    """Own a piece as long as some array uses it."""

    def __init__(self, reader: Reader, number: int) -> None:
        self.number = number
        self._freed, self._piece = reader.freed, reader._pieces[number]
        self.__array_interface__ = self._piece.__array_interface__

    def __del__(self) -> None:
        self._freed.append(self.number)


def _address(array: np.ndarray) -> int:
    address: int = array.__array_interface__["data"][0]
    return address


def pack(payload: Any) -> tuple[int, list[tuple[int, int]]]:
    """Pickle something by value into a file, its arrays as they lie in memory.

    Returns the file, and where in it the pickle is and each array.
    """
    parts: list[Any] = []
    data = cloudpickle.dumps(
        payload,
        pickle.HIGHEST_PROTOCOL,
        buffer_callback=lambda buffer: parts.append(buffer.raw()),
    )
    parts.insert(0, data)
    starts = [0]
    for part in parts:
        starts.append(-(-(starts[-1] + len(part)) // 64) * 64)
    file = anonymous_file(starts[-1])
    memory = _map(os.dup(file), starts[-1])
    for start, part in zip(starts, parts, strict=False):
        memory[start : start + len(part)] = np.frombuffer(part, np.uint8)
    return file, [(start, len(x)) for start, x in zip(starts, parts, strict=False)]


def unpack(file: int, ranges: list[tuple[int, int]]) -> Any:
    """What `pack` packed. Arrays lie in memory that is copied when written to."""
    memory = _map(file, os.fstat(file).st_size, mmap.ACCESS_COPY)
    data, *buffers = [memory[start : start + size] for start, size in ranges]
    return pickle.loads(data.data, buffers=buffers)
