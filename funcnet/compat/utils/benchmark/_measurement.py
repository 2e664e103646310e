"""Measurements of a timer."""

import math
import textwrap
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

_UNITS: Final = {
    "ns": ("nanosecond", 1e-9),
    "us": ("microsecond", 1e-6),
    "ms": ("millisecond", 1e-3),
    "s": ("second", 1.0),
}
_MOST_DIGITS: Final = 4
_SPREAD: Final = 0.1  # share of the median above which a warning is given


def select_unit(t: float) -> tuple[str, float]:
    """Return the unit for a time in seconds, and its length."""
    index = max(0, min(3, math.floor(math.log10(t) / 3) + 3)) if t > 0 else 0
    name = list(_UNITS)[index]
    return name, _UNITS[name][1]


def unit_to_english(u: str) -> str:
    """Return the name of a unit."""
    return _UNITS[u][0]


def trim_sigfig(x: float, n: int) -> float:
    """Round a number to `n` significant digits."""
    if not x:
        return 0.0
    digits = math.ceil(math.log10(abs(x)))
    scale = 10.0 ** (digits - n)
    return float(round(x / scale) * scale)


@dataclass(init=True, repr=False, eq=True, frozen=True)
class TaskSpec:
    """Description of a measured statement."""

    stmt: str
    setup: str
    global_setup: str = ""
    label: str | None = None
    sub_label: str | None = None
    description: str | None = None
    env: str | None = None
    num_threads: int = 1

    @property
    def title(self) -> str:
        """The label and the label below it, or the statement."""
        if self.label is not None:
            return self.label + (f": {self.sub_label}" if self.sub_label else "")
        if "\n" not in self.stmt:
            return self.stmt
        return f"stmt:\n{textwrap.indent(self.stmt, '  ')}"

    def setup_str(self) -> str:
        """Return the setup, for a description."""
        if self.setup == "pass" or not self.setup:
            return ""
        if "\n" not in self.setup:
            return f"setup: {self.setup}"
        return f"setup:\n{textwrap.indent(self.setup, '  ')}"

    def summarize(self) -> str:
        """Return the title, the description and the setup."""
        sections = [self.title, self.description or "", self.setup_str()]
        return "\n".join(part for part in sections if part)


@dataclass(init=True, repr=False)
class Measurement:
    """Times of repeated runs, as `torch.utils.benchmark.Measurement`.

    `raw_times` are of `number_per_run` executions each; `times` of one.
    """

    number_per_run: int
    raw_times: list[float]
    task_spec: TaskSpec
    metadata: dict[Any, Any] | None = field(default=None)

    @property
    def times(self) -> list[float]:
        """Seconds for one execution."""
        return [t / self.number_per_run for t in self.raw_times]

    def _at(self, share: float) -> float:
        return float(np.quantile(np.sort(self.times), share))

    @property
    def median(self) -> float:
        """The median time."""
        return self._at(0.5)

    @property
    def mean(self) -> float:
        """The mean time."""
        return float(np.mean(self.times))

    @property
    def iqr(self) -> float:
        """The interquartile range of the times."""
        return self._at(0.75) - self._at(0.25)

    @property
    def significant_figures(self) -> int:
        """Number of significant digits of the median."""
        if len(self.raw_times) < 2:
            return _MOST_DIGITS
        # For normal times, 1.645 deviations to either side hold nine tenths.
        deviation = self.iqr / 1.349
        half = 1.645 * deviation / math.sqrt(len(self.raw_times))
        if not half:
            return _MOST_DIGITS
        digits = math.floor(math.log10(max(self.median, 1e-12) / (2 * half))) + 1
        return max(1, min(digits, _MOST_DIGITS))

    @property
    def has_warnings(self) -> bool:
        """Whether the spread of the times is too large."""
        return len(self.raw_times) >= 2 and self.iqr / self.median > _SPREAD

    def meets_confidence(self, threshold: float = _SPREAD) -> bool:
        """Return whether the spread is below a share of the median."""
        return self.iqr / self.median < threshold

    @property
    def title(self) -> str:
        """The label and sub-label, or the statement."""
        return self.task_spec.title

    @property
    def env(self) -> str:
        """The name of the environment."""
        return self.task_spec.env or "Unspecified env"

    @property
    def as_row_name(self) -> str:
        """The name of its row in a comparison."""
        return self.sub_label or self.stmt or "[Unknown]"

    def __getattr__(self, name: str) -> Any:
        if name in TaskSpec.__dataclass_fields__:
            return getattr(self.task_spec, name)
        raise AttributeError(f"'Measurement' object has no attribute {name!r}")

    def __repr__(self) -> str:
        return f"{super().__repr__()}\n{self._described()}"

    __str__ = __repr__

    def _described(self) -> str:
        count = len(self.raw_times)
        unit, scale = select_unit(self.median)
        lines = [self.task_spec.summarize()]
        if count == 1:
            lines.append(f"  {self.median / scale:.2f} {unit}")
        else:
            lines.append(f"  Median: {self.median / scale:.2f} {unit}")
        if count > 3:
            low, high = self._at(0.25) / scale, self._at(0.75) / scale
            lines.append(
                f"  IQR:    {self.iqr / scale:.2f} {unit} ({low:.2f} to {high:.2f})"
            )
        plural, per = ("", "") if count == 1 else ("s", " per measurement")
        threads = f"{self.num_threads} thread" + "s" * (self.num_threads > 1)
        runs = f"{self.number_per_run} runs{per or ' '}"
        lines.append(f"  {count} measurement{plural}, {runs}, {threads}")
        if count > 3 and self.has_warnings:
            share = self.iqr / self.median * 100
            lines.append(
                f"  WARNING: Interquartile range is {share:.1f}% of the median "
                "measurement.\n           This suggests significant environmental "
                "influence."
            )
        return "\n".join(lines)

    @staticmethod
    def merge(measurements: Iterable["Measurement"]) -> list["Measurement"]:
        """Merge measurements of the same task."""
        groups: defaultdict[TaskSpec, list[Measurement]] = defaultdict(list)
        for measurement in measurements:
            groups[measurement.task_spec].append(measurement)
        return [
            Measurement(
                1, [t for measurement in group for t in measurement.times], task
            )
            for task, group in groups.items()
        ]
