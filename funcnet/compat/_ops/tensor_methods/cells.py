"""The memory of tensors as such: where it lies, and tensors of all of it."""

from typing import Any, Final

import numpy as np

from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._core.context import thread
from funcnet.compat._core.conversion import in_memory
from funcnet.compat._core.device import META
from funcnet.compat._core.dtype import dtype as DType
from funcnet.compat._core.strides import contiguous
from funcnet.compat._ops.registry import register
from funcnet.compat._ops.shape.strided_views import as_strided
from funcnet.compat._tensor.storage import Storage
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.view_ops import BITS, INDEX, VIEW
from funcnet.compat._tensor.views import view_of

_PAGE: Final = 64  # bytes between which memory begins
_free: Final = [1 << 32]  # where the next memory begins


def of_cell(cell: Storage) -> Any:
    """A tensor of all that lies in a cell, in the shape in which it was made."""
    result = object.__new__(Tensor)
    result._show(cell)
    return result


def flat(cell: Storage, dtype: DType) -> Any:
    """All that lies in a cell as elements of a dtype, in one dimension."""
    x = of_cell(cell)
    old = x.dtype
    if x.ndim != 1:
        x = view_of(x, VIEW, (x.shape.numel(),))
    if dtype is old:
        return x
    if old.itemsize < dtype.itemsize:  # what does not fill an element is left out
        whole = x.shape[0] * old.itemsize // dtype.itemsize * dtype.itemsize
        x = view_of(x, INDEX, (slice(0, whole // old.itemsize),))
    return view_of(x, BITS, dtype)


def strided(
    cell: Storage, dtype: DType, size: ShapeLike, stride: ShapeLike | None, offset: int
) -> Any:
    """Elements of a cell by their indices, as `Tensor.set_` takes them."""
    size = tuple([int(n) for n in size])
    steps = contiguous(size).stride if stride is None else tuple(stride)
    return as_strided(flat(cell, dtype), size, steps, offset)


def address_of(cell: Storage) -> int:
    """Where a cell begins in the host's memory, for libraries that read by address.

    Where numpy shares the memory it lies there. Else the numbers, as they are now, are
    copied to memory that the cell keeps for it: what is written there is not seen. A
    number that no other cell has where the host does not hold numbers.
    """
    if cell.host is not None:
        return int(cell.host.__array_interface__["data"][0])
    if cell.value.spec.device.type == "cpu" and not thread.context.levels:
        return _mirrored(cell)
    try:
        return cell.address
    except AttributeError:
        cell.address = _free[0]
        _free[0] += -(-max(cell.value.spec.bytes, 1) // _PAGE) * _PAGE
        return cell.address


def _mirrored(cell: Storage) -> int:
    """The address of a copy of the numbers, the same as long as the cell lives."""
    try:
        mirror, version = cell.mirror
    except AttributeError:
        mirror, version = None, -1
    if version != cell.content_version:
        numbers = in_memory(cell.value.spec.dtype, cell.array())
        if mirror is None or mirror.nbytes != numbers.nbytes:
            mirror = np.empty(numbers.shape, numbers.dtype)
        np.copyto(mirror.view(numbers.dtype).reshape(numbers.shape), numbers)
        cell.mirror = mirror, cell.content_version
    assert mirror is not None
    return int(mirror.__array_interface__["data"][0])


@register("Tensor.data_ptr")
def data_ptr(self: Tensor) -> int:
    """Where the numbers begin in the host's memory, as `Tensor.data_ptr`.

    Tensors that begin in the same memory have it in common; 0 of an empty tensor. What
    is written at the address is seen only where numpy shares the memory.
    """
    layout = self._layout()
    if 0 in layout.shape or self._spec.device is META:
        return 0
    return address_of(self._storage) + layout.offset * self.dtype.itemsize
