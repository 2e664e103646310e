"""Functions of each element by itself: roots, exponentials, logarithms, angles."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._ops.promote import floating
from funcnet.compat._ops.registry import elementwise
from funcnet.functional._derivative import Function, inverse, with_slope


def unary(
    names: str, run: Callable[[Any], Any], what: str, inplace_function: bool = True
) -> None:
    """Register a function of a floating-point array; integers become floating point.

    Args:
        names: its name and its aliases, separated by blanks.
        run: the function of an array.
        what: what it computes.
        inplace_function: whether there is `torch.NAME_` besides the method.
    """

    def function(input: Array) -> Any:
        return run(floating(input))

    own, *others = names.split()
    elementwise(
        own,
        *others,
        inplace=True,
        inplace_function=inplace_function,
        doc=f"Compute {what}, as `torch.{own}`.",
    )(function)


def _acosh_slope(x: Any) -> Any:
    # One root of the product would be on the wrong branch for complex numbers.
    return rsqrt(x - 1) * rsqrt(x + 1) if jnp.iscomplexobj(x) else rsqrt(x * x - 1)


def _sinc_slope(x: Any) -> Any:
    # Near 0 the difference loses its digits; there the series has them.
    near = jnp.abs(x) < (0.05 if x.dtype.itemsize <= 4 else 1e-3)
    turn = jnp.pi * x
    square = turn * turn
    series = -jnp.pi * turn / 3 * (1 - square / 10)
    safe = jnp.where(near, 1, x)
    turn = jnp.pi * safe
    far = (jnp.cos(turn) - jnp.sin(turn) * inverse(turn)) * inverse(safe)
    return jnp.where(near, series, far)


rsqrt: Function = with_slope(jax.lax.rsqrt, lambda x: -0.5 * rsqrt(x) ** 3)
acosh = with_slope(jnp.acosh, _acosh_slope)
atanh = with_slope(jnp.atanh, lambda x: 1 / (1 - x * x))
sinc = with_slope(jnp.sinc, _sinc_slope)

for _names, _run, _what in (
    ("acos arccos", jnp.acos, "the inverse cosine"),
    ("acosh arccosh", acosh, "the inverse hyperbolic cosine"),
    ("asin arcsin", jnp.asin, "the inverse sine"),
    ("asinh arcsinh", jnp.asinh, "the inverse hyperbolic sine"),
    ("atan arctan", jnp.atan, "the inverse tangent"),
    ("atanh arctanh", atanh, "the inverse hyperbolic tangent"),
    ("cos", jnp.cos, "the cosine"),
    ("cosh", jnp.cosh, "the hyperbolic cosine"),
    ("sin", jnp.sin, "the sine"),
    ("sinh", jnp.sinh, "the hyperbolic sine"),
    ("log", jnp.log, "the natural logarithm"),
    ("log10", jnp.log10, "the logarithm to base 10"),
    ("log1p special.log1p", jnp.log1p, "`log(1 + input)`, also where `input` is small"),
    ("log2", jnp.log2, "the logarithm to base 2"),
    ("sinc special.sinc", sinc, "`sin(pi * input) / (pi * input)`"),
):
    unary(_names, _run, _what)

for _names, _run, _what in (
    ("exp", jnp.exp, "`e ** input`"),
    ("exp2 special.exp2", jnp.exp2, "`2 ** input`"),
    ("expm1 special.expm1", jnp.expm1, "`exp(input) - 1`, also where `input` is small"),
    ("sqrt", jnp.sqrt, "the square root"),
    ("rsqrt", rsqrt, "`1 / sqrt(input)`"),
    ("reciprocal", inverse, "`1 / input`"),
    (
        "sigmoid special.expit nn.functional.sigmoid",
        jax.nn.sigmoid,
        "`1 / (1 + exp(-input))`",
    ),
    ("tan", jnp.tan, "the tangent"),
    ("tanh nn.functional.tanh", jnp.tanh, "the hyperbolic tangent"),
):
    unary(_names, _run, _what)

for _names, _run, _what in (
    ("deg2rad", jnp.deg2rad, "the angle in radians of one in degrees"),
    ("rad2deg", jnp.rad2deg, "the angle in degrees of one in radians"),
):
    unary(_names, _run, _what)


def _logit_slope(x: Any) -> Any:
    outside = (x < 0) | (x > 1)
    return jnp.where(outside, jnp.nan, 1 / jnp.where(outside, 1, x * (1 - x)))


_logit = with_slope(lambda x: jnp.log(x / (1 - x)), _logit_slope)


@elementwise("logit", "special.logit", inplace=True, inplace_function=True)
def logit(input: Array, eps: float | None = None) -> Any:
    """Compute `log(x / (1 - x))`, as `torch.logit`; of `x` in `[eps, 1 - eps]`."""
    x = floating(input)
    if eps is None:
        return _logit(x)
    inside = (x >= eps) & (x <= 1 - eps)
    safe = jnp.where(inside, x, 0.5)
    edge = jax.lax.stop_gradient(jnp.clip(x, eps, 1 - eps))
    return jnp.where(inside, jnp.log(safe / (1 - safe)), jnp.log(edge / (1 - edge)))
