"""Timing of small pieces of code, as `torch.utils.benchmark`."""

import contextlib
import enum
from collections.abc import Iterable, Iterator
from typing import Any

from funcnet.compat._messages.unsupported import missing
from funcnet.compat._toplevel.settings import get_num_threads, set_num_threads
from funcnet.compat.utils.benchmark._compare import Compare
from funcnet.compat.utils.benchmark._measurement import (
    Measurement,
    TaskSpec,
    select_unit,
    trim_sigfig,
    unit_to_english,
)
from funcnet.compat.utils.benchmark._timer import Language, Timer, timer


class Colorize(enum.Enum):
    """By what a table of `Compare` is coloured."""

    NONE = "none"
    COLUMNWISE = "columnwise"
    ROWWISE = "rowwise"


def ordered_unique(elements: Iterable[Any]) -> list[Any]:
    """Return the elements, each once, in order."""
    return list(dict.fromkeys(elements))


@contextlib.contextmanager
def set_torch_threads(n: int) -> Iterator[None]:
    """Set the number of threads for a `with` block."""
    before = get_num_threads()
    set_num_threads(n)
    try:
        yield
    finally:
        set_num_threads(before)


def __getattr__(name: str) -> object:
    return missing(name, globals(), "utils.benchmark")


__all__ = [
    "Colorize",
    "Compare",
    "Language",
    "Measurement",
    "TaskSpec",
    "Timer",
    "ordered_unique",
    "select_unit",
    "set_torch_threads",
    "timer",
    "trim_sigfig",
    "unit_to_english",
]
