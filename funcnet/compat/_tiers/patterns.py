"""The sizes of a call, and how those of one call follow from another's.

Two calls of an operation that differ in sizes alone are of one family. `split` parts a
call into what its family has in common and a list of integers; `Pattern` compares the
lists of several calls: which integers stay, which change, and which change together.
"""

from collections.abc import Sequence
from typing import Any, Final

from funcnet.compat._core.static_args import Tag
from funcnet.compat._engine.op import TensorSpec
from funcnet.compat._interpreter.symbols import LEAST, Size

LEAST_SETTING: Final = 8
"""A setting below this is what tells families apart: a dimension, a stride, a flag."""

Column = tuple[int, ...]
"""An integer of each of several calls."""


class _Hole:
    """Stands in a family for an integer."""

    def __repr__(self) -> str:
        return "#"


_HOLE: Final = _Hole()


def split(
    template: object, specs: Sequence[TensorSpec]
) -> tuple[tuple[Any, ...], tuple[int, ...]]:
    """What a call has in common with its family, and its integers: sizes, settings."""
    integers: list[int] = []
    kinds = []
    for spec in specs:
        shape: list[Any] = []
        for size in spec.shape:
            # A size that an export leaves free cannot be compared.
            if type(size) is int and size >= LEAST:
                integers.append(size)
                shape.append(_HOLE)
            else:
                shape.append(size)
        kinds.append((spec.dtype, spec.device, spec.weak_type, tuple(shape)))
    return (_without_integers(template, integers), *kinds), tuple(integers)


def _without_integers(template: object, integers: list[int]) -> Any:
    if type(template) is int and template >= LEAST_SETTING:
        integers.append(template)
        return _HOLE
    if type(template) is not tuple or (template and _is_scalar(template[0])):
        return template
    return tuple([_without_integers(part, integers) for part in template])


def _is_scalar(tag: object) -> bool:
    return type(tag) is Tag and tag.name in ("bool", "float", "complex")


def with_integers(
    template: object, specs: Sequence[TensorSpec], integers: Sequence[Size]
) -> tuple[Any, list[tuple[Any, ...]]]:
    """The template and the shapes of a call with other integers, or symbols."""
    rest = iter(integers)
    shapes = [
        tuple([next(rest) if size >= LEAST else size for size in spec.shape])
        for spec in specs
    ]

    def fill(part: object) -> object:
        if type(part) is int and part >= LEAST_SETTING:
            return next(rest)
        if type(part) is not tuple or (part and _is_scalar(part[0])):
            return part
        return tuple([fill(one) for one in part])

    return fill(template), shapes


class Pattern:
    """Which integers of a family's calls change, and how.

    Args:
        calls: their integers.
        sizes: how many of them are sizes of inputs. These depend less on each other:
            two of them often grow by the same number and have nothing to do with each
            other.

    Attributes:
        defining: for each symbol the index of the integer that it stands for.
    """

    def __init__(self, calls: Sequence[tuple[int, ...]], sizes: int = 0) -> None:
        self._sizes = sizes
        self.defining: list[int] = []
        self._symbols: list[Column] = []
        self._parts = [
            self._part(column, index)
            for index, column in enumerate(zip(*calls, strict=True))
        ]

    def values(self, integers: Sequence[int]) -> tuple[int, ...]:
        """What the symbols stand for in a call."""
        return tuple([integers[index] for index in self.defining])

    def integers(self, symbols: Sequence[Size]) -> list[Any]:
        """The integers of a call, as expressions of the symbols."""
        result = []
        for factor, chosen, constant in self._parts:
            value: Any = factor
            for index in chosen:
                value = value * symbols[index]
            result.append(value + constant if constant else value)
        return result

    def _part(self, column: Column, position: int) -> tuple[int, tuple[int, ...], int]:
        """`factor * symbols + constant`: the first expression that fits all calls."""
        if len(set(column)) == 1:
            return 0, (), column[0]
        count = len(self._symbols)
        for index, symbol in enumerate(self._symbols):
            if symbol == column:
                return 1, (index,), 0
        for index, symbol in enumerate(self._symbols):
            factor = _ratio(column, symbol)
            if factor:
                return factor, (index,), 0
        for first in range(count):
            for second in range(first, count):
                pairs = zip(self._symbols[first], self._symbols[second], strict=True)
                factor = _ratio(column, [x * y for x, y in pairs])
                if factor:
                    return factor, (first, second), 0
        for index, symbol in enumerate(self._symbols):
            fit = None if position < self._sizes else _line(column, symbol)
            if fit is not None:
                return fit[0], (index,), fit[1]
        self._symbols.append(column)
        self.defining.append(position)
        return 1, (count,), 0


def _ratio(column: Sequence[int], symbol: Sequence[int]) -> int:
    """The integer that a column is a multiple by, or 0."""
    factor = column[0] // symbol[0]
    pairs = zip(column, symbol, strict=True)
    return factor if all(x == factor * y for x, y in pairs) else 0


def _line(column: Column, symbol: Column) -> tuple[int, int] | None:
    """Factor and constant of a column that is a line in another."""
    other = next((i for i, x in enumerate(symbol) if x != symbol[0]), 0)
    if not other:
        return None
    factor, rest = divmod(column[other] - column[0], symbol[other] - symbol[0])
    constant = column[0] - factor * symbol[0]
    pairs = zip(column, symbol, strict=True)
    if rest or not factor or any(x != factor * y + constant for x, y in pairs):
        return None
    return factor, constant
