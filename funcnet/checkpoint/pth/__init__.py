"""PyTorch's files `.pth`, `.pt` and `.pkl`, read and written without torch."""

from funcnet.checkpoint.pth._load import entries, inspect, is_pth, load
from funcnet.checkpoint.pth._save import save
from funcnet.checkpoint.pth._tensors import Storage, StoredTensor

__all__ = [
    "Storage",
    "StoredTensor",
    "entries",
    "inspect",
    "is_pth",
    "load",
    "save",
]
