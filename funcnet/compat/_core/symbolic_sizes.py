"""Sizes that are not known while a program is traced: not supported.

Shapes are Python's integers. The classes have no instances, and the functions compute
with numbers.
"""

import math
from collections.abc import Iterable
from typing import Any

from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.refused import refused_class

_WHY = "sizes are Python's integers here"
SymInt, SymFloat, SymBool = (
    refused_class(name, _WHY) for name in ("SymInt", "SymFloat", "SymBool")
)
sym_max, sym_min = max, min
sym_int, sym_float, sym_sqrt = int, float, math.sqrt


def sym_not(a: bool) -> bool:
    """Return whether it is false."""
    return not a


@explains_keywords
def sym_ite(b: bool, t: object, f: object) -> Any:
    """One or the other value."""
    return t if b else f


def sym_sum(args: Iterable[Any]) -> Any:
    """The sum."""
    return sum(args)


__all__ = [
    "SymBool",
    "SymFloat",
    "SymInt",
    "sym_float",
    "sym_int",
    "sym_ite",
    "sym_max",
    "sym_min",
    "sym_not",
    "sym_sqrt",
    "sym_sum",
]
