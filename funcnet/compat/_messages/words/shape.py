"""PyTorch's words for reshaping."""

from typing import Final

from funcnet.compat._messages.words.types import Words

WORDS: Final[dict[str, Words]] = {
    "flatten.order": (
        RuntimeError,
        "flatten() has invalid args: start_dim cannot come after end_dim",
    ),
    "unflatten.sizes": (
        RuntimeError,
        "unflatten: Provided sizes {sizes} don't multiply up to the size of dim {dim} "
        "({size}) in the input tensor",
    ),
}
