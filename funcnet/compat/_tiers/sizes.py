"""One warning about programs that are new again and again because sizes are.

Programs with the same operations on the same values are a family; its members differ in
sizes, or in settings. The warning comes where, by the estimates, one program for all
would have saved much more than it costs to compile: never by the clock.
"""

import warnings
from collections import OrderedDict
from typing import Any, Final, TypeAlias

from funcnet.compat._engine.trace import Trace
from funcnet.compat._messages.suggestions import outside, users_line

_MANY: Final = 50
_MOST_FAMILIES: Final = 256
_SHOWN: Final = 6

_Shapes: TypeAlias = tuple[tuple[int, ...], ...]


class _Family:
    """The sizes of one family, in the order in which they came.

    Attributes:
        line: the user's line that ran the first.
        shapes: those of the leaves of each program.
        lost: the seconds that one program for all would have saved so far.
    """

    __slots__ = ("line", "lost", "shapes")

    def __init__(self) -> None:
        self.line = users_line()
        self.shapes: dict[_Shapes, None] = {}
        self.lost = 0.0

    def __str__(self) -> str:
        """How many sizes there were, and some of an input's."""
        shapes = [one for one in self.shapes if one]
        changes = [leaf for leaf in zip(*shapes, strict=True) if len(set(leaf)) > 1]
        if not changes:
            return f"{len(shapes)} programs that differ in sizes only"
        seen = list(dict.fromkeys(changes[0]))
        shown = ", ".join(str(tuple(shape)) for shape in seen[:_SHOWN])
        return f"{len(shapes)} programs that differ in sizes only: an input was {shown}"


_families: Final[OrderedDict[Any, _Family]] = OrderedDict()


def family_of(trace: Trace) -> int:
    """What programs have in common that differ in sizes, or in settings."""
    # A hash in place of all that, which would be much to keep.
    operations = tuple([node.call.op for node in trace.nodes])
    return hash((operations, tuple([one[1:] for one in trace.steps])))


def note_new_program(key: int, trace: Trace, lost: float, least: float) -> None:
    """Note a program that is new, and warn if too many are because of their sizes.

    Args:
        key: its family.
        trace: what is run.
        lost: the seconds it takes longer than a compiled program.
        least: how much must have been lost before anything is said.
    """
    family = _families.get(key)
    if family is None:
        family = _families[key] = _Family()
        if len(_families) > _MOST_FAMILIES:
            _families.popitem(last=False)
    if len(family.shapes) > _MANY:  # it was said
        return
    family.shapes[tuple([leaf.spec.shape for leaf in trace.leaves])] = None
    family.lost += lost
    if len(family.shapes) >= _MANY and family.lost >= least:
        _warn(family)
        family.shapes[()] = None  # one more than many


def changing_sizes(least: int = 2) -> list[tuple[str, str]]:
    """The lines that ran programs of several sizes, and what the sizes were."""
    families = sorted(_families.values(), key=lambda one: -len(one.shapes))
    return [(one.line, str(one)) for one in families if len(one.shapes) >= least]


def _warn(family: _Family) -> None:
    warnings.warn(
        f"{users_line()} ran {family}, ... A program whose sizes are new is "
        "interpreted or compiled anew, and one that repeats would be faster. Pad to "
        "one size, put lengths into a few buckets, or drop the short last batch with "
        "DataLoader(..., drop_last=True). This is said once.",
        stacklevel=outside(),
    )
