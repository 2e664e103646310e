"""Read the msgpack layout of `flax.serialization`, believing nothing.

Arrays come back as views of the buffer: nothing is copied before all was checked.
Whatever is wrong with the bytes raises `CheckpointError`.
"""

import math
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._layout import ARRAY, CHUNKED, COMPLEX, DEEPEST, DTYPES, SCALAR

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


@dataclass(frozen=True)
class StoredArray:
    """An array as it lies in the file: one view of it, or the chunks of a large one."""

    shape: tuple[int, ...]
    dtype: np.dtype
    pieces: tuple[np.ndarray, ...]
    scalar: bool = False

    def copy(self) -> Any:
        """Make an array, or a NumPy scalar, that no longer needs the file."""
        flat, start = _aligned(math.prod(self.shape), self.dtype), 0
        for piece in self.pieces:
            flat[start : start + piece.size] = piece
            start += piece.size
        array = flat.reshape(self.shape)
        return array[()] if self.scalar else array


def _aligned(size: int, dtype: np.dtype) -> np.ndarray:
    """Make an array where jax would put it, so that it need not copy it again."""
    space = np.empty(size * dtype.itemsize + 64, np.uint8)
    start = -space.ctypes.data % 64
    return space[start : start + size * dtype.itemsize].view(dtype)


def decode(buffer: memoryview) -> Any:
    """Return what `buffer` holds: dicts, lists, scalars and `StoredArray`s.

    Raises:
        CheckpointError: the bytes are not one whole value of this layout.
    """
    reader = _Reader(buffer)
    value = reader.value(0)
    if reader.position != len(buffer):
        raise CheckpointError(
            f"{len(buffer) - reader.position} bytes follow the end of the data."
        )
    return value


class _Reader:
    def __init__(self, buffer: memoryview) -> None:
        self.buffer, self.position = buffer, 0

    def value(self, depth: int) -> Any:
        if depth > _DEEPEST:
            raise CheckpointError(f"the data are nested more than {_DEEPEST} deep.")
        code = self.take(1)[0]
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
            length, kind = _SIZED[code]
            return getattr(self, kind)(self.number(length), depth)
        raise CheckpointError(f"byte {code:#x} at {self.position - 1} means nothing.")

    def take(self, length: int) -> memoryview:
        """The next bytes; every length in the file is checked here."""
        left = len(self.buffer) - self.position
        if length > left:
            raise CheckpointError(
                f"the file ends early: {length} bytes are announced at position "
                f"{self.position}, {left} are left. It was not written to its end, or "
                "cut short in a copy."
            )
        self.position += length
        return self.buffer[self.position - length : self.position]

    def number(self, layout: str) -> Any:
        return struct.unpack(layout, self.take(struct.calcsize(layout)))[0]

    def binary(self, length: int, depth: int) -> bytes:
        return bytes(self.take(length))

    def text(self, length: int, depth: int) -> str:
        try:
            return str(self.take(length), "utf-8")
        except UnicodeDecodeError as error:
            raise CheckpointError(f"a string is not UTF-8: {error}.") from None

    def list(self, length: int, depth: int) -> list[Any]:
        self.check_count(length, 1)
        return [self.value(depth + 1) for _ in range(length)]

    def map(self, length: int, depth: int) -> Any:
        self.check_count(length, 2)
        result: dict[str, Any] = {}
        for _ in range(length):
            name = self.value(depth + 1)
            if isinstance(name, int) and not isinstance(name, bool):
                name = str(name)
            if not isinstance(name, str) or name in result:
                raise CheckpointError(
                    f"the name {name!r} stands twice in one dict, or is no string."
                )
            result[name] = self.value(depth + 1)
        return _join(result) if CHUNKED in result else result

    def check_count(self, length: int, smallest: int) -> None:
        """Refuse to build more entries than the bytes that are left can hold."""
        if length * smallest > len(self.buffer) - self.position:
            raise CheckpointError(
                f"the file ends early: {length} entries are announced at position "
                f"{self.position}."
            )

    def extension(self, length: int, depth: int) -> Any:
        code = self.number(">b")
        inner = _Reader(self.take(length))
        if code == COMPLEX:
            parts = inner.value(depth + 1)
            if not isinstance(parts, list) or [*map(type, parts)] != [float, float]:
                raise CheckpointError("a complex number has not two parts.")
            return complex(*parts)
        if code not in (ARRAY, SCALAR):
            raise CheckpointError(f"extension type {code} is none of flax's.")
        return inner.array(scalar=code == SCALAR)

    def array(self, scalar: bool) -> StoredArray:
        """Read `(shape, dtype name, bytes)`, which must fill this buffer."""
        if self.take(1)[0] != 0x93:
            raise CheckpointError("an array does not begin with its shape.")
        shape, name = self.value(_DEEPEST - 1), self.value(_DEEPEST)
        if not _is_shape(shape) or (scalar and shape):
            raise CheckpointError(f"an array has the shape {shape!r}.")
        if not isinstance(name, str) or name not in DTYPES:
            raise CheckpointError(f"an array has the unknown dtype {name!r}.")
        code = self.take(1)[0]
        if _SIZED.get(code, ("", ""))[1] != "binary":
            raise CheckpointError("an array's numbers are not bytes.")
        data = self.take(self.number(_SIZED[code][0]))
        dtype = DTYPES[name]
        if len(data) != math.prod(shape) * dtype.itemsize or self.position != len(
            self.buffer
        ):
            raise CheckpointError(
                f"an array of {dtype} {tuple(shape)} has {len(data)} bytes."
            )
        if not data:
            return StoredArray(tuple(shape), dtype, ())
        flat = np.frombuffer(data, dtype)
        if dtype == np.bool_ and flat.view(np.uint8).max() > 1:
            raise CheckpointError("an array of bool holds other bytes than 0 and 1.")
        return StoredArray(tuple(shape), dtype, (flat,), scalar)


def _is_shape(shape: Any) -> bool:
    return (
        isinstance(shape, list)
        and len(shape) <= 64
        and all(type(n) is int and n >= 0 for n in shape)
        and math.prod(n or 1 for n in shape) < 2**59
    )


def _join(chunked: dict[str, Any]) -> StoredArray:
    """Put the chunks of a large array together, without copying."""
    try:
        shape = [chunked["shape"][str(i)] for i in range(len(chunked["shape"]))]
        chunks = [chunked["chunks"][str(i)] for i in range(len(chunked["chunks"]))]
        pieces = tuple(piece for chunk in chunks for piece in chunk.pieces)
        dtypes = {chunk.dtype for chunk in chunks}
    except (KeyError, TypeError, AttributeError):
        raise CheckpointError("a chunked array lacks its shape or a chunk.") from None
    total = sum(piece.size for piece in pieces)
    if not _is_shape(shape) or len(dtypes) != 1 or total != math.prod(shape):
        raise CheckpointError(
            f"the chunks of an array of shape {shape!r} hold {total} numbers of "
            f"{len(dtypes)} dtypes."
        )
    return StoredArray(tuple(shape), dtypes.pop(), pieces)
