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
    attention,
    conv,
    dropout,
    embedding,
    files,
    init,
    linear,
    norm,
    pool,
    recurrent,
    shape,
    shared,
    vision,
)
from funcnet.compat._messages.words.types import Words

_FAMILIES = (
    *(shared, activation, attention, conv, dropout, embedding, files, init, linear),
    *(norm, pool, recurrent, shape, vision),
)
WORDS: Final[dict[str, Words]] = {
    code: words for family in _FAMILIES for code, words in family.WORDS.items()
}

# Codes without PyTorch's words, and why.
WITHOUT_WORDS: Final = {
    "attention.key": "compat gives a key to each operation that draws",
    "attention.two_masks": "compat makes one mask of both, as PyTorch does",
    "embedding.index": "compat looks at indices before it records",
    "embedding_bag.bad_offsets": "compat does not look at offsets",
    "multi_head.in_proj": "PyTorch fails with words about its own splitting",
    "one_hot.unknown": "compat counts the classes before it records",
    "recurrent.lengths": "lengths come from a PackedSequence",
    "recurrent.params": "modules give the parameters that they have",
    "recurrent.projection": "modules give the parameters that they have",
    "recurrent.weights": "modules give the parameters that they have",
    "recurrent_cell.weights": "modules give the parameters that they have",
    **dict.fromkeys(
        (f"sequences.{what}" for what in ("count", "dtype", "length", "pad", "unpad")),
        "torch.nn.utils.rnn is written with tensors",
    ),
    "conv_layer.output_rank": "the module's own `_output_padding` is asked instead",
    "conv_layer.output_size": "the module's own `_output_padding` is asked instead",
    "init.trunc_normal": "PyTorch draws what it is asked for",
    "key": "compat gives a key to each operation that draws",
    "positive": "each family has words of its own, if any",
    "range": "each family has words of its own, if any",
}
