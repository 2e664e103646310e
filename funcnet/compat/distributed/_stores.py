"""Stores of keys and values that processes share: here, of one process."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NoReturn


class DistError(RuntimeError):
    """What collectives raise."""


class Store:
    """Keys and bytes."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}

    def set(self, key: str, value: str | bytes) -> None:
        """Keep a value under a key."""
        self._held[key] = value.encode() if isinstance(value, str) else bytes(value)

    def get(self, key: str) -> bytes:
        """The value of a key, which must be there: nobody else would set it."""
        if key not in self._held:
            raise DistError(f"the key {key!r} is not set, and there is one process")
        return self._held[key]

    def add(self, key: str, amount: int) -> int:
        """Add to a number."""
        result = int(self._held.get(key, b"0")) + amount
        self._held[key] = str(result).encode()
        return result

    def check(self, keys: list[str]) -> bool:
        """Whether all keys are there."""
        return all(key in self._held for key in keys)

    def wait(self, keys: list[str], timeout: timedelta | float | None = None) -> None:
        """Raise unless all keys are there."""
        for key in keys:
            self.get(key)

    def delete_key(self, key: str) -> bool:
        """Forget a key; whether it was there."""
        return self._held.pop(key, None) is not None

    def num_keys(self) -> int:
        """How many keys there are."""
        return len(self._held)

    def compare_set(self, key: str, expected: str, desired: str) -> bytes:
        """Set a value if it is the expected one."""
        result = self._held.get(key)
        if result == expected.encode() or (result is None and expected == ""):
            self.set(key, desired)
        return self._held.get(key, expected.encode())

    def set_timeout(self, timeout: timedelta | float) -> None:
        """Accepted: nothing is waited for."""


class HashStore(Store):
    """A store in memory."""


class FileStore(Store):
    """A store that would lie in a file; there is one process, and no file."""

    def __init__(self, file_name: str, world_size: int = -1) -> None:
        super().__init__()
        self.path = file_name


class PrefixStore(Store):
    """A store whose keys begin with a prefix in another."""

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
    """Refused: there is one process."""

    def __init__(self, *args: object, **kwargs: object) -> NoReturn:
        raise NotImplementedError(
            "torch.distributed.TCPStore connects processes, and there is one: use "
            "HashStore()."
        )
