"""Python's operators on tensors: `x + y`, `x += 1`, `x[...] < y`, `-x`.

The common ones are recorded by the shortest way: they are most of what a script runs.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from funcnet.compat._core.overriding import is_asked, made_instance
from funcnet.compat._core.static_args import NO_KEYWORDS, PLACEHOLDER
from funcnet.compat._engine.graph import record, scalar_input
from funcnet.compat._ops.elementwise import comparison as _comparison  # noqa: F401 - entered before
from funcnet.compat._ops.elementwise import powers as _powers  # noqa: F401
from funcnet.compat._ops.elementwise.arithmetic import floor_divide, remainder
from funcnet.compat._ops.elementwise.bitwise import bitwise_not
from funcnet.compat._ops.elementwise.rounding import abs as absolute
from funcnet.compat._ops.elementwise.rounding import neg, positive
from funcnet.compat._ops.reduce.reduction import any_of
from funcnet.compat._ops.registry import METHODS, NUMBERS, OPS, as_number
from funcnet.compat._tensor.recording import as_value, wrap_outputs
from funcnet.compat._tensor.tensor import Tensor

PAIR: Final = ((PLACEHOLDER, PLACEHOLDER), NO_KEYWORDS)
OPERANDS: Final = (Tensor, bool, int, float, complex, np.ndarray, np.generic)


def _binary(name: str, reflected: bool = False) -> Callable[[Tensor, Any], Any]:
    """The operator that records the operation `name` with a tensor or a number."""
    op = OPS[name]

    def method(self: Tensor, other: Any) -> Any:
        if isinstance(other, Tensor):
            value = other._value()
        elif type(other) in NUMBERS:
            value = scalar_input(other)
        elif isinstance(other, OPERANDS):
            value = as_value(as_number(other))
        elif is_asked(type(other)):
            made_instance(type(other))
            return getattr(self, method.__name__)(other)
        else:
            return NotImplemented
        if reflected:
            return wrap_outputs(record(op, (value, self._value()), PAIR), [other, self])
        return wrap_outputs(record(op, (self._value(), value), PAIR), [self, other])

    return method


def _called(name: str) -> Callable[[Tensor, Any], Any]:
    """The operator that calls the method `name`."""
    call = METHODS[name]

    def method(self: Tensor, other: Any) -> Any:
        return call(self, other) if isinstance(other, OPERANDS) else NotImplemented

    return method


def _enter(operator: str, method: Callable[..., Any]) -> None:
    method.__name__ = method.__qualname__ = f"__{operator}__"
    METHODS[f"__{operator}__"] = method


for _operator, _name in (
    ("add", "add"),
    ("sub", "sub"),
    ("mul", "mul"),
    ("truediv", "div"),
    ("and", "bitwise_and"),
    ("or", "bitwise_or"),
    ("xor", "bitwise_xor"),
    ("lshift", "bitwise_left_shift"),
    ("rshift", "bitwise_right_shift"),
):
    _enter(_operator, _binary(_name))
    _enter(f"r{_operator}", _binary(_name, reflected=True))
    _enter(f"i{_operator}", _called(f"{_name}_"))
for _operator in ("eq", "ne", "lt", "le", "gt", "ge"):
    _enter(_operator, _binary(_operator))

_enter("mod", _called("remainder"))
_enter("rmod", lambda self, other: remainder(other, self))
_enter("imod", _called("remainder_"))
_enter("floordiv", _called("floor_divide"))
_enter("rfloordiv", lambda self, other: floor_divide(other, self))
_enter("ifloordiv", _called("floor_divide_"))
_enter("pow", _called("pow"))  # a number is a setting, for its simple powers
_enter("rpow", _binary("pow", reflected=True))
_enter("ipow", _called("pow_"))

METHODS["__div__"], METHODS["__rdiv__"] = (
    METHODS["__truediv__"],
    METHODS["__rtruediv__"],
)
METHODS["__idiv__"] = METHODS["__itruediv__"]
METHODS["__neg__"], METHODS["__pos__"] = neg, positive
METHODS["__abs__"], METHODS["__invert__"] = absolute, bitwise_not
# Tensors are told apart by identity: `==` compares their elements.
METHODS["__hash__"] = object.__hash__


def _contains(self: Tensor, element: Any) -> bool:
    """Tell whether some element equals this one."""
    if not isinstance(element, OPERANDS):
        raise RuntimeError(
            "Tensor.__contains__ only supports Tensor or scalar, but you passed in a "
            f"{type(element)}."
        )
    return bool(any_of(self == element)._array())


_enter("contains", _contains)
