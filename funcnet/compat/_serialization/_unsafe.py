"""Which names in a file `torch.load` would not let in."""

import pickletools
import zipfile
from collections.abc import Iterator

from funcnet.checkpoint.pth._archive.source import Readable
from funcnet.checkpoint.pth._budget import Budget
from funcnet.compat._serialization import _safe
from funcnet.compat._serialization._globals_table import TensorGlobals
from funcnet.compat._serialization._locations import DeviceMap


def get_unsafe_globals_in_checkpoint(f: Readable) -> list[str]:
    """The classes and functions in a file that have to be let in to load it.

    Equals `torch.serialization.get_unsafe_globals_in_checkpoint`: nothing of the file
    is run; `add_safe_globals` lets them in.

    Raises:
        ValueError: the file is not of PyTorch's present format.
    """
    if not zipfile.is_zipfile(f):
        raise ValueError("Expected input to be a checkpoint returned by torch.save")
    with zipfile.ZipFile(f) as archive:
        record = next((n for n in archive.namelist() if n.endswith("data.pkl")), None)
        if record is None:
            raise ValueError("Expected input to be a checkpoint returned by torch.save")
        data = archive.read(record)
    known = TensorGlobals(None, Budget(0), DeviceMap(None)).table  # type: ignore[arg-type]
    let_in = known.keys() | _safe.by_name().keys()
    return [name for name in dict.fromkeys(_globals(data)) if name not in let_in]


def _globals(data: bytes) -> Iterator[str]:
    """The full names that a pickle holds, in order."""
    texts: list[str] = []
    for code, value, _ in pickletools.genops(data):
        if code.name == "GLOBAL":
            yield str(value).replace(" ", ".", 1)
        elif code.name == "STACK_GLOBAL":
            yield ".".join(texts[-2:])
        elif "UNICODE" in code.name:
            texts.append(str(value))
