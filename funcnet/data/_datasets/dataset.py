"""Datasets, asked by index or read in order, and chains of them."""

import bisect
import itertools
import warnings
from collections.abc import Iterable, Iterator, Sequence, Sized
from typing import Any, Generic, Protocol, TypeVar

from funcnet._errors import InputError, InputTypeError

T_co = TypeVar("T_co", covariant=True)
T = TypeVar("T")


class Source(Protocol[T_co]):
    """Anything that is asked by index and has a length."""

    def __getitem__(self, index: int, /) -> T_co: ...
    def __len__(self) -> int: ...


class Dataset(Generic[T_co]):
    """Base class of datasets that are asked by index, as `torch.utils.data.Dataset`.

    A subclass has `__getitem__(index)`, which returns a sample, and `__len__`. Any
    other object with these two will do for a `DataLoader`: a list, a data source of
    Grain or TFDS, rows of a Hugging Face dataset. Where samples are faster to get
    many at once, `__getitems__(indices)` returns a list of them.

    Raises:
        NotImplementedError: a sample is asked of a subclass without `__getitem__`.

    Example:
        >>> class Squares(Dataset):
        ...     def __len__(self):
        ...         return 5
        ...     def __getitem__(self, index):
        ...         return index**2
        >>> both = Squares() + Squares()
        >>> len(both), both[7]
        (10, 4)
    """

    def __getitem__(self, index: int) -> T_co:
        raise NotImplementedError("Subclasses of Dataset should implement __getitem__.")

    def __add__(self, other: Any) -> "Dataset[Any]":
        return ConcatDataset([self, other])  # type: ignore[list-item]


class IterableDataset(Dataset[T_co]):
    """Base class of datasets that are read in order, as `IterableDataset`.

    A subclass has `__iter__`, which begins anew each time. In a loader with workers
    each worker iterates over its own copy, and `get_worker_info()` says which part of
    the data it should take; otherwise every sample comes once from each worker.

    Raises:
        NotImplementedError: a subclass without `__iter__` is read.

    Example:
        >>> class Countdown(IterableDataset):
        ...     def __iter__(self):
        ...         return iter([3, 2, 1])
        >>> list(Countdown() + Countdown())
        [3, 2, 1, 3, 2, 1]
    """

    def __iter__(self) -> Iterator[T_co]:
        raise NotImplementedError(
            "Subclasses of IterableDataset should implement __iter__."
        )

    def __add__(self, other: Any) -> Dataset[Any]:
        return ChainDataset([self, other])


class ConcatDataset(Dataset[T_co]):
    """Datasets one behind the other, as `torch.utils.data.ConcatDataset`.

    Args:
        datasets: datasets that are asked by index, at least one.

    Raises:
        InputError: there is none, or an index is out of range.
        InputTypeError: one of them can only be read in order.

    Example:
        >>> both = ConcatDataset([["a", "b"], ["c"]])
        >>> len(both), both[2], both[-3]
        (3, 'c', 'a')
    """

    def __init__(self, datasets: Iterable[Source[T_co]]) -> None:
        self.datasets = list(datasets)
        if not self.datasets:
            raise InputError("datasets should not be an empty iterable")
        for dataset in self.datasets:
            if isinstance(dataset, IterableDataset):
                raise InputTypeError(
                    "ConcatDataset does not support IterableDataset; chain them with "
                    "ChainDataset."
                )
        self.cumulative_sizes = list(itertools.accumulate(map(len, self.datasets)))

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]

    @property
    def cummulative_sizes(self) -> list[int]:
        """`cumulative_sizes`, as it was once spelled."""
        warnings.warn(
            "cummulative_sizes attribute is renamed to cumulative_sizes",
            DeprecationWarning,
            stacklevel=2,
        )
        return self.cumulative_sizes

    def __getitem__(self, index: int) -> T_co:
        if index < 0:
            if -index > len(self):
                raise InputError(
                    "absolute value of index should not exceed dataset length: "
                    f"{index} of {len(self)} samples"
                )
            index += len(self)
        if index >= len(self):
            raise IndexError(f"index {index} is out of range for {len(self)} samples")
        which = bisect.bisect_right(self.cumulative_sizes, index)
        start = self.cumulative_sizes[which - 1] if which else 0
        return self.datasets[which][index - start]


class ChainDataset(IterableDataset[T_co]):
    """Iterables read one behind the other, as `torch.utils.data.ChainDataset`.

    Example:
        >>> list(ChainDataset([range(2), "ab"]))
        [0, 1, 'a', 'b']
    """

    def __init__(self, datasets: Iterable[Iterable[T_co]]) -> None:
        self.datasets = datasets

    def __iter__(self) -> Iterator[T_co]:
        return itertools.chain.from_iterable(self.datasets)

    def __len__(self) -> int:
        return sum(
            len(dataset) for dataset in self.datasets if isinstance(dataset, Sized)
        )


def rows(dataset: Source[T], indices: Sequence[int]) -> list[T]:
    """Samples of a dataset, all at once where it has a way."""
    count = getattr(dataset, "__getitems__", None)
    if callable(count):
        result: list[T] = count(indices)
        return result
    return [dataset[index] for index in indices]
