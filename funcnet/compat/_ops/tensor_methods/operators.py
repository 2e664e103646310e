"""Python's operators on tensors: `x + y`, `x += 1`, `x[...] < y`, `-x`.

The common ones are recorded by the shortest way: they are most of what a script runs.
"""

from collections.abc import Callable
from typing import Any, Final, TypeAlias

import numpy as np

from funcnet.compat._core.overriding import (
    NOT_OVERRIDDEN,
    dispatch,
    dispatch_override,
    note_instance,
    overrides_functions,
)
from funcnet.compat._core.static_args import NO_KEYWORDS, PLACEHOLDER
from funcnet.compat._engine.graph import record, scalar_input
from funcnet.compat._engine.op import Op
from funcnet.compat._ops.elementwise.arithmetic import (
    add,
    div,
    floor_divide,
    mul,
    remainder,
    sub,
)
from funcnet.compat._ops.elementwise.bitwise import (
    bitwise_and,
    bitwise_left_shift,
    bitwise_not,
    bitwise_or,
    bitwise_right_shift,
    bitwise_xor,
)
from funcnet.compat._ops.elementwise.comparison import eq, ge, gt, le, lt, ne
from funcnet.compat._ops.elementwise.powers import pow
from funcnet.compat._ops.elementwise.rounding import positive
from funcnet.compat._ops.forms import SCALARS, as_scalar_input
from funcnet.compat._ops.linalg.matmul import matmul
from funcnet.compat._ops.reduce.reduction import any_of
from funcnet.compat._ops.registry import METHODS, register, register_operator
from funcnet.compat._tensor.recording import as_value, wrap_outputs
from funcnet.compat._tensor.tensor import Tensor

Operator: TypeAlias = Callable[[Tensor, Any], Any]

PAIR: Final = ((PLACEHOLDER, PLACEHOLDER), NO_KEYWORDS)
OPERANDS: Final = (Tensor, bool, int, float, complex, np.ndarray, np.generic)


def _recording(function: Any, shown: str, reflected: bool = False) -> Operator:
    """The operator that records an operation with a tensor or a number.

    Args:
        function: the operation.
        shown: the method that `__torch_function__` is asked about.
        reflected: the tensor is the second operand.
    """
    op: Op = function.recorder.op

    def method(self: Tensor, other: Any) -> Any:
        if dispatch.active:
            result = dispatch_override(METHODS[shown], (self, other), {}, operator=True)
            if result is not NOT_OVERRIDDEN:
                return result
        if isinstance(other, Tensor):
            value = other._value()
        elif type(other) in SCALARS:
            value = scalar_input(other)
        elif isinstance(other, OPERANDS):
            value = as_value(as_scalar_input(other))
        elif overrides_functions(type(other)):
            note_instance(type(other))
            return method(self, other)
        else:
            return NotImplemented
        if reflected:
            return wrap_outputs(record(op, (value, self._value()), PAIR), [other, self])
        return wrap_outputs(record(op, (self._value(), value), PAIR), [self, other])

    return method


def _calling(call: Operator, shown: str, reflected: bool = False) -> Operator:
    """The operator that calls a function; for the arguments see `_recording`."""

    def method(self: Tensor, other: Any) -> Any:
        if dispatch.active:
            result = dispatch_override(METHODS[shown], (self, other), {}, operator=True)
            if result is not NOT_OVERRIDDEN:
                return result
        if reflected:
            return call(other, self)
        return call(self, other) if isinstance(other, OPERANDS) else NotImplemented

    return method


# Of each: the function, and what is shown of `x + y`, `1 + x` and `x += y`.
_ARITHMETIC: Final = {
    "add": (add, "add", "add", "add_"),
    "sub": (sub, "sub", "__rsub__", "sub_"),
    "mul": (mul, "mul", "mul", "mul_"),
    "truediv": (div, "div", "__rtruediv__", "div_"),
    "and": (bitwise_and, "__and__", "__rand__", "__iand__"),
    "or": (bitwise_or, "__or__", "__ror__", "__ior__"),
    "xor": (bitwise_xor, "__xor__", "__rxor__", "__ixor__"),
    "lshift": (bitwise_left_shift, "__lshift__", "__rlshift__", "__ilshift__"),
    "rshift": (bitwise_right_shift, "__rshift__", "__rrshift__", "__irshift__"),
}
for _name, (_function, _shown, _shown_r, _shown_i) in _ARITHMETIC.items():
    _inplace = METHODS[f"{_function.__name__}_"]
    register_operator(f"__{_name}__", _recording(_function, _shown))
    register_operator(f"__r{_name}__", _recording(_function, _shown_r, reflected=True))
    register_operator(f"__i{_name}__", _calling(_inplace, _shown_i))
register_operator("__div__", _recording(div, "__div__"))
register_operator("__rdiv__", _recording(div, "__rdiv__", reflected=True))
register_operator("__idiv__", _calling(METHODS["div_"], "div_"))

register_operator("__eq__", _recording(eq, "__eq__"))
for _compare in (ne, lt, le, gt, ge):
    _name = _compare.__name__
    register_operator(f"__{_name}__", _recording(_compare, _name))

register_operator("__mod__", _calling(remainder, "remainder"))
register_operator("__rmod__", _calling(remainder, "__rmod__", reflected=True))
register_operator("__imod__", _calling(METHODS["remainder_"], "remainder_"))
register_operator("__floordiv__", _calling(floor_divide, "__floordiv__"))
register_operator(
    "__rfloordiv__", _calling(floor_divide, "__rfloordiv__", reflected=True)
)
register_operator("__ifloordiv__", _calling(METHODS["floor_divide_"], "__ifloordiv__"))
# A number is a setting of a power, for the sake of the simple ones.
register_operator("__pow__", _calling(pow, "__pow__"))
register_operator("__rpow__", _recording(pow, "__rpow__", reflected=True))
register_operator("__ipow__", _calling(METHODS["pow_"], "__ipow__"))
register_operator("__rmatmul__", _calling(matmul, "__rmatmul__", reflected=True))

register("Tensor.__pos__")(positive)
register("Tensor.__invert__")(bitwise_not)
# Tensors are told apart by identity: `==` compares their elements.
register("Tensor.__hash__", overridable=False)(object.__hash__)


@register("Tensor.__contains__")
def _contains(self: Tensor, element: object) -> bool:
    """Return whether some element equals this one."""
    if not isinstance(element, OPERANDS):
        raise RuntimeError(
            "Tensor.__contains__ only supports Tensor or scalar, but you passed in a "
            f"{type(element)}."
        )
    return bool(any_of(self == element)._array())
