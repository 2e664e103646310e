"""Write a nested dict in the msgpack layout of `flax.serialization`, piece by piece."""

import struct
from collections.abc import Iterator
from typing import Any

import jax
import msgpack
import numpy as np

from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._layout import ARRAY, CHUNKED, COMPLEX, DTYPES, SCALAR

LARGEST_CHUNK = 2**30  # flax's MAX_CHUNK_SIZE: msgpack ends at 2**32 - 1 bytes

Piece = bytes | memoryview


def encode(value: Any, path: str = "") -> Iterator[Piece]:
    """Yield the bytes of `value`: nested string-keyed dicts of arrays and scalars.

    Each array is fetched from its device when its turn comes and never copied whole.

    Raises:
        CheckpointError: a leaf is of a kind that the format cannot hold.
    """
    if isinstance(value, dict):
        yield msgpack.Packer().pack_map_header(len(value))
        for name, child in value.items():
            yield msgpack.packb(name)
            yield from encode(child, f"{path}.{name}" if path else name)
    elif isinstance(value, np.generic):
        yield from _extension(SCALAR, np.asarray(value), path)
    elif isinstance(value, np.ndarray | jax.Array):
        yield from _array(_on_host(value, path), path)
    elif isinstance(value, complex):
        pair = msgpack.packb((value.real, value.imag))
        yield msgpack.packb(msgpack.ExtType(COMPLEX, pair))
    elif value is None or isinstance(value, bool | int | float | str | bytes):
        yield _scalar(value, path)
    else:
        raise CheckpointError(
            f"{path or 'the tree'} is a {type(value).__module__}."
            f"{type(value).__qualname__}, which no checkpoint can hold. Save arrays, "
            "numbers, strings, None and pytrees of these."
        )


def _scalar(value: Any, path: str) -> bytes:
    try:
        return msgpack.packb(value)
    except (OverflowError, ValueError, UnicodeError) as error:
        raise CheckpointError(
            f"{path or 'the tree'} cannot be saved: {error}. Numbers have at most 64 "
            "bits; make larger ones strings."
        ) from error


def _on_host(array: Any, path: str) -> np.ndarray:
    if isinstance(array, jax.Array) and not array.is_fully_addressable:
        raise CheckpointError(
            f"{path} is spread over several processes. Gather it first: "
            "jax.experimental.multihost_utils.process_allgather(x, tiled=True)."
        )
    return np.asarray(array)


def _array(array: np.ndarray, path: str) -> Iterator[Piece]:
    """Yield one array, or, as flax does, the flat chunks of a very large one."""
    if array.nbytes <= LARGEST_CHUNK:
        yield from _extension(ARRAY, array, path)
        return
    flat = np.ascontiguousarray(array).reshape(-1)
    step = max(1, LARGEST_CHUNK // array.dtype.itemsize)
    starts = range(0, flat.size, step)
    yield msgpack.Packer().pack_map_header(3)
    yield msgpack.packb(CHUNKED) + msgpack.packb(True)
    yield msgpack.packb("shape")
    yield msgpack.packb({str(i): n for i, n in enumerate(array.shape)})
    yield msgpack.packb("chunks")
    yield msgpack.Packer().pack_map_header(len(starts))
    for i, start in enumerate(starts):
        yield msgpack.packb(str(i))
        yield from _extension(ARRAY, flat[start : start + step], path)


def _extension(code: int, array: np.ndarray, path: str) -> Iterator[Piece]:
    """Yield `(shape, dtype name, bytes)` inside an extension type."""
    if array.dtype.name not in DTYPES:
        raise CheckpointError(
            f"{path or 'the tree'} has dtype {array.dtype}, which no checkpoint can "
            f"hold. The dtypes are {', '.join(DTYPES)}."
        )
    if not array.dtype.isnative:  # the name below does not say the byte order
        array = array.astype(array.dtype.newbyteorder("="))
    description = msgpack.packb(array.shape) + msgpack.packb(array.dtype.name)
    prefix = b"\x93" + description + _sized(array.nbytes, (0xC4, 0xC5, 0xC6))
    length = len(prefix) + array.nbytes
    fixed = {1: b"\xd4", 2: b"\xd5", 4: b"\xd6", 8: b"\xd7", 16: b"\xd8"}
    head = fixed.get(length) or _sized(length, (0xC7, 0xC8, 0xC9))
    yield head + bytes([code]) + prefix
    yield np.ascontiguousarray(array).reshape(-1).view(np.uint8).data


def _sized(length: int, codes: tuple[int, int, int]) -> bytes:
    """The head of something whose length takes one, two or four bytes."""
    if length < 2**8:
        return struct.pack(">BB", codes[0], length)
    if length < 2**16:
        return struct.pack(">BH", codes[1], length)
    return struct.pack(">BI", codes[2], length)
