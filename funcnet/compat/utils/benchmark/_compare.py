"""Comparison of measurements."""

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
    """Table of measurements, as `torch.utils.benchmark.Compare`.

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
        """Add measurements.

        Raises:
            ValueError: one of them is no `Measurement`.
        """
        for result in results:
            if not isinstance(result, Measurement):
                raise ValueError(
                    "Expected an instance of `Measurement`, got "
                    f"{type(result)} instead."
                )
        self._results.extend(results)

    def trim_significant_figures(self) -> None:
        """Round the times to their significant digits."""
        self._trim = True

    def colorize(self, rowwise: bool = False) -> None:
        """Do nothing: the table has no colours."""

    def highlight_warnings(self) -> None:
        """Do nothing: the measurements show their warnings themselves."""

    def print(self) -> None:
        """Print the table."""
        print(str(self))

    def _tables(self) -> list[str]:
        merged = Measurement.merge(self._results)
        labels = _different(result.task_spec.label or result.stmt for result in merged)
        return [
            self._table(name, [m for m in merged if (m.label or m.stmt) == name])
            for name in labels
        ]

    def _table(self, label: str, results: list[Measurement]) -> str:
        unit, scale = select_unit(min(measurement.median for measurement in results))
        columns = _different(measurement.description or "" for measurement in results)
        names = _different(_row(measurement) for measurement in results)
        cells = {
            (
                measurement.num_threads,
                _row(measurement),
                measurement.description or "",
            ): self._cell(measurement, scale)
            for measurement in results
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
        for threads in dict.fromkeys(
            measurement.num_threads for measurement in results
        ):
            lines.append(f"{threads} threads: ".ljust(len(heads), "-"))
            for name in names:
                result = [cells.get((threads, name, column), "") for column in columns]
                if any(result):
                    shown = zip(result, widths, strict=True)
                    lines.append(line(" " * 6 + name, [x.rjust(w) for x, w in shown]))
        lines += ["", f"Times are in {unit_to_english(unit)}s ({unit}).", ""]
        return "\n".join(lines)

    def _cell(self, measurement: Measurement, scale: float) -> str:
        result = measurement.median / scale
        return (
            f"{trim_sigfig(result, measurement.significant_figures):g}"
            if self._trim
            else f"{result:.1f}"
        )


def _row(result: Measurement) -> str:
    return (f"({result.env}): " if result.task_spec.env else "") + result.as_row_name
