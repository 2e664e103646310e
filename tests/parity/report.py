"""Counts of what was compared, and the table at the end."""

import traceback
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Trial:
    """One comparison: where it stands, and what runs it.

    `run` raises on a difference, and gives True where PyTorch's own float32 was too
    coarse and its float64 agreed.
    """

    name: str
    label: str
    run: Callable[[], object]


class ExcludedError(Exception):
    """Raised by a comparison that is not made; the message is the reason."""


@dataclass
class Tally:
    """The results of one database."""

    database: str
    floor: float
    full: bool = False  # all entries, where a plain run takes some
    passed: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    finer: int = 0
    failed: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    excluded: dict[str, str] = field(default_factory=dict)

    def take(self, trial: Trial, verbose: bool = False) -> None:
        try:
            self.finer += trial.run() is True
        except ExcludedError as reason:
            self.excluded[f"{trial.name}, {trial.label}"] = str(reason)
        except Exception as error:
            if verbose:
                traceback.print_exc()
            said = " ".join(str(error).split())[:300]
            text = f"{trial.label}: {type(error).__name__}: {said}"
            self.failed[trial.name].append(text)
        else:
            self.passed[trial.name] += 1

    @property
    def counts(self) -> tuple[int, int]:
        passed = sum(self.passed.values())
        return passed, passed + sum(map(len, self.failed.values()))

    @property
    def names(self) -> tuple[int, int]:
        """How many entries pass in all their cases, of how many."""
        names = {*self.passed, *self.failed}
        return len(names - {*self.failed}), len(names)

    @property
    def share(self) -> float:
        passed, total = self.counts
        return passed / total if total else 1.0

    @property
    def holds(self) -> bool:
        whole, names = self.names
        return self.share >= self.floor and (not names or whole / names >= self.floor)


def show(tallies: list[Tally], per_name: int = 3) -> str:
    """The exclusions, the failures, the table, and what is below its floor."""
    lines: list[str] = []
    for tally in tallies:
        for name, reason in tally.excluded.items():
            lines.append(f"excluded  {tally.database}  {name}: {reason}")
        lines += failures(tally, per_name)
    lines += ["", *table(tallies)]
    # Once more at the end, where a reader of a long log looks first.
    for tally in tallies:
        if not tally.holds:
            lines += ["", f"below its floor: {tally.database}"]
            lines += failures(tally, per_name)
    return "\n".join(lines)


def failures(tally: Tally, per_name: int) -> list[str]:
    lines: list[str] = []
    for name, texts in tally.failed.items():
        cases = len(texts) + tally.passed.get(name, 0)
        lines.append(
            f"FAILED    {tally.database}  {name}: {len(texts)} of {cases} cases"
        )
        lines += [f"          {text}" for text in texts[:per_name]]
    return lines


def table(tallies: list[Tally]) -> list[str]:
    lines: list[str] = []
    form = "{:<16}{:>9}{:>7}{:>7}{:>8}{:>8}{:>9}{:>10}{:>7}"
    head = ("database", "entries", "whole", "cases", "passed", "share", "float64")
    lines.append(form.format(*head, "excluded", "floor"))
    for tally in tallies:
        (whole, names), (passed, cases) = tally.names, tally.counts
        share, floor = f"{tally.share:.1%}", f"{tally.floor:.0%}"
        row = (tally.database, names, whole, cases, passed, share, tally.finer)
        end = (len(tally.excluded), floor)
        lines.append(form.format(*row, *end) + ("" if tally.holds else "  BELOW"))
    lines.append("whole: entries that pass in all their cases. float64: cases in which")
    lines.append("PyTorch's float32 was off, and its float64 agreed with us.")
    return lines
