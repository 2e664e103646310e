"""Which of the arrays to be saved share memory, and how it is cut into storages."""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from funcnet.checkpoint.pth._pickle.pickler import Made
from funcnet.checkpoint.pth._tensor_writer import Written, contiguous_stride, tensor


class _Piece:
    """Memory from one address to another that arrays show."""

    def __init__(self, low: int, high: int, array: np.ndarray) -> None:
        self.low, self.high, self.arrays = low, high, [array]
        self.key: int | None = None

    def is_shared(self) -> bool:
        """Return whether all arrays can be views of one array of their dtype."""
        dtype = self.arrays[0].dtype
        return len(self.arrays) > 1 and all(
            array.dtype == dtype and _fits(array, self.low) for array in self.arrays
        )

    def whole(self) -> np.ndarray:
        """All of the memory, as one array."""
        first = min(self.arrays, key=_address)
        count = (self.high - self.low) // first.itemsize
        return as_strided(first, (count,), (first.itemsize,))


class Memory:
    """Meets all arrays first, then places each in a storage."""

    def __init__(self) -> None:
        self.met: list[np.ndarray] = []
        self.pieces: dict[int, _Piece] = {}  # by the identity of the arrays
        self.storages: list[Written] = []

    def meet(self, value: Any) -> None:
        """Take note of an array."""
        if isinstance(value, np.ndarray) and value.size:
            self.met.append(value)

    def settle(self) -> None:
        """Find the arrays that share memory, when all have been met."""
        current: _Piece | None = None
        for array in sorted(self.met, key=_address):
            low, high = np.lib.array_utils.byte_bounds(array)
            if current is None or low >= current.high:
                current = _Piece(low, high, array)
            else:
                current.arrays.append(array)
                current.high = max(current.high, high)
            self.pieces[id(array)] = current
        self.pieces = {k: p for k, p in self.pieces.items() if p.is_shared()}

    def place(self, value: Any) -> Made:
        """The call that makes an array, in a storage of its own or in a shared one."""
        piece = self.pieces.get(id(value))
        shape = tuple(value.shape)
        if piece is None:
            dtype = np.dtype(value.dtype).newbyteorder("=")
            stored = Written(dtype, int(value.size), lambda: _compact(value, dtype))
            self.storages.append(stored)
            key = len(self.storages) - 1
            return tensor(stored, key, shape, contiguous_stride(shape))
        if piece.key is None:
            piece.key = len(self.storages)
            count = (piece.high - piece.low) // value.itemsize
            self.storages.append(Written(value.dtype, count, piece.whole))
        stored = self.storages[piece.key]
        stride = tuple(step // value.itemsize for step in value.strides)
        offset = (_address(value) - piece.low) // value.itemsize
        return tensor(stored, piece.key, shape, stride, offset)


def _compact(value: Any, dtype: np.dtype) -> np.ndarray:
    return np.ascontiguousarray(np.asarray(value), dtype)


def _address(array: np.ndarray) -> int:
    return int(array.__array_interface__["data"][0])


def _fits(array: np.ndarray, low: int) -> bool:
    steps = (*array.strides, _address(array) - low)
    return array.dtype.isnative and all(
        s >= 0 and not s % array.itemsize for s in steps
    )
