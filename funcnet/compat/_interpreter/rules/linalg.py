"""Rules of factorizations and of triangular systems, by the LAPACK that XLA calls, too.

LAPACK's matrices have their columns one after the other: what it is given is the
transposed matrix in numpy's order, or a copy.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from funcnet.compat._interpreter.rules.table import Compute, Equation, in_dtype, rule


def _functions(module: str, dtype: np.dtype, *names: str) -> list[Any] | None:
    """Functions of scipy's LAPACK or BLAS for a dtype."""
    letter = {"f4": "s", "f8": "d", "c8": "c", "c16": "z"}.get(dtype.str[1:])
    if letter is None:
        return None
    import scipy.linalg

    library = getattr(scipy.linalg, module)
    return [getattr(library, letter + name) for name in names]


def _of_each(
    function: Callable[..., tuple[Any, ...]], equation: Equation
) -> Callable[..., list[Any]]:
    """Apply a function of matrices to each of a batch."""
    avals = [var.aval for var in equation.outvars]
    batch = equation.invars[0].aval.shape[:-2]
    count = math.prod(batch)

    def each(*arrays: Any) -> list[Any]:
        flat = [x.reshape(count, *x.shape[len(batch) :]) for x in arrays]
        results = [
            np.empty((count, *aval.shape[len(batch) :]), aval.dtype) for aval in avals
        ]
        for index in range(count):
            parts = function(*[x[index] for x in flat])
            for result, part in zip(results, parts, strict=True):
                result[index] = part
        return [
            result.reshape(aval.shape)
            for result, aval in zip(results, avals, strict=True)
        ]

    return each


def _permutation(pivots: np.ndarray, size: int) -> Any:
    result = np.arange(size, dtype=np.int32)
    for index, pivot in enumerate(pivots):
        result[index], result[pivot] = result[pivot], result[index]
    return result


@rule("lu")
def _lu(equation: Equation) -> Compute | None:
    functions = _functions("lapack", in_dtype(equation), "getrf")
    shape = equation.invars[0].aval.shape
    if functions is None or 0 in shape:
        return None
    (getrf,) = functions

    def factorize(x: np.ndarray) -> tuple[Any, ...]:
        factors, pivots, _ = getrf(x)
        return factors, pivots, _permutation(pivots, shape[-2])

    return _of_each(factorize, equation)


@rule("lu_pivots_to_permutation")
def _lu_pivots_to_permutation(equation: Equation) -> Compute:
    shape = equation.outvars[0].aval.shape

    def permutation(pivots: np.ndarray) -> Any:
        rows = pivots.reshape(-1, pivots.shape[-1])
        result = [_permutation(row, shape[-1]) for row in rows]
        return np.array(result, np.int32).reshape(shape)

    return permutation


@rule("cholesky")
def _cholesky(equation: Equation) -> Compute | None:
    functions = _functions("lapack", in_dtype(equation), "potrf")
    if functions is None or 0 in equation.invars[0].aval.shape:
        return None
    (potrf,) = functions

    def factorize(x: np.ndarray) -> tuple[Any, ...]:
        factor, info = potrf(x, lower=True, clean=True)
        return (np.full_like(factor, np.nan) if info else factor,)

    each = _of_each(factorize, equation)
    return lambda x: each(x)[0]


@rule("triangular_solve")
def _triangular_solve(equation: Equation) -> Compute | None:
    functions = _functions("blas", in_dtype(equation), "trsm")
    if functions is None or 0 in equation.outvars[0].aval.shape:
        return None
    (trsm,) = functions
    params = equation.params
    transposed = 2 if params["conjugate_a"] else 1 if params["transpose_a"] else 0
    if params["conjugate_a"] and not params["transpose_a"]:
        return None
    one = in_dtype(equation).type(1)

    def solve(a: np.ndarray, b: np.ndarray) -> tuple[Any, ...]:
        return (
            trsm(
                one,
                a,
                b,
                side=0 if params["left_side"] else 1,
                lower=params["lower"],
                trans_a=transposed,
                diag=params["unit_diagonal"],
            ),
        )

    each = _of_each(solve, equation)
    return lambda a, b: each(a, b)[0]
