"""Write a document in flax's msgpack layout, an array at a time."""

import itertools
import os
import stat
import struct
import zlib
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

import msgpack
import numpy as np

from funcnet.checkpoint._background import Background
from funcnet.checkpoint._document import EMPTY, Document, Path, dotted, dtype_name
from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._host_arrays import data_of, fetch, is_array
from funcnet.checkpoint._lazy_arrays import checksums
from funcnet.checkpoint.msgpack import _layout
from funcnet.checkpoint.msgpack._decoder import decode_metadata
from funcnet.checkpoint.msgpack._keys import expand
from funcnet.checkpoint.msgpack._layout import ARRAY, CHUNKED, HEADER, SCALAR
from funcnet.checkpoint.msgpack._reader import read
from funcnet.checkpoint.msgpack._scalars import pack


def write(document: Document, file: BinaryIO) -> None:
    """Write a document; each array is fetched from its device when its turn comes.

    Raises:
        CheckpointError: a leaf, a name or the metadata cannot be written.
    """
    leaves = expand(document.leaves)
    if () in leaves and leaves[()] is not EMPTY and not is_array(leaves[()]):
        _need_no_metadata(document)
        file.write(pack(leaves[()], dotted(())))
        return
    with Background() as background:
        _Writer(document, leaves, file, background).write()
    _look_through(file)


def _look_through(file: BinaryIO) -> None:
    """Read what was written as `load` will: nothing is saved that it refuses."""
    file.flush()
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        with open(file.name, "rb") as again:
            read(again, file.tell())


class _Writer:
    def __init__(
        self,
        document: Document,
        leaves: dict[Path, Any],
        file: BinaryIO,
        background: Background,
    ) -> None:
        self.document, self.leaves, self.file = document, leaves, file
        self.background = background
        self.checksums: dict[Path, list[int]] = {}
        self.holder = _holder(document, leaves)
        self.metadata = _pack_metadata(document.metadata)

    def write(self) -> None:
        if () in self.leaves and self.leaves[()] is not EMPTY:
            self.array(self.leaves[()], ())
        else:
            self.node(list(self.leaves.items()), 0)

    def node(self, leaves: list[tuple[Path, Any]], depth: int) -> None:
        """Write the map of the leaves whose paths begin with the same `depth` names."""
        if leaves[0][1] is EMPTY and len(leaves[0][0]) == depth:
            groups: list[tuple[str, list[tuple[Path, Any]]]] = []
        else:
            groups = [
                (name, list(group))
                for name, group in itertools.groupby(leaves, lambda x: x[0][depth])
            ]
        here = leaves[0][0][:depth]
        self.emit(_map_head(len(groups) + (self.holder == () == here)))
        for name, group in groups:
            self.name(name, here)
            path, leaf = group[0]
            if len(path) > depth + 1 or leaf is EMPTY:
                self.node(group, depth + 1)
            elif is_array(leaf):
                self.array(leaf, path)
            else:
                packed = pack(leaf, dotted(path))
                self.checksums[path] = [zlib.crc32(packed)]
                self.emit(packed)
        if self.holder == () == here:
            self.emit(msgpack.packb(HEADER))
            self.header()

    def name(self, name: str, here: Path) -> None:
        try:
            self.emit(msgpack.packb(name))
        except UnicodeError as error:
            raise CheckpointError(
                f"the name {name!r} in {dotted(here)} cannot be saved: {error}."
            ) from None

    def array(self, leaf: Any, path: Path) -> None:
        """Write one array, or, as flax does, the flat chunks of a very large one."""
        array = fetch(leaf, dotted(path))
        # Summed on another core while it is written.
        sums = self.background.run(lambda: checksums(data_of(array)), array.nbytes)
        if array.nbytes <= _layout.LARGEST_CHUNK and self.holder != path:
            self.extension(SCALAR if _is_scalar(leaf) else ARRAY, array)
            self.checksums[path] = sums()
            return
        self.emit(_map_head(3 + (self.holder == path)))
        self.emit(msgpack.packb(CHUNKED) + msgpack.packb(True))
        self.chunks(array)
        self.checksums[path] = sums()
        if self.holder == path:
            self.emit(msgpack.packb(HEADER))
            self.header()

    def chunks(self, array: np.ndarray) -> None:
        sizes = {str(i): n for i, n in enumerate(array.shape)}
        self.emit(msgpack.packb("shape") + msgpack.packb(sizes))
        flat = array.reshape(-1)
        step = max(1, _layout.LARGEST_CHUNK // array.dtype.itemsize)
        starts = range(0, max(1, flat.size), step)
        self.emit(msgpack.packb("chunks") + _map_head(len(starts)))
        for i, start in enumerate(starts):
            self.emit(msgpack.packb(str(i)))
            self.extension(ARRAY, flat[start : start + step])

    def extension(self, code: int, array: np.ndarray) -> None:
        """Write `(shape, dtype name, bytes)` inside an extension type."""
        description = msgpack.packb(array.shape) + msgpack.packb(array.dtype.name)
        prefix = b"\x93" + description + _sized(array.nbytes, (0xC4, 0xC5, 0xC6))
        length = len(prefix) + array.nbytes
        fixed = {1: b"\xd4", 2: b"\xd5", 4: b"\xd6", 8: b"\xd7", 16: b"\xd8"}
        head = fixed.get(length) or _sized(length, (0xC7, 0xC8, 0xC9))
        self.emit(head + bytes([code]) + prefix)
        self.emit(data_of(array))

    def header(self) -> None:
        """Write the header; of the leaves that follow, none is an array."""
        document = self.document
        containers = [
            [[*path], [*container]] for path, container in document.containers.items()
        ]
        head = b"".join(
            [
                _map_head(len(_layout.FIELDS)),
                *(msgpack.packb("version"), msgpack.packb(_layout.VERSION)),
                *(msgpack.packb("metadata"), self.metadata),
                *(msgpack.packb("kinds"), msgpack.packb(containers)),
                *(msgpack.packb("leaves"), msgpack.packb([*self.table()])),
                _layout.CHECKSUM_HEAD,
            ]
        )
        self.emit(head + zlib.crc32(head).to_bytes(4, "big"))

    def table(self) -> Iterator[list[Any]]:
        for path, leaf in self.leaves.items():
            if path in self.checksums:
                sums = self.checksums[path]
            elif is_array(leaf):  # a NumPy scalar that follows later
                sums = checksums(data_of(fetch(leaf, dotted(path))))
            else:
                sums = [zlib.crc32(pack(leaf, dotted(path)))]
            shape = [*leaf.shape] if is_array(leaf) else []
            yield [[*path], dtype_name(leaf), shape, sums]

    def emit(self, data: bytes | memoryview) -> None:
        self.file.write(data)


def _holder(document: Document, leaves: Mapping[Path, Any]) -> Path:
    """Where the header lies: in the root, or in the last array of what flax counts."""
    container = document.containers.get((), ("dict",))[0]
    arrays = [path for path, leaf in leaves.items() if _may_hold(leaf)]
    counted = container in ("list", "tuple", "namedtuple", "struct")
    return arrays[-1] if arrays and (counted or () in leaves) else ()


def _may_hold(leaf: Any) -> bool:
    return is_array(leaf) and not _is_scalar(leaf)


def _is_scalar(leaf: Any) -> bool:
    return isinstance(leaf, np.generic) or getattr(leaf, "scalar", False)


def _pack_metadata(metadata: Mapping[str, Any]) -> bytes:
    try:
        packed = msgpack.packb(dict(metadata), strict_types=True)
        decode_metadata(packed)
    except (TypeError, ValueError, OverflowError) as error:
        raise CheckpointError(
            f"the metadata cannot be saved: {error}. They are made of numbers, "
            "strings, None, lists and string-keyed dicts."
        ) from error
    return bytes(packed)


def _need_no_metadata(document: Document) -> None:
    if document.metadata:
        raise CheckpointError(
            "a single number or string takes no metadata. Save a dict: "
            'save(path, {"value": value}, metadata=...).'
        )


def _map_head(length: int) -> bytes:
    return bytes(msgpack.Packer().pack_map_header(length))


def _sized(length: int, codes: tuple[int, int, int]) -> bytes:
    """The head of something whose length takes one, two or four bytes."""
    if length < 2**8:
        return struct.pack(">BB", codes[0], length)
    if length < 2**16:
        return struct.pack(">BH", codes[1], length)
    return struct.pack(">BI", codes[2], length)
