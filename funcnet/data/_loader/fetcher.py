"""From indices, or from a stream, to batches: in this process or in a worker."""

import functools
import itertools
import operator
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from funcnet._errors import InputTypeError
from funcnet.data._datasets.arrays import Allocate, gather
from funcnet.data._datasets.dataset import IterableDataset
from funcnet.data._datasets.stream_dataset import resumed, stream_state
from funcnet.data._loader.collate import RaggedError, collate


def is_stream(dataset: object) -> bool:
    """Return whether a dataset is read in order, not asked by index.

    Raises:
        InputTypeError: it is neither.
    """
    if isinstance(dataset, IterableDataset):
        return True
    if hasattr(dataset, "__getitem__"):
        return False
    if hasattr(dataset, "__iter__"):
        return True
    raise InputTypeError(
        f"DataLoader: the dataset is a {type(dataset).__name__}, which has neither "
        "__getitem__ and __len__ nor __iter__. Give a Dataset, a sequence or an "
        "iterable; a generator function goes into funcnet.data.Stream(function)."
    )


@dataclass(frozen=True)
class BatchSpec:
    """How batches are made of a dataset; goes to the workers by cloudpickle.

    `collate_fn` is None for the usual one; `usual` then does what it does, into memory
    that is shared. With `whole` a batch may also be gathered whole, where the dataset
    can. Where `batched` is false nothing is put together.
    """

    dataset: Any
    collate_fn: Callable[[Any], Any] | None
    whole: bool
    batched: bool
    batch_size: int | None = None
    drop_last: bool = False
    usual: Callable[[Any, Allocate | None], Any] = collate

    def collate(self, samples: Any, allocate: Allocate | None) -> Any:
        """One batch of samples; a sample as it is where nothing is put together."""
        if self.collate_fn is not None:
            return self.collate_fn(samples)
        return self.usual(samples, allocate) if self.batched else samples

    def fetcher(
        self, allocate: Allocate | None = None, share: tuple[int, int] = (0, 1)
    ) -> "MapFetcher | StreamFetcher":
        """What makes the batches of an epoch."""
        if is_stream(self.dataset):
            return StreamFetcher(self, allocate, share)
        return MapFetcher(self, allocate)


class MapFetcher:
    """Makes a batch of the samples with given indices.

    `taken` is how many samples the last request was for, whether they made a batch.
    """

    def __init__(self, spec: BatchSpec, allocate: Allocate | None) -> None:
        self.spec, self.allocate = spec, allocate
        self.taken = 0

    def __call__(self, request: Any) -> tuple[Any, int]:
        """The batch, and how many samples it has."""
        spec = self.spec
        self.taken = self.skip(request)
        if not spec.batched:
            return spec.collate(self._sample(request), self.allocate), 1
        if spec.whole:
            batch = gather(spec.dataset, request, self.allocate)
            if batch is not None:
                return batch, len(request)
        samples = self._samples(request)
        try:
            return spec.collate(samples, self.allocate), len(request)
        except RaggedError as error:
            first, other = error.entries
            error.indices = request[first], request[other]
            raise

    def skip(self, request: Any) -> int:
        """How many samples a request asks for; nothing is loaded."""
        return len(request) if self.spec.batched else 1

    def _samples(self, indices: Any) -> Any:
        dataset = self.spec.dataset
        if callable(getattr(dataset, "__getitems__", None)):
            return self._loaded(dataset.__getitems__, indices, "samples")
        return [self._sample(index) for index in indices]

    def _sample(self, index: Any) -> Any:
        load = functools.partial(operator.getitem, self.spec.dataset)
        return self._loaded(load, index, "sample")

    def _loaded(self, load: Callable[[Any], Any], what: Any, words: str) -> Any:
        """What is loaded, or an error that says what should have been."""
        try:
            return load(what)
        except Exception as error:
            name = type(self.spec.dataset).__name__
            note = f"DataLoader: raised while loading {words} {what} of {name}."
            if isinstance(error, StopIteration):  # which would end the epoch
                raise RuntimeError(f"StopIteration. {note}") from error
            error.add_note(note)
            raise


class StreamFetcher:
    """Makes batches of what a dataset gives in order; `StopIteration` ends them.

    `share` is (which worker, of how many) for datasets that know nothing of workers:
    each of `n` takes every `n`-th batch, in the order that no workers would give.
    `taken` is how many samples were read last, whether they made a batch.
    """

    def __init__(
        self, spec: BatchSpec, allocate: Allocate | None, share: tuple[int, int]
    ) -> None:
        self.spec, self.allocate = spec, allocate
        self.samples: Iterator[Any] = iter(spec.dataset)
        self.count = self.taken = 0
        # Batches of other workers: before the first one of this worker, and after it.
        self._before, self._between = share[0], share[1] - 1

    def __call__(self, request: Any = None) -> tuple[Any, int]:
        """The next batch, and how many samples it has."""
        samples = self._next()
        if not self.spec.batched:
            return self.spec.collate(samples[0], self.allocate), 1
        first = self.count - len(samples)
        try:
            return self.spec.collate(samples, self.allocate), len(samples)
        except RaggedError as error:
            error.indices = first + error.entries[0], first + error.entries[1]
            raise

    def skip(self, request: Any = None) -> int:
        """Read the next batch without making it; return how many samples it had."""
        return len(self._next())

    def state(self) -> dict[str, Any]:
        """Return the state of the stream; empty if it has none."""
        return stream_state(self.spec.dataset, self.samples)

    def go_to(self, position: int, state: dict[str, Any]) -> int:
        """Resume after `position` samples; return how many were skipped."""
        result = resumed(self.spec.dataset, self.samples, state)
        if result is None:
            self._read(position)
        else:
            self.samples, self.count = result, position
        return self.count

    def _next(self) -> list[Any]:
        size, self.taken = self.spec.batch_size or 1, 0
        self._read(self._before * size)
        self._before = self._between
        samples = self._read(size)
        if not samples or (self.spec.drop_last and len(samples) < size):
            raise StopIteration
        self.taken = len(samples)
        return samples

    def _read(self, count: int) -> list[Any]:
        try:
            samples = list(itertools.islice(self.samples, count))
        except Exception as error:
            name = type(self.spec.dataset).__name__
            error.add_note(
                f"DataLoader: raised while reading {name} after {self.count} samples."
            )
            raise
        self.count += len(samples)
        return samples


def is_spent(dataset: Iterable[Any]) -> bool:
    """Return whether a dataset is an iterator, which can be read only once."""
    return not hasattr(dataset, "__getitem__") and iter(dataset) is dataset
