"""What a program keeps of a call for its gradient, as little as does.

`jax.vjp` keeps more of a forward call than PyTorch would: weights transposed, `y` and
`1 - y`, the parts of an array beside the array. Where forward and gradient are one
program XLA finds out; between two programs each residual is an array in memory. Here
what follows from inputs, outputs and other residuals by a few cheap operations is not
kept: the gradient computes it again.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:  # it takes long to import
    from jax.extend.core import ClosedJaxpr, Jaxpr, Literal, Var

_CHEAP: Final = frozenset(
    {
        "add",
        "add_any",
        "and",
        "broadcast_in_dim",
        "convert_element_type",
        "copy",
        "eq",
        "expand_dims",
        "ge",
        "gt",
        "le",
        "lt",
        "max",
        "min",
        "mul",
        "ne",
        "neg",
        "not",
        "one_minus_square",
        "or",
        "reshape",
        "select_n",
        "sign",
        "slice",
        "split",
        "square",
        "squeeze",
        "sub",
        "transpose",
    }
)


class Kept(NamedTuple):
    """What is kept of a call.

    Attributes:
        available: the variables that the gradient may start from: inputs, outputs (or
            literals in their place) and those that are kept.
        kept: the variables that are kept.
        equations: compute the residuals from the variables available.
        residuals: the variables of the residuals, or literals; None: it is not asked
            for.
        constants: the values of variables that are constants.
    """

    available: Sequence[Any]
    kept: Sequence[Any]
    equations: Sequence[Any]
    residuals: Sequence[Any]
    constants: dict[Any, Any]

    def only(self, asked: Sequence[bool]) -> tuple[tuple[int, ...], "Kept"]:
        """The indices of what is read for some of the residuals, and how."""
        pairs = zip(self.residuals, asked, strict=True)
        residuals = [one if is_asked else None for one, is_asked in pairs]
        needed = {one for one in residuals if one is not None and not _is_literal(one)}
        given = {var for var in self.available if not _is_literal(var)}
        equations = []
        for equation in reversed(self.equations):
            if any(var in needed - given for var in equation.outvars):
                equations.append(equation)
                needed |= {var for var in equation.invars if not _is_literal(var)}
        reads: dict[Any, int] = {}
        for index, var in enumerate(self.available):
            if not _is_literal(var) and var in needed:
                reads.setdefault(var, index)
        result = self._replace(
            available=list(reads), equations=equations[::-1], residuals=residuals
        )
        return tuple(reads.values()), result

    def recompute(self, arrays: Sequence[Any]) -> list[Any]:
        """The residuals, from arrays for the variables that are available."""
        known: dict[Any, Any] = dict(self.constants)
        known.update(zip(self.available, arrays, strict=True))

        def read(atom: "Var | Literal | None") -> Any:
            if atom is None:
                return None
            return atom.val if hasattr(atom, "val") else known[atom]

        for equation in self.equations:
            primitive = equation.primitive
            result = primitive.bind(*map(read, equation.invars), **equation.params)
            results = result if primitive.multiple_results else [result]
            known.update(zip(equation.outvars, results, strict=True))
        return [read(atom) for atom in self.residuals]


def kept_residuals(closed: "ClosedJaxpr", outputs: int) -> Kept:
    """What is kept of a call, by the jaxpr of its outputs and then its residuals."""
    jaxpr = closed.jaxpr
    constants = dict(zip(jaxpr.constvars, closed.consts, strict=True))
    producers = {var: one for one in jaxpr.eqns for var in one.outvars}
    order = {id(one): index for index, one in enumerate(jaxpr.eqns)}
    start = [*jaxpr.invars, *jaxpr.outvars[:outputs]]
    known = {*constants, *[var for var in start if not _is_literal(var)]}
    residuals = jaxpr.outvars[outputs:]
    kept: list[Any] = []
    needed: dict[int, Any] = {}
    waiting: list[Any] = [var for var in residuals if not _is_literal(var)]
    for var in sorted(waiting, key=_bytes, reverse=True):
        origins, equations = _derivation(var, known, producers)
        if sum(map(_bytes, origins)) > _bytes(var):
            origins, equations = [var], []
        kept += origins
        known.update(origins)
        needed.update((order[id(one)], one) for one in equations)
    equations = [needed[index] for index in sorted(needed)]
    return Kept([*start, *kept], kept, equations, residuals, constants)


def _derivation(
    var: "Var", known: set[Any], producers: dict[Any, Any]
) -> tuple[list[Any], list[Any]]:
    """Variables that are not known and equations that make another one of them."""
    origins: dict[Any, None] = {}
    equations = []
    seen = set()
    waiting = [var]
    while waiting:
        var = waiting.pop()
        if _is_literal(var) or var in known or var in seen:
            continue
        seen.add(var)
        equation = producers[var]
        if equation.primitive.name in _CHEAP:
            equations.append(equation)
            waiting += equation.invars
        else:
            origins[var] = None
    return list(origins), equations


def _bytes(var: "Var") -> int:
    aval: Any = var.aval
    return math.prod(aval.shape) * getattr(aval.dtype, "itemsize", 8)


def _is_literal(atom: "Var | Literal | None") -> bool:
    return hasattr(atom, "val")


def used_inputs(jaxpr: "Jaxpr") -> list[bool]:
    """Of each input of a jaxpr whether its outputs depend on it."""
    needed = {var for var in jaxpr.outvars if not _is_literal(var)}
    for equation in reversed(jaxpr.eqns):
        if equation.effects or any(var in needed for var in equation.outvars):
            needed |= {var for var in equation.invars if not _is_literal(var)}
    return [var in needed for var in jaxpr.invars]


def are_arrays(variables: Sequence[Any]) -> bool:
    """Whether numpy has a dtype for each: not for random keys."""
    return all(isinstance(one.aval.dtype, np.dtype) for one in variables)
