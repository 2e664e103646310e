"""Tables and numbers for people to read."""

from collections.abc import Iterable, Sequence


def table(rows: Iterable[Sequence[str]], right: Iterable[int] = ()) -> list[str]:
    """Lines of columns, each as wide as its widest cell; those in `right` to the right.

    Example:
        >>> print("\\n".join(table([("a", "1"), ("long", "10")], right=[1])))
        a      1
        long  10
    """
    cells = [list(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    to_right = set(right)
    return [
        "  ".join(
            cell.rjust(width) if i in to_right else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]


def size(count: int) -> str:
    """Bytes as they are spoken of.

    Example:
        >>> size(999), size(46_800_000)
        ('999 B', '46.8 MB')
    """
    value, units = float(count), ["B", "kB", "MB", "GB", "TB"]
    while value >= 999.95 and len(units) > 1:
        value, units = value / 1000, units[1:]
    return f"{count} B" if units[0] == "B" else f"{value:.1f} {units[0]}"


def counted(count: int, noun: str) -> str:
    """A number of things.

    Example:
        >>> counted(1, "array"), counted(1200, "array")
        ('1 array', '1,200 arrays')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def leaves(count: int) -> str:
    """A number of leaves."""
    return "1 leaf" if count == 1 else f"{count:,} leaves"


def printable(name: str) -> str:
    """A name of a file's that cannot write to the terminal anything but itself.

    Example:
        >>> printable("fc.weight"), printable("\\x1b[2Jfc")
        ('fc.weight', "'\\\\x1b[2Jfc'")
    """
    return name if name.isprintable() and name else repr(name)
