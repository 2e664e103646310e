"""How tensors and their storages are written."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from funcnet.checkpoint.pth._dtypes import HALVES, NAMES, STORAGE_OF
from funcnet.checkpoint.pth._pickle.pickler import ORDERED_DICT, Made, Name, Outside

_V2: Final = Name("torch._utils", "_rebuild_tensor_v2")
_V3: Final = Name("torch._utils", "_rebuild_tensor_v3")
_UNTYPED: Final = Name("torch.storage", "UntypedStorage")


class Written(NamedTuple):
    """A storage to be written: its elements, fetched when their turn comes.

    `read` gives a contiguous array.
    """

    dtype: np.dtype
    elements: int
    read: Callable[[], np.ndarray]
    location: str = "cpu"


def tensor(
    storage: Written,
    key: int,
    shape: tuple[int, ...],
    stride: tuple[int, ...],
    offset: int = 0,
    requires_grad: bool = False,
) -> Made:
    """The call that makes a tensor of a storage, which has the number `key`."""
    name = "complex32" if storage.dtype == HALVES else NAMES[storage.dtype]
    typed = name in STORAGE_OF
    storage_type = Name("torch", STORAGE_OF[name]) if typed else _UNTYPED
    count = storage.elements if typed else storage.elements * storage.dtype.itemsize
    outside = Outside(("storage", storage_type, str(key), storage.location, count))
    args = (outside, offset, shape, stride, requires_grad, Made(ORDERED_DICT, ()))
    return Made(_V2, args) if typed else Made(_V3, (*args, Name("torch", name)))


def contiguous_stride(shape: tuple[int, ...]) -> tuple[int, ...]:
    """The strides, in elements, of an array whose elements lie in order."""
    stride, step = [], 1
    for size in reversed(shape):
        stride.append(step)
        step *= max(size, 1)
    return tuple(reversed(stride))
