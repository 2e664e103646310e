"""Names of splits and of parts of them, as TFDS writes them."""

import re
from collections.abc import Callable, Sequence
from typing import Any

from funcnet._errors import InputError
from funcnet.data._datasets.arrays import Subset
from funcnet.data._datasets.dataset import ConcatDataset, Dataset, Source

_PART = re.compile(r"(\w+)(?:\[(-?\d*)(%?):(-?\d*)(%?)\])?")


def joined(
    split: str, known: Sequence[str], name: str, opened: Callable[[str], Source[Any]]
) -> Dataset[Any]:
    """Open "train[:50%]+test" and the like, part by part, and put them together.

    Done here for all formats: TFDS 4.9.10 gives the whole split where a part of a
    parquet file is asked for.

    Args:
        known: the whole splits there are.
        opened: opens one of them.

    Raises:
        InputError: there is no such split.
    """
    parts = []
    for part in ("+".join(known) if split == "all" else split).split("+"):
        match = _PART.fullmatch(part.strip())
        if match is None or match[1] not in known:
            raise InputError(
                f"tfds: no split {part.strip()!r} of {name!r}. There are "
                f"{', '.join(known)}, and parts of them such as {known[0]}[:50%]."
            )
        data = opened(match[1])
        start = _boundary(match[2], match[3], len(data), 0)
        end = _boundary(match[4], match[5], len(data), len(data))
        parts.append(Subset(data, range(start, max(start, end))))
    return parts[0] if len(parts) == 1 else ConcatDataset(parts)


def _boundary(number: str | None, percent: str | None, count: int, missing: int) -> int:
    """Return where a part begins or ends, as TFDS rounds it."""
    if not number:
        return missing
    position = round(int(number) * count / 100) if percent else int(number)
    position = position + count if position < 0 else position
    return min(max(position, 0), count)
