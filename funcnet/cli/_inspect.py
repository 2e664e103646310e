"""Show what a checkpoint holds: names, dtypes, shapes, bytes. No array is read.

With --diff, the exit code is 0 where both hold the same and 1 where they differ.
"""

import argparse
import fnmatch
import math
from collections import Counter
from typing import TYPE_CHECKING

from funcnet._errors import InputError
from funcnet.cli import _stats
from funcnet.cli._convert import add_selection
from funcnet.cli._diff import difference
from funcnet.cli._table import counted, printable, size, table

if TYPE_CHECKING:
    from funcnet.checkpoint import Entry, OpenCheckpoint

NAME, HELP = "inspect", "show what a checkpoint holds, or how two differ"
EXAMPLES = """
  funcnet inspect resnet18.pth
  funcnet inspect model.msgpack --prefix params --stats
  funcnet inspect before.pth --diff after.safetensors
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a checkpoint of any format")
    parser.add_argument(
        "--diff", metavar="B", help="compare with B: names, shapes, dtypes, values"
    )
    parser.add_argument(
        "--stats", action="store_true", help="read the arrays; show what is in them"
    )
    add_selection(parser)
    parser.add_argument(
        "--no-header", action="store_true", help="only the table of leaves"
    )


def run(options: argparse.Namespace) -> int:
    from funcnet import checkpoint

    with checkpoint.open(options.file) as file:
        names = _chosen(options, list(file))
        if options.diff is None:
            _print(options, file, names)
            return 0
        with checkpoint.open(options.diff) as other:
            lines, same = difference(
                (options.file, file, names),
                (options.diff, other, _chosen(options, list(other))),
            )
    print("\n".join(lines))
    return 0 if same else 1


def _chosen(options: argparse.Namespace, names: list[str]) -> list[str]:
    """The names that are asked for."""
    start = options.prefix.rstrip(".")
    below = [n for n in names if not start or f"{n}.".startswith(f"{start}.")]
    if start and not below:
        heads = sorted({name.partition(".")[0] for name in names})
        raise InputError(
            f"nothing lies below {start!r}. The first names are "
            f"{', '.join(map(repr, heads[:20]))}."
        )
    glob = options.filter
    return [name for name in below if glob is None or fnmatch.fnmatchcase(name, glob)]


def _print(
    options: argparse.Namespace, file: "OpenCheckpoint", names: list[str]
) -> None:
    rows = []
    for name in names:
        entry = file.entries[name]
        shown = str(entry.shape) if entry.is_array else f"= {_value(file[name])}"
        stored = size(entry.nbytes) if entry.is_array else ""
        row = [printable(name), entry.dtype, shown, stored]
        rows.append(row + (_stats.row(file[name]) if options.stats else []))
    if options.no_header:
        print("\n".join(table(rows, right=[3])))
        return
    print(f"{options.file}: {file.format}\n")
    titles = ["name", "dtype", "shape", "bytes"]
    titles += _stats.TITLES if options.stats else []
    print("\n".join(table([titles, *rows], right=range(3, len(titles)))))
    print(f"\n{_total([file.entries[name] for name in names])}")
    if file.metadata:
        print(f"metadata: {_value(file.metadata)}")


def _total(entries: "list[Entry]") -> str:
    """Return how many leaves, elements and bytes there are, by dtype."""
    arrays = [entry for entry in entries if entry.is_array]
    counts: Counter[str] = Counter()
    for entry in arrays:
        counts[entry.dtype] += math.prod(entry.shape)
    by_dtype = ", ".join(
        dtype if len(counts) == 1 else f"{n:,} {dtype}"
        for dtype, n in counts.most_common()
    )
    total = size(sum(entry.nbytes for entry in entries))
    other_values = len(entries) - len(arrays)
    rest = f"; {counted(other_values, 'other value')}" if other_values else ""
    return (
        f"{counted(len(arrays), 'array')}, {counted(sum(counts.values()), 'number')}"
        f"{f' ({by_dtype})' if by_dtype else ''}, {total}{rest}"
    )


def _value(value: object) -> str:
    text = printable(str(value))
    return text if len(text) <= 60 else f"{text[:57]}..."
