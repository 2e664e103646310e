"""Measurements side by side."""

from collections.abc import Iterable

from funcnet.compat.utils.benchmark._measurement import (
    Measurement,
    select_unit,
    trim_sigfig,
    unit_to_english,
)


def _different(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


class Compare:
    """A table of measurements, as `torch.utils.benchmark.Compare`.

    There is one for each label; its rows are the labels below it, by numbers of
    threads, and its columns the descriptions.
    """

    def __init__(self, results: list[Measurement]) -> None:
        self._results: list[Measurement] = []
        self._trim = False
        self.extend_results(results)

    def __str__(self) -> str:
        return "\n".join(self._tables())

    def extend_results(self, results: Iterable[Measurement]) -> None:
        """Show more measurements.

        Raises:
            ValueError: one of them is no `Measurement`.
        """
        for one in results:
            if not isinstance(one, Measurement):
                raise ValueError(
                    f"Expected an instance of `Measurement`, got {type(one)} instead."
                )
        self._results.extend(results)

    def trim_significant_figures(self) -> None:
        """Show no more digits than the spread of the times lets stand."""
        self._trim = True

    def colorize(self, rowwise: bool = False) -> None:
        """Accepted: the table has no colours."""

    def highlight_warnings(self) -> None:
        """Accepted: the measurements themselves show their warnings."""

    def print(self) -> None:
        """Print the table."""
        print(str(self))

    def _tables(self) -> list[str]:
        merged = Measurement.merge(self._results)
        labels = _different(one.task_spec.label or one.stmt for one in merged)
        return [
            self._table(name, [m for m in merged if (m.label or m.stmt) == name])
            for name in labels
        ]

    def _table(self, label: str, results: list[Measurement]) -> str:
        unit, scale = select_unit(min(one.median for one in results))
        columns = _different(one.description or "" for one in results)
        names = _different(_row(one) for one in results)
        cells = {
            (one.num_threads, _row(one), one.description or ""): self._cell(one, scale)
            for one in results
        }
        widths = [
            max(len(name), *(len(c) for k, c in cells.items() if k[2] == name))
            for name in columns
        ]
        first = 6 + max(map(len, names)) + 2

        def line(head: str, parts: list[str]) -> str:
            return head.ljust(first) + "|  " + "  |  ".join(parts)

        heads = line("", [n.center(w) for n, w in zip(columns, widths, strict=True)])
        lines = [f"[{f' {label} '.center(len(heads) - 2, '-')}]", heads]
        for threads in dict.fromkeys(one.num_threads for one in results):
            lines.append(f"{threads} threads: ".ljust(len(heads), "-"))
            for name in names:
                result = [cells.get((threads, name, column), "") for column in columns]
                if any(result):
                    shown = zip(result, widths, strict=True)
                    lines.append(line(" " * 6 + name, [x.rjust(w) for x, w in shown]))
        lines += ["", f"Times are in {unit_to_english(unit)}s ({unit}).", ""]
        return "\n".join(lines)

    def _cell(self, one: Measurement, scale: float) -> str:
        result = one.median / scale
        return (
            f"{trim_sigfig(result, one.significant_figures):g}"
            if self._trim
            else f"{result:.1f}"
        )


def _row(one: Measurement) -> str:
    return (f"({one.env}): " if one.task_spec.env else "") + one.as_row_name
