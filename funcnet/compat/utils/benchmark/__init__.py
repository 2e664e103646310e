"""Timing of small pieces of code, as `torch.utils.benchmark`."""

from funcnet.compat._messages.unsupported import missing
from funcnet.compat.utils.benchmark._compare import Compare
from funcnet.compat.utils.benchmark._measurement import (
    Measurement,
    TaskSpec,
    select_unit,
    trim_sigfig,
    unit_to_english,
)
from funcnet.compat.utils.benchmark._timer import Language, Timer, timer


def __getattr__(name: str) -> object:
    return missing(name, globals(), "utils.benchmark")


__all__ = [
    "Compare",
    "Language",
    "Measurement",
    "TaskSpec",
    "Timer",
    "select_unit",
    "timer",
    "trim_sigfig",
    "unit_to_english",
]
