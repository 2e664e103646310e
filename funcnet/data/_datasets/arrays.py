"""Datasets of which a batch is gathered whole, never sample by sample."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike

from funcnet._errors import InputError
from funcnet.data._datasets.dataset import Dataset, Source, rows

# Makes an array to write a batch into, as `numpy.empty` does; workers have one that
# makes arrays in shared memory.
Allocate = Callable[[tuple[int, ...], np.dtype], np.ndarray]


class ArrayDataset(Dataset[tuple[np.ndarray, ...]]):
    """Arrays whose first dimension is the sample, as `TensorDataset`.

    A sample is a tuple with a row of each. A loader takes whole batches from here.

    Args:
        arrays: arrays of the same length.

    Raises:
        InputError: there is none, or the lengths differ.

    Example:
        >>> dataset = ArrayDataset([[1.0, 2.0], [3.0, 4.0]], [0, 1])
        >>> len(dataset), dataset[1]
        (2, (array([3., 4.]), np.int64(1)))
    """

    def __init__(self, *arrays: ArrayLike) -> None:
        self.arrays = tuple(np.asarray(array) for array in arrays)
        shapes = [array.shape for array in self.arrays]
        if len({shape[:1] for shape in shapes}) != 1 or () in shapes:
            raise InputError(
                "Size mismatch between arrays: their shapes are "
                f"{', '.join(map(str, shapes)) or 'none at all'}; all must have the "
                "same first dimension."
            )

    def __getitem__(self, index: int) -> tuple[np.ndarray, ...]:
        return tuple(array[index] for array in self.arrays)

    def __len__(self) -> int:
        return len(self.arrays[0])

    def __getbatch__(
        self, indices: Sequence[int], allocate: Allocate | None = None
    ) -> Any | None:
        """A batch of these samples, or None where they must be put together singly."""
        if any(array.dtype.kind not in "biufcV" for array in self.arrays):
            return None
        chosen = np.asarray(indices, np.intp)
        return tuple(take_rows(array, chosen, allocate) for array in self.arrays)


class Subset(Dataset[Any]):
    """Some samples of a dataset, as `torch.utils.data.Subset`.

    Args:
        dataset: any dataset that is asked by index.
        indices: which of its samples, in their new order.

    Example:
        >>> part = Subset("abcdef", [5, 0])
        >>> len(part), part[0]
        (2, 'f')
    """

    def __init__(self, dataset: Source[Any], indices: Sequence[int]) -> None:
        self.dataset = dataset
        self.indices = indices

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, list):
            return self.dataset[[self.indices[i] for i in index]]  # type: ignore[index]
        return self.dataset[self.indices[index]]

    def __getitems__(self, indices: Sequence[int]) -> list[Any]:
        return rows(self.dataset, [self.indices[index] for index in indices])

    def __len__(self) -> int:
        return len(self.indices)

    def __getbatch__(
        self, indices: Sequence[int], allocate: Allocate | None = None
    ) -> Any | None:
        """A batch of these samples, or None where they must be put together singly."""
        chosen = [self.indices[index] for index in indices]
        return gather(self.dataset, chosen, allocate)


class StackDataset(Dataset[Any]):
    """Datasets side by side, as `torch.utils.data.StackDataset`.

    A sample is a tuple with one of each or, where they were given names, a dict.

    Raises:
        InputError: there is none, or the lengths differ.

    Example:
        >>> StackDataset([1, 2], "ab")[0], StackDataset(image=[1, 2], label="ab")[1]
        ((1, 'a'), {'image': 2, 'label': 'b'})
    """

    def __init__(self, *args: Source[Any], **kwargs: Source[Any]) -> None:
        if args and kwargs:
            raise InputError(
                "Supported either ``tuple``- (via ``args``) or``dict``- (via "
                "``kwargs``) like input/output, but both types are given. Write "
                "StackDataset(images, labels) or StackDataset(image=..., label=...)."
            )
        if not args and not kwargs:
            raise InputError(
                "At least one dataset should be passed: StackDataset(images, labels)."
            )
        self.datasets: Any = kwargs or args
        sizes = [len(column) for column in self._parts()]
        if len(set(sizes)) != 1:
            raise InputError(f"Size mismatch between datasets: {sizes} samples")
        self._length = sizes[0]

    def _parts(self) -> list[Any]:
        named = isinstance(self.datasets, dict)
        return list(self.datasets.values() if named else self.datasets)

    def _assemble(self, parts: Sequence[Any]) -> Any:
        if isinstance(self.datasets, dict):
            return dict(zip(self.datasets, parts, strict=True))
        return tuple(parts)

    def __getitem__(self, index: int) -> Any:
        return self._assemble([column[index] for column in self._parts()])

    def __getitems__(self, indices: Sequence[int]) -> list[Any]:
        columns = [rows(column, indices) for column in self._parts()]
        return [self._assemble(row) for row in zip(*columns, strict=True)]

    def __len__(self) -> int:
        return self._length

    def __getbatch__(
        self, indices: Sequence[int], allocate: Allocate | None = None
    ) -> Any | None:
        """A batch of these samples, or None where they must be put together singly."""
        parts = [gather(column, indices, allocate) for column in self._parts()]
        return None if any(part is None for part in parts) else self._assemble(parts)


TABLES: Final[
    dict[type, Callable[[Any, Sequence[int], Allocate | None], Any | None]]
] = {}
"""Classes whose objects are datasets of their rows, and what gathers rows of them."""


def gather(
    dataset: object, indices: Sequence[int], allocate: Allocate | None = None
) -> Any | None:
    """A batch that a dataset gathers whole, or None where it cannot."""
    if (gather_rows := TABLES.get(type(dataset))) is not None:
        return gather_rows(dataset, indices, allocate)
    if defined_together(type(dataset), "__getbatch__", "__getitem__", "__getitems__"):
        return dataset.__getbatch__(indices, allocate)  # type: ignore[attr-defined]
    return None


def defined_together(subclass: type, fast: str, *slow: str) -> bool:
    """Return whether the class that defines the slow method also defines `fast`.

    A subclass that says anew what a sample is does not mean its parent's fast way, and
    neither does a method that was replaced by a function of another module.
    """
    for cls in subclass.__mro__:
        result = [vars(cls)[name] for name in slow if name in vars(cls)]
        if result:
            quick = vars(cls).get(fast)
            module = getattr(quick, "__module__", None)
            return quick is not None and all(x.__module__ == module for x in result)
    return False


def take_rows(array: np.ndarray, chosen: np.ndarray, allocate: Allocate | None) -> Any:
    """Rows of an array, in memory that `allocate` makes."""
    if allocate is None:
        return array.take(chosen, axis=0)
    n = len(array)
    if len(chosen) and not -n <= chosen.min() <= chosen.max() < n:
        wrong = chosen[(chosen < -n) | (chosen >= n)][0]
        raise IndexError(f"index {wrong} is out of bounds for axis 0 with size {n}")
    result = allocate((len(chosen), *array.shape[1:]), array.dtype)
    # With mode "raise" numpy would gather into memory of its own first.
    return array.take(chosen, axis=0, out=result, mode="wrap")
