"""Show what a checkpoint holds: names, dtypes, shapes, bytes. No array is read.

With --diff, the exit code is 0 where both hold the same and 1 where they differ.
"""

import argparse
import fnmatch
import math
from collections import Counter
from pathlib import Path
from typing import Any

from funcnet.cli import _stats
from funcnet.cli._convert import add_selection
from funcnet.cli._diff import difference
from funcnet.cli._table import counted, printable, size, table

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
    from funcnet.checkpoint._document import EMPTY, dotted, select
    from funcnet.checkpoint._file import naming
    from funcnet.checkpoint._formats import read_document

    def leaves_of(path: str, numbers: bool) -> tuple[dict[str, Any], Any]:
        with naming(path):
            document = read_document(Path(path), numbers)
            part = select(document, options.prefix, None)
        glob = options.filter
        named = {
            dotted(place): leaf
            for place, leaf in part.leaves.items()
            if leaf is not EMPTY and (glob is None or fits(dotted(place), glob))
        }
        return named, document

    def fits(name: str, glob: str) -> bool:
        return fnmatch.fnmatchcase(name, glob)

    leaves, document = leaves_of(options.file, bool(options.stats or options.diff))
    with document:
        if options.diff is not None:
            others, other = leaves_of(options.diff, True)
            with other:
                lines, same = difference(options.file, leaves, options.diff, others)
            print("\n".join(lines))
            return 0 if same else 1
        with naming(options.file):
            _print(options, leaves, document.metadata)
    return 0


def _print(
    options: argparse.Namespace, leaves: dict[str, Any], metadata: dict[str, Any]
) -> None:
    from funcnet.checkpoint._document import entry
    from funcnet.checkpoint._formats import told_by_content

    found = [(entry(name, leaf), leaf) for name, leaf in leaves.items()]
    rows = []
    for one, leaf in found:
        shown = str(one.shape) if one.is_array else f"= {_value(leaf)}"
        row = [printable(one.name), one.dtype, shown, size(one.nbytes)]
        row[3:] = row[3:] if one.is_array else [""]
        rows.append(row + (_stats.row(one.name, leaf) if options.stats else []))
    if options.no_header:
        print("\n".join(table(rows, right=[3])))
        return
    print(f"{options.file}: {told_by_content(Path(options.file))}\n")
    titles = ["name", "dtype", "shape", "bytes"]
    titles += _stats.TITLES if options.stats else []
    print("\n".join(table([titles, *rows], right=range(3, len(titles)))))
    print(f"\n{_total([one for one, _ in found])}")
    if metadata:
        print(f"metadata: {_value(metadata)}")


def _total(entries: list[Any]) -> str:
    """How many leaves, numbers and bytes there are, and of which dtypes."""
    arrays = [one for one in entries if one.is_array]
    counts: Counter[str] = Counter()
    for one in arrays:
        counts[one.dtype] += math.prod(one.shape)
    kinds = ", ".join(
        dtype if len(counts) == 1 else f"{n:,} {dtype}"
        for dtype, n in counts.most_common()
    )
    total = size(sum(one.nbytes for one in entries))
    others = len(entries) - len(arrays)
    rest = f"; {counted(others, 'other value')}" if others else ""
    return (
        f"{counted(len(arrays), 'array')}, {counted(sum(counts.values()), 'number')}"
        f"{f' ({kinds})' if kinds else ''}, {total}{rest}"
    )


def _value(value: Any) -> str:
    text = printable(str(value))
    return text if len(text) <= 60 else f"{text[:57]}..."
