"""Errors that only a program can find: indices out of range, division by zero.

Numbers that the host knows are looked at when an operation is called. Of those that a
program computes, the program tells: it gives one small array back, which says what went
wrong first. It is looked at when somebody looks at numbers, or records more and the
program is done; so the error comes late, as an assertion on a GPU does in PyTorch, and
nothing waits for it. It comes in the thread that asked for what failed: its context has
the `checks` of what is recorded, by device, and the `unread_checks`.
"""

import sys
from collections.abc import Callable
from typing import Any, Final, NamedTuple

import jax.numpy as jnp
import numpy as np

from funcnet.compat._core.context import thread
from funcnet.compat._core.static_args import NO_KEYWORDS, PLACEHOLDER
from funcnet.compat._engine.graph import Value, record
from funcnet.compat._engine.op import Op
from funcnet.compat._messages.suggestions import PACKAGE

# So many programs may have run before somebody must wait for the oldest.
_MOST_WAITING: Final = 64


class _Check(NamedTuple):
    """What to say of a number that is wrong, and the user's line that asked for it."""

    error: Callable[[int], Exception]
    line: str


class _Watch:
    """The checks of one program to be: the array that tells, and what it tells of."""

    __slots__ = ("checks", "value")

    def __init__(self) -> None:
        self.value: Value | None = None
        self.checks: list[_Check] = []


def _first_outside(
    before: Any, numbers: Any, place: int, low: int, high: int, allowed: int | None
) -> Any:
    """`[place, number]` if a number is not in `low .. high - 1`; else what was before.

    It is the least number or the greatest, not the first: two reductions cost less.
    """
    numbers = numbers.astype(jnp.int64)
    if allowed is not None:
        numbers = jnp.where(numbers == allowed, low, numbers)
    least, most = jnp.min(numbers), jnp.max(numbers)
    wrong = (least < low) | (most >= high)
    number = jnp.where(least < low, least, most)
    result = jnp.stack([jnp.where(wrong, place, -1), number])
    return result if before is None else jnp.where(before[0] < 0, result, before)


def _any_zero(before: Any, numbers: Any, place: int) -> Any:
    return _first_outside(before, numbers == 0, place, 0, 1, None)


_RANGE: Final = Op("index", _first_outside)
_ZERO: Final = Op("div", _any_zero)


def check_range(
    numbers: Value,
    low: int,
    high: int,
    error: Callable[[int], Exception],
    allowed: int | None = None,
) -> None:
    """Let the program that computes these numbers say if one is out of range."""
    _watch(_RANGE, numbers, error, low, high, allowed)


def check_no_zero(numbers: Value, error: Callable[[int], Exception]) -> None:
    """Let the program that computes these numbers say if one is zero."""
    _watch(_ZERO, numbers, error)


def _watch(
    op: Op, numbers: Value, error: Callable[[int], Exception], *settings: Any
) -> None:
    context, where = thread.context, numbers.spec.device
    if context.tracing_depth or context.levels or where.type == "meta":
        return
    if 0 in numbers.spec.shape:
        return
    watch = context.checks.get(where)
    if watch is None or watch.value is None or watch.value.array is not None:
        watch = context.checks[where] = _Watch()
        context.unread_checks.append(watch)
        if len(context.unread_checks) > _MOST_WAITING:
            raise_failed()
            del context.unread_checks[:-_MOST_WAITING]  # of programs that never ran
    before = watch.value
    sources = (numbers,) if before is None else (before, numbers)
    start = (None, PLACEHOLDER) if before is None else (PLACEHOLDER, PLACEHOLDER)
    template = ((*start, len(watch.checks), *settings), NO_KEYWORDS)
    _, (watch.value,) = record(op, sources, template)
    watch.checks.append(_Check(error, _users_line()))


def _users_line() -> str:
    frame = sys._getframe(2)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(PACKAGE):
        frame = frame.f_back
    return f"{frame.f_code.co_filename}, line {frame.f_lineno}"


def close() -> None:
    """What is recorded from now on belongs to another program."""
    thread.context.checks.clear()


def raise_failed(wait: bool = True) -> None:
    """Raise the error of a check that failed in a program that has run.

    Without `wait`, only of programs on the host that are done.
    """
    waiting = thread.context.unread_checks
    for watch in waiting.copy():
        value = watch.value
        if value is None or value.array is None:
            continue
        at_hand = value.spec.device.type == "cpu" and (
            isinstance(value.array, np.ndarray) or value.array.is_ready()
        )
        if not (wait or at_hand):
            continue
        waiting.remove(watch)
        place, number = np.asarray(value.array).tolist()
        if place >= 0:
            check = watch.checks[place]
            error = check.error(number)
            error.add_note(f"It was asked for in {check.line}; the program ran later.")
            raise error
