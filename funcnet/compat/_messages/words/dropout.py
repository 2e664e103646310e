"""PyTorch's words for dropout."""

from typing import Final

from funcnet.compat._messages.words.types import Words

WORDS: Final[dict[str, Words]] = {
    "dropout.p": (
        ValueError,
        "dropout probability has to be between 0 and 1, but got {p}",
    ),
    "dropout.channels": (
        RuntimeError,
        "Feature dropout requires at least 2 dimensions in the input",
    ),
}
for _family in ("dropout", "alpha_dropout", "feature_alpha_dropout"):
    WORDS[f"{_family}/dtype.floating"] = (
        RuntimeError,
        "result type Float can't be cast to the desired output type {dtype.type_name}",
    )
