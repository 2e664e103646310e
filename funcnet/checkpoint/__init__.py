"""Checkpoints: pytrees in `.msgpack`, `.pth` and `.safetensors` files."""

from funcnet.checkpoint._convert import convert
from funcnet.checkpoint._document import Entry
from funcnet.checkpoint._errors import CheckpointError
from funcnet.checkpoint._file import entries, load, read_metadata, save
from funcnet.checkpoint._open import OpenCheckpoint, open
from funcnet.checkpoint._report import Report

__all__ = [
    "CheckpointError",
    "Entry",
    "OpenCheckpoint",
    "Report",
    "convert",
    "entries",
    "load",
    "open",
    "read_metadata",
    "save",
]
