"""The format before PyTorch 1.6: pickles one after the other, then the storages."""

import sys
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from funcnet.checkpoint._background import Background
from funcnet.checkpoint.pth._archive.source import Source
from funcnet.checkpoint.pth._archive.zip_records import swap_bytes
from funcnet.checkpoint.pth._budget import Budget
from funcnet.checkpoint.pth._errors import DamagedError, RefusedError
from funcnet.checkpoint.pth._pickle.globals_table import GlobalsTable
from funcnet.checkpoint.pth._pickle.unpickler import Unpickler
from funcnet.checkpoint.pth._pickle.values import Known
from funcnet.checkpoint.pth._storage_table import is_text
from funcnet.checkpoint.pth._tensors import Pending, Storage

MAGIC: Final = 0x1950A86A20F9469CFC6C
PROTOCOL: Final = 1001
HEAD: Final = b"\x80\x02\x8a\x0a" + MAGIC.to_bytes(10, "little") + b"."
_COUNT = 8  # bytes of the number of elements before each storage


class LegacyRecords:
    """The storages that follow the pickles of a file.

    Where they begin, and how long they are, only the pickle before them says: it is
    run once without making anything, to find them.

    Attributes:
        end: where the file's last storage ends.
    """

    def __init__(self, source: Source) -> None:
        self.source, self.budget = source, Budget(source.size)
        self.background = Background()
        self.waiting: list[Callable[[], None]] = []
        self.data, self.end = source.view(), 0
        self.storages: dict[str, Storage] = {}
        self.starts: dict[str, int] = {}
        self.swapped = self._head()
        start = self.end
        self._run(_Skeleton(self, self.budget))
        self.object = self.data[start : self.end]
        self._find_storages()

    def pickle(self) -> memoryview:
        """The pickle that says what the file holds."""
        return self.object

    def storage(
        self, key: str, dtype: np.dtype | None, size: int, location: str
    ) -> Storage:
        """The storage of a key; nothing is read yet."""
        if key not in self.storages:
            self.storages[key] = Storage(key, dtype, size, location, self._read)
        return self.storages[key]

    def finish(self) -> None:
        """Wait until all is read; there are no checksums."""
        for wait in self.waiting:
            wait()

    def _read(self, storage: Storage) -> Pending:
        result, fill = self.source.room(self.starts[storage.key], storage.size)
        wait = self.background.run(fill, storage.size)
        self.waiting.append(wait)
        if not self.swapped:
            return result, wait
        wait()
        return swap_bytes(result, storage), wait

    def _run(self, globals_table: GlobalsTable) -> Any:
        """The value of the next pickle."""
        unpickler = Unpickler(self.data[self.end :], globals_table, self.budget)
        value = unpickler.run()
        self.end += unpickler.position
        return value

    def _head(self) -> bool:
        """Check what every file begins with; whether its bytes are swapped."""
        plain = GlobalsTable(_NoRecords(), self.budget)
        if not _is_number(self._run(plain), MAGIC):
            raise DamagedError("Invalid magic number; corrupt file?")
        version = self._run(plain)
        if not _is_number(version, PROTOCOL):
            raise RefusedError(f"Invalid protocol version: {ascii(version)[:40]}")
        system = self._run(plain)
        little = system.get("little_endian") if type(system) is dict else None
        if type(little) is not bool:
            raise DamagedError("the file does not say the order of its bytes.")
        return little != (sys.byteorder == "little")

    def _find_storages(self) -> None:
        """Walk over the storages; they must be those that the pickle described."""
        keys = self._run(GlobalsTable(_NoRecords(), self.budget))
        plain = type(keys) is list and all(type(key) is str for key in keys)
        if not plain or sorted(keys) != sorted(self.storages):
            raise DamagedError("the file does not list the storages that it needs.")
        order = "big" if self.swapped == (sys.byteorder == "little") else "little"
        for key in keys:
            storage = self.storages[key]
            step = storage.dtype.itemsize if storage.dtype is not None else 1
            head = self.source.read(self.end, _COUNT)
            count = int.from_bytes(head, order, signed=True)  # type: ignore[arg-type]
            self.starts[key] = self.end + _COUNT
            self.end += _COUNT + storage.size
            if count * step != storage.size:
                raise DamagedError(f"storage {key} has {count} elements in the file.")
            if self.end > self.source.size:
                raise DamagedError(f"the file ends within storage {key}.")


def _is_number(value: Any, number: int) -> bool:
    return type(value) is int and value == number


class _NoRecords:
    """For the pickles around the one that has tensors."""

    def storage(
        self, key: str, dtype: np.dtype | None, size: int, location: str
    ) -> Storage:
        raise DamagedError("there are tensors where none can be.")


class _Skeleton(GlobalsTable):
    """Runs a pickle for the storages that it names; everything else is a blank."""

    def find(self, module: str, name: str) -> Any:
        result = self.table.get(f"{module}.{name}")
        return _BLANK if isinstance(result, Known) else result or _BLANK

    def call(self, function: Any, args: tuple[Any, ...]) -> Any:
        return _BLANK

    def new(self, cls: Any, args: tuple[Any, ...]) -> Any:
        return _BLANK

    def build(self, target: Any, state: Any) -> None:
        pass

    def extend(self, target: Any, items: list[Any]) -> None:
        pass

    def update(self, target: Any, items: list[Any]) -> None:
        pass

    def key(self, key: Any) -> Any:
        return key if type(key) is str else None

    def persistent(self, identity: Any) -> Any:
        if type(identity) is tuple and identity and is_text(identity[0], "module"):
            return _BLANK
        return super().persistent(identity)


_BLANK = Known("(nothing)")
