"""Scripts of loaders, datasets, samplers: what they give, refuse, let one set."""

import functools
import inspect
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from tests.parity.scripts import common as scripts
from tests.parity.scripts.collate import described, kind_of

ROWS: list[tuple[str, str, Any]] = []
script = functools.partial(scripts.script, rows=ROWS)


def items(lib: Any, count: int = 6, get: Callable[[int], Any] = int) -> Any:
    class Items(lib.utils.data.Dataset):
        def __len__(self) -> int:
            return count

        def __getitem__(self, index: int) -> Any:
            return get(index)

    return Items()


def stream(lib: Any, count: int = 5, sized: bool = False) -> Any:
    class Numbers(lib.utils.data.IterableDataset):
        def __iter__(self) -> Any:
            return iter(range(count))

    class Sized(Numbers):
        def __len__(self) -> int:
            return count

    return Sized() if sized else Numbers()


# --- errors ---------------------------------------------------------------------------

ERRORS: dict[str, Callable[[Any, Any], Any]] = {
    "workers": lambda d, s: d.DataLoader([1], num_workers=-1),
    "timeout": lambda d, s: d.DataLoader([1], timeout=-1),
    "prefetch": lambda d, s: d.DataLoader([1], prefetch_factor=2),
    "prefetch below 0": lambda d, s: d.DataLoader(
        [1], num_workers=1, prefetch_factor=-1
    ),
    "persistent": lambda d, s: d.DataLoader([1], persistent_workers=True),
    "stream shuffled": lambda d, s: d.DataLoader(s, shuffle=True),
    "stream not shuffled": lambda d, s: len(list(d.DataLoader(s, shuffle=False))),
    "stream, sampler": lambda d, s: d.DataLoader(s, sampler=[1]),
    "stream, batches": lambda d, s: d.DataLoader(s, batch_sampler=[[1]]),
    "sampler, shuffle": lambda d, s: d.DataLoader([1], sampler=[0], shuffle=True),
    "batches, size": lambda d, s: d.DataLoader([1], 2, batch_sampler=[[0]]),
    "batches, drop": lambda d, s: d.DataLoader(
        [1], batch_sampler=[[0]], drop_last=True
    ),
    "no size, drop": lambda d, s: d.DataLoader([1], None, drop_last=True),
    "size 0": lambda d, s: d.DataLoader([1], 0),
    "size 1.5": lambda d, s: d.DataLoader([1], 1.5),
    "size True": lambda d, s: d.DataLoader([1], True),
    "drop 1": lambda d, s: d.DataLoader([1], drop_last=1),
    "context x": lambda d, s: d.DataLoader(
        [1], num_workers=1, multiprocessing_context="x"
    ),
    "context 3": lambda d, s: d.DataLoader(
        [1], num_workers=1, multiprocessing_context=3
    ),
    "context alone": lambda d, s: d.DataLoader([1], multiprocessing_context="fork"),
    "length of a stream": lambda d, s: len(d.DataLoader(s)),
    "length of its iterator": lambda d, s: len(iter(d.DataLoader(s))),
    "empty, shuffled": lambda d, s: d.DataLoader([], shuffle=True),
    "empty": lambda d, s: list(d.DataLoader([])),
    "random of nothing": lambda d, s: d.RandomSampler([]),
    "random, 0": lambda d, s: d.RandomSampler([1], num_samples=0),
    "random, below 0": lambda d, s: d.RandomSampler([1], num_samples=-1),
    "random, 1.5": lambda d, s: d.RandomSampler([1], num_samples=1.5),
    "random, 1": lambda d, s: d.RandomSampler([1], replacement=1),
    "weighted, 0": lambda d, s: d.WeightedRandomSampler([1.0, 2.0], 0),
    "weighted, True": lambda d, s: d.WeightedRandomSampler([1.0, 2.0], True),
    "weighted, 1.5": lambda d, s: d.WeightedRandomSampler([1.0, 2.0], 1.5),
    "weighted, replacement 2": lambda d, s: d.WeightedRandomSampler([1.0, 2.0], 2, 2),
    "weighted, table": lambda d, s: d.WeightedRandomSampler([[1.0, 2.0]], 2),
    "weighted, below 0": lambda d, s: list(d.WeightedRandomSampler([1.0, -2.0], 2)),
    "weighted, all 0": lambda d, s: list(d.WeightedRandomSampler([0.0, 0.0], 2)),
    "weighted, too many": lambda d, s: list(d.WeightedRandomSampler([1.0], 2, False)),
    "batches of 0": lambda d, s: d.BatchSampler([1], 0, False),
    "batches, drop 2": lambda d, s: d.BatchSampler([1], 1, 2),
    "batches of 2.0": lambda d, s: d.BatchSampler([1], 2.0, False),
    "stack of nothing": lambda d, s: d.StackDataset(),
    "stack, unequal": lambda d, s: d.StackDataset([1], [1, 2]),
    "stack, unequal names": lambda d, s: d.StackDataset(a=[1], b=[1, 2]),
    "stack, both": lambda d, s: d.StackDataset([1], b=[1]),
    "concatenated nothing": lambda d, s: d.ConcatDataset([]),
    "concatenated streams": lambda d, s: d.ConcatDataset([s]),
    "concatenated, below": lambda d, s: d.ConcatDataset([[1], [2]])[-3],
    "concatenated, sizes": lambda d, s: d.ConcatDataset([[1], [2]]).cummulative_sizes,
    "subset, beyond": lambda d, s: d.Subset([1, 2], [0])[1],
    "split": lambda d, s: d.random_split([1, 2], [1, 2]),
    "split, fractions": lambda d, s: d.random_split([1, 2], [0.5, 0.6]),
    "split, 1.5": lambda d, s: d.random_split([1, 2], [1.5, -0.5]),
    "dataset": lambda d, s: d.Dataset()[0],
    "length of a dataset": lambda d, s: len(d.Dataset()),
    "sampler": lambda d, s: iter(d.Sampler()),
    "length of a sampler": lambda d, s: len(d.Sampler()),
    "share without a group": lambda d, s: d.distributed.DistributedSampler([1]),
    "share of rank 2": lambda d, s: d.distributed.DistributedSampler([1], 2, 2),
    "share of rank -1": lambda d, s: d.distributed.DistributedSampler([1], 2, -1),
    "permuted nothing": lambda d, s: list(d.SubsetRandomSampler([])),
    "stream asked by index": lambda d, s: s[0],
}


def said(call: Callable[[], Any]) -> tuple[str, str]:
    """The kind of error that a call raises, and what it says."""
    try:
        return "", str(call())
    except Exception as error:
        return kind_of(error), str(error).rstrip(".")


ERRORS_ASSERTED = re.compile("does not support IterableDataset|an empty iterable")


class Words(str):
    """What PyTorch says, to which more may be added."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return str(other).startswith(str(self))

    __hash__ = str.__hash__


@script("errors", *ERRORS)
def of(lib: Any, name: str) -> Any:
    data = lib.utils.data
    kind, text = said(lambda: ERRORS[name](data, stream(lib)))
    if lib.__name__ == "torch":
        # No script catches an AssertionError: another will do.
        return ["" if kind == "AssertionError" else kind, Words(text)]
    return ["" if kind and ERRORS_ASSERTED.search(text) else kind, text]


@script("errors", "batch_size", "sampler", "batch_sampler", "drop_last", "dataset")
def set_after_it_was_made(lib: Any, name: str) -> Any:
    class Mine(lib.utils.data.DataLoader):
        pass

    loader = Mine([1, 2])
    first = said(lambda: setattr(loader, name, None))
    loader._DataLoader__initialized = False
    return [first, said(lambda: setattr(loader, name, getattr(loader, name)))]


SIGNED = [
    "DataLoader",
    "RandomSampler",
    "SequentialSampler",
    "SubsetRandomSampler",
    "BatchSampler",
    "WeightedRandomSampler",
    "Subset",
    "ConcatDataset",
    "ChainDataset",
    "random_split",
    "default_collate",
    "default_convert",
    "get_worker_info",
    "DistributedSampler",
]


@script("signatures", *SIGNED)
def of_what_is_public(lib: Any, name: str) -> Any:
    result = inspect.signature(getattr(lib.utils.data, name)).parameters.values()
    empty = inspect.Parameter.empty
    return [
        [p.name, str(p.kind), None if p.default is empty or name == "random_split"
         else repr(p.default)] for p in result
    ]  # fmt: skip


# --- loaders --------------------------------------------------------------------------

OPTIONS: dict[str, dict[str, Any]] = {
    "usual": {},
    "four": {"batch_size": 4},
    "four, drop": {"batch_size": 4, "drop_last": True},
    "singly": {"batch_size": None},
    "shuffled": {"batch_size": 2, "shuffle": True},
    "sampler": {"batch_size": 2, "sampler": [5, 1, 3]},
    "batches": {"batch_sampler": [[0, 1], [5]]},
    "lists singly": {"batch_size": None, "sampler": [0, 3]},
    "workers": {"batch_size": 2, "num_workers": 2},
    "singly by workers": {"batch_size": None, "num_workers": 2},
    "persistent": {"num_workers": 1, "persistent_workers": True},
}
SEEN = [
    "batch_size",
    "drop_last",
    "num_workers",
    "prefetch_factor",
    "pin_memory",
    "pin_memory_device",
    "timeout",
    "persistent_workers",
    "in_order",
    "worker_init_fn",
    "generator",
    "_auto_collation",
    "_dataset_kind",
    "multiprocessing_context",
]


def attributes(loader: Any) -> Any:
    return [
        {name: getattr(loader, name) for name in SEEN},
        [type(loader.sampler).__name__, type(loader.batch_sampler).__name__],
        [type(loader._index_sampler).__name__, loader.collate_fn.__name__],
    ]


@script("DataLoader", *OPTIONS)
def over_a_dataset(lib: Any, name: str) -> Any:
    loader = lib.utils.data.DataLoader(items(lib), **OPTIONS[name])
    iterator = iter(loader)
    length = len(iterator), len(loader), type(iterator).__name__
    first = [described(batch) for batch in iterator]
    return [length, attributes(loader), first, [described(b) for b in loader]]


@script("DataLoader", *(name for name in OPTIONS if "persistent" not in name))
def over_a_tensor(lib: Any, name: str) -> Any:
    loader = lib.utils.data.DataLoader(lib.arange(6.0), **OPTIONS[name])
    return [list(loader), list(loader), len(loader)]


@script("DataLoader", "usual", "four", "four, drop", "singly")
def over_a_stream(lib: Any, name: str) -> Any:
    result = []
    for sized in (False, True):
        loader = lib.utils.data.DataLoader(stream(lib, 5, sized), **OPTIONS[name])
        result.append([attributes(loader), list(loader), list(loader)])
        result.append(said(lambda loader=loader: len(loader)))
    return result


OVER: dict[str, Callable[[Any], Any]] = {
    "tensor": lambda t: t.arange(6),
    "table": lambda t: t.arange(12.0).view(6, 2),
    "subset of a tensor": lambda t: t.utils.data.Subset(t.arange(8), [7, 0, 1, 2, 5]),
    "split tensor": lambda t: t.utils.data.random_split(t.arange(9.0), [6, 3])[0],
    "tensors in a row": lambda t: t.utils.data.ConcatDataset([t.ones(3), t.zeros(3)]),
    "stack of tensors": lambda t: t.utils.data.StackDataset(t.ones(6), t.arange(6)),
    "stack by names": lambda t: t.utils.data.StackDataset(a=t.ones(6), b=[1] * 6),
    "array": lambda t: np.arange(6.0).reshape(6, 1),
    "list": lambda t: [1, 2, 3, 4, 5, 6],
    "range": lambda t: range(6),
    "string": lambda t: "abcdef",
    "dict": lambda t: {n: n * 2 for n in range(6)},
    "tuple": lambda t: ((1, "a"),) * 6,
    "TensorDataset": lambda t: t.utils.data.TensorDataset(t.ones(6), t.arange(6)),
    "subset of it": lambda t: t.utils.data.Subset(
        t.utils.data.TensorDataset(t.arange(6)), range(6)
    ),
    "gather": lambda t: named(t, "gather"),
    "order": lambda t: named(t, "order"),
    "set_epoch": lambda t: named(t, "set_epoch"),
    "state_dict": lambda t: named(t, "state_dict"),
    "allocate": lambda t: named(t, "allocate"),
    "shape": lambda t: named(t, "shape"),
    "changed": lambda t: named(t, "changed"),
    "begin": lambda t: named(t, "begin"),
    "module": lambda t: Both(t),
    "many": lambda t: many(t),
    "many is None": lambda t: many(t, None),
    "parameter": lambda t: t.nn.Parameter(t.ones(6, 2)),
}


def named(lib: Any, name: str) -> Any:
    """A dataset with a method that means something to the user alone."""
    dataset = items(lib)

    def never(*args: Any) -> Any:
        raise AssertionError(f"{name} was called")

    setattr(type(dataset), name, never)
    return dataset


def many(lib: Any, value: Any = "own") -> Any:
    """A dataset that is asked for many samples at once, or that says it is not."""
    dataset = items(lib)
    type(dataset).__getitems__ = (
        (lambda self, indices: [n * 10 for n in indices]) if value else None
    )
    return dataset


def Both(lib: Any) -> Any:  # noqa: N802
    """A module that is a dataset, too."""

    class Mixed(lib.nn.Module):
        def __len__(self) -> int:
            return 6

        def __getitem__(self, index: int) -> Any:
            return index * 2

    return Mixed()


@script("datasets", *OVER)
def of_many_kinds(lib: Any, name: str) -> Any:
    result = []
    for options in ({"batch_size": 4}, {"batch_size": None}, {"batch_size": 3}):
        loader = lib.utils.data.DataLoader(OVER[name](lib), **options)
        result.append([described(batch) for batch in loader])
    return result


@script("datasets", "tensor", "subset of a tensor", "gather", "many", "TensorDataset")
def by_workers(lib: Any, name: str) -> Any:
    loader = lib.utils.data.DataLoader(OVER[name](lib), 4, num_workers=1)
    return [described(batch) for batch in loader]


@script("datasets")
def a_sampler_with_an_order_of_its_own(lib: Any) -> Any:
    class Mine(lib.utils.data.Sampler):
        def __iter__(self) -> Any:
            return iter([2, 0])

        def order(self, *args: Any) -> Any:
            raise AssertionError("order was called")

        def __len__(self) -> int:
            return 2

    return [list(lib.utils.data.DataLoader([1, 2, 3], sampler=Mine()))]


@script("datasets", "__getitem__", "__getitems__")
def whose_methods_are_replaced(lib: Any, name: str) -> Any:
    kind = lib.utils.data.TensorDataset
    before = vars(kind).get(name)
    if name == "__getitem__":
        kind.__getitem__ = lambda self, index: (self.tensors[0][index] * 10,)
    else:
        kind.__getitems__ = lambda self, indices: [(n * 10,) for n in indices]
    try:
        dataset = kind(lib.arange(4))
        return [
            list(lib.utils.data.DataLoader(dataset, 4, num_workers=n)) for n in (0, 1)
        ]
    finally:
        if before is None:
            delattr(kind, name)
        else:
            setattr(kind, name, before)


# --- loaders of one's own -------------------------------------------------------------


class Repeat:
    """A sampler without an end."""

    def __init__(self, sampler: Any) -> None:
        self.sampler = sampler

    def __iter__(self) -> Any:
        while True:
            yield from iter(self.sampler)


@script("loaders of one's own", 0, 1)
def whose_workers_go_on(lib: Any, workers: int) -> Any:
    class Endless(lib.utils.data.DataLoader):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._DataLoader__initialized = False
            self.batch_sampler = Repeat(self.batch_sampler)
            self._DataLoader__initialized = True
            self.iterator = super().__iter__()

        def __len__(self) -> int:
            return len(self.batch_sampler.sampler)

        def __iter__(self) -> Any:
            for _ in range(len(self)):
                yield next(self.iterator)

    loader = Endless(items(lib), 4, shuffle=True, num_workers=workers)
    return [list(loader), list(loader), list(loader)]


@script("loaders of one's own", 0, 1)
def with_an_attribute_set_behind_its_back(lib: Any, workers: int) -> Any:
    class Endless(lib.utils.data.DataLoader):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            object.__setattr__(self, "batch_sampler", Repeat(self.batch_sampler))
            self.iterator = super().__iter__()

        def reset(self) -> None:
            self.iterator = self._get_iterator()

    loader = Endless(items(lib), 4, num_workers=workers)
    first = [next(loader.iterator) for _ in range(3)]
    loader.reset()
    return [first, [next(loader.iterator) for _ in range(3)]]


@script("loaders of one's own")
def whose_iterator_is_made_by_hand(lib: Any) -> Any:
    module = lib.utils.data.dataloader
    loader = lib.utils.data.DataLoader(items(lib), 4)
    result = module._SingleProcessDataLoaderIter(loader)
    parallel = module._MultiProcessingDataLoaderIter(
        lib.utils.data.DataLoader(items(lib), 4, num_workers=1)
    )
    kinds = [isinstance(x, module._BaseDataLoaderIter) for x in (result, parallel)]
    return [list(result), list(parallel), kinds, len(result), result._num_yielded]


@script("loaders of one's own")
def whose_workers_are_shut_down(lib: Any) -> Any:
    loader = lib.utils.data.DataLoader(
        items(lib), 4, num_workers=1, persistent_workers=True
    )
    before = loader._iterator
    first = list(loader)
    loader._iterator._shutdown_workers()
    loader._iterator = None
    return [before, first, list(loader), loader._iterator is None]


@script("loaders of one's own", "fork", "spawn", None)
def with_a_context(lib: Any, name: Any) -> Any:
    loader = lib.utils.data.DataLoader(
        [1, 2], num_workers=1, multiprocessing_context="fork"
    )
    loader.multiprocessing_context = name
    result = loader.multiprocessing_context
    return [result and result.get_start_method(), said(lambda: setattr(loader, "x", 1))]


@script("_utils.fetch", True, False)
def fetchers(lib: Any, together: bool) -> Any:
    module, collate = lib.utils.data._utils.fetch, lib.utils.data.default_collate
    rows = module._MapDatasetFetcher(items(lib), together, collate, False)
    read = module._IterableDatasetFetcher(stream(lib), together, list, True)
    if together:
        return [rows.fetch([0, 2]), read.fetch([None] * 3), said(read.fetch)[0]]
    one = lib.utils.data.default_convert
    rows.collate_fn = read.collate_fn = one
    return [rows.fetch(4), read.fetch(None), read.fetch(None)]


@script("_utils")
def what_else_is_there(lib: Any) -> Any:
    utils = lib.utils.data._utils
    state = utils.worker._generate_state(12345678901, 3)
    return [utils.MP_STATUS_CHECK_INTERVAL, list(state)]
