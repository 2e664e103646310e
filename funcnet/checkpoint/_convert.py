"""From one format to another."""

import json
import os
from collections.abc import Callable
from pathlib import Path

from funcnet.checkpoint._document import Document, select
from funcnet.checkpoint._file import error_path
from funcnet.checkpoint._formats import (
    Format,
    read_document,
    told_by_suffix,
    write_document,
)


def convert(
    source: str | os.PathLike[str],
    target: str | os.PathLike[str],
    *,
    format: Format | None = None,
    prefix: str = "",
    filter: Callable[[str], bool] | None = None,
    max_shard_size: int | str | None = None,
) -> tuple[str, ...]:
    """Write what a file holds in another format, under the same names.

    Args:
        source: a file of any format that `load` knows.
        target: the new file; its suffix says the format.
        format: of the target, if its suffix is another.
        prefix: convert what lies below this dotted name.
        filter: convert the leaves of whose dotted name this is true.
        max_shard_size: of a `.safetensors.index.json`, the bytes in each file.

    Returns:
        What was left out, in words; leaves never are.

    Raises:
        CheckpointError: the source is damaged, or the target cannot hold a leaf.
        OSError: a file cannot be read or written.

    Example:
        >>> import os, tempfile, numpy as np
        >>> from funcnet import checkpoint
        >>> folder = tempfile.mkdtemp()
        >>> a, b = (os.path.join(folder, name) for name in ("a.msgpack", "a.pth"))
        >>> checkpoint.save(a, {"fc": {"weight": np.ones((2, 3))}}, metadata={"n": 1})
        >>> convert(a, b)
        ("the metadata {'n': 1}",)
        >>> list(checkpoint.pth.load(b))
        ['fc.weight']
    """
    with error_path(target):
        target_format = told_by_suffix(Path(target), format)
    with error_path(source):
        document = read_document(Path(source))
    with document:
        with error_path(source):
            part = select(document, prefix, filter)
        left_out = _fit_metadata(part, target_format)
        with error_path(target):
            write_document(part, Path(target), target_format, max_shard_size)
    return left_out


def _fit_metadata(document: Document, target_format: Format) -> tuple[str, ...]:
    """Take out the metadata that the target cannot hold."""
    left_out = []
    plain = all(isinstance(value, str) for value in document.metadata.values())
    roomy = target_format == "msgpack" or (
        target_format in ("safetensors", "shards") and plain
    )
    if document.metadata and not roomy:
        left_out.append(f"the metadata {document.metadata}")
        document.metadata = {}
    versions = [
        path
        for path, node in document.containers.items()
        if node[0] == "dotted" and len(node) == 3 and json.loads(node[2])
    ]
    if versions and target_format not in ("msgpack", "pth"):
        left_out.append("the versions of modules (_metadata of the state dict)")
    return tuple(left_out)
