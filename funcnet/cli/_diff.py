"""How two checkpoints differ."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from funcnet.cli._stats import numbers
from funcnet.cli._table import leaves, printable, table


def difference(
    first: str, ours: Mapping[str, Any], second: str, theirs: Mapping[str, Any]
) -> tuple[list[str], bool]:
    """Lines on what differs between two files, and whether nothing does."""
    from funcnet.checkpoint._document import show

    lines: list[str] = []
    for path, mine, other in ((first, ours, theirs), (second, theirs, ours)):
        alone = [name for name in mine if name not in other]
        if alone:
            lines.append(f"only in {path} ({len(alone)}):")
            rows = [(printable(name), show(mine[name])) for name in alone]
            lines += [f"  {line}" for line in table(rows)]
    both = [name for name in ours if name in theirs]
    kinds = [name for name in both if show(ours[name]) != show(theirs[name])]
    if kinds:
        lines.append(f"of another shape or dtype ({len(kinds)}):")
        rows3 = [
            (printable(name), show(ours[name]), f"-> {show(theirs[name])}")
            for name in kinds
        ]
        lines += [f"  {line}" for line in table(rows3)]
    changed = [
        (printable(name), words)
        for name in both
        if name not in kinds and (words := _values(name, ours[name], theirs[name]))
    ]
    if changed:
        lines.append(f"of other values ({len(changed)}):")
        lines += [f"  {line}" for line in table(changed)]
    same = len(both) - len(kinds) - len(changed)
    lines.append(f"{leaves(same)} the same")
    return lines, len(lines) == 1


def _values(name: str, mine: Any, other: Any) -> str:
    """Say how two leaves of one kind differ; nothing if they do not."""
    from funcnet.checkpoint._host import data_of, fetch, is_array, is_key

    if is_key(mine):
        mine, other = mine.data, other.data
    if not is_array(mine):
        return (
            ""
            if mine == other or mine != mine != other != other
            else (f"{mine!r:.40} -> {other!r:.40}")
        )
    if data_of(fetch(mine, name)) == data_of(fetch(other, name)):
        return ""
    a, b = numbers(name, mine), numbers(name, other)
    assert a is not None
    assert b is not None
    differ = ~((a == b) | ((a != a) & (b != b)))
    if not differ.any():  # NaNs of other bits, or zeros of other signs
        return ""
    with np.errstate(invalid="ignore", over="ignore"):
        largest = np.nanmax(np.abs(a[differ] - b[differ]))
    return f"{int(differ.sum()):,} of {a.size:,} numbers, by up to {float(largest):.4g}"
