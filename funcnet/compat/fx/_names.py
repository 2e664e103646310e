"""Names of nodes and of globals in generated code: each once, and legal in Python."""

import builtins
import keyword
import re
from typing import Any, Final

_WITH_NUMBER: Final = re.compile(r"(.*)_(\d+)")
_CAPITAL: Final = re.compile(r"(?<=[a-z])([A-Z])")

ALWAYS: Final = {
    "inf": float("inf"),
    "nan": float("nan"),
    "NoneType": type(None),
}
"""Names that generated code has without an import."""
_TAKEN: Final = frozenset({*ALWAYS, "torch", "device", "fx_pytree", "pytree"})


class Namespace:
    """The names that were given so far."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._used: set[str] = set()

    def name_for(self, wanted: str, value: object = None) -> str:
        """Return the wanted name, or one with the next number that is free.

        Args:
            value: what the name stands for, which may be a builtin of that name.
        """
        name = re.sub(r"[^0-9a-zA-Z_]+", "_", wanted) or "_unnamed"
        if name[0].isdigit():
            name = f"_{name}"
        match = _WITH_NUMBER.fullmatch(name)
        base, number = (match[1], int(match[2])) if match else (name, 0)
        if match:
            name = f"{base}_{number}"
        number = number or self._counts.get(base, 0)
        while name in self._used or _illegal(name, value):
            number += 1
            name = f"{base}_{number}"
        self._used.add(name)
        self._counts[base] = number
        return name


def _illegal(name: str, value: object) -> bool:
    if keyword.iskeyword(name) or name in _TAKEN:
        return True
    return getattr(builtins, name, value) is not value


def hint_of(target: Any) -> str:
    """Return the name that a node of a target is to have: `layer1_conv`, `add`."""
    name = target if isinstance(target, str) else getattr(target, "__name__", "value")
    if name.startswith("__") and name.endswith("__") and len(name) > 4:
        name = name[2:-2]
    return _CAPITAL.sub(r"_\1", name).lower()


__all__ = ["ALWAYS", "Namespace", "hint_of"]
