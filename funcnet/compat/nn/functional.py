"""The functions of neural networks, as `torch.nn.functional`."""

import re
from typing import Final

from funcnet.compat._core.overriding import own_copy
from funcnet.compat._ops import FUNCTIONS
from funcnet.compat._ops.nn.loss_classes import LinearCrossEntropyOptions
from funcnet.compat._toplevel.submodule import functions, missing

# Which functions are those of `torch` itself; others only compute the same.
_SHARED: Final = re.compile(
    r"conv(_transpose)?\dd|(adaptive_)?avg_pool1d|pixel_(un)?shuffle|\w+_|bilinear|"
    r"channel_shuffle|cosine_similarity|hardshrink|pairwise_distance|pdist|prelu"
)
# Two of them are in `torch` only; they once were here.
_found = functions("nn.functional") | {n: FUNCTIONS[n] for n in ("sigmoid", "tanh")}
globals().update(
    {
        name: one if _SHARED.fullmatch(name) or name not in FUNCTIONS else own_copy(one)
        for name, one in _found.items()
    }
)
native_channel_shuffle = FUNCTIONS["native_channel_shuffle"]
__getattr__ = missing("nn.functional", globals())

__all__ = ["LinearCrossEntropyOptions"]
