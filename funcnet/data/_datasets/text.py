"""Lines of text files."""

from collections.abc import Iterable
from pathlib import Path
from typing import IO

import numpy as np

from funcnet._errors import InputError
from funcnet.data._datasets.dataset import Dataset

_BLOCK = 1 << 22


class TextLineDataset(Dataset[str]):
    """The lines of text files, without their ends, found by number.

    The files are looked through once for where lines begin and read when a line is
    asked for, so that files larger than memory can be shuffled. Files in UTF-8 with
    Unix or Windows line ends are read as `for line in open(path)` reads them.

    Args:
        paths: a file, or files one behind the other.
        encoding: of the text; one that writes a line feed as one byte 10.

    Raises:
        InputError: a file is missing, or its lines are not text of this encoding.

    Example:
        >>> import tempfile, pathlib
        >>> folder = tempfile.TemporaryDirectory()
        >>> path = pathlib.Path(folder.name, "lines.txt")
        >>> _ = path.write_text("one\\ntwo\\nthree")
        >>> lines = TextLineDataset(path)
        >>> len(lines), lines[2]
        (3, 'three')
        >>> folder.cleanup()
    """

    def __init__(
        self, paths: str | Path | Iterable[str | Path], *, encoding: str = "utf-8"
    ) -> None:
        single = isinstance(paths, str | Path)
        self.paths = [Path(paths)] if single else [Path(path) for path in paths]  # type: ignore[arg-type, union-attr]
        self.encoding = encoding
        self._starts = [_line_starts(path) for path in self.paths]
        # How many lines there are up to the end of each file.
        self._ends = np.cumsum([len(starts) - 1 for starts in self._starts])
        self._open: dict[int, IO[bytes]] = {}

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    def __getitem__(self, index: int) -> str:
        number = index + len(self) if index < 0 else index
        if not 0 <= number < len(self):
            raise IndexError(f"line {index} is out of range for {len(self)} lines")
        which = int(np.searchsorted(self._ends, number, "right"))
        line = number - (int(self._ends[which - 1]) if which else 0)
        start, stop = self._starts[which][line : line + 2].tolist()
        if which not in self._open:
            self._open[which] = self.paths[which].open("rb")
        file = self._open[which]
        file.seek(start)
        content = file.read(stop - start).removesuffix(b"\n").removesuffix(b"\r")
        try:
            return content.decode(self.encoding)
        except UnicodeDecodeError as error:
            raise InputError(
                f"{self.paths[which]}, line {line + 1}: this is not {self.encoding} "
                f"text ({error}). Give another encoding=."
            ) from None

    def __getstate__(self) -> dict[str, object]:
        return self.__dict__ | {"_open": {}}  # each process opens its own files


def _line_starts(path: Path) -> np.ndarray:
    """Where the lines of a file begin, and where the last one ends."""
    result, offset, last = [np.zeros(1, np.int64)], 0, b"\n"
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                ends = np.flatnonzero(np.frombuffer(block, np.uint8) == 10)
                result.append(ends + (offset + 1))
                offset, last = offset + len(block), block[-1:]
    except OSError as error:
        raise InputError(f"TextLineDataset: cannot read {path}: {error}.") from None
    if last != b"\n":
        result.append(np.array([offset]))
    return np.concatenate(result)
