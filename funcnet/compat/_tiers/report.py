"""What the two tiers did: counts, seconds, and the lines that made programs run."""

from collections import Counter
from typing import Final, Self

from funcnet.compat._core.counts import background_seconds, counts, seconds
from funcnet.compat._engine import executor
from funcnet.compat._messages.suggestions import users_line

_MOST_LINES: Final = 10


class Report:
    """Counts and times of programs, of the process so far or of a `with` block.

    Attributes:
        programs: structures of recordings that were new.
        compiles: programs that were given to XLA.
        cache_hits: compilations that were found on disk instead.
        interpreted, compiled: uses of programs in each tier.
        seconds: of the script's threads: "tracing" operations, "lowering" and
            "compiling" programs, "interpreting" them, "running" compiled ones, and
            "waiting" for the thread that compiles. A compiled program goes on while
            Python does; "running" is what it takes to start it.
        background: of the thread that compiles meanwhile.
        lines: how often each line made what was recorded run, the most frequent first;
            of a `with` block only.
    """

    def __init__(self) -> None:
        self.lines: dict[str, int] = {}
        self._before: tuple[dict[str, int], dict[str, float], dict[str, float]]
        self._before = ({}, {}, {})
        self._read()

    def __enter__(self) -> Self:
        self._before = (dict(vars(counts)), dict(seconds), dict(background_seconds))
        _open.append(self)
        executor.hooks.flushed = _note_line
        self.lines = Counter()
        return self

    def __exit__(self, *error: object) -> None:
        _open.remove(self)
        if not _open:
            executor.hooks.flushed = None
        self.lines = dict(Counter(self.lines).most_common())
        self._read()

    def _read(self) -> None:
        before, seconds_before, background_before = self._before
        number = {name: n - before.get(name, 0) for name, n in vars(counts).items()}
        self.programs = number["programs"]
        self.compiles = number["compiles"]
        self.cache_hits = number["cache_hits"]
        self.interpreted = number["interpreted"]
        self.compiled = number["runs"] - number["interpreted"]
        self.seconds = _since(seconds_before, seconds)
        self.background = _since(background_before, background_seconds)

    def __str__(self) -> str:
        rows = [
            f"programs    {self.programs} new, {self.compiles} compiled, "
            f"{self.cache_hits} found on disk",
            f"uses        {self.interpreted} interpreted, {self.compiled} compiled",
            f"seconds     {_listed(self.seconds)}",
            f"background  {_listed(self.background)}",
        ]
        if self.lines:
            rows.append("what was recorded ran at")
            shown = list(self.lines.items())[:_MOST_LINES]
            rows += [f"{times:8} × {line}" for line, times in shown]
            if len(self.lines) > _MOST_LINES:
                rows.append(
                    f"           and {len(self.lines) - _MOST_LINES} more lines"
                )
        return "\n".join(rows)

    __repr__ = __str__


_open: Final[list[Report]] = []


def report() -> Report:
    """Report what was interpreted and compiled, and how long that took.

    Called by itself, of the process so far; in a `with` block, of the block, together
    with the lines that needed values and so made what was recorded run: `item`,
    `print`, `if`, `optimizer.step()`.

    Example:
        >>> import funcnet.compat as torch
        >>> with torch.compiler.report() as used:
        ...     x = torch.ones(3)
        ...     total = (x * 2).sum().item()
        >>> used.interpreted + used.compiled
        1
        >>> sum(used.lines.values())
        1
    """
    return Report()


def _note_line() -> None:
    line = users_line()
    for report in _open:
        report.lines[line] = report.lines.get(line, 0) + 1


def _since(before: dict[str, float], now: dict[str, float]) -> dict[str, float]:
    return {name: value - before.get(name, 0.0) for name, value in now.items()}


def _listed(seconds: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in seconds.items())
