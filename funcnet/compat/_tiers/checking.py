"""The first programs of a script run both ways, interpreted and compiled, and compared.

Whether a number that looks wrong comes of a tier is so seen at once. What the script
gets is what it would have got without.
"""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

import jax
import numpy as np

from funcnet.compat._core.device import device
from funcnet.compat._engine import executor
from funcnet.compat._engine.trace import Trace
from funcnet.compat._messages.suggestions import users_line
from funcnet.compat._tiers.interpret import Interpretation, planned
from funcnet.compat._tiers.policy import is_traced

_TOLERANCE: Final = {2: 2e-2, 4: 1e-4, 8: 1e-9}
"""By the bytes of a number: of the largest in the array."""


class Difference(NamedTuple):
    """A result on which the tiers disagree.

    Attributes:
        line: the user's line that made the program run.
        shape, dtype: of the result.
        error: the largest difference, as a share of the largest number.
    """

    line: str
    shape: tuple[int, ...]
    dtype: str
    error: float

    def __str__(self) -> str:
        return (
            f"{self.line}: a result of shape {self.shape} and dtype {self.dtype} "
            f"differs by {self.error:.1e} of its largest number"
        )


class Check:
    """The programs that were compared so far.

    Attributes:
        programs: how many were.
        worst: the largest difference of all, as a share of the largest number.
        differences: those above the tolerance of their dtype.
    """

    def __init__(self) -> None:
        self.programs = 0
        self.worst = 0.0
        self.differences: list[Difference] = []

    def compare(self, interpreted: Sequence[Any], compiled: Sequence[Any]) -> None:
        """Compare the results of a program."""
        self.programs += 1
        for x, y in zip(interpreted, compiled, strict=True):
            first, second = np.asarray(x), np.asarray(y)
            error = _difference(first, second)
            self.worst = max(self.worst, error)
            if error > _TOLERANCE.get(_width(first.dtype), 0.0):
                line, dtype = users_line(), str(first.dtype)
                self.differences.append(Difference(line, first.shape, dtype, error))


@contextlib.contextmanager
def check(count: int) -> Iterator[Check]:
    """Compare the first programs that run inside, interpreted and compiled.

    Those of a GPU, where nothing is interpreted, are not.

    Example:
        >>> import funcnet.compat as torch
        >>> with torch.compiler.check(5) as checked:
        ...     x = torch.linspace(0, 1, 8)
        ...     total = (x.exp() * 2).sum().item()
        >>> checked.programs, checked.differences
        (1, [])
    """
    result, run = Check(), executor.hooks.run

    def checked(
        on: device, trace: Trace, results: Sequence[int], may_donate: bool
    ) -> None:
        if result.programs < count and on.type == "cpu" and not is_traced(trace):
            interpretation = Interpretation(trace, results, planned(trace))
            interpreted = interpretation.run(trace.leaves)
            program = executor.program_of(on, trace, results, None, ())
            with jax.enable_x64(True):
                compiled = program.run(*[leaf.array for leaf in trace.leaves])
            result.compare(interpreted, compiled)
        run(on, trace, results, may_donate)

    executor.hooks.run = checked
    try:
        yield result
    finally:
        executor.hooks.run = run


def _width(dtype: np.dtype) -> int:
    return (
        dtype.itemsize // (2 if dtype.kind == "c" else 1) if dtype.kind in "fcV" else 0
    )


def _difference(x: np.ndarray, y: np.ndarray) -> float:
    if x.dtype.kind not in "fcV":
        return float(np.any(x != y))
    wide = np.complex128 if x.dtype.kind == "c" else np.float64
    x, y = x.astype(wide), y.astype(wide)
    usual = np.isfinite(x) & np.isfinite(y)
    if not np.array_equal(np.where(usual, 0, x), np.where(usual, 0, y), equal_nan=True):
        return float("inf")
    largest = np.abs(y[usual]).max(initial=0.0)
    error = np.abs(x - y)[usual].max(initial=0.0)
    return float(error / largest) if error else 0.0
