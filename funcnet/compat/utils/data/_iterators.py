"""Iterators of a loader, under PyTorch's names."""

from typing import Any

from funcnet.data._loader.epoch_iterator import Epoch
from funcnet.data._workers._pool import Batches


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


class _MultiProcessingDataLoaderIter(_BaseDataLoaderIter):
    """Iterator that receives the batches from workers."""

    def _shutdown_workers(self) -> None:
        """Shut the workers down."""
        assert isinstance(self._batches, Batches)
        self._batches.pool.close()
