"""Equations whose sizes are symbols, with numbers put in their place.

What holds symbols is prepared once: each of them becomes an index into a list of
numbers, so that an equation of other sizes is made without looking at the rest.
"""

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any, Final, TypeAlias

import numpy as np

from funcnet.compat._interpreter.rules.table import Equation, Jaxpr
from funcnet.compat._interpreter.symbols import Size, Symbols, is_symbolic

Shape: TypeAlias = Sequence[Size]
Variable: TypeAlias = Any
"""A variable of a jaxpr, or a literal in its place."""
Maker: TypeAlias = Callable[[Sequence[int]], Any]
"""Makes something of the numbers that stand in the place of sizes."""
Makers: TypeAlias = list[Maker | None]
"""Of several things; None for those that hold no symbols."""


class Numbers:
    """The sizes that are to be known, in order.

    Attributes:
        example: those that follow from the example of the symbols.
    """

    def __init__(self, symbols: Symbols) -> None:
        self._symbols = symbols
        self._indices: dict[Any, int] = {}
        self.example: list[int] = []

    def index(self, size: Size) -> int:
        """Where the number of a size will stand."""
        index = self._indices.get(size)
        if index is None:
            index = self._indices[size] = len(self._indices)
            self.example += self._symbols.function([size])(*self._symbols.example)
        return index

    def function(self) -> Callable[..., Sequence[int]]:
        """The function from numbers for the symbols to all of them."""
        return self._symbols.function(tuple(self._indices))


class Var:
    """A variable of an equation, as far as rules look at it: its type."""

    __slots__ = ("aval",)

    def __init__(self, aval: object) -> None:
        self.aval = aval


class Aval:
    """Shape and dtype."""

    __slots__ = ("dtype", "shape", "weak_type")

    def __init__(self, shape: Shape, dtype: np.dtype, weak_type: bool = False) -> None:
        self.shape = shape
        self.dtype = dtype
        self.weak_type = weak_type


class Sized:
    """An equation of numbers."""

    __slots__ = ("invars", "outvars", "params", "primitive")

    def __init__(
        self,
        primitive: object,
        params: dict[str, Any],
        ins: list[Any],
        outs: list[Any],
    ) -> None:
        self.primitive = primitive
        self.params = params
        self.invars = ins
        self.outvars = outs


class SizedJaxpr:
    """A jaxpr of numbers, closed."""

    __slots__ = ("__weakref__", "consts", "constvars", "eqns", "invars", "outvars")

    def __init__(
        self, eqns: list[Any], invars: Any, outvars: Any, constvars: Any, consts: Any
    ) -> None:
        self.eqns = eqns
        self.invars = invars
        self.outvars = outvars
        self.constvars = constvars
        self.consts = consts

    @property
    def jaxpr(self) -> "SizedJaxpr":
        """It is one and the same, closed or not."""
        return self

    @property
    def in_avals(self) -> list[Any]:
        """The types of the inputs."""
        return [var.aval for var in self.invars]

    @property
    def out_avals(self) -> list[Any]:
        """The types of the outputs."""
        return [var.aval for var in self.outvars]


def maker_of(value: object, numbers: Numbers) -> Maker | None:
    """What makes a setting of numbers; None where it holds no symbols."""
    if is_symbolic(value):
        return itemgetter(numbers.index(value))
    if isinstance(value, tuple | list):
        return _of_sequence(value, numbers)
    if hasattr(value, "eqns"):
        return of_jaxpr(value, numbers)
    return None


def _of_sequence(value: tuple[Any, ...] | list[Any], numbers: Numbers) -> Maker | None:
    cls = type(value)
    if all(type(one) is int or is_symbolic(one) for one in value) and cls is tuple:
        return shape_maker(value, numbers)
    makers = [maker_of(one, numbers) for one in value]
    if not any(makers):
        return None
    parts = list(zip(makers, value, strict=True))
    build = cls._make if hasattr(cls, "_make") else cls
    return lambda given: build([make(given) if make else x for make, x in parts])


def shape_maker(shape: Shape, numbers: Numbers) -> Maker | None:
    """What makes a shape; None where it holds no symbols."""
    if not any(map(is_symbolic, shape)):
        return None
    indices = [numbers.index(size) for size in shape]
    if len(indices) == 1:
        (index,) = indices
        return lambda given: (given[index],)
    return itemgetter(*indices)


def _of_var(var: Variable, numbers: Numbers) -> Maker | None:
    aval = var.aval
    make = shape_maker(getattr(aval, "shape", ()), numbers)
    if make is None:
        return None
    dtype, weak_type = aval.dtype, getattr(aval, "weak_type", False)
    return lambda given: Var(Aval(make(given), dtype, weak_type))


class SizedEquation:
    """An equation that may hold symbols.

    Attributes:
        is_fixed: whether it holds none.
        is_opaque: whether there are settings that may hold some unseen: functions.
        equation: the equation itself.
    """

    def __init__(self, equation: Equation, numbers: Numbers) -> None:
        self.equation = equation
        self._params = {
            name: make
            for name, value in equation.params.items()
            if (make := maker_of(value, numbers)) is not None
        }
        self._invars = [_of_var(var, numbers) for var in equation.invars]
        self._outvars = [_of_var(var, numbers) for var in equation.outvars]
        self.is_opaque = any(map(callable, equation.params.values()))
        self.is_fixed = not (self._params or any(self._invars) or any(self._outvars))

    def at(self, given: Sequence[int]) -> Equation:
        """The equation of these numbers."""
        equation = self.equation
        if self.is_fixed:
            return equation
        params = equation.params
        if self._params:
            made = {name: make(given) for name, make in self._params.items()}
            params = {**params, **made}
        return Sized(
            equation.primitive,
            params,
            _made(self._invars, equation.invars, given),
            _made(self._outvars, equation.outvars, given),
        )

    def trapped(self) -> Equation:
        """The equation with traps in place of what depends on symbols."""
        equation = self.equation
        traps = dict.fromkeys(self._params, TRAP)
        return Sized(
            equation.primitive,
            _TrappedSettings({**equation.params, **traps}),
            _trapped(self._invars, equation.invars),
            _trapped(self._outvars, equation.outvars),
        )


def _made(makers: Makers, variables: list[Variable], given: Sequence[int]) -> list[Any]:
    pairs = zip(makers, variables, strict=True)
    return [var if make is None else make(given) for make, var in pairs]


def _trapped(makers: Makers, variables: list[Variable]) -> list[Any]:
    pairs = zip(makers, variables, strict=True)
    return [
        var if make is None else Var(Aval(TrappedShape(var.aval.shape), var.aval.dtype))
        for make, var in pairs
    ]


class SizeNeeded(Exception):  # noqa: N818
    """A rule looked at a size that is a symbol."""


TRAP: Final = object()


class _TrappedSettings(dict[str, Any]):
    def __getitem__(self, name: str) -> Any:
        value = super().__getitem__(name)
        if value is TRAP:
            raise SizeNeeded
        return value

    def get(self, name: str, default: object = None) -> Any:
        value = super().get(name, default)
        if value is TRAP:
            raise SizeNeeded
        return value


class TrappedShape(Sequence[Size]):
    """A shape of which the rank is known, and the sizes that are numbers."""

    def __init__(self, shape: Shape) -> None:
        self._shape = shape

    def __len__(self) -> int:
        return len(self._shape)

    def __getitem__(self, index: int | slice) -> Any:
        part = self._shape[index]
        if is_symbolic(part) or (type(part) is tuple and any(map(is_symbolic, part))):
            raise SizeNeeded
        return part

    def __iter__(self) -> Any:
        raise SizeNeeded

    def __eq__(self, other: object) -> bool:
        raise SizeNeeded

    __hash__ = None  # type: ignore[assignment]


def of_jaxpr(jaxpr: Jaxpr, numbers: Numbers) -> Maker | None:
    """What makes a jaxpr, closed or not, of numbers; None where it holds no symbols."""
    inner: Jaxpr = getattr(jaxpr, "jaxpr", jaxpr)
    consts = getattr(jaxpr, "consts", ())
    equations = [SizedEquation(equation, numbers) for equation in inner.eqns]
    ends = [*inner.invars, *inner.outvars, *inner.constvars]
    makers = {id(var): _of_var(var, numbers) for var in ends}
    if all(one.is_fixed for one in equations) and not any(makers.values()):
        return None

    def make(given: Sequence[int]) -> SizedJaxpr:
        variables: dict[Any, Any] = {}

        def sized(atoms: list[Variable], made: list[Variable]) -> list[Any]:
            result = []
            for atom, one in zip(atoms, made, strict=True):
                if hasattr(atom, "val"):
                    result.append(atom)
                else:
                    result.append(variables.setdefault(atom, one))
            return result

        def outer(atoms: list[Variable]) -> list[Any]:
            made = [makers[id(atom)] for atom in atoms]
            pairs = zip(made, atoms, strict=True)
            return sized(atoms, [make(given) if make else var for make, var in pairs])

        invars, constvars = outer(inner.invars), outer(inner.constvars)
        eqns = []
        for one in equations:
            equation, at = one.equation, one.at(given)
            ins = sized(equation.invars, at.invars)
            outs = sized(equation.outvars, at.outvars)
            eqns.append(Sized(equation.primitive, at.params, ins, outs))
        return SizedJaxpr(eqns, invars, outer(inner.outvars), constvars, consts)

    return make
