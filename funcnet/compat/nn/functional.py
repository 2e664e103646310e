"""The functions of neural networks, as `torch.nn.functional`."""

import re as _re
from typing import Final as _Final

from funcnet.compat._core.overriding import own_copy as _own_copy
from funcnet.compat._ops import FUNCTIONS as _FUNCTIONS
from funcnet.compat._ops.nn.loss_classes import (
    LinearCrossEntropyOptions as LinearCrossEntropyOptions,
)
from funcnet.compat._surface import publish as _publish
from funcnet.compat._surface import suggestions as _suggestions

# PyTorch has these as functions of each element only: it does not export them.
_UNLISTED: _Final = (
    *("alpha_dropout_", "dropout1d_", "dropout2d_", "dropout3d_", "dropout_"),
    *("feature_alpha_dropout_", "feature_dropout", "feature_dropout_"),
    *("hardsigmoid_", "hardswish_", "mish_", "relu6_", "silu_"),
)
__all__ = _publish(__name__, *_UNLISTED)
__getattr__ = _suggestions(__name__)

# Which functions are those of `torch` itself; others only compute the same.
_SHARED: _Final = _re.compile(
    r"conv(_transpose)?\dd|(adaptive_)?avg_pool1d|pixel_(un)?shuffle|\w+_|bilinear|"
    r"channel_shuffle|cosine_similarity|hardshrink|pairwise_distance|pdist|prelu"
)
for _name in __all__:
    if not _SHARED.fullmatch(_name) and _name in _FUNCTIONS:
        globals()[_name] = _own_copy(globals()[_name])
