"""Checkpoints: any pytree in one `.msgpack` file of flax's layout."""

from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._file import load, read_metadata, save

__all__ = [
    "CheckpointError",
    "load",
    "read_metadata",
    "save",
]
