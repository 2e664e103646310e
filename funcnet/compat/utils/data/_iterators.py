"""Iterators of a loader, under PyTorch's names."""

from collections.abc import Iterator
from typing import Any, Final

from funcnet.compat.utils.data._utils import fetch
from funcnet.data._loader.epoch_iterator import Epoch
from funcnet.data._workers._pool import Batches

_FETCHERS: Final = (fetch._MapDatasetFetcher, fetch._IterableDatasetFetcher)


def _is_ours(loader: object) -> bool:
    return hasattr(loader, "_begin")


def _batches_of(loader: Any) -> Iterator[Any]:
    """The batches of a package's own loader, which has PyTorch's attributes alone."""
    make = _FETCHERS[loader._dataset_kind]
    collate, last = loader.collate_fn, loader.drop_last
    fetcher = make(loader.dataset, loader._auto_collation, collate, last)
    for index in loader._index_sampler:
        try:
            batch = fetcher.fetch(index)
        except StopIteration:
            return
        yield batch


class _BaseDataLoaderIter(Epoch):
    """Iterator over the batches of one epoch."""

    def __init__(self, loader: Any) -> None:
        self._dataset = loader.dataset
        self._dataset_kind = loader._dataset_kind
        self._num_workers = loader.num_workers
        self._index_sampler = loader._index_sampler
        self._num_yielded = 0
        super().__init__(loader)

    def __next__(self) -> Any:
        batch = super().__next__()
        self._num_yielded += 1
        return batch

    def __len__(self) -> int:
        return len(self._index_sampler)

    def __getstate__(self) -> Any:
        raise NotImplementedError(f"{type(self).__name__} cannot be pickled")


class _SingleProcessDataLoaderIter(_BaseDataLoaderIter):
    """Iterator that makes the batches in this process."""

    def __new__(cls, loader: Any) -> Any:
        return super().__new__(cls) if _is_ours(loader) else _batches_of(loader)


class _MultiProcessingDataLoaderIter(_BaseDataLoaderIter):
    """Iterator that receives the batches from workers."""

    def __new__(cls, loader: Any) -> Any:
        if _is_ours(loader):
            return super().__new__(cls)
        raise NotImplementedError(
            f"{type(loader).__name__} is not a torch.utils.data.DataLoader, and only "
            "those have workers: set num_workers=0."
        )

    def _shutdown_workers(self) -> None:
        """Shut the workers down."""
        assert isinstance(self._batches, Batches)
        self._batches.pool.close()
