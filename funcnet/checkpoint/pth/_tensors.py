"""Tensors as a file describes them, checked: a part of a storage, seen with strides."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np

from funcnet.checkpoint.pth._dtypes import NAMES
from funcnet.checkpoint.pth._errors import DamagedError

_MOST_DIMENSIONS = 64


# An array, and what waits until its bytes are there.
Pending: TypeAlias = tuple[np.ndarray, Callable[[], None]]


@dataclass(eq=False)
class Storage:
    """A piece of memory in a file.

    Attributes:
        key: its name in the file.
        dtype: of its elements; None if only the tensors know.
        size: its bytes.
        location: the device from which it was saved, such as "cuda:0".
    """

    key: str
    dtype: np.dtype | None
    size: int
    location: str
    read: Callable[["Storage"], Pending] = field(repr=False)
    _pending: Pending | None = field(default=None, repr=False)

    def room(self) -> np.ndarray:
        """The buffer of the bytes, which may not be filled yet."""
        if self._pending is None:
            self._pending = self.read(self)
        return self._pending[0]

    def bytes(self) -> np.ndarray:
        """The bytes, read when they are first asked for."""
        self.room()
        assert self._pending is not None, "no room was made"
        self._pending[1]()
        return self._pending[0]


@dataclass(frozen=True)
class StoredTensor:
    """A tensor in a file: everything about it but its values.

    Attributes:
        shape, dtype: as numpy has them.
        storage: the memory that it shows; tensors that share memory share this object.
        offset, stride: where its elements lie in the storage, in elements.
        requires_grad: whether it was one whose gradient is computed.
        conj, neg: whether the values in the file are the conjugates, the negatives.
    """

    shape: tuple[int, ...]
    dtype: np.dtype
    storage: Storage
    offset: int
    stride: tuple[int, ...]
    requires_grad: bool = False
    conj: bool = False
    neg: bool = False

    @property
    def size(self) -> int:
        """How many elements it has."""
        return math.prod(self.shape)

    @property
    def nbytes(self) -> int:
        """The bytes of its elements."""
        return self.size * self.dtype.itemsize

    @property
    def is_whole(self) -> bool:
        """Return whether it shows all of its storage, one element after the other."""
        whole = self.nbytes == self.storage.size and not self.offset
        return whole and is_contiguous(self.shape, self.stride)

    def array(self) -> np.ndarray:
        """The values, in the memory of the storage where that is possible.

        While a file is loaded they may not be there yet.
        """
        changed = self.conj or self.neg
        step = self.dtype.itemsize
        array = np.ndarray(
            self.shape,
            self.dtype,
            self.storage.bytes() if changed else self.storage.room(),
            self.offset * step,
            [n * step for n in self.stride],
        )
        if self.conj:
            array = np.conj(array)
        return -array if self.neg else array


def describe(
    storage: Any,
    offset: Any,
    shape: Any,
    stride: Any,
    requires_grad: Any,
    dtype: Any,
    metadata: Any = None,
) -> StoredTensor:
    """Check what a file says of a tensor.

    Raises:
        DamagedError: it does not lie within its storage, or is not described at all.
    """
    if not isinstance(storage, Storage):
        raise DamagedError("a tensor has no storage.")
    dtype = storage.dtype if dtype is None else dtype
    if not isinstance(dtype, np.dtype) or storage.dtype not in (None, dtype):
        raise DamagedError(f"a tensor of {dtype} lies in storage of {storage.dtype}.")
    shape, stride = _sizes(shape), _sizes(stride)
    if len(shape) != len(stride) or not _is_size(offset):
        raise DamagedError(
            f"a tensor has the shape {shape}, strides {stride} and offset {offset!r}."
        )
    if type(requires_grad) is not bool:
        raise DamagedError("a tensor does not say whether it requires a gradient.")
    flags = {} if metadata is None else metadata
    if type(flags) is not dict or not all(
        name in ("conj", "neg") and type(value) is bool for name, value in flags.items()
    ):
        raise DamagedError("a tensor has metadata that PyTorch does not write.")
    if flags and dtype.kind not in "fcV":
        raise DamagedError(f"a tensor of {dtype} says that it is negated.")
    needed = math.prod(max(n, 1) for n in shape) * dtype.itemsize
    last = offset + sum((n - 1) * s for n, s in zip(shape, stride, strict=True))
    end = (last + 1 if math.prod(shape) else offset) * dtype.itemsize
    if end > storage.size or needed >= 2**62:
        raise DamagedError(
            f"a tensor of shape {shape}, strides {stride} and offset {offset} reaches "
            f"past its storage of {storage.size // dtype.itemsize} "
            f"{NAMES.get(dtype, 'complex32')}."
        )
    return StoredTensor(shape, dtype, storage, offset, stride, requires_grad, **flags)


def _sizes(sizes: Any) -> tuple[int, ...]:
    whole = isinstance(sizes, tuple) and len(sizes) <= _MOST_DIMENSIONS
    if not whole or not all(map(_is_size, sizes)):
        raise DamagedError("a tensor has a shape or strides that are no sizes.")
    return tuple(sizes)


def _is_size(number: Any) -> bool:
    return type(number) is int and 0 <= number < 2**62


def is_contiguous(shape: tuple[int, ...], stride: tuple[int, ...]) -> bool:
    """Return whether the elements lie one after the other."""
    step = 1
    for size, result in zip(reversed(shape), reversed(stride), strict=True):
        if size != 1 and result != step:
            return 0 in shape
        step *= size
    return True
