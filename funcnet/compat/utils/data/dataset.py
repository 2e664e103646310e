"""Datasets, as `torch.utils.data.dataset`: those of `funcnet.data`, with tensors."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from funcnet.compat._core.conversion import in_memory
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.suggestions import old_spelling
from funcnet.compat._random.generator import Generator
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.utils.data.sampler import permutation
from funcnet.data import (
    ChainDataset,
    ConcatDataset,
    Dataset,
    IterableDataset,
    StackDataset,
    Subset,
)
from funcnet.data._datasets.arrays import TABLES, Allocate, take_rows
from funcnet.data._datasets.split import split_by


@explains_keywords
class TensorDataset(Dataset[tuple[Tensor, ...]]):
    """Dataset of tensors, indexed by the first dimension, as `TensorDataset`."""

    def __init__(
        self,
        *tensors: Tensor,
        data_tensor: Tensor | None = None,
        target_tensor: Tensor | None = None,
    ) -> None:
        if data_tensor is not None:
            old_spelling(
                "TensorDataset(data_tensor=x, target_tensor=y)", "TensorDataset(x, y)"
            )
            tensors = (data_tensor, target_tensor)  # type: ignore[assignment]
        if any(len(x) != len(tensors[0]) for x in tensors):
            raise AssertionError(
                "Size mismatch between tensors: their first dimensions are "
                f"{[len(x) for x in tensors]}"
            )
        self.tensors = tensors

    def __getitem__(self, index: int | slice | Tensor) -> tuple[Tensor, ...]:
        return tuple(x[index] for x in self.tensors)

    def __len__(self) -> int:
        return len(self.tensors[0])

    def __getbatch__(
        self, indices: Sequence[int], allocate: Allocate | None = None
    ) -> tuple[Any, ...] | None:
        """Return a batch of these samples: arrays, or tensors if they are on a GPU."""
        parts = [_gather_rows(x, indices, allocate) for x in self.tensors]
        return None if any(part is None for part in parts) else tuple(parts)


def _gather_rows(
    x: Tensor, indices: Sequence[int], allocate: Allocate | None
) -> Any | None:
    """Rows of a tensor as an array, or a tensor if it is on a GPU."""
    chosen = np.asarray(indices, np.intp)
    if x.requires_grad or chosen.ndim != 1:
        return None
    if x.device.type != "cpu":
        return x[chosen]
    try:
        return take_rows(in_memory(x._spec.dtype, x._array()), chosen, allocate)
    except IndexError:  # as the tensor says it
        return None


TABLES[Tensor] = _gather_rows


@explains_keywords
def random_split(
    dataset: Any, lengths: Sequence[float], generator: Generator | None = None
) -> list[Subset]:
    """Split a dataset at random into parts of given lengths or fractions."""
    return split_by(dataset, lengths, permutation(len(dataset), generator))


__all__ = [
    "ChainDataset",
    "ConcatDataset",
    "Dataset",
    "IterableDataset",
    "StackDataset",
    "Subset",
    "TensorDataset",
    "random_split",
]
