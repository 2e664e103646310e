"""Signs, parts and rounded values of numbers."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat import return_types
from funcnet.compat._core.annotations import Operand
from funcnet.compat._ops.checks import two_tensors, type_name
from funcnet.compat._ops.promote import (
    floating,
    is_integral,
    promoted,
    promoted_floating,
)
from funcnet.compat._ops.registry import elementwise, register
from funcnet.functional._activation.magnitude import direction, magnitude
from funcnet.functional._derivative import with_slopes


@elementwise("neg", "negative", "Tensor.__neg__", inplace=True, inplace_function=True)
def neg(input: Array) -> Any:
    """Compute `-input`, as `torch.neg`."""
    if input.dtype == jnp.bool_:
        raise RuntimeError(
            "Negation, the `-` operator, on a bool tensor is not supported. If you are "
            "trying to invert a mask, use the `~` or `logical_not()` operator instead."
        )
    return -input


@elementwise("positive")
def positive(input: Array) -> Any:
    """Give the input as it is, as `torch.positive`."""
    if input.dtype == jnp.bool_:
        raise RuntimeError("The `+` operator, on a bool tensor is not supported.")
    return input


@register("absolute", inplace=True)
@elementwise("abs", "Tensor.__abs__", inplace=True, inplace_function=True)
def abs(input: Array) -> Any:
    """Compute the magnitude, as `torch.abs`."""
    return jnp.abs(input) if is_integral(input) else magnitude(input)


@elementwise("sign", inplace=True)
def sign(input: Array) -> Any:
    """Compute -1, 0 or 1, as `torch.sign`."""
    return _sign(input)


@elementwise("sgn", inplace=True)
def sgn(input: Array) -> Any:
    """Compute `input / |input|`, 0 at 0, as `torch.sgn`."""
    return _sign(input)


def _sign(x: Array) -> Any:
    if is_integral(x):
        return x if x.dtype == jnp.bool_ else jnp.sign(x)
    return direction(x)


@elementwise("signbit")
def signbit(input: Array) -> Any:
    """Test where the sign is minus, also that of -0, as `torch.signbit`."""
    if is_integral(input):
        return input < 0
    return jnp.signbit(input)


@elementwise("angle")
def angle(input: Array) -> Any:
    """Compute the angle of a complex number, as `torch.angle`."""
    if jnp.iscomplexobj(input):
        return _complex_angle(input)
    x = floating(input)
    turned = jnp.where(x < 0, jnp.asarray(jnp.pi, x.dtype), 0)
    return jnp.where(jnp.isnan(x), x, turned)


@jax.custom_jvp
def _complex_angle(x: Array) -> Any:
    return jnp.angle(x)


@_complex_angle.defjvp
def _complex_angle_jvp(primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> Any:
    (x,), (dx,) = primals, tangents
    safe = jnp.where(x == 0, 1, x)
    slope = jnp.where(x == 0, 0, 1 / safe)
    return _complex_angle(x), jnp.imag(dx * slope)


@elementwise("copysign", scalars_as_inputs=True, inplace=True)
def copysign(input: Array, other: Operand) -> Any:
    """Give `input` the sign of `other`, as `torch.copysign`."""
    x, y = promoted_floating(input, other)
    signed = jnp.copysign(x, y)
    return jnp.where(x == 0, jax.lax.stop_gradient(signed), signed)


@elementwise(
    "heaviside", inplace=True, differentiable=False, validate=two_tensors("heaviside")
)
def heaviside(input: Array, values: Array) -> Any:
    """Compute 0 below 0, 1 above and `values` at 0, as `torch.heaviside`."""
    if input.dtype != values.dtype:
        raise RuntimeError(
            "heaviside is not yet implemented for tensors with different dtypes."
        )
    x, y = promoted(input, values)
    steps = jnp.where(x == 0, y, (x > 0).astype(x.dtype))
    return jnp.where(x != x, x, steps)


@elementwise("nextafter", inplace=True, validate=two_tensors("nextafter"))
def nextafter(input: Array, other: Operand) -> Any:
    """Give the next number after `input` towards `other`, as `torch.nextafter`."""
    return _next(*promoted(input, other))


_next = with_slopes(
    jnp.nextafter, lambda result, x, y: x != y, lambda result, x, y: jnp.zeros_like(y)
)


def _rounded(name: str, run: Callable[..., Any], *others: str, what: str) -> None:
    def function(input: Array) -> Any:
        return input if is_integral(input) else run(input)

    elementwise(
        name,
        *others,
        inplace=True,
        inplace_function=True,
        doc=f"Round {what}, as `torch.{name}`.",
    )(function)


_rounded("ceil", jnp.ceil, what="up")
_rounded("floor", jnp.floor, what="down")
_rounded("trunc", jnp.trunc, "fix", what="towards 0")


@elementwise("round", "special.round", inplace=True, inplace_function=True)
def round(input: Array, *, decimals: int = 0) -> Any:
    """Round to `decimals` places, halves to the even number, as `torch.round`."""
    if is_integral(input):
        return input
    if not decimals:
        return jnp.round(input)
    scale = 10.0 ** (-decimals if decimals < 0 else decimals)
    if decimals < 0:
        return jnp.round(input / scale) * scale
    return jnp.round(input * scale) / scale


@elementwise("frac", inplace=True, inplace_function=True)
def frac(input: Array) -> Any:
    """Compute `input - trunc(input)`, as `torch.frac`."""
    return input - jax.lax.stop_gradient(jnp.trunc(input))


@elementwise("frexp", return_type=return_types.frexp)
def frexp(input: Array) -> Any:
    """Split into mantissa and power of 2, as `torch.frexp`."""
    if is_integral(input):
        raise RuntimeError(
            f"torch.frexp() only supports floating-point dtypes, got {type_name(input)}"
        )
    return _mantissa(input), jnp.frexp(jax.lax.stop_gradient(input))[1]


@jax.custom_jvp
def _mantissa(x: Array) -> Any:
    return jnp.frexp(x)[0]


@_mantissa.defjvp
def _mantissa_jvp(primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> Any:
    (x,), (dx,) = primals, tangents
    mantissa, exponent = jnp.frexp(x)
    half = -exponent // 2  # the whole power may be too great for a number
    rest = -exponent - half
    return mantissa, dx * jnp.exp2(half.astype(x.dtype)) * jnp.exp2(
        rest.astype(x.dtype)
    )


@elementwise("nan_to_num", inplace=True, inplace_function=True)
def nan_to_num(
    input: Array,
    nan: float | None = None,
    posinf: float | None = None,
    neginf: float | None = None,
) -> Any:
    """Replace what is NaN or infinite by finite numbers, as `torch.nan_to_num`."""
    if is_integral(input):
        return input
    return jnp.nan_to_num(
        input, nan=0.0 if nan is None else nan, posinf=posinf, neginf=neginf
    )


def _register_test(name: str, run: Callable[..., Any], what: str) -> None:
    def function(input: Array) -> Any:
        return run(input)

    elementwise(name, doc=f"Test where a number {what}, as `torch.{name}`.")(function)


_register_test("isnan", jnp.isnan, "is NaN")
_register_test("isinf", jnp.isinf, "is infinite")
_register_test("isfinite", jnp.isfinite, "is neither NaN nor infinite")
_register_test("isposinf", jnp.isposinf, "is plus infinity")
_register_test("isneginf", jnp.isneginf, "is minus infinity")
_register_test("isreal", jnp.isreal, "has no imaginary part")
