"""Functions whose derivatives are given, where those that JAX finds are not PyTorch's.

They differ at corners, poles and ties, and where a product of zero and infinity stands
for a number. What is given is differentiated in turn, for second derivatives.
"""

from collections.abc import Callable
from typing import Any, TypeAlias

import jax
from jax.custom_derivatives import SymbolicZero

from funcnet._types import Array

Function: TypeAlias = Callable[..., Array]


def with_slope(run: Function, slope: Function) -> Function:
    """A function of one array, element by element, whose derivative is `slope`."""
    function = jax.custom_jvp(run)

    @function.defjvp
    def jvp(primals: Any, tangents: Any) -> tuple[Array, Array]:
        (x,), (dx,) = primals, tangents
        return function(x), dx * slope(x)

    return function


def with_slope_of_first(run: Function, slope: Function) -> Function:
    """A function of an array and of numbers, of which only the array changes.

    `slope` takes the result, the array and the numbers. The numbers may be traced.
    """
    function = jax.custom_jvp(run)

    @function.defjvp
    def jvp(primals: Any, tangents: Any) -> tuple[Array, Array]:
        result = function(*primals)
        return result, tangents[0] * slope(result, *primals)

    return function


def with_slopes(run: Function, *slopes: Function) -> Function:
    """A function of arrays, which broadcast, whose partial derivatives are given.

    Each of `slopes` takes the result and the arrays. One whose array does not change is
    left out, for zero times its infinity would be NaN.
    """
    function = jax.custom_jvp(run)

    def jvp(primals: Any, tangents: Any) -> tuple[Array, Array]:
        result = function(*primals)
        parts = [
            dx * slope(result, *primals)
            for dx, slope in zip(tangents, slopes, strict=True)
            if type(dx) is not SymbolicZero
        ]
        change = sum(parts[1:], parts[0])
        return result, jax.numpy.broadcast_to(change, result.shape)

    function.defjvp(jvp, symbolic_zeros=True)
    return function


# JAX's own rules divide by squares, which overflow, or are 0, for numbers that do not.
inverse: Function = with_slope(lambda x: 1 / x, lambda x: -(inverse(x) ** 2))
"""`1 / x`."""

quotient: Function = with_slopes(
    lambda x, y: x / y,
    lambda result, x, y: inverse(y),
    # XLA makes one square of two quotients that follow each other.
    lambda result, x, y: quotient(-result, y),
)
"""`x / y`."""
