"""Neural networks in PyTorch's style, as `torch.nn`."""

from typing import Any

from funcnet.compat._core.lazy_modules import parts_of
from funcnet.compat._ops.nn.loss_classes import LinearCrossEntropyOptions
from funcnet.compat.nn import functional, init, modules, parameter, utils
from funcnet.compat.nn._module.functional_names import factory_kwargs
from funcnet.compat.nn._module.optimized_module import OptimizedModule as _Optimized
from funcnet.compat.nn.modules import CLASSES, Module
from funcnet.compat.nn.parameter import (
    Buffer,
    Parameter,
    UninitializedBuffer,
    UninitializedParameter,
)

globals().update(CLASSES)
# PyTorch shows it in `nn.modules` only.
globals().pop("NonDynamicallyQuantizableLinear")
Module._optimized_class = _Optimized


_part = parts_of(__name__, ("attention", "grad", "parallel"), globals())


def __getattr__(name: str) -> Any:
    if name == "DataParallel":
        return _part("parallel").DataParallel
    return _part(name)


__all__ = [
    *(name for name in CLASSES if name != "NonDynamicallyQuantizableLinear"),
    "Buffer",
    "LinearCrossEntropyOptions",
    "Module",
    "Parameter",
    "UninitializedBuffer",
    "UninitializedParameter",
    "factory_kwargs",
    "functional",
    "init",
    "modules",
    "parameter",
    "utils",
]
