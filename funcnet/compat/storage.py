"""Storages, as `torch.storage`.

A storage shows the cell in which the numbers of a tensor and of its views lie. Writing
to one writes to the tensors, and two tensors share memory if their storages are equal.
"""

import sys
import warnings
from typing import Any, Final

import numpy as np

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.dtype import dtype as DType
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.create.constructors import TYPES
from funcnet.compat._ops.create.creation import tensor, zeros
from funcnet.compat._ops.registry import register
from funcnet.compat._ops.tensor_methods.cells import flat
from funcnet.compat._ops.tensor_methods.untyped_storage import (
    BaseStorage,
    UntypedStorage,
    untyped,
)
from funcnet.compat._tensor.storage import Storage
from funcnet.compat._tensor.tensor import Tensor, from_array

_WORDS: Final = {
    **{kind: word for word, kind in TYPES.items()},
    _dtypes.complex64: "ComplexFloat",
    _dtypes.complex128: "ComplexDouble",
}


class _TypedMeta(type):
    """Metaclass of typed storages: `FloatStorage` is recognised by the dtype."""

    dtype: DType | None = None

    def __instancecheck__(cls, instance: object) -> bool:
        if not type.__instancecheck__(TypedStorage, instance):
            return False
        dtype = vars(cls).get("dtype")
        return not isinstance(dtype, DType) or instance.dtype is dtype  # type: ignore[attr-defined]


@explains_keywords
class TypedStorage(BaseStorage, metaclass=_TypedMeta):
    """Storage as elements of a dtype, as `torch.TypedStorage`."""

    def __init__(
        self,
        *args: Any,
        wrap_storage: Any = None,
        dtype: DType | None = None,
        device: DeviceLike | None = None,
        _internal: bool = False,
    ) -> None:
        del _internal
        kind = dtype or _dtypes.get_default_dtype()
        given = args[0] if args else 0
        if wrap_storage is not None:
            self._cell = wrap_storage._cell
        elif isinstance(given, BaseStorage):
            self._cell = given._cell
        elif isinstance(given, int):
            result = zeros(given, dtype=kind, device=device)
            self._cell = result._storage
        else:
            result = tensor(list(given), dtype=kind, device=device)
            self._cell = result._storage
        self._kind = kind

    def _of(self, cell: Storage) -> "TypedStorage":
        return typed(cell, self._kind)

    def _flat(self) -> Any:
        return flat(self._cell, self._kind)

    def __len__(self) -> int:
        return self.nbytes() // self._kind.itemsize

    @property
    def dtype(self) -> DType:
        """The dtype of the elements."""
        return self._kind

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            raise RuntimeError(
                "slices are only supported in UntypedStorage.__getitem__"
            )
        words = "index {index} out of range for storage of size {count}"
        return self._flat()[self._place(index, words)].item()

    def untyped(self) -> UntypedStorage:
        """Return the same storage as bytes."""
        return untyped(self._cell)

    _untyped_storage = property(untyped)

    def resize_(self, size: int) -> "TypedStorage":
        """Change the number of elements; see `UntypedStorage.resize_`."""
        self.untyped().resize_(size * self._kind.itemsize)
        return self

    def pickle_storage_type(self) -> str:
        """Return the name of its class: "FloatStorage"."""
        return f"{_WORDS.get(self._kind, self._kind.name.capitalize())}Storage"

    def type(self, dtype: DType | None = None) -> Any:
        """Return the name of its class, or the elements in another dtype."""
        if dtype is None:
            return f"torch.{self.pickle_storage_type()}"
        return self._as(getattr(dtype, "dtype", dtype))

    def _as(self, dtype: DType) -> "TypedStorage":
        return typed(self._flat().to(dtype)._storage, dtype)

    def cpu(self) -> "TypedStorage":
        """Return the storage on the CPU: itself, or a copy."""
        return typed(self.untyped().cpu()._cell, self._kind)

    def cuda(self, device: DeviceLike | None = None, non_blocking: bool = False) -> Any:
        """Return a copy on a GPU."""
        return typed(self.untyped().cuda(device)._cell, self._kind)

    @classmethod
    def from_buffer(cls, buffer: Any, byte_order: str = sys.byteorder) -> Any:
        """Make a storage of a copy of a buffer."""
        dtype = vars(cls).get("dtype")
        chosen = dtype if isinstance(dtype, DType) else _dtypes.get_default_dtype()
        big = chosen.numpy.newbyteorder(">")
        array = np.frombuffer(buffer, big if byte_order == "big" else chosen.numpy)
        return typed(from_array(array.astype(chosen.numpy))._storage, chosen)

    def _what(self) -> str:
        return f"torch.storage.TypedStorage(dtype={self._kind}, device={self.device})"

    def __reduce__(self) -> Any:
        return _from_numbers, (np.array(self._flat()._array()), self._kind)


def _from_numbers(array: np.ndarray, dtype: DType) -> TypedStorage:
    return typed(from_array(array)._storage, dtype)


def typed(cell: Storage, dtype: DType) -> TypedStorage:
    """Return a storage as elements of a dtype."""
    result = object.__new__(TypedStorage)
    result._cell, result._kind = cell, dtype
    return result


def _conversion(dtype: DType) -> Any:
    def convert(self: TypedStorage) -> TypedStorage:
        return self if self._kind is dtype else self._as(dtype)

    convert.__doc__ = f"The elements in {dtype}."
    return convert


for _name, _kind in (
    *((n, k) for n, k in _dtypes.ALIASES.items() if n[0] != "c"),
    *(("bool", _dtypes.bool_), ("byte", _dtypes.uint8), ("char", _dtypes.int8)),
    *(("bfloat16", _dtypes.bfloat16), ("complex_float", _dtypes.complex64)),
    ("complex_double", _dtypes.complex128),
):
    setattr(TypedStorage, _name, _conversion(_kind))


class _LegacyMeta(_TypedMeta):
    """Metaclass of `FloatStorage` and its kin: calling one makes a storage."""

    def __call__(cls, *args: object, **settings: Any) -> TypedStorage:
        settings.setdefault("dtype", cls.dtype)
        return TypedStorage(*args, **settings)


LEGACY: Final[dict[str, Any]] = {
    f"{word}Storage": _LegacyMeta(
        f"{word}Storage", (TypedStorage,), {"dtype": kind, "__module__": "torch"}
    )
    for kind, word in _WORDS.items()
}
"""The classes of storages by their names in `torch`."""

globals().update(LEGACY)


@register("is_storage", method=False, overridable=False)
def is_storage(obj: object) -> bool:
    """Return whether an object is a storage, as `torch.is_storage`."""
    return isinstance(obj, BaseStorage)


_warned: list[bool] = []


@register("Tensor.storage")
def _storage(self: Tensor) -> TypedStorage:
    """Return the storage as elements of the dtype, as `Tensor.storage`."""
    if not _warned:
        _warned.append(True)
        warnings.warn(
            "TypedStorage is deprecated. It will be removed in the future and "
            "UntypedStorage will be the only storage class. This should only matter "
            "to you if you are using storages directly.  To access UntypedStorage "
            "directly, use tensor.untyped_storage() instead of tensor.storage()",
            UserWarning,
            stacklevel=outside(),
        )
    return typed(self._storage, self.dtype)


@register("Tensor._typed_storage")
def _typed_storage(self: Tensor) -> TypedStorage:
    """Return the storage as elements of the dtype, without a warning."""
    return typed(self._storage, self.dtype)


@register("Tensor.untyped_storage")
def _untyped_storage(self: Tensor) -> UntypedStorage:
    """Return the storage as bytes, as `Tensor.untyped_storage`."""
    return untyped(self._storage)


@register("Tensor.storage_type")
def _storage_type(self: Tensor) -> Any:
    """Return the class of this tensor's storage: `torch.FloatStorage`."""
    return LEGACY[typed(self._storage, self.dtype).pickle_storage_type()]


__all__ = ["TypedStorage", "UntypedStorage"]
