"""Save and load checkpoint files."""

import mmap
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar, overload

import msgpack

from funcnet.checkpoint._atomic import writing
from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._layout import HEADER
from funcnet.checkpoint._reader import decode
from funcnet.checkpoint._tree import from_state, restore, to_state
from funcnet.checkpoint._writer import Piece, encode

_VERSION = 1
_TAIL = b"\xa5crc32\xce"  # a name, and the code of the four bytes that follow

Tree = TypeVar("Tree")


def save(
    path: str | os.PathLike[str],
    tree: Any,
    metadata: Mapping[str, Any] | None = None,
) -> None:
    """Save a pytree in one `.msgpack` file, in flax's layout.

    The file appears under its name only once it is whole: it is written beside it,
    flushed to the disk and renamed. Arrays are fetched from their devices one by one.

    `flax.serialization.from_bytes` and `msgpack_restore` read the file. A tree that is
    a dict or a dataclass also gets an entry `__funcnet__` with a version, the metadata
    and a checksum; flax would refuse it in a list, tuple or dataclass of its own.

    Args:
        path: the file; one that exists is replaced.
        tree: a pytree of arrays (any dtype of jax), typed keys, numbers, strings and
            None: params, state, an optimizer's state, or a dict of all of these.
        metadata: what should be known about it, of plain numbers, strings, lists and
            dicts; `read_metadata` returns it.

    Raises:
        CheckpointError: the tree or the metadata hold what cannot be saved.
        OSError: the folder does not exist or cannot be written.

    Example:
        >>> import os, tempfile, jax.numpy as jnp
        >>> path = os.path.join(tempfile.mkdtemp(), "params.msgpack")
        >>> save(path, {"weight": jnp.ones((2, 3))}, metadata={"epoch": 7})
        >>> load(path)["weight"].shape, read_metadata(path)
        ((2, 3), {'epoch': 7})
    """
    with _naming(path), writing(path) as file:
        for piece in _pieces(tree, metadata):
            file.write(piece)


@overload
def load(path: str | os.PathLike[str]) -> dict[str, Any]: ...


@overload
def load(path: str | os.PathLike[str], template: Tree) -> Tree: ...


def load(path: str | os.PathLike[str], template: Any = None) -> Any:
    """Load a `.msgpack` file that `save` or flax wrote.

    Args:
        path: the file.
        template: a tree of the structure, shapes and dtypes to be restored, for
            example what `init` or `jax.eval_shape` of it returns. Arrays go to the
            devices of the template's.

    Returns:
        A tree like the template; without one, nested dicts of NumPy arrays, in which
        sequences are dicts with the keys "0", "1", … as in flax.

    Raises:
        CheckpointError: the file is damaged, or does not fit the template; the message
            names each leaf that is missing, unexpected, or of another shape or dtype.
        OSError: there is no such file.

    Example:
        >>> import os, tempfile, jax
        >>> from funcnet import nn
        >>> params, state = nn.Linear(3, 2).init(jax.random.key(0))
        >>> path = os.path.join(tempfile.mkdtemp(), "params.msgpack")
        >>> save(path, params)
        >>> load(path, template=params)["weight"].shape
        (2, 3)
    """
    with _naming(path):
        state, _ = _read(path)
        return from_state(state) if template is None else restore(template, state)


def read_metadata(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Return the metadata that a file was saved with; empty for a file of flax's.

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
    with _naming(path):
        return _read(path)[1]


def _pieces(tree: Any, metadata: Mapping[str, Any] | None) -> Iterator[Piece]:
    """Yield the bytes of a file: the tree and, where flax allows it, our header."""
    state = to_state(tree)
    if isinstance(state, dict) and not _counted_by_flax(tree):
        yield from _with_checksum(_with_header(state, metadata))
    elif metadata is None:
        yield from encode(state)
    else:
        raise CheckpointError(
            f"a {type(tree).__name__} takes no metadata: flax could not restore it. "
            'Save a dict: save(path, {"params": params}, metadata=...).'
        )


def _counted_by_flax(tree: Any) -> bool:
    """Tell whether flax restores this node only if the file has no other entry."""
    return isinstance(tree, list | tuple) or hasattr(tree, "_flax_dataclass")


def _with_header(
    state: dict[str, Any], metadata: Mapping[str, Any] | None
) -> Iterator[Piece]:
    """Yield the state with the header as its last entry, but for the checksum."""
    try:
        packed = msgpack.packb(dict(metadata or {}), strict_types=True)
        decode(memoryview(packed))
    except (TypeError, ValueError, OverflowError) as error:
        raise CheckpointError(
            f"the metadata cannot be saved: {error}. They are made of numbers, "
            "strings, None, lists and string-keyed dicts."
        ) from error
    yield msgpack.Packer().pack_map_header(len(state) + 1)
    for name, child in state.items():
        yield msgpack.packb(name)
        yield from encode(child, name)
    yield msgpack.packb(HEADER) + msgpack.Packer().pack_map_header(3)
    yield msgpack.packb("version") + msgpack.packb(_VERSION)
    yield msgpack.packb("metadata") + packed + _TAIL


def _with_checksum(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Yield pieces, and after them the CRC-32 of all as four bytes of an integer."""
    checksum = 0
    for piece in pieces:
        checksum = zlib.crc32(piece, checksum)
        yield piece
    yield checksum.to_bytes(4, "big")


def _read(path: str | os.PathLike[str]) -> tuple[Any, dict[str, Any]]:
    """Return the state and the metadata of a file, all checked, nothing copied."""
    with open(path, "rb") as file:
        if not os.fstat(file.fileno()).st_size:
            raise CheckpointError("the file is empty.")
        buffer = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    state = decode(buffer)
    header = state.pop(HEADER, None) if isinstance(state, dict) else None
    signed = bytes(buffer[-4 - len(_TAIL) : -4]) == _TAIL
    if header is None and not signed:  # a file of flax's
        return state, {}
    if zlib.crc32(buffer[:-4]) != int.from_bytes(buffer[-4:], "big") or not signed:
        raise CheckpointError("the checksum is wrong: the file was damaged.")
    if not isinstance(header, dict) or header.get("version") != _VERSION:
        raise CheckpointError(
            f"the file has the header {header!r}; this release reads version "
            f"{_VERSION}. Install a newer funcnet to read it."
        )
    return state, header["metadata"]


@contextmanager
def _naming(path: str | os.PathLike[str]) -> Iterator[None]:
    """Let errors begin with the name of the file."""
    try:
        yield
    except CheckpointError as error:
        error.path = os.fspath(path)
        raise
