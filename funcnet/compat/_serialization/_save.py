"""`torch.save`."""

import pickle
from types import ModuleType

from funcnet.checkpoint import CheckpointError
from funcnet.checkpoint.pth._load import error_path
from funcnet.checkpoint.pth._pickle.pickler import PickleWriter
from funcnet.checkpoint.pth._save import Writable, write_archive
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._serialization._objects import Describer


@explains_keywords
def save(
    obj: object,
    f: Writable,
    pickle_module: ModuleType | None = None,
    pickle_protocol: int = 2,
    _use_new_zipfile_serialization: bool = True,
    _disable_byteorder_record: bool = False,
) -> None:
    """Save tensors, state dicts, modules and plain values, as `torch.save`.

    PyTorch's `torch.load` reads the file. A path gets its file only once it is whole:
    what was there before stays until then.

    Args:
        obj: anything made of dicts, lists, numbers, strings and tensors, such as
            `model.state_dict()`; also modules, and objects of classes that can be
            imported, which only `weights_only=False` or `add_safe_globals` reads.
        f: a path, whose ending may be any, or an open file.
        pickle_module, pickle_protocol: only what is PyTorch's default.

    Raises:
        CheckpointError: something in it cannot be saved; the message says where.
        OSError: the folder does not exist, cannot be written, or the disk is full.

    Example:
        >>> import io, funcnet.compat as torch
        >>> model = torch.nn.Linear(2, 1)
        >>> file = io.BytesIO()
        >>> torch.save(model.state_dict(), file)
        >>> _ = file.seek(0)
        >>> model.load_state_dict(torch.load(file))
        <All keys matched successfully>
    """
    if pickle_module not in (None, pickle) or pickle_protocol != 2:
        raise CheckpointError(
            "files are written by funcnet's own writer, in protocol 2 as PyTorch's: "
            "leave pickle_module and pickle_protocol out."
        )
    if not _use_new_zipfile_serialization:
        raise CheckpointError(
            "the format before PyTorch 1.6 is read, but no longer written: leave "
            "_use_new_zipfile_serialization out."
        )
    describer = Describer()
    with error_path(f):
        data = PickleWriter(describer.describe).dump(obj)
        write_archive(data, describer.storages, f)
