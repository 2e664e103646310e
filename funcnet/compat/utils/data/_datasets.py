"""Datasets: anything with `__getitem__` and `__len__`, or an iterable."""

import bisect
import itertools
import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from funcnet.compat._help import old_spelling
from funcnet.compat._tensor import from_array
from funcnet.compat.random import Generator
from funcnet.compat.utils.data._samplers import permutation


class Dataset:
    """Base class of datasets that are asked by index, as `torch.utils.data.Dataset`."""

    def __class_getitem__(cls, item: Any) -> type:
        return cls

    def __getitem__(self, index: Any) -> Any:
        raise NotImplementedError("Subclasses of Dataset should implement __getitem__.")

    def __add__(self, other: "Dataset") -> "ConcatDataset":
        return ConcatDataset([self, other])


class IterableDataset(Dataset):
    """Base class of datasets that are iterated over."""

    def __iter__(self) -> Iterator[Any]:
        raise NotImplementedError(
            "Subclasses of IterableDataset should implement __iter__."
        )

    def __add__(self, other: Any) -> Any:
        return ChainDataset([self, other])


class TensorDataset(Dataset):
    """Tensors whose first dimension is the sample, as `TensorDataset`."""

    def __init__(
        self, *tensors: Any, data_tensor: Any = None, target_tensor: Any = None
    ) -> None:
        if data_tensor is not None:
            old_spelling(
                "TensorDataset(data_tensor=x, target_tensor=y)", "TensorDataset(x, y)"
            )
            tensors = (data_tensor, target_tensor)
        if any(len(x) != len(tensors[0]) for x in tensors):
            raise AssertionError(
                "Size mismatch between tensors: their first dimensions are "
                f"{[len(x) for x in tensors]}"
            )
        self.tensors = tensors

    def __getitem__(self, index: Any) -> tuple[Any, ...]:
        return tuple(x[index] for x in self.tensors)

    def __getitems__(self, indices: Sequence[int]) -> "Batch":
        return Batch(tuple(_rows(x, indices) for x in self.tensors))

    def __len__(self) -> int:
        return len(self.tensors[0])


def _rows(x: Any, indices: Sequence[int]) -> Any:
    """Rows of a tensor, gathered on the host: a batch is a leaf of the program."""
    return from_array(np.asarray(x._array())[list(indices)])


class Batch:
    """Samples that are collated already."""

    def __init__(self, parts: tuple[Any, ...]) -> None:
        self.parts = parts


class StackDataset(Dataset):
    """Datasets side by side: samples are tuples, or dicts with keywords."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.datasets: Any = kwargs or args
        sizes = {len(one) for one in (kwargs.values() if kwargs else args)}
        if len(sizes) != 1:
            raise ValueError("Size mismatch between datasets")
        (self._length,) = sizes

    def __getitem__(self, index: Any) -> Any:
        if isinstance(self.datasets, dict):
            return {name: one[index] for name, one in self.datasets.items()}
        return tuple(one[index] for one in self.datasets)

    def __len__(self) -> int:
        return self._length


class ConcatDataset(Dataset):
    """Datasets one behind the other."""

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = list(datasets)
        if not self.datasets:
            raise AssertionError("datasets should not be an empty iterable")
        self.cumulative_sizes = list(itertools.accumulate(map(len, self.datasets)))

    def __len__(self) -> int:
        return self.cumulative_sizes[-1]

    def __getitem__(self, index: int) -> Any:
        if index < 0:
            if -index > len(self):
                raise ValueError(
                    "absolute value of index should not exceed dataset length"
                )
            index += len(self)
        which = bisect.bisect_right(self.cumulative_sizes, index)
        start = self.cumulative_sizes[which - 1] if which else 0
        return self.datasets[which][index - start]


class ChainDataset(IterableDataset):
    """Iterable datasets one behind the other."""

    def __init__(self, datasets: Iterable[Any]) -> None:
        self.datasets = datasets

    def __iter__(self) -> Iterator[Any]:
        return itertools.chain.from_iterable(self.datasets)


class Subset(Dataset):
    """Some samples of a dataset."""

    def __init__(self, dataset: Any, indices: Sequence[int]) -> None:
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, list):
            return self.dataset[[self.indices[i] for i in index]]
        return self.dataset[self.indices[index]]

    def __getitems__(self, indices: Sequence[int]) -> Any:
        chosen = [self.indices[i] for i in indices]
        if hasattr(self.dataset, "__getitems__"):
            return self.dataset.__getitems__(chosen)
        return [self.dataset[i] for i in chosen]

    def __len__(self) -> int:
        return len(self.indices)


def random_split(
    dataset: Any, lengths: Sequence[float], generator: Generator | None = None
) -> list[Subset]:
    """Split a dataset at random into parts of given lengths or fractions."""
    sizes = [int(length) for length in lengths]
    if math.isclose(sum(lengths), 1) and sum(lengths) <= 1:
        sizes = [math.floor(len(dataset) * fraction) for fraction in lengths]
        for place in range(len(dataset) - sum(sizes)):
            sizes[place % len(sizes)] += 1
    if sum(sizes) != len(dataset):
        raise ValueError(
            "Sum of input lengths does not equal the length of the input dataset!"
        )
    order = permutation(len(dataset), generator)
    ends = list(itertools.accumulate(sizes))
    return [
        Subset(dataset, order[end - size : end])
        for end, size in zip(ends, sizes, strict=True)
    ]
