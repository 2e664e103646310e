"""What it costs to interpret, to compile and to run a program, in seconds.

Estimated from the operations alone, never measured: what follows from it is the same in
every run of a script.
"""

import math
import sys
from typing import Final, NamedTuple

from funcnet.compat._interpreter.costs import Cost

NEVER: Final = sys.maxsize
LONGEST: Final = 40.0
"""A program that would take longer than this to compile, in seconds, never is."""

_LATER: Final = 8
"""A script that has repeated a program goes on for so many times as long."""
_MEANWHILE: Final = 0.35
"""The share of the time of compiling in which the program is interpreted: others run,
too, and beside the compiler all of them take longer."""

# Seconds, on two cores of a server; only their ratios matter.
_COMPILE: Final = Cost(primitives=0.0025)
_COMPILE_ANY: Final = 0.05
_COMPILE_OUTPUT: Final = 0.01
"""XLA makes a function of its own for each output, and LLVM takes so long for it."""
_COMPILE_CALL: Final = 0.02
_INTERPRET: Final = Cost(steps=1.5e-6, bytes=1e-10, products=7e-12)
_RUN: Final = Cost(steps=1e-7, bytes=4e-11, products=5e-12)
RUN_ANY: Final = 1.5e-4
"""What it takes to start any compiled program."""
_START: Final = Cost(inputs=5e-7, outputs=2.5e-6)
"""What it takes to start one of many arrays."""


def compiling(cost: Cost) -> float:
    """The seconds that compiling takes."""
    return _COMPILE_ANY + max(_seconds(cost, _COMPILE), cost.outputs * _COMPILE_OUTPUT)


def running(cost: Cost) -> float:
    """The seconds that a compiled use takes, once it is started."""
    return _seconds(cost, _RUN)


def compiling_calls(count: int) -> float:
    """The seconds that compiling so many calls takes, whatever they are."""
    return _COMPILE_ANY + _COMPILE_CALL * count


def gain(cost: Cost) -> float:
    """The seconds that a compiled use saves."""
    return interpreting(cost) - max(RUN_ANY, _seconds(cost, _START)) - running(cost)


def interpreting(cost: Cost) -> float:
    """The seconds that an interpreted use takes."""
    return _seconds(cost, _INTERPRET)


class Schedule(NamedTuple):
    """The uses at which a program is compiled.

    Attributes:
        begins: at this use compiling begins, in the background.
        interpreted: so many uses are interpreted; at the next one the compiled program
            takes over.
    """

    begins: int
    interpreted: int


NEVER_COMPILED: Final = Schedule(NEVER, NEVER)
AT_ONCE: Final = Schedule(0, 0)


def schedule(cost: Cost, sizes: int = 1) -> Schedule:
    """When to compile a program that is the n-th of those that differ in sizes alone.

    Compiling begins, in the background, when it is expected to pay. The more sizes
    there are the less often each comes again.
    """
    price, saved = compiling(cost), gain(cost)
    if price > LONGEST or saved <= 0:
        return NEVER_COMPILED
    begins = max(1 + sizes, math.ceil(price / saved / _LATER))
    meanwhile = _MEANWHILE * price / max(interpreting(cost), RUN_ANY)
    return Schedule(begins, begins + math.ceil(meanwhile))


def _seconds(cost: Cost, prices: Cost) -> float:
    return sum(amount * price for amount, price in zip(cost, prices, strict=True))
