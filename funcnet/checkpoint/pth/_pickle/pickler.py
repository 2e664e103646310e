"""Write pickles of protocol 2 as PyTorch's files have them, naming what it names."""

import argparse
import struct
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from funcnet.checkpoint._errors import CheckpointError

_DEEPEST = 150  # levels; Python's own stack takes little more
_BATCH = 1000  # items of one opcode: pickle's habit, which bounds a reader's stack


class Name(NamedTuple):
    """A class or function that is only named: the reader has one of its own."""

    module: str
    name: str


class Outside(NamedTuple):
    """What lies outside the pickle, under an identity."""

    identity: tuple[Any, ...]


class Made(NamedTuple):
    """What calling a name gives, with fields, list items and dict items if any.

    `new` makes an object without calling its class.
    """

    function: Any
    args: tuple[Any, ...]
    state: Any = None
    new: bool = False
    items: Iterable[Any] | None = None
    pairs: Iterable[tuple[Any, Any]] | None = None


ORDERED_DICT: Final = Name("collections", "OrderedDict")
_ENCODE: Final = Name("_codecs", "encode")


class PickleWriter:
    """Writes one value; what is met twice is written once.

    `describe(value, path)` describes values that are not plain Python's: as `Name`,
    `Made`, `Outside` or a plain value.
    """

    def __init__(self, describe: Callable[[Any, str], Any]) -> None:
        self.describe = describe
        self.out = bytearray(b"\x80\x02")
        self.memo: dict[Any, int] = {}
        self.references: list[Any] = []  # identities are compared: let no object go
        self.path: list[str] = []

    def dump(self, value: Any) -> bytes:
        """The pickle of a value."""
        self.write(value)
        self.out += b"."
        return bytes(self.out)

    def write(self, value: Any) -> None:
        cls = type(value)
        plain = _PLAIN.get(cls)
        if plain is not None:
            plain(self, value)
        elif id(value) in self.memo:
            self._recall(self.memo[id(value)])
        elif len(self.path) > _DEEPEST:
            raise CheckpointError(
                f"{'.'.join(self.path[:9])}... is nested more than {_DEEPEST} deep. "
                "Save flat dicts, such as a state_dict."
            )
        else:
            _CONTAINERS.get(cls, PickleWriter._other)(self, value)

    # --- values that are what they are ------------------------------------------------

    def _constant(self, value: Any) -> None:
        self.out += {None: b"N", True: b"\x88", False: b"\x89"}[value]

    def _integer(self, value: int) -> None:
        if 0 <= value < 2**8:
            self.out += struct.pack("<cB", b"K", value)
        elif 0 <= value < 2**16:
            self.out += struct.pack("<cH", b"M", value)
        elif -(2**31) <= value < 2**31:
            self.out += struct.pack("<ci", b"J", value)
        else:
            size = value.bit_length() // 8 + 1
            if size > 255:
                raise CheckpointError(
                    f"{self.here()} is an integer of {size} bytes; 255 is the most."
                )
            data = value.to_bytes(size, "little", signed=True)
            self.out += struct.pack("<BB", 0x8A, size) + data

    def _float(self, value: float) -> None:
        self.out += struct.pack(">cd", b"G", value)

    def _text(self, value: str) -> None:
        if value in self.memo:
            self._recall(self.memo[value])
            return
        data = value.encode("utf-8", "surrogatepass")
        self.out += struct.pack("<cI", b"X", len(data)) + data
        self._remember(value)

    def _name(self, name: Name) -> None:
        if name in self.memo:
            self._recall(self.memo[name])
            return
        self.out += f"c{name.module}\n{name.name}\n".encode()
        self._remember(name)

    def _outside(self, value: Outside) -> None:
        self.write(value.identity)
        self.out += b"Q"

    # --- containers -------------------------------------------------------------------

    def _tuple(self, value: tuple[Any, ...]) -> None:
        if not value:
            self.out += b")"
            return
        if len(value) > 3:
            self.out += b"("
        for index, item in enumerate(value):
            self._inside(str(index), item)
        if id(value) in self.memo:
            raise CheckpointError(f"{self.here()} is a tuple that contains itself.")
        self.out += {1: b"\x85", 2: b"\x86", 3: b"\x87"}.get(len(value), b"t")
        self._remember(value)

    def _list(self, value: list[Any]) -> None:
        self.out += b"]"
        self._remember(value)
        self._items(value)

    def _dict(self, value: dict[Any, Any]) -> None:
        self.out += b"}"
        self._remember(value)
        self._pairs(value.items())

    def _ordered(self, value: OrderedDict[Any, Any]) -> None:
        state = vars(value) or None
        self._reduced(Made(ORDERED_DICT, (), state, pairs=value.items()), value)

    def _set(self, value: set[Any]) -> None:
        self._reduced(Made(Name("__builtin__", "set"), ([*value],)), value)

    def _counter(self, value: Counter[Any]) -> None:
        self._reduced(Made(Name("collections", "Counter"), (dict(value),)), value)

    def _complex(self, value: complex) -> None:
        parts = (value.real, value.imag)
        self._reduced(Made(Name("__builtin__", "complex"), parts), value)

    def _bytes(self, value: bytes) -> None:
        text = value.decode("latin1")
        self._reduced(Made(_ENCODE, (text, "latin1")), value)

    def _namespace(self, value: argparse.Namespace) -> None:
        name = Name("argparse", "Namespace")
        self._reduced(Made(name, (), vars(value), new=True), value)

    # --- everything else --------------------------------------------------------------

    def _other(self, value: Any) -> None:
        description = self.describe(value, self.here())
        if isinstance(description, Made):
            self._reduced(description, value)
        else:
            self.write(description)

    def _reduced(self, reduced: Made, value: Any = None) -> None:
        self.write(reduced.function)
        self.write(reduced.args)
        if id(value) in self.memo and value is not None:
            raise CheckpointError(f"{self.here()} contains itself.")
        self.out += b"\x81" if reduced.new else b"R"
        if value is not None:
            self._remember(value)
        if reduced.items is not None:
            self._items(reduced.items)
        if reduced.pairs is not None:
            self._pairs(reduced.pairs)
        if reduced.state is not None:
            self.write(reduced.state)
            self.out += b"b"

    def _items(self, items: Iterable[Any]) -> None:
        listed = list(items)
        for start in range(0, len(listed), _BATCH):
            self.out += b"("
            for index, item in enumerate(listed[start : start + _BATCH], start):
                self._inside(str(index), item)
            self.out += b"e"

    def _pairs(self, pairs: Iterable[tuple[Any, Any]]) -> None:
        listed = list(pairs)
        for start in range(0, len(listed), _BATCH):
            self.out += b"("
            for key, value in listed[start : start + _BATCH]:
                self.write(key)
                self._inside(str(key), value)
            self.out += b"u"

    def _inside(self, name: str, value: Any) -> None:
        self.path.append(name)
        self.write(value)
        self.path.pop()

    def here(self) -> str:
        """Where in the tree the writer is."""
        return ".".join(self.path) or "the value"

    def _remember(self, value: Any) -> None:
        index = len(self.memo)
        key = value if type(value) in (str, Name) else id(value)
        self.memo[key] = index
        self.references.append(value)
        self.out += struct.pack("<cB", b"q", index) if index < 256 else b""
        self.out += struct.pack("<cI", b"r", index) if index > 255 else b""

    def _recall(self, index: int) -> None:
        self.out += (
            struct.pack("<cB", b"h", index)
            if index < 256
            else struct.pack("<cI", b"j", index)
        )


_PLAIN: Final[dict[type, Callable[[PickleWriter, Any], None]]] = {
    type(None): PickleWriter._constant,
    bool: PickleWriter._constant,
    int: PickleWriter._integer,
    float: PickleWriter._float,
    str: PickleWriter._text,
    Name: PickleWriter._name,
    Outside: PickleWriter._outside,
    Made: PickleWriter._reduced,
}
_CONTAINERS: Final[dict[type, Callable[[PickleWriter, Any], None]]] = {
    tuple: PickleWriter._tuple,
    list: PickleWriter._list,
    dict: PickleWriter._dict,
    OrderedDict: PickleWriter._ordered,
    set: PickleWriter._set,
    Counter: PickleWriter._counter,
    complex: PickleWriter._complex,
    bytes: PickleWriter._bytes,
    argparse.Namespace: PickleWriter._namespace,
}
