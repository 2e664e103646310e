"""Save nested values with arrays as `torch.save` does."""

import io
import os
import sys
from collections.abc import Callable
from typing import IO, Any, Final, TypeAlias

import numpy as np

from funcnet.checkpoint._atomic import writing
from funcnet.checkpoint._background import Background
from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint.pth._archive.zip_writer import ZipWriter, top_folder
from funcnet.checkpoint.pth._dtypes import NAMES
from funcnet.checkpoint.pth._load import error_path
from funcnet.checkpoint.pth._memory import Memory
from funcnet.checkpoint.pth._pickle.pickler import Name, PickleWriter
from funcnet.checkpoint.pth._tensor_writer import Written

Writable: TypeAlias = str | os.PathLike[str] | IO[bytes]

_PLAIN: Final[tuple[Any, ...]] = (dict, list, tuple, str, int, float)


def save(value: Any, file: Writable) -> None:
    """Save nested Python values and arrays in the zip format of `torch.save`.

    `torch.load(file, weights_only=True)` reads the file, and arrays become tensors.
    Arrays that share memory share it in the file, and again when they are loaded; of
    an array that is part of a larger one only the part is written.

    The file appears under its name only once it is whole. Arrays are written from where
    they lie; those on devices are fetched one by one.

    Args:
        value: nested dicts, lists, tuples and sets of arrays (NumPy's or JAX's),
            numbers, strings, bytes, numpy dtypes and None.
        file: a path, whose old file is replaced, or an open file.

    Raises:
        CheckpointError: something in the value cannot be saved; the message says where.
        OSError: the folder does not exist, cannot be written, or the disk is full.

    Example:
        >>> import io, numpy as np
        >>> from funcnet.checkpoint import pth
        >>> file = io.BytesIO()
        >>> pth.save({"w": np.arange(3.0), "steps": [1, 2]}, file)
        >>> file.getvalue()[:2]
        b'PK'
    """
    memory = Memory()
    with error_path(file):
        PickleWriter(lambda item, path: _describe(item, path, memory.meet)).dump(value)
        memory.settle()
        writer = PickleWriter(lambda item, path: _describe(item, path, memory.place))
        write_archive(writer.dump(value), memory.storages, file)


def write_archive(pickle: bytes, storages: list[Written], file: Writable) -> None:
    """Write a pickle and its storages: to a path whole or not at all."""
    if isinstance(file, io.TextIOBase):
        raise CheckpointError('the file was opened as text: open it with mode "wb".')
    if isinstance(file, str | os.PathLike):
        size = sum(storage.elements * storage.dtype.itemsize for storage in storages)
        with writing(file, size) as opened:
            _write_members(opened, pickle, storages, top_folder(file))
    else:
        _write_members(file, pickle, storages, "archive")


def _write_members(
    file: IO[bytes], pickle: bytes, storages: list[Written], top: str
) -> None:
    with Background() as background:
        archive = ZipWriter(file, top, background)
        archive.add("data.pkl", pickle)
        archive.add(".format_version", b"1")
        archive.add(".storage_alignment", b"64")
        archive.add("byteorder", sys.byteorder.encode())
        for key, storage in enumerate(storages):
            archive.add(f"data/{key}", storage.read().reshape(-1).view(np.uint8).data)
        archive.add("version", b"3\n")
        archive.add(".data/serialization_id", b"%040d" % archive.sums)
        archive.close()


def _describe(value: Any, path: str, write_array: Callable[[Any], Any]) -> Any:
    """Say how a value that is not plain Python's is written."""
    if isinstance(value, np.dtype) and value in NAMES:
        return Name("torch", NAMES[value])
    if isinstance(value, np.ndarray | np.generic) or hasattr(value, "addressable_data"):
        check_array(value, path)
        return write_array(value)
    for cls in _PLAIN:
        if isinstance(value, cls):  # of a class derived from it
            return cls(value)
    raise CheckpointError(
        f"{path} is a {type(value).__module__}.{type(value).__qualname__}, which "
        "torch.load would not read. Save dicts, lists, numbers, strings and arrays."
    )


def check_array(value: Any, path: str) -> None:
    """Raise CheckpointError for an array that cannot lie in a file."""
    if not getattr(value, "is_fully_addressable", True):
        raise CheckpointError(
            f"{path} is spread over several processes. Gather it first: "
            "jax.experimental.multihost_utils.process_allgather(x, tiled=True)."
        )
    dtype = value.dtype
    if not isinstance(dtype, np.dtype) or dtype.newbyteorder("=") not in NAMES:
        raise CheckpointError(
            f"{path} has dtype {dtype}, which PyTorch lacks. Its dtypes are "
            f"{', '.join(NAMES.values())}; of random keys, save jax.random.key_data."
        )
