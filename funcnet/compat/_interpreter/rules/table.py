"""The table of rules: from a primitive's name to what computes an equation with it."""

from collections.abc import Callable
from typing import Any, Final, Protocol, TypeAlias

import numpy as np

Compute: TypeAlias = Callable[..., Any]
"""Takes the arrays of an equation's inputs, gives its output, or all in a sequence."""


Jaxpr: TypeAlias = Any
"""A jaxpr of JAX, closed or without constants, or one that looks like it."""


class Equation(Protocol):
    """An equation of a jaxpr, as far as rules look at it (`jax.extend.core`)."""

    primitive: Any
    params: dict[str, Any]
    invars: list[Any]
    outvars: list[Any]


Rule: TypeAlias = Callable[[Equation], Compute | None]
"""Gives what computes an equation, or None where numpy cannot."""

RULES: Final[dict[str, Rule]] = {}


def rule(*names: str) -> Callable[[Rule], Rule]:
    """Register the rule of primitives."""

    def register(function: Rule) -> Rule:
        for name in names:
            RULES[name] = function
        return function

    return register


def in_dtype(equation: Equation, index: int = 0) -> np.dtype:
    """The dtype of an input."""
    return np.dtype(equation.invars[index].aval.dtype)


def out_dtype(equation: Equation) -> np.dtype:
    """The dtype of the first output."""
    return np.dtype(equation.outvars[0].aval.dtype)


def is_half(dtype: np.dtype) -> bool:
    """Whether a dtype has fewer bits than XLA's CPU backend computes with."""
    return dtype.itemsize == 2 and dtype.kind in "fV"


def is_narrow(dtype: np.dtype) -> bool:
    """Whether a dtype is one of the floating-point dtypes of 8 bits or fewer."""
    return dtype.itemsize == 1 and dtype.kind == "V"
