"""Events averaged by name, and their table."""

from collections.abc import Iterable
from typing import Any, Final

from funcnet.compat._profiling.events import Event

_NAMES: Final = {
    "cpu_time": "cpu_time",
    "cpu_time_total": "cpu_time_total",
    "self_cpu_time_total": "self_cpu_time_total",
    "count": "count",
    "device_time": "cpu_time",
    "device_time_total": "cpu_time_total",
    "self_device_time_total": "self_cpu_time_total",
    "cuda_time": "cpu_time",
    "cuda_time_total": "cpu_time_total",
    "self_cuda_time_total": "self_cpu_time_total",
}
_NO_MEMORY: Final = ("memory", "xpu", "privateuse")


class FunctionEventAvg:
    """Average of the events of one name: their count and total time.

    Times are in microseconds; those of a device are the wall clock's, too.
    """

    def __init__(self, key: str) -> None:
        self.key = key
        self.count = 0
        self.cpu_time_total = 0.0
        self.self_cpu_time_total = 0.0
        self.is_user_annotation = False
        self.input_shapes: list[Any] = []

    def add(self, event: Event) -> None:
        """Add an event."""
        self.count += 1
        self.cpu_time_total += event.duration
        self.self_cpu_time_total += event.duration - event.inner
        self.is_user_annotation = event.kind == "user_annotation"

    @property
    def cpu_time(self) -> float:
        """The mean time."""
        return self.cpu_time_total / self.count if self.count else 0.0

    @property
    def cpu_time_str(self) -> str:
        """The mean time, formatted."""
        return shown(self.cpu_time)

    @property
    def cpu_time_total_str(self) -> str:
        """The total time, formatted."""
        return shown(self.cpu_time_total)

    def __repr__(self) -> str:
        return (
            f"<FunctionEventAvg key={self.key} self_cpu_time="
            f"{shown(self.self_cpu_time_total)} cpu_time={self.cpu_time_str}>"
        )


def shown(microseconds: float) -> str:
    """Format a time with its unit."""
    if microseconds >= 1e6:
        return f"{microseconds / 1e6:.3f}s"
    if microseconds >= 1e3:
        return f"{microseconds / 1e3:.3f}ms"
    return f"{microseconds:.3f}us"


class EventList(list):
    """List of events or of their averages, with a table."""

    @classmethod
    def averages(cls, events: Iterable[Event]) -> "EventList":
        """Average the events of each name, in the order of their first events."""
        result: dict[str, FunctionEventAvg] = {}
        for event in sorted(events, key=lambda one: one.start):
            result.setdefault(event.name, FunctionEventAvg(event.name)).add(event)
        return cls(result.values())

    @property
    def self_cpu_time_total(self) -> float:
        """The total time of all events but regions of the script."""
        return sum(event.self_cpu_time_total for event in self)

    def total_average(self) -> FunctionEventAvg:
        """Return the average over all entries."""
        total = FunctionEventAvg("Total")
        for event in self:
            total.count += event.count
            total.cpu_time_total += event.cpu_time_total
            total.self_cpu_time_total += event.self_cpu_time_total
        return total

    def table(
        self,
        sort_by: str | None = None,
        row_limit: int = 100,
        max_src_column_width: int = 75,
        max_name_column_width: int = 55,
        max_shapes_column_width: int = 80,
        header: str | None = None,
        top_level_events_only: bool = False,
        time_unit: str | None = None,
    ) -> str:
        """Format a table of the entries, sorted by time.

        Args:
            sort_by: "cpu_time", "cpu_time_total", "self_cpu_time_total" or "count".
            row_limit: the largest number of rows; negative for all.
            max_name_column_width: to which names are cut.
            header: a line above.

        Raises:
            AttributeError: entries have no such figure.
        """
        rows = list(self)
        if sort_by is not None and not any(x in sort_by for x in _NO_MEMORY):
            if sort_by not in _NAMES:
                raise AttributeError(
                    f"events have no {sort_by!r}: sort by {', '.join(_NAMES)}"
                )
            rows.sort(key=lambda event: getattr(event, _NAMES[sort_by]), reverse=True)
        if row_limit >= 0:
            rows = rows[:row_limit]
        total = self.self_cpu_time_total or 1.0
        heads = (
            *("Name", "Self CPU %", "Self CPU", "CPU total %", "CPU total"),
            *("CPU time avg", "# of Calls"),
        )
        cells = [
            (
                event.key
                if len(event.key) <= max_name_column_width
                else event.key[: max_name_column_width - 3] + "...",
                f"{event.self_cpu_time_total / total:.2%}",
                shown(event.self_cpu_time_total),
                f"{event.cpu_time_total / total:.2%}",
                event.cpu_time_total_str,
                event.cpu_time_str,
                str(event.count),
            )
            for event in rows
        ]
        widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)]
        line = "  ".join("-" * width for width in widths)
        text = [header] if header else []
        text += [line, _row(heads, widths), line]
        text += [_row(row, widths) for row in cells]
        text += [line, f"Self CPU time total: {shown(self.self_cpu_time_total)}", ""]
        return "\n".join(text)

    def __str__(self) -> str:
        return self.table()


def _row(cells: Iterable[str], widths: list[int]) -> str:
    return "  ".join(x.rjust(w) for x, w in zip(cells, widths, strict=True))
