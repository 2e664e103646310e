"""PyTorch's words for initial values of parameters."""

from typing import Final

from funcnet.compat._messages.words.types import Words

WORDS: Final[dict[str, Words]] = {
    "init.slope": (ValueError, "negative_slope {slope} not a valid number"),
    "init.nonlinearity": (
        ValueError,
        "Unsupported nonlinearity {nonlinearity}; there are {known}.",
    ),
    "init.matrix": (ValueError, "Only tensors with 2 dimensions are supported"),
    "init.orthogonal": (
        ValueError,
        "Only tensors with 2 or more dimensions are supported",
    ),
    "init.dirac": (
        ValueError,
        "Only tensors with 3, 4, or 5 dimensions are supported",
    ),
    "init.groups": (ValueError, "dim 0 must be divisible by groups"),
    "init.fans": (
        ValueError,
        "Fan in and fan out can not be computed for tensor with fewer than 2 "
        "dimensions",
    ),
}
