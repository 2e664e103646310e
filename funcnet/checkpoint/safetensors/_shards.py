"""Sets of `.safetensors` files under one `*.safetensors.index.json`."""

import json
import os
import re
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from funcnet.checkpoint._atomic import writing
from funcnet.checkpoint._document import Document
from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._lazy_arrays import StoredArray
from funcnet.checkpoint.safetensors._reader import as_document, read_tensors, unique
from funcnet.checkpoint.safetensors._writer import (
    check_metadata,
    flatten,
    write_tensors,
)

SUFFIX = ".safetensors.index.json"
_LARGEST_INDEX = 64 * 2**20
_UNITS = {"": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9}
_UNITS |= {"KIB": 2**10, "MIB": 2**20, "GIB": 2**30}


def read(path: Path) -> Document:
    """Read all but the arrays of the files that an index names.

    Raises:
        CheckpointError: the index or a file is damaged, or they do not belong together.
    """
    shard_of, metadata = _read_index(path)
    tensors: dict[str, StoredArray] = {}
    files = ExitStack()
    with ExitStack() as until_read:
        until_read.enter_context(files)
        for name in dict.fromkeys(shard_of.values()):
            tensors |= _read_shard(path, name, shard_of, files)
        document = as_document({name: tensors[name] for name in shard_of}, metadata)
        document.files = files.pop_all()
    return document


def _read_shard(
    index: Path, name: str, shard_of: Mapping[str, str], files: ExitStack
) -> dict[str, StoredArray]:
    path = index.with_name(name)
    try:
        file = files.enter_context(path.open("rb"))
    except FileNotFoundError:
        raise CheckpointError(f"the index names {name}, which is not there.") from None
    try:
        result, _ = read_tensors(file, os.fstat(file.fileno()).st_size)
    except CheckpointError as error:
        raise CheckpointError(f"{name}: {error}") from None
    wanted = {tensor for tensor, shard in shard_of.items() if shard == name}
    for tensor in wanted.symmetric_difference(result):
        relation = "is not in" if tensor in wanted else "is unexpectedly in"
        raise CheckpointError(
            f"{tensor!r} {relation} {name}: the index says otherwise."
        )
    return result


def _read_index(path: Path) -> tuple[dict[str, str], dict[str, Any]]:
    """The file of each tensor, and the metadata."""
    if path.stat().st_size > _LARGEST_INDEX:
        raise CheckpointError("the index is larger than 64 MiB; it is no index.")
    try:
        index = json.loads(path.read_bytes(), object_pairs_hook=unique)
    except (ValueError, RecursionError) as error:
        raise CheckpointError(f"the index is no JSON: {error}.") from None
    shard_of = index.get("weight_map") if isinstance(index, dict) else None
    if not isinstance(shard_of, dict):
        raise CheckpointError('the file is JSON without a "weight_map": no index.')
    for tensor, name in shard_of.items():
        if not _is_bare(name):
            raise CheckpointError(
                f"{tensor!r} is said to lie in {name!r}: shards are .safetensors files "
                "in the folder of the index, and no paths."
            )
    metadata = index.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise CheckpointError("the metadata of the index are no dict.")
    metadata.pop("total_size", None)
    return shard_of, metadata


def _is_bare(name: Any) -> bool:
    return (
        isinstance(name, str)
        and re.fullmatch(r"[^/\\:\x00-\x1f]+\.safetensors", name) is not None
        and not name.startswith(".")
    )


def write(document: Document, path: Path, largest: int) -> None:
    """Write a document as files of at most `largest` bytes of arrays, and their index.

    The set is whole or not at all: the files get names of their own, the index comes
    last, and the files of the index before it go only then.

    Raises:
        CheckpointError: the document holds something that the format cannot.
        OSError: the folder cannot be written.
    """
    tensors, metadata = flatten(document), check_metadata(document.metadata)
    shards = split(tensors, largest)
    names = _free_names(path, len(shards))
    before = _shards_before(path)
    done: list[Path] = []
    try:
        for name, shard in zip(names, shards, strict=True):
            with writing(path.with_name(name)) as file:
                write_tensors({t: tensors[t] for t in shard}, metadata, file)
            done.append(path.with_name(name))
        shard_of = {t: n for n, shard in zip(names, shards, strict=True) for t in shard}
        size = sum(leaf.nbytes for leaf in tensors.values())
        about = {**metadata, "total_size": size}
        index = {"metadata": about, "weight_map": shard_of}
        with writing(path) as file:
            file.write(json.dumps(index, indent=2).encode())
    except BaseException:
        for shard_path in done:
            shard_path.unlink(missing_ok=True)
        raise
    for name in before:
        path.with_name(name).unlink(missing_ok=True)


def split(tensors: Mapping[str, Any], largest: int) -> list[list[str]]:
    """Distribute names, in their order, over files; a larger array gets its own."""
    shards: list[list[str]] = [[]]
    size = 0
    for name, leaf in tensors.items():
        if shards[-1] and size + leaf.nbytes > largest:
            shards.append([])
            size = 0
        shards[-1].append(name)
        size += leaf.nbytes
    return shards


def parse_size(size: int | str) -> int:
    """Bytes of `5_000_000`, `"5MB"` or `"2GiB"`.

    Raises:
        CheckpointError: it is no such size, or not positive.
    """
    match = re.fullmatch(r"\s*(\d+)\s*([A-Za-z]*)\s*", str(size))
    if match is None or match[2].upper() not in _UNITS or not int(match[1]):
        raise CheckpointError(
            f"max_shard_size is {size!r}; give bytes, or a string such as '5GB' or "
            "'500MiB'."
        )
    return int(match[1]) * _UNITS[match[2].upper()]


def _free_names(path: Path, count: int) -> list[str]:
    """The usual names, or, where files have them already, ones with a number more."""
    stem, attempt = path.name.removesuffix(SUFFIX), 0
    while True:
        middle = f"-{attempt}" if attempt else ""
        names = [
            f"{stem}{middle}-{i:05d}-of-{count:05d}.safetensors"
            for i in range(1, count + 1)
        ]
        if not any(path.with_name(name).exists() for name in names):
            return names
        attempt += 1


def _shards_before(path: Path) -> list[str]:
    """The files of the index that is to be replaced, as far as they are of our make."""
    try:
        shard_of, _ = _read_index(path)
    except (CheckpointError, FileNotFoundError):
        return []
    stem = re.escape(path.name.removesuffix(SUFFIX))
    ours = re.compile(rf"{stem}(-\d+)?-\d{{5}}-of-\d{{5}}\.safetensors")
    return sorted({name for name in shard_of.values() if ours.fullmatch(name)})
