"""Save and load checkpoint files."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal, TypeVar, overload

from funcnet.checkpoint._document import (
    EMPTY,
    Entry,
    dotted,
    entry,
    read,
    select,
)
from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._formats import (
    Format,
    read_document,
    told_by_suffix,
    write_document,
)
from funcnet.checkpoint._pytree import to_document, to_tree
from funcnet.checkpoint._report import Report

Tree = TypeVar("Tree")
AnyPath = str | os.PathLike[str]


def save(
    path: AnyPath,
    tree: Any,
    metadata: Mapping[str, Any] | None = None,
    *,
    format: Format | None = None,
    max_shard_size: int | str | None = None,
) -> None:
    """Save a pytree in one file, in the format that its suffix names.

    The file appears under its name only once it is whole: it is written beside it,
    flushed to the disk and renamed. Arrays are fetched from their devices one by one.

    `.msgpack` holds any pytree, and `flax.serialization` reads the file. `.pth` holds
    what PyTorch knows: nested dicts of arrays become a state dict with dotted names.
    `.safetensors` holds arrays under dotted names, alone or (`.safetensors.index.json`)
    in a set of files. What a format cannot hold is refused.

    Args:
        path: the file; one that exists is replaced.
        tree: a pytree of arrays (any dtype of jax), typed keys, numbers, strings and
            None: params, state, an optimizer's state, or a dict of all of these.
        metadata: what should be known about it, of plain numbers, strings, lists and
            dicts (in .safetensors of strings); `read_metadata` returns it.
        format: "msgpack", "pth", "safetensors", "shards" or "orbax", if the suffix is
            another.
        max_shard_size: of a set, the bytes of arrays in each file, such as "500MB".

    Raises:
        CheckpointError: the tree or the metadata hold what cannot be saved.
        OSError: the folder does not exist, cannot be written, or the disk is full.

    Example:
        >>> import os, tempfile, jax.numpy as jnp
        >>> path = os.path.join(tempfile.mkdtemp(), "params.msgpack")
        >>> save(path, {"weight": jnp.ones((2, 3))}, metadata={"epoch": 7})
        >>> load(path)["weight"].shape, read_metadata(path)
        ((2, 3), {'epoch': 7})
    """
    with error_path(path):
        file_format = told_by_suffix(Path(path), format)
        document = to_document(tree, metadata)
        write_document(document, Path(path), file_format, max_shard_size)


Filter = Callable[[str], bool]


@overload
def load(
    path: AnyPath,
    like: None = None,
    *,
    prefix: str = "",
    filter: Filter | None = None,
) -> Any: ...


@overload
def load(
    path: AnyPath,
    like: Tree,
    *,
    strict: Literal[True] = True,
    prefix: str = "",
    filter: Filter | None = None,
) -> Tree: ...


@overload
def load(
    path: AnyPath,
    like: Tree,
    *,
    strict: Literal[False],
    prefix: str = "",
    filter: Filter | None = None,
) -> tuple[Tree, Report]: ...


def load(
    path: AnyPath,
    like: Any = None,
    *,
    strict: bool = True,
    prefix: str = "",
    filter: Filter | None = None,
) -> Any:
    """Load a file of any supported format, detected by its content.

    These are `.msgpack` of funcnet and flax, `.pth` of PyTorch, `.safetensors` and
    their `*.safetensors.index.json`, and the folders of Orbax. Nothing in a file is
    executed.

    Args:
        path: the file.
        like: a tree of the structure, shapes and dtypes to be restored, for example
            what `init` or `jax.eval_shape` of it returns. Arrays go to the devices of
            its arrays. `(params, state)` is looked up in one mapping, as PyTorch saves
            parameters and buffers together.
        strict: raise where the file does not fit `like`; False takes what fits, leaves
            the other leaves of `like` as they are, and returns a report as well.
        prefix: load what lies below this dotted name, such as "params.encoder".
        filter: load the leaves of whose dotted name (after the prefix) this is true;
            the others of `like` stay as they are.

    Returns:
        A tree like `like`, with `strict=False` the pair of it and a `Report`. Without
        `like`, the tree that was saved, of NumPy arrays: dicts, lists, tuples and named
        tuples as they were, other classes as dicts; from a file of flax's, nested
        dicts. State dicts of PyTorch are nested at the dots of their names.

    Raises:
        CheckpointError: the file is damaged, or does not fit; the message names each
            leaf that is missing, unexpected, or of another shape or dtype.
        OSError: there is no such file.

    Example:
        >>> import os, tempfile, jax
        >>> from funcnet import nn
        >>> params, state = nn.Linear(3, 2).init(jax.random.key(0))
        >>> path = os.path.join(tempfile.mkdtemp(), "params.msgpack")
        >>> save(path, params)
        >>> load(path, like=params)["weight"].shape
        (2, 3)
        >>> load(path, filter=lambda name: name == "bias")["bias"].shape
        (2,)
    """
    if like is None and not strict:
        raise CheckpointError("strict=False compares with like=, which is not given.")
    with error_path(path), read_document(Path(path)) as document:
        part = select(document, prefix, filter)
        if like is None:
            return to_tree(part, read(part.leaves))
        from funcnet.checkpoint._template import restore

        tree, report = restore(part, like, strict, filter)
        return tree if strict else (tree, report)


def entries(path: AnyPath) -> list[Entry]:
    """List the leaves of a file: names, dtypes, shapes and bytes, without values.

    No array is read, so this takes milliseconds for files of any size.

    Raises:
        CheckpointError: the file is damaged.
        OSError: there is no such file.

    Example:
        >>> import os, tempfile, numpy as np
        >>> path = os.path.join(tempfile.mkdtemp(), "run.msgpack")
        >>> save(path, {"fc": {"weight": np.ones((2, 3))}, "step": 3})
        >>> for leaf in entries(path):
        ...     print(leaf.name, leaf.dtype, leaf.shape, leaf.nbytes)
        fc.weight float64 (2, 3) 48
        step int () 0
    """
    with error_path(path), read_document(Path(path), with_values=False) as document:
        return [
            entry(dotted(leaf_path), leaf)
            for leaf_path, leaf in document.leaves.items()
            if leaf is not EMPTY
        ]


def read_metadata(path: AnyPath) -> dict[str, Any]:
    """Return the metadata that a file was saved with; empty if it has none.

    Raises:
        CheckpointError: the file is damaged.
        OSError: there is no such file.

    Example:
        >>> import os, tempfile
        >>> path = os.path.join(tempfile.mkdtemp(), "run.msgpack")
        >>> save(path, {"step": 3}, metadata={"model": "mlp"})
        >>> read_metadata(path)
        {'model': 'mlp'}
    """
    with error_path(path), read_document(Path(path), with_values=False) as document:
        return document.metadata


@contextmanager
def error_path(path: AnyPath) -> Iterator[None]:
    """Make errors begin with the name of the file."""
    try:
        yield
    except CheckpointError as error:
        error.path = error.path or os.fspath(path)
        raise
