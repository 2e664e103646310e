"""Rules that give values another dtype."""

from typing import Any

import numpy as np

from funcnet.compat._interpreter.rules.table import (
    Compute,
    Equation,
    in_dtype,
    out_dtype,
    rule,
)


@rule("convert_element_type")
def _convert_element_type(equation: Equation) -> Compute:
    old, new = in_dtype(equation), out_dtype(equation)
    if old == new:
        return lambda x: x if type(x) is np.ndarray else np.asarray(x, new)
    if new == np.bool_:
        return lambda x: np.not_equal(x, 0)
    if old.kind == "c" and new.kind != "c":
        real = np.empty(0, old).real.dtype
        inner = _conversion(real, new)
        return lambda x: inner(np.real(x))
    return _conversion(old, new)


def _conversion(old: np.dtype, new: np.dtype) -> Compute:
    floating = old.kind in "fV"
    if not (floating and new.kind in "iu"):
        return lambda x: np.asarray(x).astype(new)
    limits = np.iinfo(new)
    wide = np.dtype(np.float64 if old == np.float64 or limits.bits > 16 else np.float32)
    low, high = wide.type(limits.min), wide.type(limits.max)

    def convert(x: Any) -> Any:
        x = np.asarray(x).astype(wide)
        result = x.astype(new)
        # Beyond the limits XLA gives the limits, and zero for NaN.
        inside = (x > low) & (x < high)
        if inside.all():
            return result
        result = np.where(x >= high, limits.max, result)
        result = np.where(x <= low, limits.min, result)
        return np.where(np.isnan(x), 0, result).astype(new)

    return convert


@rule("bitcast_convert_type")
def _bitcast(equation: Equation) -> Compute | None:
    old, new = in_dtype(equation), out_dtype(equation)
    if old == np.bool_ or new == np.bool_:
        return None
    shape = equation.outvars[0].aval.shape
    return lambda x: np.ascontiguousarray(x).view(new).reshape(shape)


@rule("reduce_precision")
def _reduce_precision(equation: Equation) -> Compute | None:
    dtype = in_dtype(equation)
    bits = equation.params["exponent_bits"], equation.params["mantissa_bits"]
    narrow: Any = {(5, 10): np.dtype(np.float16)}.get(bits)
    if bits == (8, 7):
        import ml_dtypes

        narrow = np.dtype(ml_dtypes.bfloat16)
    if narrow is None:
        return None
    return lambda x: np.asarray(x).astype(narrow).astype(dtype)
