"""`torch.load`."""

import os
import pickle
import warnings
from types import ModuleType
from typing import Any

from funcnet.checkpoint import CheckpointError
from funcnet.checkpoint.pth._archive.source import Readable
from funcnet.checkpoint.pth._errors import DamagedError, RefusedError
from funcnet.checkpoint.pth._load import load_in
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._messages.translate import to_pytorch_error
from funcnet.compat._serialization._globals_table import TensorGlobals
from funcnet.compat._serialization._locations import DeviceMap, MapLocation
from funcnet.compat._serialization._unsafe_globals import UnsafeGlobals

_ENCODINGS = ("utf-8", "utf8", "ascii", "latin1", "bytes")


@explains_keywords
def load(
    f: Readable,
    map_location: MapLocation = None,
    pickle_module: ModuleType | None = None,
    *,
    weights_only: bool | None = None,
    mmap: bool | None = None,
    encoding: str = "utf-8",
    max_bytes: int | None = None,
) -> Any:
    """Load what `torch.save` saved, here or in PyTorch, as `torch.load`.

    Nothing in the file is executed: it may hold tensors, parameters, plain values, and
    whole modules of the classes of `torch.nn`, which are rebuilt from their fields.

    Args:
        f: a path or an open file.
        map_location: where the tensors go: a device or its name, a dict from the
            device they were saved from to another, or a function of storage and device.
        pickle_module: none but the default; nothing is unpickled by `pickle`.
        weights_only: with False the file may name any class or function, which is
            imported and called, with a warning; only for files that you trust.
        mmap: map the file into memory: values are read when they are used.
        encoding: accepted; strings of Python 2 are UTF-8, or else Latin 1.
        max_bytes: what the values may take; by default a few times the file's size.

    Raises:
        CheckpointError: the file is damaged (this is also a `RuntimeError`), or holds
            more than values (this is also a `pickle.UnpicklingError`).
        RuntimeError: it was saved from a GPU, and there is none.
        OSError: the file cannot be opened.

    Example:
        >>> import os, tempfile, funcnet.compat as torch
        >>> path = os.path.join(tempfile.mkdtemp(), "checkpoint.pth.tar")
        >>> torch.save({"epoch": 3, "weight": torch.eye(2)}, path)
        >>> torch.load(path, map_location="cpu")["weight"]
        tensor([[1., 0.],
                [0., 1.]])
    """
    if pickle_module not in (None, pickle):
        raise CheckpointError(
            "files are read by funcnet's own reader, which runs no code of theirs: "
            "leave pickle_module out."
        )
    if encoding not in _ENCODINGS:
        raise CheckpointError(f"encoding is one of {_ENCODINGS}, not {encoding!r}.")
    if mmap and not isinstance(f, str | os.PathLike):
        raise ValueError(
            "f must be a file path in order to use the mmap argument, but got "
            f"{type(f).__name__}"
        )
    unsafe = weights_only is False
    if unsafe:
        warnings.warn(
            "torch.load with weights_only=False imports and calls whatever the file "
            "names: do it only if you trust who made the file. torch.serialization."
            "add_safe_globals lets in single classes.",
            stacklevel=outside(),
        )
    globals_table = UnsafeGlobals if unsafe else TensorGlobals
    devices = DeviceMap(map_location)
    try:
        return load_in(
            lambda records, budget: globals_table(records, budget, devices),
            *(f, bool(mmap), max_bytes, True),
        )
    except (DamagedError, RefusedError) as error:
        raise to_pytorch_error(error) from None
