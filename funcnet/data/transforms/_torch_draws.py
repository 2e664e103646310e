"""Draws in PyTorch's order: the same seed gives the crops and flips it gives there."""

import functools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from funcnet import _random
from funcnet.data._workers._info import get_worker_info
from funcnet.data.transforms._base import Transform
from funcnet.data.transforms._draws import Floats

_FLOAT = np.dtype(np.float32)


class TorchDraws:
    """Draws from the engine that a function gives, and from Python's `random`."""

    def __init__(self, engine: Callable[[], _random.Engine]) -> None:
        self._engine = engine

    def rand(self, count: int) -> Floats:
        return _random.uniform(self._engine(), count, _FLOAT)

    def uniform(self, low: float, high: float) -> float:
        return float(_random.uniform(self._engine(), 1, _FLOAT, low, high)[0])

    def integers(self, low: int, high: int, count: int) -> list[int]:
        kind = np.dtype(np.int64)
        return _random.integers(self._engine(), count, low, high, kind).tolist()

    def permutation(self, count: int) -> list[int]:
        return _random.permutation(self._engine(), count).tolist()

    def normal(self, shape: Sequence[int]) -> Floats:
        count = int(np.prod(shape))
        return _random.normal(self._engine(), count, _FLOAT).reshape(shape)

    def dirichlet(self, alphas: Sequence[float]) -> list[float]:
        drawn = _random.gamma(self._engine(), np.array(alphas, np.float64))
        return (drawn / drawn.sum()).astype(np.float32).tolist()

    def shuffled(self, count: int) -> list[int]:
        order = list(range(count))
        random.shuffle(order)
        return order

    def choice(self, count: int, weights: Sequence[float] | None) -> int:
        return random.choices(range(count), weights)[0]


@functools.cache
def _engine() -> _random.Engine:
    """The stream of random numbers of this worker, as PyTorch's worker has one."""
    info = get_worker_info()
    assert info is not None
    return _random.Engine(info.seed)


_DRAWS = TorchDraws(_engine)


@dataclass(frozen=True)
class InWorker:
    """A transform that draws, in a worker, what it would draw in PyTorch's."""

    transform: Transform

    def __call__(self, image: Any) -> Any:
        """Return the changed image."""
        return self.transform.apply(image, _DRAWS)
