"""`.msgpack` files in flax's layout."""

from funcnet.checkpoint.msgpack._reader import read
from funcnet.checkpoint.msgpack._writer import write

__all__ = ["read", "write"]
