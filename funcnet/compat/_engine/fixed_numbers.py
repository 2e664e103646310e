"""Numbers that are constants of a program until they change.

Passes through here: a trace with indices, slopes and other settings among its leaves.
To XLA a constant is worth more than an input: a slice at a known index is fused with
what reads it. So at first they all are constants. When one differs from the last run of
the same program, it becomes an input, and so does what stands in the same place of
another call of the same kind; after a few such changes all are inputs. Then no other
number compiles anything.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final, TypeAlias

from funcnet.compat._engine.graph import Number
from funcnet.compat._engine.trace import Trace

FixedNumbers: TypeAlias = tuple[tuple[int, float], ...]
"""The constants of a program: indices of leaves, and their values."""

_MOST_CHANGES: Final = 3
_MOST_PROGRAMS: Final = 4096


class _Known:
    """The numbers that are constants of a program, and how often some changed."""

    __slots__ = ("changes", "fixed", "shown")

    def __init__(self, numbers: dict[int, float]) -> None:
        self.changes = 0
        self.fixed = numbers
        self.shown: FixedNumbers = tuple(numbers.items())


_known: Final[OrderedDict[Any, _Known]] = OrderedDict()


def fixed_numbers(trace: Trace, results: Sequence[int]) -> FixedNumbers:
    """The constants of the program of a trace; to be asked at each of its uses."""
    numbers = {
        index: leaf.array
        for index, leaf in enumerate(trace.leaves)
        if type(leaf) is Number
    }
    if not numbers:
        return ()
    key = (tuple(trace.steps), tuple(results), tuple(numbers))
    known = _known.get(key)
    if known is None:
        known = _known[key] = _Known(numbers)
        if len(_known) > _MOST_PROGRAMS:
            _known.popitem(last=False)
        return known.shown
    changed = {i for i, x in known.fixed.items() if not _same(x, numbers[i])}
    if changed:
        known.changes += 1
        alike = _used_alike(trace, changed)
        if known.changes == _MOST_CHANGES:
            known.fixed = {}
        known.fixed = {i: x for i, x in known.fixed.items() if i not in alike}
        known.shown = tuple(known.fixed.items())
    return known.shown


def _same(a: float, b: float) -> bool:
    return (a == b and (a != 0 or str(a) == str(b))) or (a != a and b != b)


def _used_alike(trace: Trace, leaves: set[int]) -> set[int]:
    """These leaves, and what calls of the same kinds have in the same places."""
    uses = [
        (call, place, ~source)
        for call, _, sources in trace.steps
        for place, source in enumerate(sources)
        if source < 0
    ]
    places = {(call, place) for call, place, leaf in uses if leaf in leaves}
    return {leaf for call, place, leaf in uses if (call, place) in places}
