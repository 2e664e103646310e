"""The functions of neural networks, as `torch.nn.functional`."""

from typing import Final as _Final

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
