"""Load a file, or list its contents without reading the values."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from funcnet.checkpoint._errors import CheckpointError, foreign_format
from funcnet.checkpoint.pth._archive.legacy import HEAD, LegacyRecords
from funcnet.checkpoint.pth._archive.source import (
    Readable,
    Source,
    can_seek,
    open_source,
)
from funcnet.checkpoint.pth._archive.zip_records import ZipRecords
from funcnet.checkpoint.pth._budget import Budget
from funcnet.checkpoint.pth._errors import DamagedError, RefusedError
from funcnet.checkpoint.pth._pickle.globals_table import GlobalsTable
from funcnet.checkpoint.pth._pickle.unpickler import Unpickler
from funcnet.checkpoint.pth._storage_table import Records
from funcnet.checkpoint.pth._tensors import StoredTensor

_ZIP = b"PK\3\4"


def load(
    file: Readable,
    *,
    mmap: bool = False,
    max_bytes: int | None = None,
    verify: bool = True,
) -> Any:
    """Load a file of `torch.save`: nested Python values with arrays of NumPy.

    torch is not needed, and nothing that the file names is imported or called. Tensors
    and parameters become arrays, which share memory where the tensors did; bfloat16 and
    the 8-bit floats are those of `ml_dtypes`. Dicts, lists, tuples, numbers and strings
    stay what they are, a state dict an `OrderedDict` with its `_metadata`. A
    `torch.Size` becomes a tuple, a `torch.dtype` one of numpy, a `torch.device` its
    name.

    Args:
        file: a path or an open file, of the zip format or of the one before
            PyTorch 1.6.
        mmap: map the file into memory instead of reading it: values are read when
            they are used, and checksums are not compared.
        max_bytes: what the values may take in memory; by default a few times the size
            of the file.
        verify: compare the checksums of the zip format.

    Raises:
        CheckpointError: the file is damaged, or holds something else than values; the
            message names it.
        OSError: the file cannot be opened.

    Example:
        >>> import os, tempfile, numpy as np
        >>> from funcnet.checkpoint import pth
        >>> path = os.path.join(tempfile.mkdtemp(), "net.pth")
        >>> pth.save({"weight": np.ones((2, 3), np.float32), "epoch": 7}, path)
        >>> net = pth.load(path)
        >>> net["weight"].shape, net["epoch"]
        ((2, 3), 7)
    """
    return load_in(GlobalsTable, file, mmap, max_bytes, verify)


def inspect(file: Readable, *, max_bytes: int | None = None) -> Any:
    """Look into a file of `torch.save`: as `load`, with `StoredTensor`s for arrays.

    No values are read, so this takes milliseconds for files of any size.

    Raises:
        CheckpointError, OSError: as `load`.

    Example:
        >>> import os, tempfile, numpy as np
        >>> from funcnet.checkpoint import pth
        >>> path = os.path.join(tempfile.mkdtemp(), "net.pth")
        >>> pth.save({"weight": np.ones((2, 3), np.float32)}, path)
        >>> pth.inspect(path)["weight"].shape
        (2, 3)
    """
    return load_in(_Listing, file, False, max_bytes, False)


def entries(file: Readable, *, max_bytes: int | None = None) -> dict[str, StoredTensor]:
    """The tensors of a file by dotted name: shapes, dtypes and sizes, without values.

    Raises:
        CheckpointError, OSError: as `load`.

    Example:
        >>> import io, numpy as np
        >>> from funcnet.checkpoint import pth
        >>> file = io.BytesIO()
        >>> pth.save({"model": {"fc.weight": np.ones((2, 3), np.float32)}}, file)
        >>> _ = file.seek(0)
        >>> {name: tensor.shape for name, tensor in pth.entries(file).items()}
        {'model.fc.weight': (2, 3)}
    """
    return dict(_leaves(inspect(file, max_bytes=max_bytes), ""))


def is_pth(head: bytes) -> bool:
    """Tell from a file's first 16 bytes whether `load` is for it.

    Example:
        >>> is_pth(b"PK\\3\\4 and so on"), is_pth(b"\\x93NUMPY")
        (True, False)
    """
    return head.startswith((_ZIP, HEAD))


def load_in(
    globals_table: Callable[[Records, Budget], GlobalsTable],
    file: Readable,
    mmap: bool,
    max_bytes: int | None,
    verify: bool,
) -> Any:
    """Load a file; `globals_table` says what its names and tensors become."""
    with error_path(file):
        source = open_source(file, mmap)
        try:
            budget = Budget(source.size, max_bytes)
            records = _records(source, verify and not mmap)
            with records.background:
                value = _run(records, globals_table(records, budget), budget)
                records.finish()
            if isinstance(records, LegacyRecords):
                _end(file, source, records)
            return value
        finally:
            source.close()


def _run(
    records: ZipRecords | LegacyRecords, globals_table: GlobalsTable, budget: Budget
) -> Any:
    """The value that the file's pickle describes, looked through."""
    unpickler = Unpickler(memoryview(records.pickle()), globals_table, budget)
    value = unpickler.run()
    if unpickler.position != len(unpickler.data):
        raise DamagedError("bytes follow the end of the pickle.")
    globals_table.check(value)
    return value


def _records(source: Source, verify: bool) -> ZipRecords | LegacyRecords:
    """The storages of a file, in the format that its first bytes show."""
    head = source.read(0, min(source.size, 300))
    if head.startswith(_ZIP):
        return ZipRecords(source, verify)
    if head.startswith(HEAD):
        return LegacyRecords(source)
    raise RefusedError(_what_it_is(head))


def _what_it_is(head: bytes) -> str:
    """What a file seems to be that torch.save did not write."""
    if not head:
        return "the file is empty."
    if head[257:262] == b"ustar":
        return (
            "the file is a .tar of PyTorch before 0.1.10. Load and save it again with "
            "a PyTorch of 0.4 to 2.5."
        )
    if what := foreign_format(head.lstrip()):
        return f"the file is {what}."
    if head.startswith(b"\x80"):
        return (
            "the file is a plain pickle and not one of torch.save. It is not read: "
            "load it where you trust it, and save it with torch.save."
        )
    return "the file is not of torch.save: it begins neither as a zip nor as a pickle."


def _end(file: Readable, source: Source, records: LegacyRecords) -> None:
    """A path ends with its storages; an open file may contain another save."""
    if not isinstance(file, str | os.PathLike):
        if can_seek(file):
            file.seek(records.end - source.size, os.SEEK_END)
    elif records.end != source.size:
        raise DamagedError(
            f"{source.size - records.end} bytes follow the end of the storages."
        )


@contextmanager
def error_path(file: Readable) -> Iterator[None]:
    """Make errors begin with the name of the file."""
    try:
        yield
    except CheckpointError as error:
        if isinstance(file, str | os.PathLike):
            error.path = os.fspath(file)
        raise


class _Listing(GlobalsTable):
    def tensor(self, stored: StoredTensor) -> Any:
        return stored


def _leaves(value: Any, name: str) -> Iterator[tuple[str, StoredTensor]]:
    """The tensors in nested values, with dotted names."""
    if isinstance(value, StoredTensor):
        yield name or "(the file)", value
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from _leaves(child, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list | tuple):
        for index, child in enumerate(value):
            yield from _leaves(child, f"{name}.{index}" if name else str(index))
