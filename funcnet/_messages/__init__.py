"""What each error says: a template under its code, one file for each family.

The fields of a template are facts of the error; see `funcnet._errors`.
"""

from importlib import import_module
from typing import Any, Final

# The files of this folder; one of the same name has PyTorch's words for its codes
# (`funcnet.compat._messages.words`).
FAMILIES: Final = (
    *("shared", "activation", "attention", "conv", "distance", "dropout", "embedding"),
    *("files", "init", "labels", "linear", "loss", "norm", "pad", "pool", "recurrent"),
    *("shape", "vision"),
)


def of_families(room: str, table: str) -> dict[str, Any]:
    """Return one table of those that the files of a room have under the same name."""
    result: dict[str, Any] = {}
    for family in FAMILIES:
        result |= getattr(import_module(f"{room}.{family}"), table)
    return result


MESSAGES: Final[dict[str, str]] = of_families(__name__, "MESSAGES")
