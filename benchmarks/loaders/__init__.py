"""Loaders side by side: funcnet.data, compat's and PyTorch's, an epoch at a time."""

from typing import NamedTuple

MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class Case(NamedTuple):
    """What is loaded, in batches of which size, by how many workers."""

    title: str
    kind: str
    batch_size: int
    workers: int
    bar: float  # how many times as fast as PyTorch's funcnet.data must be


CASES = {
    "memory": Case("60,000 × 784 in memory, shuffled, batch 64", "memory", 64, 0, 4.0),
    "png": Case("1,000 PNGs of 64 × 64, batch 32", "png", 32, 0, 1.0),
    "png-2": Case("the same, 2 workers", "png", 32, 2, 1.0),
    "jpeg": Case(
        "64 JPEGs of 1600 × 1200, Resize, CenterCrop, Normalize, batch 16",
        *("jpeg", 16, 0, 1.0),
    ),
    "jpeg-2": Case("the same, 2 workers", "jpeg", 16, 2, 1.0),
}
PEERS = {
    "funcnet": "funcnet.data",
    "compat": "funcnet.compat",
    "torch": "PyTorch",
}
