"""Key-value stores of one process."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NoReturn


class DistError(RuntimeError):
    """Base class of errors of collectives."""


class Store:
    """Key-value store."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}

    def set(self, key: str, value: str | bytes) -> None:
        """Set the value of a key."""
        self._held[key] = value.encode() if isinstance(value, str) else bytes(value)

    def get(self, key: str) -> bytes:
        """Return the value of a key, which must exist: no other process sets it."""
        if key not in self._held:
            raise DistError(f"the key {key!r} is not set, and there is one process")
        return self._held[key]

    def add(self, key: str, amount: int) -> int:
        """Add to the number of a key."""
        result = int(self._held.get(key, b"0")) + amount
        self._held[key] = str(result).encode()
        return result

    def check(self, keys: list[str]) -> bool:
        """Return whether all keys exist."""
        return all(key in self._held for key in keys)

    def wait(self, keys: list[str], timeout: timedelta | float | None = None) -> None:
        """Raise DistError unless all keys exist."""
        for key in keys:
            self.get(key)

    def delete_key(self, key: str) -> bool:
        """Delete a key; return whether it existed."""
        return self._held.pop(key, None) is not None

    def num_keys(self) -> int:
        """Return the number of keys."""
        return len(self._held)

    def compare_set(self, key: str, expected: str, desired: str) -> bytes:
        """Set a value if it is the expected one."""
        result = self._held.get(key)
        if result == expected.encode() or (result is None and expected == ""):
            self.set(key, desired)
        return self._held.get(key, expected.encode())

    def set_timeout(self, timeout: timedelta | float) -> None:
        """Do nothing: there is nothing to wait for."""


class HashStore(Store):
    """Key-value store in memory."""


class FileStore(Store):
    """Key-value store in memory: one process needs no file."""

    def __init__(self, file_name: str, world_size: int = -1) -> None:
        super().__init__()
        self.path = file_name


class PrefixStore(Store):
    """Key-value store with a prefix, in another store."""

    def __init__(self, prefix: str, store: Store) -> None:
        super().__init__()
        self._prefix, self.underlying_store = prefix, store

    def __getattribute__(self, name: str) -> Any:
        result: Callable[..., Any] = super().__getattribute__(name)
        if name not in ("set", "get", "add", "delete_key", "compare_set"):
            return result
        inner = getattr(self.underlying_store, name)
        return lambda key, *args: inner(f"{self._prefix}/{key}", *args)


class TCPStore(Store):
    """Not supported: there is one process."""

    def __init__(self, *args: object, **kwargs: object) -> NoReturn:
        raise NotImplementedError(
            "torch.distributed.TCPStore connects processes, and there is one: use "
            "HashStore()."
        )
