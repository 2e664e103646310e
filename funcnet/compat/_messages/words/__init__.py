"""PyTorch's exception and message for each code of `funcnet._messages`.

An entry is the pair of both, the message with fields for the facts; or a function of
the facts that gives such a pair, or None where PyTorch has no words. The facts are
those of the native check, with shapes as lists and dtypes as those of `torch`; `op` is
the name of the operation. An entry "conv/rank" says what "rank" is for `conv1d` to
`conv3d`. The files are called as those of `funcnet._messages`.
"""

from typing import Final

from funcnet._messages import of_families
from funcnet.compat._messages.words.types import Words

WORDS: Final[dict[str, Words]] = of_families(__name__, "WORDS")

# Codes without PyTorch's words, and why.
WITHOUT_WORDS: Final = {
    "attention.key": "compat gives a key to each operation that draws",
    "attention.two_masks": "compat makes one mask of both, as PyTorch does",
    "ctc.blank_label": "PyTorch computes with what it is given",
    "ctc.traced": "compat lays rows of all labels below each other first",
    "embedding.index": "compat looks at indices before it records",
    "embedding_bag.bad_offsets": "compat does not look at offsets",
    "multi_head.in_proj": "PyTorch fails with words about its own splitting",
    "linear_cross_entropy.both": "compat takes the size if both are given",
    "loss.signs": "PyTorch computes with any number",
    "norm.channels": "modules leave it to PyTorch's function, which has no settings",
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
    "pad_layer.padding": "PyTorch's layers take any number of amounts",
    "pool.norm_type": "PyTorch fails with Python's words about dividing by it",
    **dict.fromkeys(
        (
            *("box_convert.mixed", "deform_conv.shapes", "focal.alpha", "nms.shapes"),
            *("nms.traced", "ops.reduction", "ps_roi.channels", "roi.columns"),
        ),
        "compat's torchvision looks first, and has torchvision's words",
    ),
    "positive": "each family has words of its own, if any",
    "range": "each family has words of its own, if any",
}
