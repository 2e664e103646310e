"""The loader, as `torch.utils.data.dataloader`: `funcnet.data`'s, with tensors."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from funcnet import data
from funcnet.compat._tensor import from_array
from funcnet.compat.random import Generator, engine_of
from funcnet.compat.utils.data._collate import (
    as_tensors,
    default_collate,
    default_convert,
)
from funcnet.compat.utils.data._workers import PACKAGE, settings, without_tensors
from funcnet.compat.utils.data.sampler import RandomSampler, SequentialSampler
from funcnet.data._epoch import Epoch
from funcnet.data._samplers import draw_seed
from funcnet.data._workers import _client


class DataLoader(data.DataLoader):
    """Iterate over a dataset in batches, as `torch.utils.data.DataLoader`.

    The order of a shuffled loader, and the random numbers of its workers, are PyTorch's
    under the same seed. `state_dict` holds the state of the generator as well: a loader
    that goes on from one sets the generator to what it was.
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
        del multiprocessing_context, pin_memory_device  # workers are always fresh
        self.generator = generator
        # The state of the generator from which the order under way was drawn, and the
        # seed of its workers; the same of the epoch to go on with.
        self._begun: np.ndarray | None = None
        self._seed = 0
        self._saved: tuple[np.ndarray, int | None] | None = None
        super().__init__(
            dataset,
            batch_size,
            shuffle,
            sampler,
            batch_sampler,
            num_workers,
            collate_fn,
            pin_memory,
            drop_last,
            timeout,
            worker_init_fn,
            prefetch_factor=prefetch_factor,
            persistent_workers=persistent_workers,
            in_order=in_order,
        )
        if num_workers and self._bare() is None:
            _client.server([PACKAGE])  # begin to import what its workers will need

    def _sampler(self, shuffle: bool) -> Iterable[int]:
        if shuffle:
            return RandomSampler(self.dataset, generator=self.generator)
        return SequentialSampler(self.dataset)

    def _default_collate(self) -> Callable[[Any], Any]:
        return default_collate if self._batched else default_convert

    def _finish(self, batch: Any) -> Any:
        return as_tensors(batch) if self._batched else default_convert(batch)

    def _for_workers(self) -> tuple[Any, Callable[[], object] | None]:
        found = self._bare()
        return (self.dataset, settings()) if found is None else (found, None)

    def _bare(self) -> Any | None:
        """The dataset without tensors, where nothing else in workers needs any."""
        if self.worker_init_fn is not None or not self._usual():
            return None
        return without_tensors(self.dataset)

    def _draw_epoch(self) -> tuple[int, Iterator[Any]]:
        engine = engine_of(self.generator)
        saved, self._saved = self._saved, None
        if saved is not None:
            engine.restore(saved[0])
        if saved is not None and saved[1] is not None:
            self._seed = saved[1]
        elif self._pool is None or not self._pool.members:
            # Drawn for workers, whether there are any; the order is drawn after it.
            self._seed = draw_seed(engine)
        self._begun = engine.state()
        return self._seed, self._order(engine)

    def _count(self, epoch: Epoch, samples: int) -> None:
        super()._count(epoch, samples)
        if not self.position:
            self._begun = None

    def _random_state(self) -> dict[str, Any]:
        if self._saved is not None:
            state, seed = self._saved
        elif self._begun is not None:
            state, seed = self._begun, self._seed
        else:
            state, seed = engine_of(self.generator).state(), None
        return {"generator": from_array(state), "base_seed": seed}

    def _load_random_state(self, state: Mapping[str, Any]) -> None:
        self._saved = np.asarray(state["generator"]._array()), state["base_seed"]


__all__ = ["DataLoader", "default_collate", "default_convert"]
