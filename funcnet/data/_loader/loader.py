"""The loader: samples in an order, in batches, from this process or from workers."""

import itertools
import operator
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from funcnet import _random
from funcnet._errors import InputError
from funcnet.data._datasets.arrays import Allocate
from funcnet.data._datasets.dataset import Source
from funcnet.data._loader.collate import collate, default_collate
from funcnet.data._loader.epoch_iterator import Beginning, Epoch, LocalBatches
from funcnet.data._loader.fetcher import BatchSpec, is_spent, is_stream
from funcnet.data._loader.samplers import (
    BatchSampler,
    RandomSampler,
    SequentialSampler,
    draw_seed,
    order_of,
)
from funcnet.data._loader.validation import check_length, check_options, check_state
from funcnet.data._workers import _client
from funcnet.data._workers._config import WorkerConfig
from funcnet.data._workers._pool import Batches, Pool


class DataLoader:
    """Iterate over a dataset in batches, as `torch.utils.data.DataLoader`.

    Each `for` over the loader is one epoch. The order of an epoch is a function of
    `(seed, epoch)`, and that of PyTorch's loader in a fresh process after
    `torch.manual_seed(seed)`, with workers or without. `state_dict` may be taken at
    any point; a loader that loads it resumes with the very next sample, whatever its
    number of workers. Leaving a loop early and starting another begins a new epoch.

    Args:
        dataset: what is asked by index (`Dataset`, a list, a data source of Grain or
            TFDS, rows of a Hugging Face dataset), or is read in order
            (`IterableDataset`, `Stream`, any iterable).
        batch_size: samples in a batch; None gives samples one by one, as they are.
        shuffle: draw a new order for each epoch.
        sampler: the order as an iterable of indices.
        batch_sampler: the batches as an iterable of lists of indices.
        num_workers: processes that load; with 0 this process does.
        collate_fn: makes a batch of a list of samples; `default_collate`.
        pin_memory: for scripts that say so; nothing depends on it.
        drop_last: leave out the last batch of an epoch where it would be smaller.
        timeout: seconds to wait for a batch of a worker; 0 for ever.
        worker_init_fn: called in each worker with its number, after it was seeded.
        seed: of the orders and of the workers.
        prefetch_factor: batches that each worker loads ahead, 2 by default.
        persistent_workers: keep the workers, and their copies of the dataset, from
            epoch to epoch.
        in_order: give out batches in their order, not as workers have them ready.

    Attributes:
        epoch: the epoch that is under way, or that begins next.
        position: how many samples of that epoch have been given out.

    Raises:
        InputError: options that do not go together; in an epoch, samples that make no
            batch. An exception of a worker is raised again with its traceback.
        InputTypeError: the dataset is neither, or cannot be sent to workers.
        RuntimeError: a worker was killed, or gave no batch in time.

    Example:
        >>> loader = DataLoader(range(5), batch_size=2)
        >>> [batch.tolist() for batch in loader]
        [[0, 1], [2, 3], [4]]
    """

    def __init__(
        self,
        dataset: Source[Any] | Iterable[Any],
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Iterable[int] | None = None,
        batch_sampler: Iterable[list[int]] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[Any], Any] | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Callable[[int], object] | None = None,
        *,
        seed: int = 0,
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
        in_order: bool = True,
    ) -> None:
        self._stream = is_stream(dataset)
        check_options(
            stream=self._stream,
            batch_size=batch_size,
            shuffle=shuffle,
            sampler=sampler,
            batch_sampler=batch_sampler,
            drop_last=drop_last,
            num_workers=num_workers,
            timeout=timeout,
            prefetch_factor=prefetch_factor,
            persistent_workers=persistent_workers,
        )
        self.dataset: Any = dataset
        self.num_workers, self.timeout = num_workers, timeout
        self.pin_memory, self.in_order = pin_memory, in_order
        self.worker_init_fn = worker_init_fn
        self.persistent_workers = persistent_workers
        self.prefetch_factor = (
            2 if num_workers and not prefetch_factor else prefetch_factor
        )
        self.seed = operator.index(seed)
        if self.seed < 0:
            raise InputError(f"DataLoader: seed is {seed}, it must be at least 0.")
        if sampler is None and not self._stream and batch_sampler is None:
            sampler = self._sampler(bool(shuffle))
        result = None
        if batch_sampler is not None:
            batch_size = None
        elif batch_size is not None:
            # For a stream it only checks the arguments.
            order = () if sampler is None else sampler
            batch_sampler = result = BatchSampler(order, batch_size, drop_last)
        self.batch_size, self.drop_last = batch_size, drop_last
        self.sampler = sampler
        self.batch_sampler = None if self._stream else batch_sampler
        self._own_sampler = result  # unless it is replaced
        self._batched = batch_sampler is not None
        self.collate_fn = collate_fn or self._default_collate()
        self.epoch = self.position = 0
        self._resumed: Mapping[str, Any] | None = None
        self._next_draw: tuple[int, int, _random.Engine] | None = None
        self._pool: Pool | None = None
        self._current: weakref.ref[Epoch] | None = None  # else no loop's end ends it
        self._local: LocalBatches | None = None
        if num_workers:
            _client.server()  # which is ready when the first batch is asked for

    # --- what a loader of another library's tensors does in its own way ---------------

    def _sampler(self, shuffle: bool) -> Iterable[int]:
        return (
            RandomSampler(self.dataset) if shuffle else SequentialSampler(self.dataset)
        )

    def _default_collate(self) -> Callable[[Any], Any]:
        return default_collate if self._batched else _as_it_is

    def _collate_arrays(self) -> Callable[[Any, Allocate | None], Any]:
        """Return what a worker calls instead of `default_collate`."""
        return collate

    def _finish(self, batch: Any) -> Any:
        """What is given out for a batch of `default_collate`."""
        return batch

    def _for_workers(self) -> tuple[Any, Callable[[], object] | None]:
        """The dataset as workers get it, and what they call before they have it."""
        return self.dataset, None

    def _draw_epoch(self) -> tuple[int, Iterator[Any]]:
        """The seed of the workers and the order of the epoch `self.epoch`."""
        known, self._next_draw = self._next_draw, None
        if known is not None and known[:2] == (self.seed, self.epoch):
            engine = known[2]
        else:
            engine = _random.Engine(self.seed)
            for _ in range(self.epoch):
                self._draw(engine)
        drawn = self._draw(engine)
        self._next_draw = self.seed, self.epoch + 1, engine
        return drawn

    def _random_state(self) -> dict[str, Any]:
        """What the orders depend on, for `state_dict`."""
        return {"seed": self.seed}

    def _load_random_state(self, state: Mapping[str, Any]) -> None:
        self.seed = int(state["seed"])

    # --- the epoch --------------------------------------------------------------------

    @property
    def _own_batches(self) -> bool:
        """Return whether batches are cut from the order of the sampler, as usual."""
        mine = self._own_sampler
        if self._stream or self.batch_sampler is None:
            return True
        return self.batch_sampler is mine and mine.sampler is self.sampler

    def _draw(self, engine: _random.Engine) -> tuple[int, Iterator[Any]]:
        """Draw what an epoch takes from the engine, as PyTorch does."""
        return draw_seed(engine), self._order(engine)

    def _order(self, engine: _random.Engine) -> Iterator[Any]:
        """The order of an epoch: of samples or, given a batch_sampler, of batches."""
        if self._stream:
            return itertools.repeat(None)
        chosen = self.sampler if self._own_batches else self.batch_sampler
        assert chosen is not None
        return order_of(chosen, engine)

    def __iter__(self) -> Iterator[Any]:
        return self._get_iterator()

    def _get_iterator(self) -> Epoch:
        return Epoch(self)

    def _begin(self, epoch: Epoch) -> Beginning:
        """What the next epoch gives out; `epoch` is the iterator over it."""
        resumed, self._resumed = self._resumed, None
        if self.position and resumed is None:
            self.epoch, self.position = self.epoch + 1, 0
        if self._stream and self.epoch and is_spent(self.dataset):
            raise InputError(
                f"DataLoader: the dataset is an iterator ({type(self.dataset).__name__}"
                ") that the first epoch has read. Give something that can be read "
                "again; a generator function goes into funcnet.data.Stream(function)."
            )
        seed, order = self._draw_epoch()
        requests = order if self._stream else self._requests(order, self.position)
        usual = self._usual()
        batches: LocalBatches | Batches
        self._local = None
        if self.num_workers:
            batches = self._from_workers(usual, seed, requests)
        else:
            # What is not put together is finished where it is given out.
            own = None if usual and not self._batched else self.collate_fn
            spec = self._spec(self.dataset, own, usual)
            batches = self._local = LocalBatches(spec, requests)
        self._current = weakref.ref(epoch)
        return Beginning(
            batches,
            self._finish if usual else None,
            self.position if self._stream else 0,
            (resumed or {}).get("stream", {}),
        )

    def _usual(self) -> bool:
        """Return whether batches are put together as they usually are."""
        return self.collate_fn == self._default_collate()

    def _requests(self, order: Iterator[Any], position: int) -> Iterator[Any]:
        """The requests that follow the samples already given out."""
        if self._own_batches:
            left = itertools.islice(order, position, None)
            if self.batch_size is None:
                return left
            return BatchSampler((), self.batch_size, self.drop_last).cut(left)
        passed = 0
        while passed < position and (batch := next(order, None)) is not None:
            passed += len(batch)
        if passed != position:
            raise InputError(
                f"{type(self).__name__}: the state is at sample {position}, but the "
                f"batches have {passed} samples until there. It was saved with another "
                "batch_sampler."
            )
        return order

    def _spec(
        self, dataset: Any, collate_fn: Callable[[Any], Any] | None, usual: bool
    ) -> BatchSpec:
        batched = self._batched
        return BatchSpec(
            dataset,
            collate_fn,
            usual,
            batched,
            self.batch_size,
            self.drop_last,
            self._collate_arrays(),
        )

    def _from_workers(self, usual: bool, seed: int, requests: Iterator[Any]) -> Batches:
        pool = self._pool
        if pool is None or not pool.handles:
            dataset, prelude = self._for_workers()
            spec = self._spec(dataset, None if usual else self.collate_fn, usual)
            config = WorkerConfig(spec, self.worker_init_fn, prelude, seed)
            assert self.prefetch_factor is not None
            pool = Pool(
                config,
                self.num_workers,
                self.prefetch_factor,
                self.timeout,
                self.in_order,
            )
        self._pool = pool if self.persistent_workers else None
        skip = self.position // (self.batch_size or 1) if self._stream else 0
        return pool.batches(requests, skip)

    def _count(self, epoch: Epoch, samples: int) -> None:
        """Count `samples` given out by an epoch; 0 says that it ended."""
        if self._current is None or self._current() is not epoch:
            return
        if samples:
            self.position += samples
            check_length(self.dataset, self.position)
        else:
            self.epoch, self.position = self.epoch + 1, 0

    def __len__(self) -> int:
        """The number of batches in an epoch."""
        if not self._stream:
            chosen = self.sampler if self.batch_sampler is None else self.batch_sampler
            return len(chosen)  # type: ignore[arg-type]
        count = len(self.dataset)
        if self.batch_size is None:
            return count
        whole, rest = divmod(count, self.batch_size)
        return whole + bool(rest and not self.drop_last)

    # --- saving and going on ----------------------------------------------------------

    def state_dict(self) -> dict[str, Any]:
        """Where the loader stands: its seed, epoch and position in samples.

        A stream that has a state (`get_state` of Grain's iterators,
        `state_dict` of Hugging Face's) is asked, where no workers read it.
        """
        state = self._random_state() | {"epoch": self.epoch, "position": self.position}
        if self._resumed is not None:
            stream = self._resumed.get("stream", {})
        else:
            stream = self._local.state() if self._local and self.position else {}
        return state | ({"stream": stream} if stream else {})

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on where `state_dict` was taken.

        A stream without a state is read up to there, so it must give
        the same samples again.

        Raises:
            InputError: the state is not one of a loader of this dataset.
        """
        check_state(type(self).__name__, state, self._random_state(), self._samples())
        self._load_random_state(state)
        self.epoch, self.position = int(state["epoch"]), int(state["position"])
        self._resumed = dict(state)

    def _samples(self) -> int | None:
        """How many samples an epoch has, where that is known."""
        if not self._own_batches:
            return None
        try:
            return len(self.sampler)  # type: ignore[arg-type]
        except TypeError:
            return None


def _as_it_is(sample: Any) -> Any:
    """What `DataLoader` does to samples that it does not put together."""
    return sample
