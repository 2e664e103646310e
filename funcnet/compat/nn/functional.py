"""The functions of neural networks, as `torch.nn.functional`."""

from importlib import import_module as _import_module
from typing import Any as _Any
from typing import Final as _Final

from funcnet.compat._ops.nn.loss_classes import (
    LinearCrossEntropyOptions as LinearCrossEntropyOptions,
)
from funcnet.compat._surface import publish as _publish
from funcnet.compat._surface import suggestions as _suggestions
from funcnet.compat.nn._module import functional_names as _more

# PyTorch has these as functions of each element only: it does not export them.
_UNLISTED: _Final = (
    *("alpha_dropout_", "dropout1d_", "dropout2d_", "dropout3d_", "dropout_"),
    *("feature_alpha_dropout_", "feature_dropout", "feature_dropout_"),
    *("hardsigmoid_", "hardswish_", "mish_", "relu6_", "silu_"),
)
__all__ = _publish(__name__, *_UNLISTED)
_wrong = _suggestions(__name__)


_OVERRIDES: _Final = frozenset(
    f"{one}_torch_function{end}"
    for one, end in (
        ("handle", ""),
        ("has", ""),
        ("has", "_unary"),
        ("has", "_variadic"),
    )
)


def __getattr__(name: str) -> _Any:
    if name in _OVERRIDES:
        return getattr(_import_module("funcnet.compat.overrides"), name)
    return getattr(_more, name) if name in _more.__all__ else _wrong(name)
