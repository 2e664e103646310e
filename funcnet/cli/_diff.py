"""How two checkpoints differ."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from funcnet.cli._stats import numeric_array
from funcnet.cli._table import leaves, printable, table

if TYPE_CHECKING:
    from funcnet.checkpoint import Entry, OpenCheckpoint

    Side = tuple[str, OpenCheckpoint, list[str]]


def difference(first: "Side", second: "Side") -> tuple[list[str], bool]:
    """Lines on what differs between two files, and whether nothing does.

    A side is the file's path, the file, and the names that are compared.
    """
    (_, ours, mine), (_, theirs, their_names) = first, second
    lines: list[str] = []
    for (path, file, names), other in ((first, their_names), (second, mine)):
        alone = [name for name in names if name not in other]
        lines += _section(
            f"only in {path}", [(name, _show(file.entries[name])) for name in alone]
        )
    both = [name for name in mine if name in their_names]
    dtypes = {
        name: (_show(ours.entries[name]), f"-> {_show(theirs.entries[name])}")
        for name in both
        if _show(ours.entries[name]) != _show(theirs.entries[name])
    }
    rows = [(name, *words) for name, words in dtypes.items()]
    lines += _section("of another shape or dtype", rows)
    changed = [
        (name, words)
        for name in both
        if name not in dtypes and (words := _values(ours[name], theirs[name]))
    ]
    lines += _section("of other values", changed)
    same = leaves(len(both) - len(dtypes) - len(changed))
    return [*lines, f"{same} the same"], not lines


def _section(title: str, rows: Sequence[Sequence[str]]) -> list[str]:
    if not rows:
        return []
    lines = table([(printable(name), *words) for name, *words in rows])
    return [f"{title} ({len(rows)}):", *(f"  {line}" for line in lines)]


def _show(entry: "Entry") -> str:
    return f"{entry.dtype} {entry.shape}" if entry.is_array else entry.dtype


def _values(mine: object, other: object) -> str:
    """Say how two leaves of one dtype differ; nothing if they do not."""
    a, b = numeric_array(mine), numeric_array(other)
    if a is None or b is None:
        alike = repr(mine) == repr(other)  # NaN is alike, a random key shows its data
        return "" if alike else f"{mine!r:.40} -> {other!r:.40}"
    # As they are: in float64, integers beyond 2**53 would be rounded.
    x, y = np.asarray(mine), np.asarray(other)
    differ = (x != y) & ~((x != x) & (y != y))
    if not differ.any():
        return ""
    with np.errstate(invalid="ignore", over="ignore"):
        largest = np.nanmax(np.abs(a[differ] - b[differ]))
    return f"{int(differ.sum()):,} of {a.size:,} numbers, by up to {float(largest):.4g}"
