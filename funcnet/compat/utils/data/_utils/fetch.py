"""Batches from datasets, as `torch.utils.data._utils.fetch` makes them."""

import itertools
from collections.abc import Callable
from typing import Any


class _BaseDatasetFetcher:
    """Makes batches of a dataset by a `collate_fn`."""

    def __init__(
        self,
        dataset: Any,
        auto_collation: bool,
        collate_fn: Callable[[Any], Any],
        drop_last: bool,
    ) -> None:
        self.dataset = dataset
        self.auto_collation = auto_collation
        self.collate_fn = collate_fn
        self.drop_last = drop_last

    def fetch(self, possibly_batched_index: Any) -> Any:
        """The batch of an index, or of a list of them."""
        raise NotImplementedError


class _IterableDatasetFetcher(_BaseDatasetFetcher):
    """Makes batches of as many samples as are asked for."""

    def __init__(
        self,
        dataset: Any,
        auto_collation: bool,
        collate_fn: Callable[[Any], Any],
        drop_last: bool,
    ) -> None:
        super().__init__(dataset, auto_collation, collate_fn, drop_last)
        self.dataset_iter = iter(dataset)
        self.ended = False

    def fetch(self, possibly_batched_index: Any) -> Any:
        """The next batch; `StopIteration` when there is none."""
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
    """Makes batches of the samples with given indices."""

    def fetch(self, possibly_batched_index: Any) -> Any:
        """The batch of an index, or of a list of them."""
        chosen = possibly_batched_index
        if not self.auto_collation:
            return self.collate_fn(self.dataset[chosen])
        if getattr(self.dataset, "__getitems__", None):
            return self.collate_fn(self.dataset.__getitems__(chosen))
        return self.collate_fn([self.dataset[index] for index in chosen])
