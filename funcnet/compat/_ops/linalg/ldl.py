"""Symmetric indefinite factors (Bunch and Kaufman), by LAPACK on the host."""

from typing import Any

import numpy as np

from funcnet.compat import return_types
from funcnet.compat._ops.linalg.checks import LinAlgError, check_square
from funcnet.compat._ops.registry import register
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat._tensor.transform_levels import numbers_of_all


def _routine(kind: str, hermitian: bool, like: np.ndarray) -> Any:
    """LAPACK's routine for a dtype: `ssytrf`, `zhetrs`."""
    from scipy.linalg import lapack  # takes a while to import

    letter = {"f4": "s", "f8": "d", "c8": "c", "c16": "z"}[like.dtype.str[1:]]
    form = "he" if hermitian and letter in "cz" else "sy"
    return getattr(lapack, f"{letter}{form}{kind}")


@register("linalg.ldl_factor_ex", out=True)
def ldl_factor_ex(
    A: Tensor, *, hermitian: bool = False, check_errors: bool = False
) -> Any:
    """Factor, and tell of failure in `info`, as `torch.linalg.ldl_factor_ex`."""
    check_square("torch.linalg.ldl_factor_ex", A._spec.struct)
    array = np.asarray(A._array())
    rows = array.shape[-1]
    batch = array.shape[:-2]
    LD = np.array(array)
    pivots = np.zeros((*batch, rows), np.int32)
    infos = np.zeros(batch, np.int32)
    factor = _routine("trf", hermitian, array)
    for index in np.ndindex(batch) if rows else ():
        factors, pivots[index], infos[index] = factor(array[index], lower=1)
        LD[index] = np.tril(factors)
    result = [from_array(x, A.device) for x in (LD, pivots, infos)]
    return return_types.linalg_ldl_factor_ex(*result)


@register("linalg.ldl_factor", out=True)
def ldl_factor(A: Tensor, *, hermitian: bool = False) -> Any:
    """Factor a symmetric or Hermitian matrix, as `torch.linalg.ldl_factor`."""
    LD, pivots, info = ldl_factor_ex(A, hermitian=hermitian)
    if numbers_of_all(info).any():
        raise LinAlgError(
            "torch.linalg.ldl_factor: the factorization could not be completed because "
            "the input matrix is singular"
        )
    return return_types.linalg_ldl_factor(LD, pivots)


@register("linalg.ldl_solve", out=True)
def ldl_solve(
    LD: Tensor, pivots: Tensor, B: Tensor, *, hermitian: bool = False
) -> Tensor:
    """Solve with what `ldl_factor` gives, as `torch.linalg.ldl_solve`."""
    check_square("torch.linalg.ldl_solve", LD._spec.struct, "LD")
    factors, indices, right = (np.asarray(x._array()) for x in (LD, pivots, B))
    batch = np.broadcast_shapes(factors.shape[:-2], right.shape[:-2])
    factors, right = (
        np.broadcast_to(x, batch + x.shape[-2:]) for x in (factors, right)
    )
    indices = np.broadcast_to(indices, batch + indices.shape[-1:])
    solve = _routine("trs", hermitian, factors)
    X = np.array(right)
    for index in np.ndindex(batch) if X.size else ():
        X[index], _ = solve(factors[index], indices[index], right[index], lower=1)
    return from_array(X, B.device)
