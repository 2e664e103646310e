"""PyTorch's exception and message for each code of `funcnet._messages`.

An entry is the pair of both, the message with fields for the facts; or a function of
the facts that gives such a pair, or None where PyTorch has no words. The facts are
those of the native check, with shapes as lists and dtypes as those of `torch`; `op` is
the name of the operation. An entry "conv/rank" says what "rank" is for `conv1d` to
`conv3d`. The files are called as those of `funcnet._messages`.
"""

from typing import Final

from funcnet.compat._messages.words import (
    activation,
    conv,
    dropout,
    linear,
    shape,
    shared,
    vision,
)
from funcnet.compat._messages.words.types import Words

_FAMILIES = (shared, activation, conv, dropout, linear, shape, vision)
WORDS: Final[dict[str, Words]] = {
    code: words for family in _FAMILIES for code, words in family.WORDS.items()
}

# Codes without PyTorch's words, and why.
WITHOUT_WORDS: Final = {
    "conv_layer.output_rank": "the module's own `_output_padding` is asked instead",
    "conv_layer.output_size": "the module's own `_output_padding` is asked instead",
    "key": "compat gives a key to each operation that draws",
    "positive": "each family has words of its own, if any",
    "range": "each family has words of its own, if any",
}
