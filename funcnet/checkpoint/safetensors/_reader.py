"""Read the header of a `.safetensors` file: its library's checks, and ours.

The library does not mind two tensors of one name, shapes of 100 dimensions and headers
that become a gigabyte of objects; it has no dtypes for 8-bit floats in NumPy. So the
header is parsed here, too, and the arrays are read as those of all other formats.
"""

import json
import math
import os
from typing import Any, BinaryIO

from safetensors import SafetensorError, safe_open

from funcnet.checkpoint._document import Document
from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._flat_names import nest
from funcnet.checkpoint._lazy_arrays import Source, StoredArray
from funcnet.checkpoint._pytree import DEEPEST, to_document
from funcnet.checkpoint.safetensors._layout import (
    DTYPES,
    LARGEST_HEADER,
    METADATA,
    SMALLEST_SHARE,
)


def read(file: BinaryIO, size: int) -> Document:
    """Read all but the arrays of a file.

    Raises:
        CheckpointError: the file is damaged, or made up.
    """
    tensors, metadata = read_tensors(file, size)
    return as_document(tensors, metadata)


def as_document(tensors: dict[str, StoredArray], metadata: dict[str, Any]) -> Document:
    """The document of a flat mapping: nested where its names allow it."""
    deep = any(name.count(".") >= DEEPEST for name in tensors)
    nested = None if deep else nest(tensors)
    document = to_document(tensors if nested is None else nested, metadata)
    if nested is not None:
        document.containers[()] = ("dotted",)
    return document


def read_tensors(
    file: BinaryIO, size: int
) -> tuple[dict[str, StoredArray], dict[str, Any]]:
    """Read the header of a file: its tensors by name, and its metadata."""
    header = _header(file, size)
    try:
        with safe_open(os.fspath(file.name), framework="np"):
            pass
        content = json.loads(header, object_pairs_hook=unique)
    except SafetensorError as error:
        raise CheckpointError(f"the file is damaged: {error}.") from None
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"the header is no JSON: {error}.") from None
    metadata = content.pop(METADATA, {})
    source, start = Source(file), 8 + len(header)
    tensors = {
        name: _tensor(source, name, entry, start) for name, entry in content.items()
    }
    return tensors, metadata


def _header(file: BinaryIO, size: int) -> bytes:
    length = int.from_bytes(file.read(8), "little")
    if size < 8 or length > size - 8:
        raise CheckpointError(
            f"the file ends early: its header should have {length} bytes, {size - 8} "
            "follow. It was not written to its end, or cut short in a copy."
        )
    if length > LARGEST_HEADER and length * SMALLEST_SHARE > size:
        raise CheckpointError(
            f"the header has {length} of the file's {size} bytes; this is no file of "
            "tensors."
        )
    return file.read(length)


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise CheckpointError(f"the name {twice!r} stands twice in the header.")
    return result


def _tensor(source: Source, name: str, entry: Any, start: int) -> StoredArray:
    """One tensor of the header; the library has compared sizes and offsets."""
    if not isinstance(entry, dict) or entry.keys() != {
        "dtype",
        "shape",
        "data_offsets",
    }:
        raise CheckpointError(f"{name}: an entry has not dtype, shape, data_offsets.")
    if entry["dtype"] not in DTYPES:
        raise CheckpointError(
            f"{name} has the dtype {entry['dtype']!r}, which NumPy cannot hold."
        )
    shape, dtype = tuple(entry["shape"]), DTYPES[entry["dtype"]]
    first, last = entry["data_offsets"]
    if len(shape) > 64 or math.prod(n or 1 for n in shape) >= 2**59:
        raise CheckpointError(f"{name} has a shape that no array has: {shape[:8]}...")
    if last - first != math.prod(shape) * dtype.itemsize:
        raise CheckpointError(f"{name}: {dtype} {shape} has {last - first} bytes.")
    ranges = ((start + first, last - first),) if last > first else ()
    return StoredArray(source, shape, dtype, ranges)
