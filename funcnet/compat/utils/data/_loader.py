"""The loader: samples in an order, in batches."""

from collections.abc import Callable, Iterator
from typing import Any

from funcnet.compat.random import Generator
from funcnet.compat.utils.data._collate import default_collate, default_convert
from funcnet.compat.utils.data._datasets import Batch, IterableDataset
from funcnet.compat.utils.data._samplers import (
    BatchSampler,
    RandomSampler,
    SequentialSampler,
    draw_seed,
)


class DataLoader:
    """Iterate over a dataset in batches, as `torch.utils.data.DataLoader`.

    The order of a shuffled loader is PyTorch's under the same seed. Samples are loaded
    in this process, whatever `num_workers` says.
    """

    def __class_getitem__(cls, item: Any) -> type:
        return cls

    def __init__(
        self,
        dataset: Any,
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Any = None,
        batch_sampler: Any = None,
        num_workers: int = 0,
        collate_fn: Callable[[Any], Any] | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Callable[[int], Any] | None = None,
        multiprocessing_context: Any = None,
        generator: Generator | None = None,
        *,
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
        pin_memory_device: str = "",
        in_order: bool = True,
    ) -> None:
        if num_workers < 0:
            raise ValueError(
                "num_workers option should be non-negative; use num_workers=0 to "
                "disable multiprocessing."
            )
        self.dataset = dataset
        self.num_workers = num_workers
        self.pin_memory = pin_memory
        self.timeout = timeout
        self.worker_init_fn = worker_init_fn
        self.generator = generator
        self.prefetch_factor = prefetch_factor
        self.persistent_workers = persistent_workers
        self._iterable = isinstance(dataset, IterableDataset)
        if self._iterable and (
            shuffle or sampler is not None or batch_sampler is not None
        ):
            raise ValueError(
                "DataLoader with IterableDataset: expected unspecified shuffle, "
                "sampler and batch_sampler options"
            )
        if sampler is not None and shuffle:
            raise ValueError("sampler option is mutually exclusive with shuffle")
        if batch_sampler is not None:
            if batch_size != 1 or shuffle or sampler is not None or drop_last:
                raise ValueError(
                    "batch_sampler option is mutually exclusive with batch_size, "
                    "shuffle, sampler, and drop_last"
                )
            batch_size, drop_last = None, False
        elif batch_size is None and drop_last:
            raise ValueError(
                "batch_size=None option disables auto-batching and is mutually "
                "exclusive with drop_last"
            )
        if sampler is None and not self._iterable:
            sampler = (
                RandomSampler(dataset, generator=generator)
                if shuffle
                else SequentialSampler(dataset)
            )
        if batch_size is not None and batch_sampler is None and not self._iterable:
            batch_sampler = BatchSampler(sampler, batch_size, drop_last)
        self.batch_size = batch_size
        self.drop_last = drop_last
        self.sampler = sampler
        self.batch_sampler = batch_sampler
        batched = batch_size is not None or batch_sampler is not None
        self.collate_fn = collate_fn or (
            default_collate if batched else default_convert
        )

    def __iter__(self) -> Iterator[Any]:
        # PyTorch draws a seed for workers that it may not have; the order of the
        # samples comes from what is drawn after it.
        draw_seed(self.generator)
        if self._iterable:
            return self._iterate()
        if self.batch_sampler is None:
            return (self.collate_fn(self.dataset[index]) for index in self.sampler)
        return (self._load(indices) for indices in self.batch_sampler)

    def _load(self, indices: Any) -> Any:
        if hasattr(self.dataset, "__getitems__"):
            samples = self.dataset.__getitems__(indices)
            if isinstance(samples, Batch):
                if self.collate_fn is default_collate:
                    return list(samples.parts)
                samples = [self.dataset[index] for index in indices]
        else:
            samples = [self.dataset[index] for index in indices]
        return self.collate_fn(samples)

    def _iterate(self) -> Iterator[Any]:
        samples = iter(self.dataset)
        if self.batch_size is None:
            yield from map(self.collate_fn, samples)
            return
        batch = []
        for sample in samples:
            batch.append(sample)
            if len(batch) == self.batch_size:
                yield self.collate_fn(batch)
                batch = []
        if batch and not self.drop_last:
            yield self.collate_fn(batch)

    def __len__(self) -> int:
        if self._iterable:
            count = len(self.dataset)
            if self.batch_size is None:
                return count
            whole, rest = divmod(count, self.batch_size)
            return whole + bool(rest and not self.drop_last)
        return len(self.sampler if self.batch_sampler is None else self.batch_sampler)
