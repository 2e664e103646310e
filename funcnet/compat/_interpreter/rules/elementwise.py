"""Rules of the primitives that work element by element."""

from typing import Any, Final

import numpy as np

from funcnet.compat._interpreter.rules.table import (
    RULES,
    Compute,
    Equation,
    in_dtype,
    is_half,
    is_narrow,
    out_dtype,
    rule,
)

_UFUNCS: Final[dict[str, Any]] = {
    "abs": np.abs,
    "acos": np.arccos,
    "acosh": np.arccosh,
    "add": np.add,
    "add_any": np.add,
    "and": np.bitwise_and,
    "asin": np.arcsin,
    "asinh": np.arcsinh,
    "atan": np.arctan,
    "atan2": np.arctan2,
    "atanh": np.arctanh,
    "cbrt": np.cbrt,
    "ceil": np.ceil,
    "cos": np.cos,
    "cosh": np.cosh,
    "eq": np.equal,
    "exp": np.exp,
    "exp2": np.exp2,
    "expm1": np.expm1,
    "floor": np.floor,
    "ge": np.greater_equal,
    "gt": np.greater,
    "imag": np.imag,
    "is_finite": np.isfinite,
    "le": np.less_equal,
    "log": np.log,
    "log1p": np.log1p,
    "lt": np.less,
    "max": np.maximum,
    "min": np.minimum,
    "mul": np.multiply,
    "ne": np.not_equal,
    "neg": np.negative,
    "nextafter": np.nextafter,
    "not": np.invert,
    "or": np.bitwise_or,
    "real": np.real,
    "sin": np.sin,
    "sinh": np.sinh,
    "sqrt": np.sqrt,
    "square": np.square,
    "sub": np.subtract,
    "tan": np.tan,
    "tanh": np.tanh,
    "xor": np.bitwise_xor,
}

BROADCASTING: Final = frozenset([*_UFUNCS, "div", "pow", "rem", "select_n", "clamp"])
"""Primitives that numpy computes alike where an input lacks repeated elements."""


def _of_ufunc(equation: Equation) -> Compute | None:
    name, dtype = equation.primitive.name, in_dtype(equation)
    function = _UFUNCS[name]
    if is_narrow(dtype):
        return None
    if is_half(dtype) and dtype.kind == "V" and name == "nextafter":
        return None
    if dtype.kind == "c" and name in ("max", "min", "lt", "le", "gt", "ge", "log1p"):
        return None
    return function  # type: ignore[no-any-return]


for _name in _UFUNCS:
    RULES[_name] = _of_ufunc


@rule("div")
def _div(equation: Equation) -> Compute | None:
    dtype = in_dtype(equation)
    if is_narrow(dtype):
        return None
    if dtype.kind not in "iu":
        return np.divide

    is_signed = dtype.kind == "i"
    of_zero = dtype.type(-1 if is_signed else np.iinfo(dtype).max)

    def divide(x: Any, y: Any) -> Any:
        zero = np.equal(y, 0)
        divisor = np.where(zero, dtype.type(1), y)
        quotient = x // divisor
        if is_signed:  # numpy rounds down, XLA towards zero
            quotient = quotient + ((quotient < 0) & (quotient * divisor != x))
        return np.where(zero, of_zero, quotient)

    return divide


@rule("rem")
def _rem(equation: Equation) -> Compute | None:
    dtype = in_dtype(equation)
    if is_narrow(dtype) or dtype.kind == "V":
        return None
    if dtype.kind not in "iu":
        return np.fmod

    def remainder(x: Any, y: Any) -> Any:
        zero = np.equal(y, 0)
        return np.where(zero, x, np.fmod(x, np.where(zero, dtype.type(1), y)))

    return remainder


@rule("pow")
def _pow(equation: Equation) -> Compute | None:
    base, exponent = in_dtype(equation), in_dtype(equation, 1)
    if is_narrow(base):
        return None
    if exponent != base:
        return lambda x, y: np.power(x, np.asarray(y).astype(base))
    return np.power if base.kind != "f" else _power


def _power(x: Any, y: Any) -> Any:
    if np.ndim(y) or y != 0.5:
        return np.power(x, y)
    # For one exponent numpy takes the square root, which differs at -0 and -infinity.
    return np.where(np.isneginf(x), -x, np.sqrt(x) + x.dtype.type(0))


@rule("integer_pow")
def _integer_pow(equation: Equation) -> Compute | None:
    exponent, dtype = equation.params["y"], in_dtype(equation)
    if is_narrow(dtype):
        return None
    if exponent == 2:
        return np.square
    if exponent == -1:
        return np.reciprocal if dtype.kind != "V" else lambda x: dtype.type(1) / x

    def power(x: Any) -> Any:
        # As XLA does: squares, multiplied where the exponent has a bit.
        left, result, square = abs(exponent), None, x
        while left:
            if left & 1:
                result = square if result is None else result * square
            left >>= 1
            if left:
                square = square * square
        if result is None:
            return np.ones_like(x)
        return dtype.type(1) / result if exponent < 0 else result

    return power


@rule("rsqrt")
def _rsqrt(equation: Equation) -> Compute | None:
    dtype = in_dtype(equation)
    if is_narrow(dtype):
        return None
    one = dtype.type(1)
    return lambda x: one / np.sqrt(x)


@rule("sign")
def _sign(equation: Equation) -> Compute | None:
    dtype = in_dtype(equation)
    if is_narrow(dtype):
        return None
    if dtype.kind == "c":
        return lambda x: np.where(x == 0, x, x / np.where(x == 0, 1, np.abs(x)))
    if dtype.kind == "V":
        return lambda x: np.sign(x.astype(np.float32)).astype(dtype)
    if dtype.kind == "f":  # the sign of a zero stays
        return lambda x: np.where(x == 0, x, np.sign(x))
    return np.sign


@rule("round")
def _round(equation: Equation) -> Compute | None:
    dtype = in_dtype(equation)
    if is_narrow(dtype):
        return None
    if int(equation.params["rounding_method"]) == 1:  # to even
        return np.rint

    def away_from_zero(x: Any) -> Any:
        whole = np.trunc(x)
        up = np.abs(x - whole) >= 0.5
        return (whole + np.where(up, np.copysign(1, x), 0)).astype(dtype)

    return away_from_zero


@rule("logistic")
def _logistic(equation: Equation) -> Compute | None:
    dtype = in_dtype(equation)
    if is_narrow(dtype):
        return None
    one = dtype.type(1)
    return lambda x: one / (one + np.exp(-x))


@rule("shift_left", "shift_right_logical", "shift_right_arithmetic")
def _shift(equation: Equation) -> Compute:
    name, dtype = equation.primitive.name, in_dtype(equation)
    bits = 8 * dtype.itemsize
    signed, unsigned = (np.dtype(f"{sign}{dtype.itemsize}") for sign in "iu")

    def shift(x: Any, y: Any) -> Any:
        x, y = np.asarray(x), np.asarray(y)
        beyond = y.view(unsigned) >= bits
        safe = np.where(beyond, 0, y).astype(dtype)
        if name == "shift_left":
            return np.where(beyond, dtype.type(0), np.left_shift(x, safe))
        if name == "shift_right_logical":
            moved = np.right_shift(x.view(unsigned), safe.view(unsigned)).view(dtype)
            return np.where(beyond, dtype.type(0), moved)
        by = np.where(beyond, bits - 1, safe).astype(signed)
        return np.right_shift(x.view(signed), by).view(dtype)

    return shift


@rule("population_count")
def _population_count(equation: Equation) -> Compute:
    dtype = in_dtype(equation)
    unsigned = np.dtype(f"u{dtype.itemsize}")
    return lambda x: np.bitwise_count(np.asarray(x).view(unsigned)).astype(dtype)


@rule("complex")
def _complex(equation: Equation) -> Compute:
    dtype = out_dtype(equation)

    def combine(x: Any, y: Any) -> Any:
        result = np.empty(np.broadcast_shapes(np.shape(x), np.shape(y)), dtype)
        result.real, result.imag = x, y
        return result

    return combine


@rule("conj")
def _conj(equation: Equation) -> Compute:
    if in_dtype(equation).kind == "c":
        return np.conj
    dtype = out_dtype(equation)
    return lambda x: np.asarray(x).astype(dtype)


@rule("optimization_barrier")
def _identities(equation: Equation) -> Compute:
    return lambda *arrays: arrays


@rule("one_minus_square")
def _one_minus_square(equation: Equation) -> Compute:
    one = in_dtype(equation).type(1)
    return lambda x: (one + x) * (one - x)


@rule("polynomial")
def _polynomial(equation: Equation) -> Compute | None:
    if is_narrow(in_dtype(equation)):
        return None

    def evaluate(x: Any, *coefficients: Any) -> Any:
        result = np.zeros_like(x)
        for coefficient in reversed(coefficients):
            result = result * x + coefficient
        return result

    return evaluate
