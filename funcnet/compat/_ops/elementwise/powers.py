"""Powers and what is near them: roots, logarithms of sums, products with logarithms."""

import math
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import Operand
from funcnet.compat._core.dtype import result_type
from funcnet.compat._core.shapes import check_broadcast_all
from funcnet.compat._ops.checks import two_tensors
from funcnet.compat._ops.elementwise.pointwise import rsqrt
from funcnet.compat._ops.promote import (
    is_integral,
    operand,
    promoted,
    promoted_floating,
)
from funcnet.compat._ops.registry import elementwise
from funcnet.functional._derivative import Function, quotient, with_slopes


@elementwise("pow", inplace=True)
def pow(input: Array, exponent: Operand) -> Any:
    """Compute `input ** exponent`, as `torch.pow`."""
    x, y = promoted(input, exponent)
    if is_integral(x):
        return _integer_power(x, y, exponent)
    return _power(x, y, exponent)


def _power(x: Array, y: Array, exponent: Any) -> Any:
    """`x ** y`; `exponent` is what `y` was made of, an array or a number."""
    if jnp.iscomplexobj(x):
        if isinstance(exponent, jax.Array | complex):
            return _complex_power(x, y)
        if exponent == 0.5:
            return jnp.sqrt(x)
        whole = float(exponent).is_integer() and abs(exponent) <= _MOST_PRODUCTS
        return jax.lax.integer_pow(x, int(exponent)) if whole else jnp.power(x, y)
    if isinstance(exponent, jax.Array):
        return _real_power(*(jnp.broadcast_arrays(x, y) if y.ndim else (x, y)))
    return _to(x, float(exponent))


_MOST_PRODUCTS = 64  # greater integer powers are taken by logarithm

# Where both are 0, PyTorch takes the gradient of a constant, 1.
_real_power: Function = with_slopes(
    jnp.power,
    lambda power, x, y: jnp.where(y == 0, 0, y * _real_power(x, y - 1)),
    lambda power, x, y: jnp.where(
        (x == 0) & (y >= 0), 0, power * jnp.log(jnp.where((x == 0) & (y >= 0), 1, x))
    ),
)


@partial(jax.custom_jvp, nondiff_argnums=(1,))
def _to(x: Array, exponent: float) -> Any:
    """A real array to the power of a number."""
    if exponent == 0.5:
        return jnp.sqrt(x)
    if exponent == -0.5:
        return rsqrt(x)
    if exponent.is_integer() and abs(exponent) <= _MOST_PRODUCTS:
        return jax.lax.integer_pow(x, int(exponent))
    return jnp.power(x, jnp.asarray(exponent, x.dtype))


@_to.defjvp
def _to_jvp(
    exponent: float, primals: tuple[Any, ...], tangents: tuple[Any, ...]
) -> Any:
    (x,), (dx,) = primals, tangents
    slope = exponent * _to(x, exponent - 1) if exponent else jnp.zeros_like(x)
    return _to(x, exponent), dx * slope


def _complex_power(x: Array, y: Array) -> Any:
    """A power with that of zero, which JAX takes by its logarithm."""
    zero = (x == 0) & (y.real > 0)
    smooth = zero & (y.real > 1)  # the derivative is zero, too
    return jnp.where(zero, 0, jnp.power(jnp.where(smooth, 1, x), y))


def _integer_power(x: Array, y: Array, exponent: Any) -> Any:
    if x.dtype == jnp.bool_:
        return x | ~y
    if isinstance(exponent, jax.Array):
        # Below 0 the power is a fraction, rounded to 0, but for 1 and -1.
        fraction = jnp.where(abs(x) == 1, jnp.where(y % 2 == 0, 1, x), 0)
        return jnp.where(y < 0, fraction, jnp.power(x, jnp.maximum(y, 0)))
    if exponent < 0:
        raise RuntimeError("Integers to negative integer powers are not allowed.")
    return jax.lax.integer_pow(x, int(exponent))


@elementwise("float_power", inplace=True, grad_name="PowBackward0")
def float_power(input: Array, exponent: Operand) -> Any:
    """Compute `input ** exponent` in double precision, as `torch.float_power`."""
    dtype = result_type(operand(input), operand(exponent))
    double = _dtypes.complex128 if dtype.is_complex else _dtypes.float64
    check_broadcast_all(jnp.shape(part) for part in (input, exponent))
    x, y = (jnp.asarray(part).astype(double.numpy) for part in (input, exponent))
    return _power(x, y, exponent)


@elementwise("square", inplace=True, inplace_function=True, grad_name="PowBackward0")
def square(input: Array) -> Any:
    """Compute `input * input`, as `torch.square`."""
    x = input.astype(jnp.int64) if input.dtype == jnp.bool_ else input
    return x * x


@elementwise(
    "ldexp",
    inplace=True,
    inplace_function=True,
    scalars_as_inputs=True,
    validate=two_tensors("ldexp"),
)
def ldexp(input: Array, other: Operand) -> Any:
    """Compute `input * 2 ** other`, as `torch.ldexp`."""
    x, y = promoted_floating(input, other)
    return x * jnp.exp2(y)


_hypot = with_slopes(
    jnp.hypot,
    lambda length, x, y: quotient(x, length),
    lambda length, x, y: quotient(y, length),
)


@elementwise("hypot", inplace=True, validate=two_tensors("hypot"))
def hypot(input: Array, other: Operand) -> Any:
    """Compute `sqrt(input ** 2 + other ** 2)`, as `torch.hypot`."""
    return _hypot(*promoted(input, other))


def _inverse_square(x: Any, y: Any) -> Any:
    """Compute `1 / (x ** 2 + y ** 2)`; 0 at 0, as PyTorch's gradient has it."""
    square = x * x + y * y
    return jnp.where(square == 0, 0, 1 / jnp.where(square == 0, 1, square))


_atan2 = with_slopes(
    jnp.arctan2,
    lambda angle, y, x: x * _inverse_square(x, y),
    lambda angle, y, x: -y * _inverse_square(x, y),
)


@elementwise("atan2", "arctan2", scalars_as_inputs=True, inplace=True)
def atan2(input: Array, other: Operand) -> Any:
    """Compute the angle of the point `(other, input)`, as `torch.atan2`."""
    return _atan2(*promoted_floating(input, other))


logaddexp_of = with_slopes(
    jnp.logaddexp,
    lambda total, x, y: jax.nn.sigmoid(x - y),
    lambda total, x, y: jax.nn.sigmoid(y - x),
)
_LOG2 = math.log(2)
_logaddexp2 = with_slopes(
    jnp.logaddexp2,
    lambda total, x, y: jax.nn.sigmoid((x - y) * _LOG2),
    lambda total, x, y: jax.nn.sigmoid((y - x) * _LOG2),
)


@elementwise("logaddexp", validate=two_tensors("logaddexp"))
def logaddexp(input: Array, other: Operand) -> Any:
    """Compute `log(exp(input) + exp(other))`, as `torch.logaddexp`."""
    return logaddexp_of(*promoted_floating(input, other))


@elementwise("logaddexp2", validate=two_tensors("logaddexp2"))
def logaddexp2(input: Array, other: Operand) -> Any:
    """Compute `log2(2 ** input + 2 ** other)`, as `torch.logaddexp2`."""
    return _logaddexp2(*promoted_floating(input, other))


def _product(x: Any, log: Any, y: Any) -> Any:
    return jnp.where(jnp.isnan(y), jnp.nan, x * log)


_times_log = with_slopes(
    lambda x, y: _product(x, jnp.log(jnp.where(x == 0, 1, y)), y),
    lambda product, x, y: jnp.where((x == 0) & (y <= 0), 0, jnp.log(y)),
    lambda product, x, y: quotient(x, y),
)
_times_log1p = with_slopes(
    lambda x, y: _product(x, jnp.log1p(jnp.where(x == 0, 0, y)), y),
    lambda product, x, y: jnp.where((x == 0) & (y <= -1), 0, jnp.log1p(y)),
    lambda product, x, y: quotient(x, y + 1),
)


@elementwise(
    "xlogy",
    "special.xlogy",
    scalars_as_inputs=True,
    inplace=True,
    inplace_function=True,
)
def xlogy(input: Array, other: Operand) -> Any:
    """Compute `input * log(other)`, 0 where `input` is 0, as `torch.xlogy`."""
    return _times_log(*promoted_floating(input, other))


@elementwise("special.xlog1py", scalars_as_inputs=True)
def xlog1py(input: Array, other: Operand) -> Any:
    """Compute `input * log1p(other)`, as `torch.special.xlog1py`."""
    return _times_log1p(*promoted_floating(input, other))
