"""Samplers, as `torch.utils.data.sampler`: they draw from PyTorch's generators."""

import itertools
from collections.abc import Iterable, Iterator, Sequence, Sized

import numpy as np

from funcnet import _random, data
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._random.generator import Generator, engine_of
from funcnet.data import BatchSampler, Sampler, SequentialSampler


def permutation(count: int, generator: Generator | None) -> list[int]:
    """Return a random permutation of the integers below `count`."""
    drawn: list[int] = _random.permutation(engine_of(generator), count).tolist()
    return drawn


@explains_keywords
class RandomSampler(data.RandomSampler):
    __doc__ = data.RandomSampler.__doc__

    def __init__(
        self,
        data_source: Sized,
        replacement: bool = False,
        num_samples: int | None = None,
        generator: Generator | None = None,
    ) -> None:
        super().__init__(data_source, replacement, num_samples)
        self.generator = generator
        if num_samples is None and len(data_source) == 0:
            raise ValueError(
                "num_samples should be a positive integer value, but got num_samples=0"
            )

    def __iter__(self) -> Iterator[int]:
        return itertools.chain.from_iterable(self._when_read())

    def _when_read(self) -> Iterator[Iterable[int]]:
        engine = engine_of(self.generator)
        if self.generator is None:
            yield self.__order__(engine)
            return
        # A given generator draws the indices; the default one draws a seed for them.
        yield self.drawn_from(engine)
        if not self.replacement and self.num_samples % len(self.data_source) == 0:
            permutation(len(self.data_source), self.generator)  # drawn and not used


@explains_keywords
class SubsetRandomSampler(data.SubsetRandomSampler):
    __doc__ = data.SubsetRandomSampler.__doc__

    def __init__(
        self, indices: Sequence[int], generator: Generator | None = None
    ) -> None:
        super().__init__(indices)
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        yield from self.__order__(engine_of(self.generator))


@explains_keywords
class WeightedRandomSampler(data.WeightedRandomSampler):
    __doc__ = data.WeightedRandomSampler.__doc__

    def __init__(
        self,
        weights: Sequence[float],
        num_samples: int,
        replacement: bool = True,
        generator: Generator | None = None,
    ) -> None:
        super().__init__(np.asarray(weights, np.float64), num_samples, replacement)
        self.generator = generator

    def __iter__(self) -> Iterator[int]:
        yield from self.__order__(engine_of(self.generator))


__all__ = [
    "BatchSampler",
    "RandomSampler",
    "Sampler",
    "SequentialSampler",
    "SubsetRandomSampler",
    "WeightedRandomSampler",
]
