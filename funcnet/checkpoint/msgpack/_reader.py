"""From what a msgpack file holds to a document, checked against the file's header."""

import math
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, BinaryIO

from funcnet.checkpoint._budget import Budget
from funcnet.checkpoint._document import (
    EMPTY,
    Container,
    Document,
    Path,
    dotted,
    dtype_name,
    shape,
)
from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._lazy_arrays import PIECE, Source, StoredArray
from funcnet.checkpoint.msgpack._decoder import Header, decode
from funcnet.checkpoint.msgpack._keys import collapse
from funcnet.checkpoint.msgpack._layout import VERSION
from funcnet.checkpoint.msgpack._scalars import pack

# What leaves take in Python's memory, as parts of a document and of a tree.
_ARRAY, _VALUE = 900, 450


def read(file: BinaryIO, size: int) -> Document:
    """Read all but the arrays of a file that funcnet or flax wrote.

    Raises:
        CheckpointError: the file is damaged, or made up.
    """
    source = Source(file)
    budget = Budget(size)
    content, header = decode(source, size, budget)
    containers: dict[Path, Container] = {}
    leaves: dict[Path, Any] = {}
    for path, leaf in _walk(content, (), containers):
        budget.spend(_ARRAY if isinstance(leaf, StoredArray) else _VALUE)
        leaves[path] = leaf
    if header is None:  # a file of flax's, which has no containers
        return Document(collapse(leaves), containers, untyped=True)
    _check_sum(source, header)
    fields = header.content
    if fields["version"] != VERSION:
        raise CheckpointError(
            f"the file has version {fields['version']!r}; this release reads version "
            f"{VERSION}. Install the release of funcnet that wrote it."
        )
    if containers:  # we write lists as flax does, as maps
        raise CheckpointError(
            f"{dotted(next(iter(containers)))} is a list: it was damaged."
        )
    leaves = _checked(leaves, fields["leaves"])
    return Document(
        collapse(leaves), _read_containers(fields["kinds"]), fields["metadata"]
    )


def _walk(
    node: Any, path: Path, containers: dict[Path, Container]
) -> Iterator[tuple[Path, Any]]:
    """Yield `(path, leaf)` for all leaves of a file; note which nodes are lists."""
    if isinstance(node, dict | list) and not node:
        yield path, EMPTY
    if isinstance(node, list):
        containers[path] = ("list",)
        node = {str(i): part for i, part in enumerate(node)}
    if not isinstance(node, dict):
        yield path, node
        return
    for name, child in node.items():
        yield from _walk(child, (*path, name), containers)


def _check_sum(source: Source, header: Header) -> None:
    data = bytearray(header.stop - header.start)
    source.read_into(memoryview(data), header.start)
    # The last entry is the sum, written in five bytes whatever its value.
    if data[-5] != 0xCE or zlib.crc32(data[:-4]) != int.from_bytes(data[-4:], "big"):
        raise CheckpointError("the checksum of the header is wrong: it was damaged.")


def _checked(leaves: dict[Path, Any], table: Any) -> dict[Path, Any]:
    """Compare leaves with the header's table; give arrays their checksums."""
    if not isinstance(table, list) or len(table) != len(leaves):
        raise CheckpointError("the file's table does not list what the file holds.")
    result: dict[Path, Any] = {}
    for (path, leaf), row in zip(leaves.items(), table, strict=True):
        expected = [[*path], dtype_name(leaf), [*shape(leaf)]]
        if not isinstance(row, list) or row[:3] != expected or len(row) != 4:
            raise CheckpointError(
                f"{dotted(path)}: the file's table does not list what the file holds: "
                "one of them was damaged."
            )
        result[path] = _with_sums(leaf, row[3], dotted(path))
    return result


def _with_sums(leaf: Any, sums: Any, name: str) -> Any:
    if isinstance(leaf, StoredArray):
        if not _are_sums(sums) or len(sums) != math.ceil(leaf.nbytes / PIECE):
            raise CheckpointError(f"{name}: the file's table has no checksums of it.")
        return replace(leaf, checksums=tuple(sums))
    if sums != [zlib.crc32(pack(leaf, name))]:
        raise CheckpointError(f"{name}: the checksum is wrong: the file was damaged.")
    return leaf


def _are_sums(sums: Any) -> bool:
    return isinstance(sums, list) and all(type(n) is int for n in sums)


def _read_containers(rows: Any) -> dict[Path, Container]:
    try:
        containers = {tuple(path): tuple(container) for path, container in rows}
        if all(
            isinstance(x, str)
            for pair in containers.items()
            for x in (*pair[0], *pair[1])
        ):
            return containers
    except (TypeError, ValueError):
        pass
    raise CheckpointError("the file's table of kinds is damaged.")
