"""CIFAR's Python version: pickles of Python 2, read as .pth files are.

Nothing that such a file names is imported or called.
"""

from pathlib import Path
from typing import Any

import numpy as np

from funcnet.checkpoint.pth._budget import Budget
from funcnet.checkpoint.pth._errors import DamagedError, RefusedError
from funcnet.checkpoint.pth._pickle.globals_table import GlobalsTable
from funcnet.checkpoint.pth._pickle.unpickler import Unpickler


def read_batch(path: Path) -> dict[str, Any]:
    """Return the dict that a file of CIFAR's Python version holds.

    Raises:
        RuntimeError: the file is damaged, or holds something else than values.
    """
    content = path.read_bytes()
    budget = Budget(len(content))
    globals_table = _BatchGlobals(_NoRecords(), budget)
    try:
        result = _BatchUnpickler(memoryview(content), globals_table, budget).run()
        globals_table.check(result)
    except (DamagedError, RefusedError) as error:
        raise RuntimeError(f"{path}: {error}") from None
    if type(result) is not dict:
        raise RuntimeError(
            f"{path} holds a {type(result).__name__}, no batch of CIFAR."
        )
    return result


class _BatchUnpickler(Unpickler):
    """Unpickler that reads Python 2's strings, which hold the pixels, as bytes."""

    def old_text(self, count: int) -> None:
        text = bytes(self.read_bytes(count)).decode("latin-1")
        self.push(text, 2 * count)


class _BatchGlobals(GlobalsTable):
    """Globals that take the values of an array from a string of Python 2, too."""

    def build(self, target: object, state: object) -> None:
        if isinstance(target, np.ndarray) and type(state) is tuple and state:
            *others, values = state
            if type(values) is str:
                state = (*others, values.encode("latin-1", "replace"))
        super().build(target, state)


class _NoRecords:
    """Records of an archive, of which these pickles have none."""

    def storage(
        self, key: str, dtype: np.dtype | None, size: int, location: str
    ) -> Any:
        raise RefusedError("a batch of CIFAR refers to a tensor.")
