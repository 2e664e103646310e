"""The functions of tensors that layers without parameters of their own are.

Layers with parameters say in their `_formula` which function of which attributes they
are. An activation or a pool is the function of the name that its native layer calls,
with the settings of that layer as they are now.
"""

import functools
from collections.abc import Callable
from typing import Any, Final

from funcnet._homes import home_of
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.nn._module.signature import fields_of
from funcnet.nn import Layer
from funcnet.nn._function import FunctionLayer, RandomFunctionLayer

Function = Callable[..., Any]

_MODULES: Final = "funcnet.compat.nn.modules."
_FAMILIES: Final = (f"{_MODULES}activation", f"{_MODULES}pooling")
_OTHERS: Final = frozenset(
    ["CosineSimilarity", "LocalResponseNorm", "PairwiseDistance", "Upsample"]
)


def function_of(cls: type) -> Function | None:
    """The function of a module and its inputs that a class is, or None."""
    for base in cls.__mro__:
        if home_of(base).startswith(_MODULES):
            return _function_of(base)
    return None


@functools.cache
def _function_of(cls: Any) -> Function | None:
    native: Any = getattr(cls, "native_class", Layer)  # an abstract module has none
    if not issubclass(native, FunctionLayer) or issubclass(native, RandomFunctionLayer):
        return None
    if native.forward is not FunctionLayer.forward:
        return None  # it does more than to call its function
    if home_of(cls) not in _FAMILIES and cls.__name__ not in _OTHERS:
        return None
    name = native._function.__name__
    settings = (*fields_of(native), *["inplace"] * cls.has_inplace)

    def call(module: Any, *inputs: Tensor | None) -> Any:
        keywords = {setting: getattr(module, setting) for setting in settings}
        return getattr(F, name)(*inputs, **keywords)

    return call
