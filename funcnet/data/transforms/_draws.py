"""Where random transforms get their numbers: one small interface, NumPy behind it."""

from collections.abc import Sequence
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from funcnet._errors import InputTypeError

Floats: TypeAlias = NDArray[np.float32]
Generator: TypeAlias = np.random.Generator | int | None
"""A generator of NumPy, a seed for one, or None for NumPy's global stream."""


class Draws(Protocol):
    """What a random transform may draw, each method in the order of its calls."""

    def rand(self, count: int) -> Floats:
        """Draw numbers in [0, 1)."""

    def uniform(self, low: float, high: float) -> float:
        """Draw a number in [low, high)."""

    def integers(self, low: int, high: int, count: int) -> list[int]:
        """Draw integers in [low, high)."""

    def permutation(self, count: int) -> list[int]:
        """Draw an order of the first integers."""

    def normal(self, shape: Sequence[int]) -> Floats:
        """Draw standard normal numbers."""

    def dirichlet(self, alphas: Sequence[float]) -> list[float]:
        """Draw positive numbers whose sum is one."""

    def shuffled(self, count: int) -> list[int]:
        """Draw an order of the first integers, for `RandomOrder`."""

    def choice(self, count: int, weights: Sequence[float] | None) -> int:
        """Draw one of the first integers by weight, for `RandomChoice`."""


class NumpyDraws:
    """Draws from a generator of NumPy, or from NumPy's global stream.

    The global stream is the one that `np.random.seed` seeds and that a loader seeds
    anew in each of its workers.
    """

    def __init__(self, generator: np.random.Generator | None) -> None:
        self._generator = generator
        self._source = np.random if generator is None else generator

    def rand(self, count: int) -> Floats:
        return self._source.random(count).astype(np.float32)

    def uniform(self, low: float, high: float) -> float:
        return float(self._source.uniform(low, high))

    def integers(self, low: int, high: int, count: int) -> list[int]:
        if self._generator is None:
            return [int(n) for n in np.random.randint(low, high, count, np.int64)]
        return [int(n) for n in self._generator.integers(low, high, count)]

    def permutation(self, count: int) -> list[int]:
        return [int(n) for n in self._source.permutation(count)]

    def normal(self, shape: Sequence[int]) -> Floats:
        return self._source.normal(size=tuple(shape)).astype(np.float32)

    def dirichlet(self, alphas: Sequence[float]) -> list[float]:
        return [float(x) for x in self._source.dirichlet(alphas)]

    def shuffled(self, count: int) -> list[int]:
        return self.permutation(count)

    def choice(self, count: int, weights: Sequence[float] | None) -> int:
        if weights is None:
            return self.integers(0, count, 1)[0]
        shares = np.asarray(weights, np.float64)
        return int(self._source.choice(count, p=shares / shares.sum()))


def as_draws(generator: Generator) -> Draws:
    """Make of what a caller gave something to draw from."""
    if generator is None:
        return NumpyDraws(None)
    if isinstance(generator, np.random.Generator):
        return NumpyDraws(generator)
    if isinstance(generator, int | np.integer):
        return NumpyDraws(np.random.default_rng(generator))
    raise InputTypeError(
        f"generator is a {type(generator).__name__}; give a seed, a "
        "numpy.random.Generator, or None for NumPy's global stream."
    )
