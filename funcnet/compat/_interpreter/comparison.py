"""Whether two jaxprs are one computation, equation by equation."""

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from funcnet.compat._interpreter.plan import Builder, KeysError
from funcnet.compat._interpreter.rules.table import Equation, Jaxpr
from funcnet.compat._interpreter.substitution import Numbers, of_jaxpr
from funcnet.compat._interpreter.symbols import Symbols


def is_same_computation(symbolic: Jaxpr, symbols: Symbols, jaxpr: Jaxpr) -> bool:
    """Whether a jaxpr with symbols, for their example, computes what another does."""
    numbers = Numbers(symbols)
    make = of_jaxpr(symbolic, numbers)
    sized = symbolic if make is None else make(numbers.example)
    return _is_same(sized, jaxpr)


_INDICES: Final = (np.dtype(np.int32), np.dtype(np.int64))
"""JAX takes the narrower one for the indices of an array whose size it knows."""


class _Listing(Builder):
    """A plan whose steps are told by their equations."""

    def __init__(self, jaxpr: Jaxpr) -> None:
        super().__init__(jaxpr)
        self.result = self.plan()
        self.listed = [self.equations[first][0] for first in self.kept]

    def compute(self, equation: Equation, sources: tuple[int, ...]) -> list[int]:
        if equation.primitive.name == "convert_element_type" and all(
            var.aval.dtype in _INDICES for var in (*equation.invars, *equation.outvars)
        ):
            return list(sources)
        return super().compute(equation, sources)


def _is_same(x: Jaxpr, y: Jaxpr) -> bool:
    try:
        first, second = _Listing(x), _Listing(y)
    except KeysError:
        return False
    if len(first.listed) != len(second.listed):
        return False
    if not all(map(_is_same_equation, first.listed, second.listed)):
        return False
    a, b = first.result, second.result
    same: dict[int, int] = {index: index for index in range(a.inputs)}

    def are_same(registers: Sequence[int], others: Sequence[int]) -> bool:
        return len(registers) == len(others) and all(
            _is_same_array(a.constants[one], b.constants[other])
            if one in a.constants and other in b.constants
            else same.get(one) == other
            for one, other in zip(registers, others, strict=True)
        )

    for step, other in zip(a.steps, b.steps, strict=True):
        if not are_same(step.sources, other.sources):
            return False
        same.update(zip(step.targets, other.targets, strict=True))
    return are_same(a.outputs, b.outputs)


def _is_same_array(x: object, y: object) -> bool:
    a, b = np.asarray(x), np.asarray(y)
    if a.dtype in _INDICES and b.dtype in _INDICES:
        return np.array_equal(a, b)
    return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()


def _is_same_equation(x: Equation, y: Equation) -> bool:
    return (
        x.primitive is y.primitive
        and _types(x) == _types(y)
        and x.params.keys() == y.params.keys()
        and all(_is_same_setting(v, y.params[k]) for k, v in x.params.items())
    )


def _types(equation: Equation) -> list[Any]:
    variables = [*equation.invars, *equation.outvars]
    return [
        (var.aval.shape, _INDICES[1] if dtype in _INDICES else dtype)
        for var in variables
        for dtype in [var.aval.dtype]
    ]


def _is_same_setting(x: object, y: object) -> bool:
    if hasattr(x, "eqns"):
        return hasattr(y, "eqns") and _is_same(x, y)
    if isinstance(x, tuple | list) and isinstance(y, tuple | list):
        return len(x) == len(y) and all(map(_is_same_setting, x, y))
    if callable(x) and callable(y):
        return True
    if isinstance(x, np.dtype) and x in _INDICES and y in _INDICES:
        return True
    if isinstance(x, np.ndarray) or isinstance(y, np.ndarray):
        return _is_same_array(x, y)
    return bool(x == y) or repr(x) == repr(y)  # NaN
