"""File formats: detected by content when reading, by suffix when writing."""

import os
from contextlib import ExitStack
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from funcnet.checkpoint._atomic import writing
from funcnet.checkpoint._document import Document
from funcnet.checkpoint._errors import CheckpointError, foreign_format
from funcnet.checkpoint.msgpack import read as read_msgpack
from funcnet.checkpoint.msgpack import write as write_msgpack

Format: TypeAlias = Literal["msgpack", "pth", "safetensors", "shards", "orbax"]
"""The formats; "shards" are .safetensors files under an index."""

_SUFFIXES: dict[str, Format] = {
    ".msgpack": "msgpack",
    ".safetensors": "safetensors",
    ".safetensors.index.json": "shards",
    ".pth": "pth",
    ".pt": "pth",
    ".pkl": "pth",
    ".pth.tar": "pth",
    ".bin": "pth",
    ".orbax": "orbax",
}

DEFAULT_SHARD = "5GB"


def detect_format(path: Path) -> Format:
    """The format of a file or folder.

    Raises:
        CheckpointError: it is of none that is known.
        OSError: there is no such file.
    """
    if path.is_dir():
        return "orbax"
    with open(path, "rb") as file:
        head, size = file.read(300), os.fstat(file.fileno()).st_size
    if not head:
        raise CheckpointError("the file is empty.")
    # A header of safetensors: its length in eight bytes, then JSON.
    if head[4:8] == bytes(4) and head[8:9] in (b"{", b" "):
        return "safetensors"
    if what := foreign_format(head):
        raise CheckpointError(f"the file is no checkpoint: it is {what}.")
    if head.startswith(b"PK\x03\x04") or head[257:262] == b"ustar":
        return "pth"
    if head[0] == 0x80 and size > 1:  # a pickle; in msgpack, an empty map and no more
        return "pth"
    if head.lstrip().startswith(b"{") and size > 1:
        return "shards"
    if head[0] < 0x80 and size > 1:  # in msgpack, a small number and no more
        raise CheckpointError(
            f"the file is no checkpoint of a known format; it begins {head[:16]!r}."
        )
    return "msgpack"


def told_by_suffix(path: Path, named: Format | None) -> Format:
    """The format that a file is to be written in.

    Raises:
        CheckpointError: neither `named` nor the suffix says it.
    """
    if named is not None:
        if named not in get_args(Format):
            raise CheckpointError(
                f"format is {named!r}; the formats are {', '.join(get_args(Format))}."
            )
        return named
    matches = [suffix for suffix in _SUFFIXES if path.name.lower().endswith(suffix)]
    if not matches:
        raise CheckpointError(
            f"the suffix does not say the format; use {', '.join(_SUFFIXES)}, or pass "
            "format=."
        )
    return _SUFFIXES[max(matches, key=len)]


def read_document(
    path: Path, with_values: bool = True, lazily: bool = False
) -> Document:
    """Read a file of any format, but for its arrays.

    Args:
        path: the file.
        with_values: False if no arrays will be read.
        lazily: perhaps few of the arrays will be; matters to .pth, which is read whole
            and its checksums compared else.
    """
    file_format = detect_format(path)
    if file_format == "pth":
        from funcnet.checkpoint.pth._document import read_pth

        return read_pth(path, with_values, lazily)
    if file_format == "orbax":
        from funcnet.checkpoint import orbax

        return orbax.read(path, with_values)
    if file_format == "shards":
        from funcnet.checkpoint import safetensors

        return safetensors.read_shards(path)
    with ExitStack() as until_read:
        file = until_read.enter_context(open(path, "rb"))
        size = os.fstat(file.fileno()).st_size
        if file_format == "safetensors":
            from funcnet.checkpoint import safetensors

            document = safetensors.read(file, size)
        else:
            document = read_msgpack(file, size)
        document.files = until_read.pop_all()
    return document


def write_document(
    document: Document,
    path: Path,
    file_format: Format,
    largest: int | str | None = None,
) -> None:
    """Write a file in a format, whole or not at all.

    Args:
        document: what is written.
        path: the file.
        file_format: its format.
        largest: of sharded files, the bytes of arrays in each.
    """
    if largest is not None and file_format != "shards":
        raise CheckpointError(
            "max_shard_size is for sets of files: give a path that ends in "
            ".safetensors.index.json."
        )
    if file_format == "orbax":
        from funcnet.checkpoint import orbax

        return orbax.write(document, path)
    if file_format in ("safetensors", "shards"):
        from funcnet.checkpoint import safetensors

        if file_format == "shards":
            if not path.name.endswith(safetensors.SUFFIX):
                raise CheckpointError(f"the index is named *{safetensors.SUFFIX}.")
            size = safetensors.parse_size(largest or DEFAULT_SHARD)
            return safetensors.write_shards(document, path, size)
        write = safetensors.write
    elif file_format == "pth":
        from funcnet.checkpoint.pth._document import write_pth as write
    else:
        write = write_msgpack
    size = sum(getattr(leaf, "nbytes", 0) for leaf in document.leaves.values())
    with writing(path, size if file_format != "safetensors" else 0) as file:
        write(document, file)
    return None
