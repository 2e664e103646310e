"""Neural networks in PyTorch's style, as `torch.nn`."""

from typing import Any

from funcnet.compat._later import missing
from funcnet.compat.nn import functional, init, modules, parameter, utils
from funcnet.compat.nn.modules import CLASSES, Module
from funcnet.compat.nn.modules import _asking as _asking
from funcnet.compat.nn.parameter import (
    Buffer,
    Parameter,
    UninitializedBuffer,
    UninitializedParameter,
)

globals().update(CLASSES)
for _hidden in ("NonDynamicallyQuantizableLinear", "RNNCellBase", "NLLLoss2d"):
    globals().pop(_hidden, None)


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "nn")


__all__ = [
    "Buffer",
    "Module",
    "Parameter",
    "UninitializedBuffer",
    "UninitializedParameter",
    "functional",
    "init",
    "modules",
    "parameter",
    "utils",
]
