"""What it costs to interpret, to compile and to run a program, in seconds.

Estimated from the operations alone, never measured: what follows from it is the same in
every run of a script.
"""

import sys
from typing import Final

from funcnet.compat._interpreter.costs import Cost

MOST_USES: Final = 40
"""At most so many uses are interpreted, of a program that compiles in a second; of
those that take longer as many more."""
NEVER: Final = sys.maxsize
LONGEST: Final = 40.0
"""A program that would take longer than this to compile, in seconds, never is."""

_IN_TIME: Final = 1.25
"""So much longer than estimated may compiling take beside a script that computes."""

# Seconds, on two cores of a server; only their ratios matter.
_COMPILE: Final = Cost(primitives=0.004)
_COMPILE_ANY: Final = 0.05
_COMPILE_OUTPUT: Final = 0.02
"""XLA makes a function of its own for each output, and LLVM takes so long for it."""
_COMPILE_CALL: Final = 0.02
_INTERPRET: Final = Cost(steps=1.5e-6, bytes=1.5e-10, products=1.4e-11)
_RUN: Final = Cost(steps=1e-7, bytes=7e-11, products=1.4e-11)
RUN_ANY: Final = 1e-4
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


def uses_before_compiling(cost: Cost, waits: bool = True) -> int:
    """How many uses are interpreted until their extra cost is that of compiling.

    If it should not wait: at least as many as run while it is being compiled.
    """
    price, saved = compiling(cost), gain(cost)
    if price > LONGEST or saved <= 0:
        return NEVER
    if waits:
        most = int(MOST_USES * max(1.0, price))
    else:
        most = max(MOST_USES, int(price / interpreting(cost)))
    return max(2, min(most, int(price / saved)))


def use_to_begin_at(cost: Cost, interpreted: int) -> int:
    """The use at which compiling begins, of so many that are interpreted.

    Half-way, or later if it is done in time all the same: a script may end before.
    """
    meanwhile = int(_IN_TIME * compiling(cost) / max(interpreting(cost), RUN_ANY)) + 1
    return max(2, interpreted // 2, interpreted - meanwhile)


def _seconds(cost: Cost, prices: Cost) -> float:
    return sum(amount * price for amount, price in zip(cost, prices, strict=True))
