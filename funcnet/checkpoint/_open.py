"""Look into a file, and read from it leaf by leaf."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Self

from funcnet.checkpoint._document import EMPTY, Entry, entry, read
from funcnet.checkpoint._file import error_path
from funcnet.checkpoint._flat_names import flat_names
from funcnet.checkpoint._formats import Format, detect_format, read_document


class OpenCheckpoint(Mapping[str, Any]):
    """A file that is open: a mapping from dotted names to leaves, read when asked for.

    Attributes:
        format: "msgpack", "pth", "safetensors", "shards" or "orbax".
        metadata: what it was saved with.
        entries: dtype, shape and bytes of each leaf by its name.
    """

    format: Format
    metadata: dict[str, Any]
    entries: Mapping[str, Entry]

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)
        with error_path(path):
            self.format = detect_format(Path(path))
            self._document = read_document(Path(path), lazily=True)
            self.metadata = self._document.metadata
            leaves = {p: x for p, x in self._document.leaves.items() if x is not EMPTY}
            self._paths = {name: p for p, name in flat_names(leaves).items()}
            self.entries = {
                name: entry(name, leaves[p]) for name, p in self._paths.items()
            }

    def __getitem__(self, name: str) -> Any:
        path = self._paths[name]
        with error_path(self._path):
            return read({path: self._document.leaves[path]})[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._document.files.close()


def open(path: str | os.PathLike[str]) -> OpenCheckpoint:
    """Open a file of any format that `load` knows, to read it leaf by leaf.

    Only what is asked for is read; of a file of many gigabytes, the names, shapes and
    dtypes are there in milliseconds. (Of Orbax's folders, all is read at once.)

    Raises:
        CheckpointError: the file is damaged, or two leaves have one dotted name.
        OSError: there is no such file.

    Example:
        >>> import os, tempfile, numpy as np
        >>> from funcnet import checkpoint
        >>> path = os.path.join(tempfile.mkdtemp(), "net.safetensors")
        >>> layer = {"weight": np.ones((2, 3)), "bias": np.ones(2)}
        >>> checkpoint.save(path, {"fc": layer})
        >>> with checkpoint.open(path) as file:
        ...     print(list(file), file.entries["fc.weight"].shape, file["fc.bias"])
        ['fc.bias', 'fc.weight'] (2, 3) [1. 1.]
    """
    return OpenCheckpoint(path)
