"""Storages by the identities under which a pickle refers to them."""

from typing import Any, Protocol

import numpy as np

from funcnet.checkpoint.pth._errors import DamagedError, RefusedError
from funcnet.checkpoint.pth._tensors import Storage


class Records(Protocol):
    """The storages of a file."""

    def storage(
        self, key: str, dtype: np.dtype | None, size: int, location: str
    ) -> Any:
        """The storage of a key, which must have this many bytes."""


class Storages:
    """The storages that a pickle has met, each checked and made once."""

    def __init__(self, records: Records) -> None:
        self.records = records
        self.known: dict[str, Storage] = {}

    def find(self, identity: Any) -> Storage:
        """The storage that an identity describes."""
        whole = type(identity) is tuple and len(identity) in (5, 6)
        if whole and is_text(identity[0], "storage"):
            _, storage_type, key, location, count, *view = identity
        else:
            raise RefusedError("the file refers to something else than a storage.")
        if view and view[0] is not None:
            return self._view(identity)
        return self._storage(storage_type, key, location, count)

    def _storage(
        self, storage_type: Any, key: Any, location: Any, count: Any
    ) -> Storage:
        if not isinstance(storage_type, StorageType):
            raise RefusedError(
                f"a storage has the type a {type(storage_type).__name__}."
            )
        named = type(key) is str and key.isascii() and key.isdigit() and len(key) < 25
        if not named or type(location) is not str or len(location) > 99:
            raise RefusedError(f"a storage is called {ascii(key)[:60]}.")
        if type(count) is not int or not 0 <= count < 2**60:
            raise DamagedError(f"storage {key} has {count!r:.40} elements.")
        size = count * (
            storage_type.dtype.itemsize if storage_type.dtype is not None else 1
        )
        if key not in self.known:
            new_storage = self.records.storage(key, storage_type.dtype, size, location)
            self.known[key] = new_storage
        result = self.known[key]
        if (result.dtype, result.size) != (storage_type.dtype, size):
            raise DamagedError(f"storage {key} is described in two ways.")
        return result

    def _view(self, identity: tuple[Any, ...]) -> Storage:
        """A part of a storage, as files of PyTorch 0.3 and before refer to it."""
        _, storage_type, key, location, count, view = identity
        root = self._storage(storage_type, key, location, count)
        whole = type(view) is tuple and len(view) == 3 and type(view[0]) is str
        if not whole or not all(type(n) is int and n >= 0 for n in view[1:]):
            raise DamagedError(f"a view of storage {key} is not described.")
        step = root.dtype.itemsize if root.dtype is not None else 1
        start, size = view[1] * step, view[2] * step
        if start + size > root.size:
            raise DamagedError(f"a view reaches past storage {key}.")
        name = f"{key} {view[0]}"
        if name not in self.known:
            self.known[name] = Storage(
                *(name, root.dtype, size, location),
                lambda _: (root.room()[start : start + size], lambda: None),
            )
        return self.known[name]


class StorageType:
    """A class of storages, by the dtype of its elements."""

    def __init__(self, dtype: np.dtype | None) -> None:
        self.dtype = dtype


def is_text(value: Any, text: str) -> bool:
    """Compare with something of any type: arrays compare in their own way."""
    return type(value) is str and value == text
