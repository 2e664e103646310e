"""Data loader of tensors, as `torch.utils.data.dataloader`."""

import functools
import itertools
import multiprocessing
import multiprocessing.context
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, Generic, TypeAlias, TypedDict, TypeVar, Unpack, overload

import numpy as np

from funcnet import data
from funcnet.compat._core.dtype import get_default_dtype
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._random.generator import Generator, engine_of
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat.utils.data import _utils
from funcnet.compat.utils.data._iterators import (
    _BaseDataLoaderIter,
    _MultiProcessingDataLoaderIter,
    _SingleProcessDataLoaderIter,
)
from funcnet.compat.utils.data._utils.collate import (
    as_tensors,
    collate,
    default_collate,
    default_collate_fn_map,
    default_convert,
    is_usual,
)
from funcnet.compat.utils.data._workers import PACKAGE, settings, without_tensors
from funcnet.compat.utils.data.sampler import (
    BatchSampler,
    RandomSampler,
    Sampler,
    SequentialSampler,
)
from funcnet.data._loader.epoch_iterator import Epoch
from funcnet.data._loader.fetcher import BatchSpec
from funcnet.data._loader.samplers import draw_seed
from funcnet.data._loader.torch_rules import arrays
from funcnet.data._workers import _client

_collate_fn_t: TypeAlias = Callable[[list[Any]], Any]
_worker_init_fn_t: TypeAlias = Callable[[int], None]
_Sample = TypeVar("_Sample", covariant=True)


class _Settings(TypedDict, total=False):
    """Keyword arguments of a loader."""

    pin_memory: bool
    drop_last: bool
    timeout: float
    worker_init_fn: Callable[[int], Any] | None
    multiprocessing_context: object
    generator: Generator | None
    prefetch_factor: int | None
    persistent_workers: bool
    pin_memory_device: str
    in_order: bool


@explains_keywords
class DataLoader(data.DataLoader, Generic[_Sample]):
    """Iterate over a dataset in batches, as `torch.utils.data.DataLoader`.

    The order of a shuffled loader, and the random numbers of its workers, are PyTorch's
    under the same seed. `state_dict` holds the state of the generator as well: a loader
    that resumes from one sets the generator to that state.
    """

    __initialized = False

    def __class_getitem__(cls, item: object) -> type:
        return cls

    @overload  # the type of the batches is known with the default collate function
    def __init__(
        self,
        dataset: data.Dataset[_Sample],
        batch_size: int = 1,
        shuffle: bool | None = None,
        sampler: Iterable[Any] | None = None,
        batch_sampler: Iterable[Any] | None = None,
        num_workers: int = 0,
        collate_fn: None = None,
        **settings: Unpack[_Settings],
    ) -> None: ...
    @overload
    def __init__(
        self: "DataLoader[Any]",
        dataset: object,
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Iterable[Any] | None = None,
        batch_sampler: Iterable[Any] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[Any], Any] | None = None,
        **settings: Unpack[_Settings],
    ) -> None: ...
    def __init__(
        self,
        dataset: Any,
        batch_size: int | None = 1,
        shuffle: bool | None = None,
        sampler: Iterable[Any] | None = None,
        batch_sampler: Iterable[Any] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[Any], Any] | None = None,
        pin_memory: bool = False,
        drop_last: bool = False,
        timeout: float = 0,
        worker_init_fn: Callable[[int], Any] | None = None,
        multiprocessing_context: object = None,
        generator: Generator | None = None,
        *,
        prefetch_factor: int | None = None,
        persistent_workers: bool = False,
        pin_memory_device: str = "",
        in_order: bool = True,
    ) -> None:
        self.generator = generator
        self.pin_memory_device = pin_memory_device
        # State of the generator before the current order was drawn, and the seed of its
        # workers; the same of the epoch to resume.
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
        self.multiprocessing_context = multiprocessing_context
        if self._stream:
            endless: Any = _InfiniteConstantSampler()
            self.sampler = endless
            if batch_size is not None:
                self.batch_sampler = BatchSampler(endless, batch_size, drop_last)
        elif batch_sampler is not None:
            self.sampler = SequentialSampler(dataset)
        if num_workers and self._worker_form() is None:
            _client.server([PACKAGE])  # start importing what the workers need
        self._iterator: Any = None
        self.__initialized = True

    def __setattr__(self, name: str, value: object) -> None:
        if self.__initialized and name in _FIXED:
            raise ValueError(
                f"{name} attribute should not be set after {type(self).__name__} is "
                "initialized"
            )
        super().__setattr__(name, value)

    @property
    def multiprocessing_context(self) -> Any:
        """The context that was set; workers behave like forks with any of them."""
        return self.__multiprocessing_context

    @multiprocessing_context.setter
    def multiprocessing_context(self, context: object) -> None:
        if context is not None:
            context = _checked(context, self.num_workers)
        self.__multiprocessing_context = context

    @property
    def _auto_collation(self) -> bool:
        return self._batched

    @property
    def _index_sampler(self) -> Any:
        return self.batch_sampler if self._batched else self.sampler

    @property
    def _dataset_kind(self) -> int:
        return _DatasetKind.Iterable if self._stream else _DatasetKind.Map

    def _get_iterator(self) -> _BaseDataLoaderIter:
        if self.num_workers == 0:
            return _SingleProcessDataLoaderIter(self)
        return _MultiProcessingDataLoaderIter(self)

    @overload
    def __iter__(self: "DataLoader[Tensor]") -> Iterator[Tensor]: ...
    @overload
    def __iter__(
        self: "DataLoader[tuple[Tensor | np.ndarray | float, ...]]",
    ) -> Iterator[list[Tensor]]: ...
    @overload
    def __iter__(self) -> Iterator[Any]: ...
    def __iter__(self) -> Iterator[Any]:
        iterator = self._get_iterator()
        if self.persistent_workers:
            self._iterator = iterator
        return iterator

    def _sampler(self, shuffle: bool) -> Iterable[int]:
        if shuffle:
            return RandomSampler(self.dataset, generator=self.generator)
        return SequentialSampler(self.dataset)

    def _default_collate(self) -> Callable[[Any], Any]:
        return default_collate if self._batched else default_convert

    def _usual(self) -> bool:
        return super()._usual() and is_usual()

    def _collate_arrays(self) -> Callable[..., Any]:
        default = str(get_default_dtype()).removeprefix("torch.")
        return functools.partial(arrays, default=default)

    def _spec(
        self, dataset: object, collate_fn: Callable[[Any], Any] | None, usual: bool
    ) -> BatchSpec:
        if collate_fn is default_collate and not is_usual():
            # Workers do not have the functions that were registered here.
            known = dict(default_collate_fn_map)
            collate_fn = functools.partial(collate, collate_fn_map=known)
        return super()._spec(dataset, collate_fn, usual)

    def _finish(self, batch: object) -> Any:
        return as_tensors(batch) if self._batched else default_convert(batch)

    def _for_workers(self) -> tuple[Any, Callable[[], object] | None]:
        result = self._worker_form()
        return (self.dataset, settings()) if result is None else (result, None)

    def _worker_form(self) -> Any | None:
        """Return the dataset without tensors, if workers need none."""
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
        elif self._pool is None or not self._pool.handles:
            # Drawn even without workers, as in PyTorch; the order is drawn after it.
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


_FIXED: Final = (
    "batch_size",
    "batch_sampler",
    "sampler",
    "drop_last",
    "dataset",
    "persistent_workers",
)


def _checked(context: object, workers: int) -> multiprocessing.context.BaseContext:
    """Return the multiprocessing context, or raise with PyTorch's message."""
    if workers == 0:
        raise ValueError(
            "multiprocessing_context can only be used with multi-process loading "
            f"(num_workers > 0), but got num_workers={workers}"
        )
    if isinstance(context, str):
        known = multiprocessing.get_all_start_methods()
        if context not in known:
            raise ValueError(
                "multiprocessing_context option should specify a valid start method in "
                f"{known!r}, but got multiprocessing_context={context!r}"
            )
        return multiprocessing.get_context(context)
    if not isinstance(context, multiprocessing.context.BaseContext):
        raise TypeError(
            "multiprocessing_context option should be a valid context object or a "
            f"string specifying the start method, but got multiprocessing_context="
            f"{context}"
        )
    return context


class _DatasetKind:
    """Kind of a dataset: map-style or iterable."""

    Map = 0
    Iterable = 1

    @staticmethod
    def create_fetcher(
        kind: int,
        dataset: object,
        auto_collation: bool,
        collate_fn: Callable[[Any], Any],
        drop_last: bool,
    ) -> Any:
        """Make the fetcher of a dataset."""
        if kind == _DatasetKind.Map:
            make: Any = _utils.fetch._MapDatasetFetcher
        else:
            make = _utils.fetch._IterableDatasetFetcher
        return make(dataset, auto_collation, collate_fn, drop_last)


class _InfiniteConstantSampler(Sampler[Any]):
    """Sampler of iterable datasets: None, without end."""

    def __iter__(self) -> Iterator[None]:
        return itertools.repeat(None)


get_worker_info = data.get_worker_info

__all__ = ["DataLoader", "default_collate", "default_convert", "get_worker_info"]
