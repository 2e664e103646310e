"""Powers and what is near them: roots, logarithms of sums, products with logarithms."""

from typing import Any

import jax
import jax.numpy as jnp

from funcnet.compat import _dtypes
from funcnet.compat._dtypes import result_type
from funcnet.compat._ops._promote import (
    is_integral,
    operand,
    promoted,
    promoted_floating,
)
from funcnet.compat._ops._table import op


@op("pow", inplace=True, saves="inputs")
def pow(input: Any, exponent: Any) -> Any:
    """Compute `input ** exponent`, as `torch.pow`."""
    x, y = promoted(input, exponent)
    if is_integral(x):
        return _integer_power(x, y, exponent)
    if isinstance(exponent, jax.Array | complex):
        return _complex_power(x, y) if jnp.iscomplexobj(x) else jnp.power(x, y)
    if exponent == 0.5:
        return jnp.sqrt(x)
    if float(exponent).is_integer() and abs(exponent) <= 64:
        return jax.lax.integer_pow(x, int(exponent))
    return jnp.power(x, y)


def _complex_power(x: Any, y: Any) -> Any:
    """A power with that of zero, which JAX takes by its logarithm."""
    zero = (x == 0) & (y.real > 0)
    smooth = zero & (y.real > 1)  # the derivative is zero, too
    return jnp.where(zero, 0, jnp.power(jnp.where(smooth, 1, x), y))


def _integer_power(x: Any, y: Any, exponent: Any) -> Any:
    if x.dtype == jnp.bool_:
        return x | ~y
    if isinstance(exponent, jax.Array):
        # Below 0 the power is a fraction, rounded to 0, but for 1 and -1.
        fraction = jnp.where(abs(x) == 1, jnp.where(y % 2 == 0, 1, x), 0)
        return jnp.where(y < 0, fraction, jnp.power(x, jnp.maximum(y, 0)))
    if exponent < 0:
        raise RuntimeError("Integers to negative integer powers are not allowed.")
    return jax.lax.integer_pow(x, int(exponent))


@op("float_power", inplace=True, saves="inputs", grad_name="PowBackward0")
def float_power(input: Any, exponent: Any) -> Any:
    """Compute `input ** exponent` in double precision, as `torch.float_power`."""
    kind = result_type(operand(input), operand(exponent))
    double = _dtypes.complex128 if kind.is_complex else _dtypes.float64
    x, y = (jnp.asarray(part).astype(double.numpy) for part in (input, exponent))
    return jnp.power(x, y)


@op("square", inplace=True, saves="inputs", grad_name="PowBackward0")
def square(input: Any) -> Any:
    """Compute `input * input`, as `torch.square`."""
    x = input.astype(jnp.int64) if input.dtype == jnp.bool_ else input
    return x * x


@op("ldexp", inplace=True, numbers=True)
def ldexp(input: Any, other: Any) -> Any:
    """Compute `input * 2 ** other`, as `torch.ldexp`."""
    x, y = promoted_floating(input, other)
    return x * jnp.exp2(y)


@jax.custom_jvp
def _hypot(x: Any, y: Any) -> Any:
    return jnp.hypot(x, y)


@_hypot.defjvp
def _hypot_jvp(primals: Any, tangents: Any) -> Any:
    x, y = primals
    dx, dy = tangents
    length = _hypot(x, y)
    return length, dx * (x / length) + dy * (y / length)


@op("hypot", inplace=True, saves="inputs")
def hypot(input: Any, other: Any) -> Any:
    """Compute `sqrt(input ** 2 + other ** 2)`, as `torch.hypot`."""
    return _hypot(*jnp.broadcast_arrays(*promoted(input, other)))


@op("atan2", "arctan2", numbers=True, inplace=True, saves="inputs")
def atan2(input: Any, other: Any) -> Any:
    """Compute the angle of the point `(other, input)`, as `torch.atan2`."""
    return jnp.arctan2(*promoted_floating(input, other))


@op("logaddexp")
def logaddexp(input: Any, other: Any) -> Any:
    """Compute `log(exp(input) + exp(other))`, as `torch.logaddexp`."""
    return jnp.logaddexp(*promoted_floating(input, other))


@op("logaddexp2")
def logaddexp2(input: Any, other: Any) -> Any:
    """Compute `log2(2 ** input + 2 ** other)`, as `torch.logaddexp2`."""
    return jnp.logaddexp2(*promoted_floating(input, other))


@jax.custom_jvp
def _times_log(x: Any, y: Any) -> Any:
    product = x * jnp.log(jnp.where(x == 0, 1, y))
    return jnp.where(jnp.isnan(y), jnp.nan, product)


@_times_log.defjvp
def _times_log_jvp(primals: Any, tangents: Any) -> Any:
    x, y = primals
    dx, dy = tangents
    slope = jnp.where((x == 0) & (y <= 0), 0, jnp.log(y))
    return _times_log(x, y), dx * slope + dy * x / y


@op("xlogy", numbers=True, inplace=True, saves="inputs")
def xlogy(input: Any, other: Any) -> Any:
    """Compute `input * log(other)`, 0 where `input` is 0, as `torch.xlogy`."""
    return _times_log(*jnp.broadcast_arrays(*promoted_floating(input, other)))


@op("special.xlog1py", method=False, numbers=True, saves="inputs")
def xlog1py(input: Any, other: Any) -> Any:
    """Compute `input * log1p(other)`, as `torch.special.xlog1py`."""
    return _times_log1p(*jnp.broadcast_arrays(*promoted_floating(input, other)))


@jax.custom_jvp
def _times_log1p(x: Any, y: Any) -> Any:
    product = x * jnp.log1p(jnp.where(x == 0, 0, y))
    return jnp.where(jnp.isnan(y), jnp.nan, product)


@_times_log1p.defjvp
def _times_log1p_jvp(primals: Any, tangents: Any) -> Any:
    x, y = primals
    dx, dy = tangents
    slope = jnp.where((x == 0) & (y <= -1), 0, jnp.log1p(y))
    return _times_log1p(x, y), dx * slope + dy * x / (y + 1)
