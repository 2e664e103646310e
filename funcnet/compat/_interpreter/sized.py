"""Plans of a jaxpr whose sizes are symbols, for any numbers in their place.

A plan is made once. Of most equations numpy's function is the same for all sizes: its
rule looks at dtypes and dimensions only. The others are made anew for new sizes, and
all else of the plan stays.
"""

from collections.abc import Sequence
from types import BuiltinFunctionType, FunctionType

import numpy as np

from funcnet.compat._interpreter.costs import Cost
from funcnet.compat._interpreter.fallback import by_xla
from funcnet.compat._interpreter.plan import Builder, KeysError, cost_of_step
from funcnet.compat._interpreter.rules.table import RULES, Compute, Equation, Jaxpr
from funcnet.compat._interpreter.steps import Plan
from funcnet.compat._interpreter.substitution import (
    Aval,
    Numbers,
    Sized,
    SizedEquation,
    TrappedShape,
    Var,
)
from funcnet.compat._interpreter.symbols import Symbols


class NotSized(Exception):  # noqa: N818
    """A jaxpr with symbols for which no plan can be made."""


class PlanOfSizes:
    """The plan of a jaxpr with symbols.

    Raises:
        NotSized: there is none.
    """

    def __init__(self, jaxpr: Jaxpr, symbols: Symbols) -> None:
        numbers = Numbers(symbols)
        try:
            builder = _Builder(jaxpr, numbers)
        except KeysError:
            raise NotSized from None
        self._plan = builder.plan()
        self._numbers = numbers.function()
        equations = [builder.sized[first] for first in builder.kept]
        self._sized = [
            (index, equation)
            for index, (equation, is_shared) in enumerate(equations)
            if not is_shared
        ]
        cost = Cost()
        for (sized, _), step in zip(equations, self._plan.steps, strict=True):
            cost += cost_of_step(sized.equation, step.compute)
        self._cost = symbols.function(cost)

    def at(self, values: tuple[int, ...]) -> Plan:
        """The plan for these numbers in place of the symbols."""
        numbers = self._numbers(*values)
        functions = {
            index: compute_of(equation.at(numbers), equation.is_opaque)
            for index, equation in self._sized
        }
        return self._plan.with_functions(functions, lambda: Cost(*self._cost(*values)))


class _Builder(Builder):
    """Makes the plan for the example; notes what other sizes change."""

    def __init__(self, jaxpr: Jaxpr, numbers: Numbers) -> None:
        self._numbers = numbers
        self.sized: dict[int, tuple[SizedEquation, bool]] = {}  # by the first output
        super().__init__(jaxpr)

    def function_of(self, equation: Equation) -> tuple[Compute, bool]:
        sized = SizedEquation(equation, self._numbers)
        if sized.is_fixed:
            self.sized[self.count] = sized, True
            return super().function_of(equation)
        shared = _shared(sized)
        self.sized[self.count] = sized, shared is not None
        if shared is not None:
            return shared, False
        compute = compute_of(sized.at(self._numbers.example), sized.is_opaque)
        if isinstance(compute, np.ufunc):
            compute = _hidden(compute)
        return compute, False

    def _replace(
        self, index: int, register: int, step: tuple[Compute, tuple[int, ...]]
    ) -> None:
        super()._replace(index, register, step)
        self.sized[self.steps[index][2][0]] = self.sized[register]

    def cost_of(self, steps: Sequence[tuple[Equation, Compute]]) -> Cost:
        return Cost()  # of no size


def _hidden(function: Compute) -> Compute:
    """A function that is not known to write into memory which it is given."""
    return lambda *arrays: function(*arrays)


def compute_of(equation: Equation, is_opaque: bool = False) -> Compute:
    """What computes an equation with numbers for its symbols.

    Raises:
        NotSized: XLA computes it, from settings that may hold symbols unseen.
    """
    rule = RULES.get(equation.primitive.name)
    compute = None if rule is None else rule(equation)
    if compute is not None:
        return compute
    if is_opaque:
        raise NotSized
    return by_xla(equation)


def _shared(equation: SizedEquation) -> Compute | None:
    """The function that computes an equation whatever the sizes, or None."""
    rule = RULES.get(equation.equation.primitive.name)
    if rule is None:
        return None
    try:
        compute = rule(equation.trapped())
    except Exception:  # a size was needed
        return None
    if isinstance(compute, np.ufunc | BuiltinFunctionType):
        return compute
    return compute if _is_free(compute) else None


_TRAPS = (Aval, Sized, TrappedShape, Var)


def _is_free(value: object, depth: int = 4) -> bool:
    """Whether a function holds nothing that could look at a size when it runs."""
    if isinstance(value, _TRAPS) or depth == 0:
        return False
    if isinstance(value, tuple | list):
        return all(_is_free(one, depth - 1) for one in value)
    if isinstance(value, FunctionType):
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        return all(_is_free(one, depth - 1) for one in cells)
    return (
        isinstance(
            value,
            int
            | float
            | complex
            | str
            | bytes
            | np.generic
            | np.dtype
            | np.ufunc
            | np.ndarray
            | type
            | BuiltinFunctionType
            | type(np.sum),
        )
        or value is None
    )
