"""The memory of tensors as such: where it lies, and tensors of all of it."""

from typing import Any, Final

from funcnet.compat._core.annotations import ShapeLike
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
    """Where a cell begins: as it is with numpy, else a number that no other has."""
    try:
        return cell.address
    except AttributeError:
        pass
    if cell.host is not None:
        cell.address = int(cell.host.__array_interface__["data"][0])
    else:
        cell.address = _free[0]
        _free[0] += -(-max(cell.value.spec.bytes, 1) // _PAGE) * _PAGE
    return cell.address


@register("Tensor.data_ptr")
def data_ptr(self: Tensor) -> int:
    """A number that tensors have in common if they begin in the same memory.

    The address itself where numpy shares the memory; 0 of an empty tensor.
    """
    layout = self._layout()
    if 0 in layout.shape or self._spec.device is META:
        return 0
    return address_of(self._storage) + layout.offset * self.dtype.itemsize
