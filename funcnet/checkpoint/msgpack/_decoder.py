"""Read the msgpack layout of `flax.serialization`, believing nothing.

Only what lies between the arrays is read; arrays are passed over, and come back as
`StoredArray`s that know their position. Whatever is wrong raises `CheckpointError`.
"""

import io
import math
import struct
from dataclasses import dataclass
from typing import Any

from funcnet.checkpoint._budget import Budget
from funcnet.checkpoint._dtypes import DTYPES
from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._lazy_arrays import Source, StoredArray
from funcnet.checkpoint._pytree import DEEPEST
from funcnet.checkpoint.msgpack._layout import (
    ARRAY,
    CHECKSUM,
    CHUNKED,
    COMPLEX,
    FIELDS,
    HEADER,
    SCALAR,
)

_DEEPEST = DEEPEST + 10  # metadata, chunks and keys lie a little deeper

_CONSTANTS = {0xC0: None, 0xC2: False, 0xC3: True}
_NUMBERS = {0xCA: ">f", 0xCB: ">d", 0xCC: ">B", 0xCD: ">H", 0xCE: ">I", 0xCF: ">Q"}
_NUMBERS |= {0xD0: ">b", 0xD1: ">h", 0xD2: ">i", 0xD3: ">q"}
_FIXED_EXTENSIONS = {0xD4: 1, 0xD5: 2, 0xD6: 4, 0xD7: 8, 0xD8: 16}
_SIZED = {0xC4: (">B", "binary"), 0xC5: (">H", "binary"), 0xC6: (">I", "binary")}
_SIZED |= {0xC7: (">B", "extension"), 0xC8: (">H", "extension")}
_SIZED |= {0xC9: (">I", "extension"), 0xD9: (">B", "text"), 0xDA: (">H", "text")}
_SIZED |= {0xDB: (">I", "text"), 0xDC: (">H", "list"), 0xDD: (">I", "list")}
_SIZED |= {0xDE: (">H", "map"), 0xDF: (">I", "map")}

# What objects take in Python's memory.
_NUMBER, _TEXT, _ARRAY = 32, 56, 320
_LIST, _ITEM, _MAP, _ENTRY = 80, 12, 232, 110


@dataclass
class Header:
    """The header as it stands in the file: what it says, and where."""

    content: Any
    start: int
    stop: int


def decode(source: Source, size: int, budget: Budget) -> tuple[Any, Header | None]:
    """Return what a file holds (dicts, lists, values, `StoredArray`s), and its header.

    Raises:
        CheckpointError: the bytes are not one whole value of this layout.
    """
    reader = _Reader(source, size, budget)
    value = reader.value(0)
    if reader.position != size:
        raise CheckpointError(
            f"{size - reader.position} bytes follow the end of the data."
        )
    return value, reader.header


def decode_metadata(packed: bytes) -> Any:
    """Decode a value that holds no array."""
    size = len(packed)
    return decode(Source(io.BytesIO(packed)), size, Budget(size))[0]


class _Reader:
    def __init__(self, source: Source, size: int, budget: Budget) -> None:
        self.source, self.file = source, source.file
        self.position, self.end = 0, size
        self.budget = budget
        self.header: Header | None = None
        self.in_header = False
        self.file.seek(0)

    def value(self, depth: int) -> Any:
        if depth > _DEEPEST:
            raise self.error(f"the data are nested more than {_DEEPEST} deep.")
        code = self.read_bytes(1)[0]
        if code <= 0x7F:
            return code
        if code <= 0x8F:
            return self.map(code & 0x0F, depth)
        if code <= 0x9F:
            return self.list(code & 0x0F, depth)
        if code <= 0xBF:
            return self.text(code & 0x1F, depth)
        if code >= 0xE0:
            return code - 0x100
        if code in _CONSTANTS:
            return _CONSTANTS[code]
        if code in _NUMBERS:
            return self.number(_NUMBERS[code])
        if code in _FIXED_EXTENSIONS:
            return self.extension(_FIXED_EXTENSIONS[code], depth)
        if code in _SIZED:
            length, method = _SIZED[code]
            return getattr(self, method)(self.number(length), depth)
        raise self.error(f"byte {code:#x} means nothing.", back=1)

    def error(self, message: str, back: int = 0) -> CheckpointError:
        return CheckpointError(f"at byte {self.position - back}: {message}")

    def need(self, length: int) -> None:
        """Refuse a length that reaches past the end; every length comes by here."""
        left = self.end - self.position
        if length > left:
            raise self.error(
                f"the file ends early: {length} bytes are announced, {left} are left. "
                "It was not written to its end, or cut short in a copy."
            )

    def read_bytes(self, length: int) -> bytes:
        self.need(length)
        self.position += length
        data = self.file.read(length)
        if len(data) != length:
            raise self.error("the file became shorter while it was read.")
        return data

    def skip(self, length: int) -> int:
        """Pass over the bytes of an array; return where they begin."""
        self.need(length)
        start, self.position = self.position, self.position + length
        self.file.seek(self.position)
        return start

    def number(self, layout: str) -> Any:
        self.budget.spend(_NUMBER)
        return struct.unpack(layout, self.read_bytes(struct.calcsize(layout)))[0]

    def binary(self, length: int, depth: int) -> bytes:
        data = self.read_bytes(length)
        self.budget.spend(_TEXT + length)
        return data

    def text(self, length: int, depth: int) -> str:
        try:
            return str(self.binary(length, depth), "utf-8")
        except UnicodeDecodeError as error:
            raise self.error(f"a string is not UTF-8: {error}.", length) from None

    def list(self, length: int, depth: int) -> list[Any]:
        self.count(length, 1, _LIST + length * _ITEM)
        return [self.value(depth + 1) for _ in range(length)]

    def map(self, length: int, depth: int) -> Any:
        self.count(length, 2, _MAP + length * _ENTRY)
        result: dict[str, Any] = {}
        for _ in range(length):
            name = self.value(depth + 1)
            if type(name) is int:
                name = str(name)
            if not isinstance(name, str) or name in result:
                raise self.error(
                    f"the name {name!r} stands twice in one dict, or is no string."
                )
            if name == HEADER:
                self.read_header(result, depth)
                length -= 1
            else:
                result[name] = self.value(depth + 1)
        if CHECKSUM in result and not self.in_header:
            raise self.error("the header is damaged: it has lost its name.")
        return self.join(result) if CHUNKED in result else result

    def read_header(self, before: dict[str, Any], depth: int) -> None:
        """Read the header, which is the last entry of the root or of one array."""
        if self.header is not None or (depth > 0 and CHUNKED not in before):
            raise self.error("there is a header in a place where none belongs.")
        start, self.in_header = self.position, True
        content = self.value(depth + 1)
        self.in_header = False
        if not isinstance(content, dict) or tuple(content) != FIELDS:
            raise self.error("the header is damaged.")
        self.header = Header(content, start, self.position)

    def count(self, length: int, smallest: int, cost: int) -> None:
        """Refuse to build more entries than the bytes that are left can hold."""
        if length * smallest > self.end - self.position:
            raise self.error(f"the file ends early: {length} entries are announced.")
        self.budget.spend(cost)

    def extension(self, length: int, depth: int) -> Any:
        code = self.number(">b")
        self.need(length)
        outer, self.end = self.end, self.position + length
        value: complex | StoredArray
        if code == COMPLEX:
            value = self.complex(depth)
        elif code in (ARRAY, SCALAR):
            value = self.array(scalar=code == SCALAR)
        else:
            raise self.error(f"extension type {code} is none of flax's.", back=1)
        if self.position != self.end:
            raise self.error(f"{self.end - self.position} bytes follow a value.")
        self.end = outer
        return value

    def complex(self, depth: int) -> complex:
        parts = self.value(depth + 1)
        if not isinstance(parts, list) or [*map(type, parts)] != [float, float]:
            raise self.error("a complex number has not two parts.")
        return complex(*parts)

    def array(self, scalar: bool) -> StoredArray:
        """Read `(shape, dtype name, bytes)`."""
        self.budget.spend(_ARRAY)
        if self.read_bytes(1)[0] != 0x93:
            raise self.error("an array does not begin with its shape.")
        shape, name = self.value(_DEEPEST - 1), self.value(_DEEPEST)
        if not _is_shape(shape) or (scalar and shape):
            raise self.error(f"an array has the shape {_short(shape)}.")
        if not isinstance(name, str) or name not in DTYPES:
            raise self.error(f"an array has the unknown dtype {_short(name)}.")
        code = self.read_bytes(1)[0]
        if _SIZED.get(code, ("", ""))[1] != "binary":
            raise self.error("an array's numbers are not bytes.")
        length, dtype = self.number(_SIZED[code][0]), DTYPES[name]
        if length != math.prod(shape) * dtype.itemsize:
            raise self.error(f"an array of {dtype} {tuple(shape)} has {length} bytes.")
        ranges = ((self.skip(length), length),) if length else ()
        return StoredArray(self.source, tuple(shape), dtype, ranges, scalar=scalar)

    def join(self, chunked: dict[str, Any]) -> StoredArray:
        """Put the chunks of a large array together."""
        try:
            shape = [chunked["shape"][str(i)] for i in range(len(chunked["shape"]))]
            chunks = [chunked["chunks"][str(i)] for i in range(len(chunked["chunks"]))]
            ranges = tuple(span for chunk in chunks for span in chunk.ranges)
            dtypes = {chunk.dtype for chunk in chunks}
        except (KeyError, TypeError, AttributeError):
            raise self.error("a chunked array lacks its shape or a chunk.") from None
        known = {CHUNKED, "shape", "chunks"}
        if chunked.keys() != known or chunked[CHUNKED] is not True:
            raise self.error("a chunked array has parts that mean nothing.")
        if not _is_shape(shape) or len(dtypes) != 1:
            raise self.error(
                f"a chunked array has the shape {_short(shape)} and {len(dtypes)} "
                "dtypes."
            )
        dtype = dtypes.pop()
        length = sum(length for _, length in ranges)
        if length != math.prod(shape) * dtype.itemsize:
            raise self.error(
                f"the chunks of an array of {dtype} {tuple(shape)} have {length} bytes."
            )
        return StoredArray(self.source, tuple(shape), dtype, ranges)


def _is_shape(shape: Any) -> bool:
    """Return whether an array can have this shape: NumPy counts in 63 bits."""
    return (
        isinstance(shape, list)
        and len(shape) <= 64
        and all(type(n) is int and n >= 0 for n in shape)
        and math.prod(n or 1 for n in shape) < 2**59
    )


def _short(value: Any) -> str:
    text = repr(value) if not isinstance(value, dict | list) else str(value)
    return text if len(text) < 80 else f"{text[:77]}..."
