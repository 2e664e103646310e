"""Storages without a type: the memory of tensors as bytes."""

import weakref
from collections.abc import Iterator
from os import PathLike
from typing import Any, Final

import numpy as np

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DeviceLike, Scalar
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._ops.create.creation import from_numpy, tensor, zeros
from funcnet.compat._ops.tensor_methods.cells import address_of, flat, of_cell
from funcnet.compat._tensor.storage import Storage
from funcnet.compat._tensor.tensor import from_array

_shown: Final[weakref.WeakKeyDictionary[Storage, Any]] = weakref.WeakKeyDictionary()
_emptied: Final[weakref.WeakKeyDictionary[Storage, int]] = weakref.WeakKeyDictionary()


class BaseStorage:
    """What typed and untyped storages have in common: the cell that they show."""

    _cell: Storage
    is_sparse = False

    def _flat(self) -> Any:
        """The elements as a tensor of one dimension in this memory."""
        raise NotImplementedError

    def __len__(self) -> int:
        return int(self._flat().shape[0])

    def size(self) -> int:
        """How many elements there are: bytes, if it has no type."""
        return len(self)

    def nbytes(self) -> int:
        """How many bytes it holds."""
        return _emptied.get(self._cell, self._cell.value.spec.bytes)

    def element_size(self) -> int:
        """The bytes of one element."""
        return int(self._flat().element_size())

    def data_ptr(self) -> int:
        """A number that says where it begins; see `Tensor.data_ptr`."""
        meta = self.device.type == "meta"
        return address_of(self._cell) if self.nbytes() and not meta else 0

    @property
    def _cdata(self) -> int:
        return id(self._cell)

    @property
    def device(self) -> Any:
        """Where it lies."""
        return self._cell.value.spec.device

    @property
    def is_cuda(self) -> bool:
        """Whether it lies on a GPU."""
        return bool(self.device.type == "cuda")

    def is_pinned(self, device: DeviceLike = "cuda") -> bool:
        """No: such memory is not told apart here."""
        return False

    def is_shared(self) -> bool:
        """Whether other processes may see it."""
        return bool(of_cell(self._cell).is_shared())

    def share_memory_(self) -> Any:
        """Move it to where other processes may see it."""
        of_cell(self._cell).share_memory_()
        return self

    def pin_memory(self, device: DeviceLike = "cuda") -> Any:
        """Itself: there is nothing to be done here."""
        return self

    def tolist(self) -> list[Any]:
        """The elements as Python numbers."""
        result: list[Any] = self._flat().tolist()
        return result

    def __iter__(self) -> Iterator[Any]:
        return iter(self.tolist())

    def fill_(self, value: Scalar) -> Any:
        """Set all elements to a number."""
        self._flat().fill_(value)
        return self

    def copy_(self, source: Any, non_blocking: object = None) -> Any:
        """Copy the elements of another storage into this one."""
        del non_blocking
        self._flat().copy_(source._flat())
        return self

    def _place(self, index: int, words: str) -> int:
        count = len(self)
        if not isinstance(index, int):
            raise TypeError(f"can't index a {type(self)} with {type(index)}")
        if not -count <= index < count:
            raise IndexError(words.format(index=index, count=count))
        return index

    def __setitem__(self, index: int | slice, value: object) -> None:
        if not isinstance(index, slice):
            words = "index {index} is out of bounds for dimension 0 with size {count}"
            index = self._place(index, words)
        self._flat()[index] = value

    def __copy__(self) -> Any:
        return self.clone()

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        key = id(self._cell)
        cell = memo.get(key)
        if cell is None:
            cell = memo[key] = Storage(self._cell.read())
        return self._of(cell)

    def clone(self) -> Any:
        """A copy with memory of its own."""
        return self._of(Storage(self._cell.read()))

    def _of(self, cell: Storage) -> Any:
        raise NotImplementedError

    def __repr__(self) -> str:
        lines = "".join(f" {byte}\n" for byte in self.tolist())
        return f"{lines}[{self._what()} of size {len(self)}]"

    def _what(self) -> str:
        raise NotImplementedError


@explains_keywords
class UntypedStorage(BaseStorage):
    """The memory of a tensor as bytes, as `torch.UntypedStorage`.

    Example:
        >>> import funcnet.compat as torch
        >>> x = torch.zeros(2, 2)
        >>> x.untyped_storage().nbytes()
        16
        >>> x[1].untyped_storage().data_ptr() == x.untyped_storage().data_ptr()
        True
    """

    def __init__(self, *args: Any, device: DeviceLike | None = None) -> None:
        given = args[0] if args else 0
        if isinstance(given, int):
            result = zeros(given, dtype=_dtypes.uint8, device=device)
        else:
            result = tensor(list(given), dtype=_dtypes.uint8, device=device)
        self._cell = result._storage
        _shown[self._cell] = weakref.ref(self)

    @classmethod
    def from_file(
        cls, filename: str | PathLike[str], shared: bool = False, nbytes: int = 0
    ) -> "UntypedStorage":
        """The first bytes of a file, mapped into memory.

        Args:
            filename: the file.
            shared: whether what is written here is written to the file, which is made,
                or made larger, if it has fewer bytes.
            nbytes: how many bytes.
        """
        if shared:
            with open(filename, "ab") as file:
                if file.tell() < nbytes:
                    file.truncate(nbytes)
        if not nbytes:
            return cls(0)
        mapped = np.memmap(filename, np.uint8, "r+" if shared else "c", shape=(nbytes,))
        return untyped(from_numpy(mapped)._storage)

    def _of(self, cell: Storage) -> "UntypedStorage":
        return untyped(cell)

    def _flat(self) -> Any:
        return flat(self._cell, _dtypes.uint8)

    def __len__(self) -> int:
        return self.nbytes()

    def __getitem__(self, index: int | slice) -> Any:
        if isinstance(index, slice):
            host = self._cell.host  # of a large file, only what is asked for is read
            if host is not None and host.flags.c_contiguous:
                part = host.reshape(-1).view(np.uint8)[index]
                return untyped(from_array(np.array(part))._storage)
            return untyped(self._flat()[index].clone()._storage)
        words = "index {index} out of range for storage of size {count}"
        return self._flat()[self._place(index, words)].item()

    def __bytes__(self) -> bytes:
        return bytes(self.tolist())

    def untyped(self) -> "UntypedStorage":
        """Itself."""
        return self

    def resize_(self, size: int) -> "UntypedStorage":
        """Change how many bytes it holds: none, or again as many as before.

        Raises:
            RuntimeError: more bytes than the tensors in it were made with.
        """
        full = self._cell.value.spec.bytes
        if size > full:
            raise RuntimeError(
                f"funcnet.compat cannot let a storage of {full} bytes grow to {size} "
                "under its tensors: make a larger tensor, or use Tensor.resize_."
            )
        if size < full:
            if not size:
                of_cell(self._cell).zero_()
            _emptied[self._cell] = size
        else:
            _emptied.pop(self._cell, None)
        return self

    def cpu(self) -> "UntypedStorage":
        """The bytes on the processor: itself, or a copy."""
        return untyped(of_cell(self._cell).cpu()._storage)

    def cuda(self, device: DeviceLike | None = None, non_blocking: bool = False) -> Any:
        """The bytes on a GPU."""
        return untyped(of_cell(self._cell).cuda(device)._storage)

    def _what(self) -> str:
        return f"torch.storage.UntypedStorage(device={self.device})"

    def __reduce__(self) -> Any:
        return _from_bytes, (bytes(self),)


def _from_bytes(data: bytes) -> UntypedStorage:
    return untyped(from_array(np.frombuffer(data, np.uint8).copy())._storage)


def untyped(cell: Storage) -> UntypedStorage:
    """The object that shows a cell: always the same one, as long as it is held."""
    known = _shown.get(cell)
    result = known and known()
    if result is None:
        result = object.__new__(UntypedStorage)
        result._cell = cell
        _shown[cell] = weakref.ref(result)
    return result
