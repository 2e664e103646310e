"""Functions of each element by itself: roots, exponentials, logarithms, angles."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from funcnet.compat._ops._promote import floating
from funcnet.compat._ops._table import op


def enter(
    names: str, run: Callable[[Any], Any], what: str, saves: str = "inputs"
) -> None:
    """Enter a function of one floating-point array; integers become floating point."""

    def function(input: Any) -> Any:
        return run(floating(input))

    own, *others = names.split()
    function.__doc__ = f"Compute {what}, as `torch.{own}`."
    op(own, *others, inplace=True, saves=saves)(function)


for _names, _run, _what in (
    ("acos arccos", jnp.acos, "the inverse cosine"),
    ("acosh arccosh", jnp.acosh, "the inverse hyperbolic cosine"),
    ("asin arcsin", jnp.asin, "the inverse sine"),
    ("asinh arcsinh", jnp.asinh, "the inverse hyperbolic sine"),
    ("atan arctan", jnp.atan, "the inverse tangent"),
    ("atanh arctanh", jnp.atanh, "the inverse hyperbolic tangent"),
    ("cos", jnp.cos, "the cosine"),
    ("cosh", jnp.cosh, "the hyperbolic cosine"),
    ("sin", jnp.sin, "the sine"),
    ("sinh", jnp.sinh, "the hyperbolic sine"),
    ("log", jnp.log, "the natural logarithm"),
    ("log10", jnp.log10, "the logarithm to base 10"),
    ("log1p", jnp.log1p, "`log(1 + input)`, also where `input` is small"),
    ("log2", jnp.log2, "the logarithm to base 2"),
    ("sinc", jnp.sinc, "`sin(pi * input) / (pi * input)`"),
):
    enter(_names, _run, _what)

for _names, _run, _what in (
    ("exp", jnp.exp, "`e ** input`"),
    ("exp2", jnp.exp2, "`2 ** input`"),
    ("expm1", jnp.expm1, "`exp(input) - 1`, also where `input` is small"),
    ("sqrt", jnp.sqrt, "the square root"),
    ("rsqrt", jax.lax.rsqrt, "`1 / sqrt(input)`"),
    ("reciprocal", lambda x: 1 / x, "`1 / input`"),
    ("sigmoid", jax.nn.sigmoid, "`1 / (1 + exp(-input))`"),
    ("tan", jnp.tan, "the tangent"),
    ("tanh", jnp.tanh, "the hyperbolic tangent"),
):
    enter(_names, _run, _what, saves="result")

for _names, _run, _what in (
    ("deg2rad", jnp.deg2rad, "the angle in radians of one in degrees"),
    ("rad2deg", jnp.rad2deg, "the angle in degrees of one in radians"),
):
    enter(_names, _run, _what, saves="")


@op("relu", inplace=True, saves="result")
def relu(input: Any) -> Any:
    """Replace what is below 0 by 0, as `torch.relu`."""
    return jax.nn.relu(input)


@op("logit", inplace=True, saves="inputs")
def logit(input: Any, eps: float | None = None) -> Any:
    """Compute `log(x / (1 - x))`, as `torch.logit`; of `x` in `[eps, 1 - eps]`."""
    x = floating(input)
    if eps is None:
        return jnp.log(x / (1 - x))
    inside = (x >= eps) & (x <= 1 - eps)
    safe = jnp.where(inside, x, 0.5)
    edge = jax.lax.stop_gradient(jnp.clip(x, eps, 1 - eps))
    return jnp.where(inside, jnp.log(safe / (1 - safe)), jnp.log(edge / (1 - edge)))
