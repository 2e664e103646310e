"""Data as NumPy arrays, and loaders that cut it into batches; imports no jax."""

from funcnet.data._array_loader import ArrayLoader
from funcnet.data._arrays import ArrayDataset, StackDataset, Subset
from funcnet.data._bundled import digits, sonnets
from funcnet.data._collate import default_collate
from funcnet.data._dataset import (
    ChainDataset,
    ConcatDataset,
    Dataset,
    IterableDataset,
)
from funcnet.data._distributed_sampler import DistributedSampler
from funcnet.data._loader import DataLoader
from funcnet.data._samplers import (
    BatchSampler,
    RandomSampler,
    Sampler,
    SequentialSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
)
from funcnet.data._split import random_split
from funcnet.data._streams import Stream
from funcnet.data._text import TextLineDataset
from funcnet.data._workers._info import WorkerInfo, get_worker_info

__all__ = [
    "ArrayDataset",
    "ArrayLoader",
    "BatchSampler",
    "ChainDataset",
    "ConcatDataset",
    "DataLoader",
    "Dataset",
    "DistributedSampler",
    "IterableDataset",
    "RandomSampler",
    "Sampler",
    "SequentialSampler",
    "StackDataset",
    "Stream",
    "Subset",
    "SubsetRandomSampler",
    "TextLineDataset",
    "WeightedRandomSampler",
    "WorkerInfo",
    "default_collate",
    "digits",
    "get_worker_info",
    "random_split",
    "sonnets",
]
