"""Draws in PyTorch's order: the same seed gives the crops and flips it gives there."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from funcnet import _random
from funcnet.data._workers._info import torch_engine
from funcnet.data.transforms._base import Transform
from funcnet.data.transforms._draws import Floats

_FLOAT = np.dtype(np.float32)


class TorchDraws:
    """Draws from the default generator, and from Python's `random`."""

    def rand(self, count: int) -> Floats:
        return _random.uniform(torch_engine(), count, _FLOAT)

    def uniform(self, low: float, high: float) -> float:
        return float(_random.uniform(torch_engine(), 1, _FLOAT, low, high)[0])

    def integers(self, low: int, high: int, count: int) -> list[int]:
        dtype = np.dtype(np.int64)
        return _random.integers(torch_engine(), count, low, high, dtype).tolist()

    def permutation(self, count: int) -> list[int]:
        return _random.permutation(torch_engine(), count).tolist()

    def normal(self, shape: Sequence[int]) -> Floats:
        count = int(np.prod(shape))
        return _random.normal(torch_engine(), count, _FLOAT).reshape(shape)

    def dirichlet(self, alphas: Sequence[float]) -> list[float]:
        drawn = _random.gamma(torch_engine(), np.array(alphas, np.float64))
        return (drawn / drawn.sum()).astype(np.float32).tolist()

    def shuffled(self, count: int) -> list[int]:
        order = list(range(count))
        random.shuffle(order)
        return order

    def choice(self, count: int, weights: Sequence[float] | None) -> int:
        return random.choices(range(count), weights)[0]


DRAWS = TorchDraws()


@dataclass(frozen=True)
class WithTorchDraws:
    """A transform that draws what torchvision's would draw."""

    transform: Transform

    def __call__(self, image: Any) -> Any:
        """Return the changed image."""
        return self.transform.apply(image, DRAWS)
