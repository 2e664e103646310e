"""Datasets that workers import quickly, in a file without pytest."""

import random
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from funcnet import data


class Draws:
    """Rows of random numbers, one of each kind of generator."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, index: int) -> np.ndarray:
        if not 0 <= index < self.size:
            raise IndexError(index)
        return np.array([random.random(), np.random.random()])


class Uneven(data.IterableDataset[int]):
    """Worker `w` of `n` gives the numbers below 20 + 7w that leave `w` divided by n."""

    def __iter__(self) -> Iterator[int]:
        info = data.get_worker_info()
        number, workers = (info.id, info.num_workers) if info else (0, 1)
        return iter(range(number, 20 + 7 * number, workers))


def items(get: Callable[[int], Any], n: int = 8) -> data.Dataset[Any]:
    """A dataset of what a function gives, whose class the workers cannot import."""

    class Items(data.Dataset[Any]):
        def __len__(self) -> int:
            return n

        def __getitem__(self, index: int) -> Any:
            return get(index)

    return Items()


def eleven() -> Iterator[int]:
    yield from range(11)


class Rows:
    """As `datasets.Dataset`: rows are dicts, many can be had at once."""

    def __init__(self, kind: str | None = None) -> None:
        self.kind = kind

    def with_format(self, kind: str) -> "Rows":
        return Rows(kind)

    def __len__(self) -> int:
        return 5

    def __getitem__(self, index: Any) -> dict[str, Any]:
        if isinstance(index, slice | list):
            raise TypeError("columns, not rows")
        tokens = [index, index + 1]
        result = np.array(tokens) if self.kind == "numpy" else tokens
        return {"tokens": result, "text": str(index), "label": index % 2}

    def __getitems__(self, indices: list[int]) -> list[dict[str, Any]]:
        return [self[index] for index in indices]


class Point(NamedTuple):
    x: Any
    y: Any


def ints(batch: list[tuple[Any]]) -> list[int]:
    return [int(sample) for (sample,) in batch]


class Row(list):
    """A list that is made of two arguments."""

    def __init__(self, one, other):
        super().__init__([one, other])
