"""Files of tensors, as `torch.serialization`."""

from funcnet.compat._serialization._load import load
from funcnet.compat._serialization._safe import (
    add_safe_globals,
    clear_safe_globals,
    get_safe_globals,
    safe_globals,
)
from funcnet.compat._serialization._save import save

__all__ = [
    "add_safe_globals",
    "clear_safe_globals",
    "get_safe_globals",
    "load",
    "safe_globals",
    "save",
]
