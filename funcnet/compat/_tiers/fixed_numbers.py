"""Numbers that are constants of a program until they change.

Passes through here: a trace with indices, slopes and other settings among its leaves.
To XLA a constant is worth more than an input: a slice at a known index is fused with
what reads it. So at first they are constants. When one differs from the last run of the
same program, it becomes an input, and so does what stands in the same place of another
call of the same kind; after a few such changes all are inputs. Then no other number
compiles anything. Where calls of a kind are many, as in a loop over time, their numbers
are inputs from the first.
"""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Final

from funcnet.compat._engine.graph import Number
from funcnet.compat._engine.program import FixedNumbers
from funcnet.compat._engine.trace import Trace

_MOST_CHANGES: Final = 3
# 64 steps of an RNN over x[:, t] compile in 2.2 s of a processor's time with inputs and
# in 3.5 with constants, and run in about the same. Attention on three slices of one
# projection takes 17 ms a step with inputs, 13 with constants.
_MOST_ALIKE: Final = 16
_MOST_PROGRAMS: Final = 4096


class _Known:
    """The numbers that are constants of a program, and how often some changed."""

    __slots__ = ("changes", "fixed", "shown")

    def __init__(self, numbers: dict[int, float]) -> None:
        self.changes = 0
        self.fixed = numbers
        self.shown: FixedNumbers = tuple(numbers.items())


class _Programs(threading.local):
    """The calling thread's, as its uses are: see `policy.py`."""

    def __init__(self) -> None:
        self.known: OrderedDict[Any, _Known] = OrderedDict()


_programs: Final = _Programs()


def fixed_numbers(trace: Trace, results: Sequence[int]) -> FixedNumbers:
    """The constants of the program of a trace; to be asked at each of its uses."""
    if Number not in map(type, trace.leaves):
        return ()
    numbers = {
        index: leaf.array
        for index, leaf in enumerate(trace.leaves)
        if type(leaf) is Number
    }
    key = (trace.key, tuple(results), tuple(numbers))
    programs = _programs.known
    known = programs.get(key)
    if known is None:
        many = _used_often(trace)
        known = programs[key] = _Known(
            {i: x for i, x in numbers.items() if i not in many}
        )
        if len(programs) > _MOST_PROGRAMS:
            programs.popitem(last=False)
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
    groups = _uses(trace).values()
    return {leaf for group in groups if group & leaves for leaf in group}


def _used_often(trace: Trace) -> set[int]:
    """The leaves of calls of which there are many of a kind."""
    groups = _uses(trace).values()
    return {leaf for group in groups if len(group) > _MOST_ALIKE for leaf in group}


def _uses(trace: Trace) -> dict[tuple[int, int], set[int]]:
    """The numbers that calls of each kind have in each place, as leaves."""
    uses: dict[tuple[int, int], set[int]] = {}
    for node, (call, _, sources) in zip(trace.nodes, trace.steps, strict=True):
        for place in node.call.number_inputs:
            if sources[place] < 0:
                uses.setdefault((call, place), set()).add(~sources[place])
    return uses
