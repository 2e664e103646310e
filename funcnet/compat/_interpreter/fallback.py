"""Equations that numpy has no rule for: each a small program of XLA."""

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np

from funcnet.compat._interpreter.rules.table import Compute, Equation


def by_xla(equation: Equation) -> Compute:
    """Compute an equation by a program of its own."""
    primitive, params = equation.primitive, equation.params

    def bind(*arrays: Any) -> Any:
        return primitive.bind(*arrays, **params)

    return ByXla(jax.jit(bind), [var.aval.dtype for var in equation.invars])


def whole_by_xla(jaxpr: Any) -> Compute:
    """Compute a jaxpr by one program."""

    def run(*arrays: Any) -> Any:
        return jax.core.eval_jaxpr(jaxpr.jaxpr, jaxpr.consts, *arrays)

    return ByXla(jax.jit(run), [aval.dtype for aval in jaxpr.in_avals])


class ByXla:
    """A compiled function that takes and gives arrays of numpy."""

    def __init__(self, function: Any, dtypes: Sequence[Any]) -> None:
        self._function, self._dtypes = function, dtypes

    def __call__(self, *arrays: Any) -> Any:
        with jax.enable_x64(True):
            results = self._function(
                *[
                    np.asarray(x, dtype) if isinstance(dtype, np.dtype) else x
                    for x, dtype in zip(arrays, self._dtypes, strict=True)
                ]
            )
        if isinstance(results, (list, tuple)):
            return [np.asarray(result) for result in results]
        return np.asarray(results)
