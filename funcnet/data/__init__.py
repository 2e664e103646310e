"""Data as NumPy arrays, and loaders that cut it into batches; imports no jax."""

import importlib
from typing import TYPE_CHECKING, Any

from funcnet.data._datasets.arrays import ArrayDataset, StackDataset, Subset
from funcnet.data._datasets.builtin import digits, sonnets
from funcnet.data._datasets.dataset import (
    ChainDataset,
    ConcatDataset,
    Dataset,
    IterableDataset,
)
from funcnet.data._datasets.split import random_split
from funcnet.data._datasets.stream_dataset import Stream
from funcnet.data._datasets.text import TextLineDataset
from funcnet.data._loader.array_loader import ArrayLoader
from funcnet.data._loader.collate import default_collate
from funcnet.data._loader.distributed_sampler import DistributedSampler
from funcnet.data._loader.loader import DataLoader
from funcnet.data._loader.samplers import (
    BatchSampler,
    RandomSampler,
    Sampler,
    SequentialSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
)
from funcnet.data._workers._info import WorkerInfo, get_worker_info

if TYPE_CHECKING:
    from funcnet.data import images, transforms, vision
    from funcnet.data._tfds import build_tfds, tfds

# Images load when first used: Pillow takes longer to import than all the rest.
_LATER = {
    "images": "images",
    "transforms": "transforms",
    "vision": "vision",
    "build_tfds": "_tfds",
    "tfds": "_tfds",
}


def __getattr__(name: str) -> Any:
    if name in _LATER:
        module = importlib.import_module(f"funcnet.data.{_LATER[name]}")
        return module if name == _LATER[name] else getattr(module, name)
    raise AttributeError(f"module 'funcnet.data' has no attribute {name!r}")


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
    "build_tfds",
    "default_collate",
    "digits",
    "get_worker_info",
    "images",
    "random_split",
    "sonnets",
    "tfds",
    "transforms",
    "vision",
]
