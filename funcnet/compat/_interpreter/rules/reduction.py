"""Rules of reductions and of cumulative reductions."""

from typing import Any

import numpy as np

from funcnet.compat._interpreter.rules.table import (
    Compute,
    Equation,
    in_dtype,
    is_half,
    is_narrow,
    rule,
)

_REDUCTIONS = {
    "reduce_sum": np.add,
    "reduce_prod": np.multiply,
    "reduce_max": np.maximum,
    "reduce_min": np.minimum,
    "reduce_and": np.bitwise_and,
    "reduce_or": np.bitwise_or,
    "reduce_xor": np.bitwise_xor,
}


@rule(*_REDUCTIONS)
def _reduction(equation: Equation) -> Compute | None:
    name, dtype = equation.primitive.name, in_dtype(equation)
    if is_narrow(dtype) or (dtype.kind == "c" and name in ("reduce_max", "reduce_min")):
        return None
    axes = tuple(equation.params["axes"])
    ufunc = _REDUCTIONS[name]
    if name in ("reduce_max", "reduce_min") and 0 in equation.invars[0].aval.shape:
        return None
    if not axes:
        return lambda x: x
    if is_half(dtype) and name in ("reduce_sum", "reduce_prod"):
        return lambda x: ufunc.reduce(x.astype(np.float32), axes).astype(dtype)
    if name in ("reduce_sum", "reduce_prod"):
        return lambda x: ufunc.reduce(x, axes, dtype)
    return lambda x: ufunc.reduce(x, axes)


@rule("argmax", "argmin")
def _argmax(equation: Equation) -> Compute | None:
    (axis,), dtype = equation.params["axes"], equation.params["index_dtype"]
    if in_dtype(equation).kind not in "fiub":
        return None
    function = np.argmax if equation.primitive.name == "argmax" else np.argmin
    return lambda x: function(x, axis).astype(dtype)


_CUMULATIVE = {
    "cumsum": np.add,
    "cumprod": np.multiply,
    "cummax": np.maximum,
    "cummin": np.minimum,
}


@rule(*_CUMULATIVE)
def _cumulative(equation: Equation) -> Compute | None:
    name, dtype = equation.primitive.name, in_dtype(equation)
    axis, reverse = equation.params["axis"], equation.params["reverse"]
    if is_narrow(dtype) or (dtype.kind == "c" and name in ("cummax", "cummin")):
        return None
    ufunc, wide = _CUMULATIVE[name], np.dtype(np.float32) if is_half(dtype) else dtype

    def accumulate(x: Any) -> Any:
        x = x.astype(wide, copy=False)
        if reverse:
            x = np.flip(x, axis)
        result = ufunc.accumulate(x, axis, wide)
        if reverse:
            result = np.flip(result, axis)
        return result.astype(dtype, copy=False)

    return accumulate
