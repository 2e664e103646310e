"""What it costs to interpret, to compile and to run a program, in seconds.

Estimated from the operations alone, never measured: what follows from it is the same in
every run of a script.
"""

import sys
from typing import Final

from funcnet.compat._interpreter.costs import Cost

MOST_USES: Final = 40
NEVER: Final = sys.maxsize
LONGEST: Final = 40.0
"""A program that would take longer than this to compile, in seconds, never is."""

# Seconds, on two cores of a server; only their ratios matter.
_COMPILE: Final = Cost(primitives=0.004)
_COMPILE_ANY: Final = 0.05
_COMPILE_CALL: Final = 0.02
_INTERPRET: Final = Cost(steps=1.5e-6, bytes=1.5e-10, products=1.4e-11)
_RUN: Final = Cost(steps=1e-7, bytes=5e-11, products=1.3e-11)
RUN_ANY: Final = 4e-5
"""What it takes to start any compiled program."""


def compiling(cost: Cost) -> float:
    """The seconds that compiling takes."""
    return _COMPILE_ANY + _seconds(cost, _COMPILE)


def running(cost: Cost) -> float:
    """The seconds that a compiled use takes, but for `RUN_ANY`."""
    return _seconds(cost, _RUN)


def compiling_calls(count: int) -> float:
    """The seconds that compiling so many calls takes, whatever they are."""
    return _COMPILE_ANY + _COMPILE_CALL * count


def gain(cost: Cost) -> float:
    """The seconds that a compiled use saves."""
    return _seconds(cost, _INTERPRET) - RUN_ANY - running(cost)


def uses_before_compiling(cost: Cost) -> int:
    """How many uses are interpreted until their extra cost is that of compiling."""
    price, saved = compiling(cost), gain(cost)
    if price > LONGEST or saved <= 0:
        return NEVER
    if saved * MOST_USES <= price:
        return MOST_USES
    return max(2, int(price / saved))


def _seconds(cost: Cost, prices: Cost) -> float:
    return sum(amount * price for amount, price in zip(cost, prices, strict=True))
