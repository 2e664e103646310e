"""Datasets and loaders, as `torch.utils.data`; batches come in PyTorch's order."""

from typing import Any

from funcnet.compat._later import missing
from funcnet.compat.utils.data import _datasets as dataset
from funcnet.compat.utils.data import _loader as dataloader
from funcnet.compat.utils.data import _samplers as sampler
from funcnet.compat.utils.data._collate import default_collate, default_convert
from funcnet.compat.utils.data._datasets import (
    ChainDataset,
    ConcatDataset,
    Dataset,
    IterableDataset,
    StackDataset,
    Subset,
    TensorDataset,
    random_split,
)
from funcnet.compat.utils.data._loader import DataLoader
from funcnet.compat.utils.data._samplers import (
    BatchSampler,
    RandomSampler,
    Sampler,
    SequentialSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
)


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "utils.data")


__all__ = [
    "BatchSampler",
    "ChainDataset",
    "ConcatDataset",
    "DataLoader",
    "Dataset",
    "IterableDataset",
    "RandomSampler",
    "Sampler",
    "SequentialSampler",
    "StackDataset",
    "Subset",
    "SubsetRandomSampler",
    "TensorDataset",
    "WeightedRandomSampler",
    "dataloader",
    "dataset",
    "default_collate",
    "default_convert",
    "random_split",
    "sampler",
]
