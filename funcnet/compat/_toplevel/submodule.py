"""The public names of a part of PyTorch, taken from the table of operations."""

from collections.abc import Callable, Iterable
from typing import Any

from funcnet.compat._messages import unsupported as _later
from funcnet.compat._ops import FUNCTIONS


def functions(prefix: str) -> dict[str, Any]:
    """The functions whose names begin with `prefix` and a dot, without it."""
    start = len(prefix) + 1
    return {
        name[start:]: function
        for name, function in FUNCTIONS.items()
        if name.startswith(prefix + ".") and "." not in name[start:]
    }


def missing(module: str, known: Iterable[str]) -> Callable[[str], Any]:
    """The `__getattr__` of a module: it says which name was probably meant."""

    return lambda name: _later.missing(name, known, module)
