"""Samplers: in which order the samples come, drawn as PyTorch draws it."""

import itertools
from collections.abc import Iterable, Iterator, Sequence, Sized
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from funcnet import _random
from funcnet._errors import InputError, InputTypeError
from funcnet._random import Engine
from funcnet.data._datasets.arrays import defined_together

T_co = TypeVar("T_co", covariant=True)


class Sampler(Generic[T_co]):
    """Base class of samplers, as `torch.utils.data.Sampler`: an iterable of indices.

    A subclass has `__iter__`, and `__len__` where the length is known.

    The samplers here that draw do so from the seed of the `DataLoader` they are given
    to, so that an order is a function of that seed and the epoch. Iterated by
    themselves they draw from a seed of their own, on from pass to pass.

    Example:
        >>> class Backwards(Sampler):
        ...     def __init__(self, count):
        ...         self.count = count
        ...     def __iter__(self):
        ...         return iter(range(self.count - 1, -1, -1))
        >>> list(Backwards(3))
        [2, 1, 0]
    """

    def __init__(self, data_source: object = None, *, seed: int = 0) -> None:
        self._alone = Engine(seed)

    def __iter__(self) -> Iterator[T_co]:
        raise NotImplementedError(
            f"{type(self).__name__} is a Sampler without an __iter__ method."
        )


def order_of(sampler: Iterable[Any], engine: Engine) -> Iterator[Any]:
    """The order of a sampler, drawn from an engine where it is one of ours.

    Everything that is drawn from the engine is drawn by the call itself.
    """
    if defined_together(type(sampler), "__order__", "__iter__"):
        result: Iterator[Any] = sampler.__order__(engine)  # type: ignore[attr-defined]
        return result
    return iter(sampler)


def draw_seed(engine: Engine) -> int:
    """A seed, as PyTorch draws one for each epoch."""
    return int(_random.whole_range(engine, 1, np.int64)[0])


class SequentialSampler(Sampler[int]):
    """The samples one after the other, as `SequentialSampler`.

    Example:
        >>> list(SequentialSampler("abc"))
        [0, 1, 2]
    """

    def __init__(self, data_source: Sized) -> None:
        self.data_source = data_source

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(self.data_source)))

    def __len__(self) -> int:
        return len(self.data_source)


class RandomSampler(Sampler[int]):
    """The samples in random order, or drawn with replacement, as `RandomSampler`.

    Args:
        data_source: what has the samples.
        replacement: draw each index anew, so that some come twice.
        num_samples: indices in an epoch; as many as there are samples by default.
        seed: of the order when iterated by itself.

    Raises:
        InputError: `num_samples` is not positive.

    Example:
        >>> list(RandomSampler("abcde", seed=3))
        [2, 1, 0, 4, 3]
    """

    def __init__(
        self,
        data_source: Sized,
        replacement: bool = False,
        num_samples: int | None = None,
        *,
        seed: int = 0,
    ) -> None:
        super().__init__(seed=seed)
        if not isinstance(replacement, bool):
            raise InputTypeError(
                "replacement should be a boolean value, but got "
                f"replacement={replacement}"
            )
        if num_samples is not None and not _is_count(num_samples):
            raise InputError(
                "num_samples should be a positive integer value, but got "
                f"num_samples={num_samples}"
            )
        self.data_source = data_source
        self.replacement = replacement
        self._num_samples = num_samples

    @property
    def num_samples(self) -> int:
        """How many indices there are in an epoch."""
        return len(self.data_source) if self._num_samples is None else self._num_samples

    def __iter__(self) -> Iterator[int]:
        return self.__order__(self._alone)

    def __order__(self, engine: Engine) -> Iterator[int]:
        """The order of an epoch whose seed is drawn from `engine`."""
        return self.drawn_from(Engine(draw_seed(engine)))

    def drawn_from(self, engine: Engine) -> Iterator[int]:
        """The order of an epoch that is drawn from `engine` itself, as it is read."""
        return itertools.chain.from_iterable(self._parts(engine))

    def _parts(self, engine: Engine) -> Iterator[list[int]]:
        count = len(self.data_source)
        if self.replacement:
            for start in range(0, self.num_samples, 32):
                size = min(32, self.num_samples - start)
                yield _random.integers(engine, size, 0, count, np.int64).tolist()
            return
        whole, rest = divmod(self.num_samples, count) if count else (0, 0)
        for _ in range(whole):
            yield _random.permutation(engine, count).tolist()
        if rest:
            yield _random.permutation(engine, count)[:rest].tolist()

    def __len__(self) -> int:
        return self.num_samples


class SubsetRandomSampler(Sampler[int]):
    """Some samples in random order, as `SubsetRandomSampler`.

    Args:
        indices: of the samples.
        seed: of the order when iterated by itself.

    Example:
        >>> sorted(SubsetRandomSampler([4, 7, 9]))
        [4, 7, 9]
    """

    def __init__(self, indices: Sequence[int], *, seed: int = 0) -> None:
        super().__init__(seed=seed)
        self.indices = indices

    def __iter__(self) -> Iterator[int]:
        return self.__order__(self._alone)

    def __order__(self, engine: Engine) -> Iterator[int]:
        """The order of an epoch, drawn from `engine`."""
        drawn = _random.permutation(engine, len(self.indices)).tolist()
        return (self.indices[index] for index in drawn)

    def __len__(self) -> int:
        return len(self.indices)


class WeightsError(InputError, RuntimeError):
    """The error for weights from which `num_samples` cannot be drawn."""


def _is_count(number: Any) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number > 0


class WeightedRandomSampler(Sampler[int]):
    """Samples drawn with weights, as `WeightedRandomSampler`.

    Args:
        weights: one for each sample, not negative; their sum need not be 1.
        num_samples: indices in an epoch.
        replacement: whether a sample may come twice.
        seed: of the order when iterated by itself.

    Raises:
        InputError: weights that are not a row of numbers from 0 up, none above 0, or
            fewer than are to be drawn without replacement.

    Example:
        >>> set(WeightedRandomSampler([0.5, 0.0, 0.5], 20)) == {0, 2}
        True
    """

    def __init__(
        self,
        weights: ArrayLike,
        num_samples: int,
        replacement: bool = True,
        *,
        seed: int = 0,
    ) -> None:
        super().__init__(seed=seed)
        if not _is_count(num_samples):
            raise InputError(
                "num_samples should be a positive integer value, but got "
                f"num_samples={num_samples}"
            )
        if not isinstance(replacement, bool):
            raise InputError(
                "replacement should be a boolean value, but got "
                f"replacement={replacement}"
            )
        self.weights = np.asarray(weights, np.float64)
        self.num_samples = num_samples
        self.replacement = replacement
        if self.weights.ndim != 1:
            raise InputError(
                "weights should be a 1d sequence but given weights have shape "
                f"{self.weights.shape}"
            )
        if not np.isfinite(self.weights).all():
            raise WeightsError(
                "probability tensor contains either `inf`, `nan` or element < 0"
            )
        if (self.weights < 0).any():
            raise WeightsError(
                "invalid multinomial distribution (encountering probability entry < 0)"
            )
        if not self.weights.any():
            raise WeightsError(
                "invalid multinomial distribution (sum of probabilities <= 0)"
            )
        if not replacement and np.count_nonzero(self.weights) < num_samples:
            raise WeightsError(
                "cannot sample n_sample > prob_dist.size(-1) samples without "
                f"replacement: {num_samples} of {np.count_nonzero(self.weights)} that "
                "have a weight."
            )

    def __iter__(self) -> Iterator[int]:
        return self.__order__(self._alone)

    def __order__(self, engine: Engine) -> Iterator[int]:
        """The order of an epoch, drawn from `engine`."""
        drawn = _random.multinomial(
            engine, self.weights[None], self.num_samples, self.replacement
        )
        return iter(drawn[0].tolist())

    def __len__(self) -> int:
        return self.num_samples


class BatchSampler(Sampler[list[int]]):
    """Lists of indices, as `torch.utils.data.BatchSampler`.

    Args:
        sampler: gives the indices.
        batch_size: indices in a list.
        drop_last: leave out the last list where it would be smaller.

    Raises:
        InputError: `batch_size` is not a positive integer, `drop_last` not a bool.

    Example:
        >>> list(BatchSampler(range(5), 2, drop_last=False))
        [[0, 1], [2, 3], [4]]
    """

    def __init__(
        self, sampler: Iterable[int], batch_size: int, drop_last: bool
    ) -> None:
        if not _is_count(batch_size):
            raise InputError(
                "batch_size should be a positive integer value, but got "
                f"batch_size={batch_size}"
            )
        if not isinstance(drop_last, bool):
            raise InputError(
                f"drop_last should be a boolean value, but got drop_last={drop_last}"
            )
        self.sampler = sampler
        self.batch_size = batch_size
        self.drop_last = drop_last

    def __iter__(self) -> Iterator[list[int]]:
        return self.cut(iter(self.sampler))

    def __order__(self, engine: Engine) -> Iterator[list[int]]:
        """The batches of an epoch, drawn from `engine`."""
        return self.cut(order_of(self.sampler, engine))

    def cut(self, indices: Iterator[int]) -> Iterator[list[int]]:
        """Cut indices into batches."""
        while batch := list(itertools.islice(indices, self.batch_size)):
            if len(batch) == self.batch_size or not self.drop_last:
                yield batch

    def __len__(self) -> int:
        count = len(self.sampler)  # type: ignore[arg-type]
        if self.drop_last:
            return count // self.batch_size
        return -(-count // self.batch_size)
