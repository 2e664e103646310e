"""`.safetensors` files, and sets of them under an index."""

from funcnet.checkpoint.safetensors._reader import read
from funcnet.checkpoint.safetensors._shards import (
    SUFFIX,
    parse_size,
)
from funcnet.checkpoint.safetensors._shards import (
    read as read_shards,
)
from funcnet.checkpoint.safetensors._shards import (
    write as write_shards,
)
from funcnet.checkpoint.safetensors._writer import write

__all__ = ["SUFFIX", "parse_size", "read", "read_shards", "write", "write_shards"]
