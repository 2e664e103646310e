"""Tensors that follow a rule: ranges, ladders of numbers, unit matrices, triangles."""

import math
import warnings
from typing import Any

import numpy as np

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import Scalar
from funcnet.compat._core.dtype import dtype as DType
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.create.creation import constructor
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.tensor import Tensor


def _number(x: TensorLike) -> Any:
    return np.asarray(x._array()).item() if isinstance(x, Tensor) else x


def _steps(start: float, end: float, step: float) -> float:
    """How many steps fit between two numbers."""
    if step == 0:
        raise RuntimeError("step must be nonzero")
    if not (math.isfinite(start) and math.isfinite(end)):
        raise RuntimeError(f"unsupported range: {start} -> {end}")
    if (end - start) * step < 0:
        raise RuntimeError("upper bound and lower bound inconsistent with step sign")
    return (end - start) / step


@constructor("arange")
def arange(
    start: float = 0,
    end: float | None = None,
    step: float = 1,
    *,
    dtype: DType | None = None,
) -> np.ndarray:
    """Numbers from `start` up to, not including, `end`, as `torch.arange`."""
    if end is None:
        start, end = 0, start
    start, end, step = _number(start), _number(end), _number(step)
    whole = all(isinstance(x, int | np.integer) for x in (start, end, step))
    dtype = dtype or (_dtypes.int64 if whole else _dtypes.get_default_dtype())
    if not (dtype.is_floating_point or whole):
        start, end, step = int(start), int(end), int(step)
    count = math.ceil(_steps(start, end, step))
    return (start + step * np.arange(count)).astype(dtype.numpy)


@constructor("range")
def range_(
    start: float = 0,
    end: float | None = None,
    step: float = 1,
    *,
    dtype: DType | None = None,
) -> np.ndarray:
    """Numbers from `start` to `end`, both included, as the deprecated `torch.range`."""
    warnings.warn(
        "torch.range is deprecated and will be removed in a future release because its "
        "behavior is inconsistent with Python's range builtin. Instead, use "
        "torch.arange, which produces values in [start, end).",
        UserWarning,
        stacklevel=outside(),
    )
    if end is None:
        start, end = 0, start
    dtype = dtype or _dtypes.get_default_dtype()
    count = math.floor(_steps(start, end, step)) + 1
    return (start + step * np.arange(count)).astype(dtype.numpy)


def _rounded(number: Any) -> float:
    return float(np.float32(number))


def _spaced(start: Scalar, end: Scalar, steps: int, dtype: np.dtype) -> np.ndarray:
    """Evenly spaced numbers, counted from the nearer end as PyTorch does."""
    if steps < 0:
        raise RuntimeError("number of steps must be non-negative")
    indices = np.arange(steps)
    step = (end - start) / max(steps - 1, 1)
    if dtype == np.float32 and not isinstance(step, complex):
        # As PyTorch, which rounds the ends and the step, but no product.
        start, end = map(_rounded, (start, end))
        step = _rounded(_rounded(end - start) / max(steps - 1, 1))
    from_start = start + step * indices
    from_end = end - step * (steps - 1 - indices)
    near = (indices < steps // 2) | (steps == 1)
    return np.where(near, from_start, from_end).astype(dtype)


def _ends(name: str, start: Any, end: Scalar) -> tuple[Any, Any]:
    """Two numbers, which may be tensors without dimensions."""
    ranks = [x.ndim if isinstance(x, Tensor) else 0 for x in (start, end)]
    if any(ranks):
        raise RuntimeError(
            f"{name} only supports 0-dimensional start and end tensors, but got start "
            f"with {ranks[0]} dimension(s) and end with {ranks[1]} dimension(s)."
        )
    return _number(start), _number(end)


@constructor("linspace")
def linspace(
    start: Any, end: Any, steps: int, *, dtype: DType | None = None
) -> np.ndarray:
    """`steps` numbers from `start` to `end`, as `torch.linspace`."""
    start, end = _ends("linspace", start, end)
    dtype = dtype or _dtypes.of_number(start + end + 0.0)
    return _spaced(start, end, int(steps), dtype.numpy)


@constructor("logspace")
def logspace(
    start: Scalar,
    end: Scalar,
    steps: int,
    base: float = 10.0,
    *,
    dtype: DType | None = None,
) -> np.ndarray:
    """`steps` numbers from `base**start` to `base**end`, as `torch.logspace`."""
    start, end = _ends("logspace", start, end)
    dtype = dtype or _dtypes.of_number(start + end + 0.0)
    wide = np.dtype(np.complex128 if dtype.is_complex else np.float64)
    exponents = _spaced(start, end, int(steps), wide)
    if not dtype.is_inexact:
        exponents = np.trunc(exponents)
    return (_number(base) ** exponents).astype(dtype.numpy)


@constructor("eye")
def eye(n: int, m: int | None = None, *, dtype: DType | None = None) -> np.ndarray:
    """Ones on the diagonal, as `torch.eye`."""
    for name, size in (("n", n), ("m", m)):
        if size is not None and size < 0:
            raise RuntimeError(f"{name} must be greater or equal to 0, got {size}")
    return np.eye(n, m, dtype=(dtype or _dtypes.get_default_dtype()).numpy)


@constructor("tril_indices")
def tril_indices(
    row: int, col: int, offset: int = 0, *, dtype: DType | None = None
) -> np.ndarray:
    """Where the lower triangle of a matrix is, `(2, n)`, as `torch.tril_indices`."""
    dtype = dtype or _dtypes.int64
    return np.stack(np.tril_indices(row, offset, col)).astype(dtype.numpy)


@constructor("triu_indices")
def triu_indices(
    row: int, col: int, offset: int = 0, *, dtype: DType | None = None
) -> np.ndarray:
    """Where the upper triangle of a matrix is, `(2, n)`, as `torch.triu_indices`."""
    dtype = dtype or _dtypes.int64
    return np.stack(np.triu_indices(row, offset, col)).astype(dtype.numpy)
