"""What an equation costs, estimated from its shapes alone."""

import math
from typing import Any, Final, NamedTuple

from funcnet.compat._interpreter.rules.table import Equation


class Cost(NamedTuple):
    """An estimate of work.

    Attributes:
        steps: primitives that run.
        bytes: what they write.
        products: multiplications in products of matrices; of convolutions twice those.
        primitives: how many there are, however often they run; of convolutions more.
        inputs: arrays that a program is given.
        outputs: those that it gives.
    """

    steps: float = 0
    bytes: float = 0
    products: float = 0
    primitives: float = 0
    inputs: float = 0
    outputs: float = 0

    def __add__(self, other: "Cost") -> "Cost":  # type: ignore[override]
        return Cost(*(x + y for x, y in zip(self, other, strict=True)))

    def times(self, count: float) -> "Cost":
        """The cost of doing it so often."""
        return self._replace(
            steps=self.steps * count,
            bytes=self.bytes * count,
            products=self.products * count,
        )


_PATCHES: Final = 2
"""To bring the patches of an input together takes as long as the product with them;
XLA's convolution takes as long."""

_AS_PRIMITIVES: Final = 12
"""So many other primitives take as long to compile as a convolution."""


def cost_of_equation(equation: Equation) -> Cost:
    """The cost of computing an equation with numpy, without jaxprs inside it.

    Sizes may be symbols; then so are amounts.
    """
    size = sum(_bytes(var.aval) for var in equation.outvars)
    if equation.primitive.name == "dot_general":
        (contracted, _), _ = equation.params["dimension_numbers"]
        inner = math.prod(equation.invars[0].aval.shape[i] for i in contracted)
        return Cost(1, size, math.prod(equation.outvars[0].aval.shape) * inner, 1)
    if equation.primitive.name in ("correlate", "conv_general_dilated"):
        weight, out = equation.invars[1].aval, equation.outvars[0].aval
        taps = math.prod(weight.shape) // _out_channels(equation)
        return Cost(1, size, _PATCHES * math.prod(out.shape) * taps, _AS_PRIMITIVES)
    if equation.primitive.name == "concatenate":
        return cost_of_joining(len(equation.invars), size)
    return Cost(1, size, 0, 1)


def cost_of_joining(count: int, size: int) -> Cost:
    """The cost of putting so many arrays together; each takes XLA a millisecond."""
    return Cost(1 + count / 8, size, 0, 1 + count / 4)


def _out_channels(equation: Equation) -> int:
    weight = equation.invars[1].aval
    numbers = equation.params.get("dimension_numbers")
    return weight.shape[-1] if numbers is None else weight.shape[numbers.rhs_spec[0]]


def _bytes(aval: Any) -> int:
    return math.prod(aval.shape) * getattr(aval.dtype, "itemsize", 8)
