"""Folders of Orbax: an extra, `pip install 'funcnet[orbax]'`."""

from funcnet.checkpoint.orbax._reader import read
from funcnet.checkpoint.orbax._writer import write

__all__ = ["read", "write"]
