"""Batches of datasets, as in `torch.utils.data._utils.fetch`."""

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(eq=False, repr=False)
class _BaseDatasetFetcher:
    """Collate the samples of a dataset to batches."""

    dataset: Any
    auto_collation: bool
    collate_fn: Callable[[Any], Any]
    drop_last: bool

    def __post_init__(self) -> None:
        """Begin to read the dataset; nothing to do where it is read by index."""

    def fetch(self, possibly_batched_index: Any) -> Any:
        """Return the batch of an index, or of a list of them."""
        raise NotImplementedError


class _IterableDatasetFetcher(_BaseDatasetFetcher):
    """Collate the next samples of an iterable, one for each index."""

    def __post_init__(self) -> None:
        self.dataset_iter = iter(self.dataset)
        self.ended = False

    def fetch(self, possibly_batched_index: Any) -> Any:
        """Return the next batch; raise StopIteration when there is none."""
        if self.ended:
            raise StopIteration
        if not self.auto_collation:
            return self.collate_fn(next(self.dataset_iter))
        wanted = len(possibly_batched_index)
        data = list(itertools.islice(self.dataset_iter, wanted))
        self.ended = len(data) < wanted
        if not data or (self.drop_last and self.ended):
            raise StopIteration
        return self.collate_fn(data)


class _MapDatasetFetcher(_BaseDatasetFetcher):
    """Collate the samples of given indices."""

    def fetch(self, possibly_batched_index: Any) -> Any:
        """Return the batch of an index, or of a list of them."""
        chosen = possibly_batched_index
        if not self.auto_collation:
            return self.collate_fn(self.dataset[chosen])
        if getattr(self.dataset, "__getitems__", None):
            return self.collate_fn(self.dataset.__getitems__(chosen))
        return self.collate_fn([self.dataset[index] for index in chosen])
