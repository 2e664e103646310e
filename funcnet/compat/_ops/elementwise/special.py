"""Special functions of one element: error functions, gamma and Bessel functions."""

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.scipy import special

from funcnet._types import Array
from funcnet.compat._core.annotations import Operand
from funcnet.compat._core.strides import ResultStrides
from funcnet.compat._ops.elementwise.pointwise import unary
from funcnet.compat._ops.promote import floating, promoted_floating
from funcnet.compat._ops.registry import elementwise, recorded, register
from funcnet.compat._tensor.tensor import Tensor
from funcnet.functional._derivative import Function, with_slope


@jax.custom_jvp
def hurwitz(s: Array, q: Array) -> Any:
    """The sum of `(q + k) ** -s` over k = 0, 1, ..., also where `q` is negative."""

    def term(_: Array, state: tuple[Any, ...]) -> Any:
        q, total = state
        below = q <= 0
        total = total + jnp.where(below, jnp.power(q, -s), 0)
        return jnp.where(below, q + 1, q), total

    pole = (q <= 0) & (q == jnp.floor(q))
    terms = jnp.clip(1 - jnp.min(q, initial=1), 0, 1000).astype(jnp.int32)
    q, total = jax.lax.fori_loop(0, terms + 1, term, (q, jnp.zeros_like(q)))
    result = total + special.zeta(s, q)
    return jnp.where(pole, jnp.inf, jnp.where(q == jnp.inf, 0, result))


@hurwitz.defjvp
def _hurwitz_jvp(primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> Any:
    s, q = primals
    return hurwitz(s, q), tangents[1] * -s * hurwitz(s + 1, q)


def derivative_of_digamma(x: Array, n: int) -> Any:
    """The `n`th derivative, which is a sum of powers."""
    order = jnp.full_like(x, n + 1)
    return (-1) ** (n + 1) * math.factorial(n) * hurwitz(order, x)


def _digamma(x: Any) -> Any:
    return jnp.where(x == 0, jnp.copysign(jnp.inf, -x), special.digamma(x))


digamma = with_slope(_digamma, lambda x: derivative_of_digamma(x, 1))
lgamma = with_slope(special.gammaln, digamma)


def _i1_slope(x: Any) -> Any:
    small = jnp.abs(x) <= jnp.finfo(x.dtype).eps
    return jnp.where(small, 0.5, i0(x) - i1(x) / jnp.where(small, 1, x))


i1 = with_slope(special.i1, _i1_slope)
i0 = with_slope(special.i0, i1)
ndtri: Function = with_slope(
    special.ndtri,
    lambda x: jnp.sqrt(2 * jnp.pi) * jnp.exp(jnp.square(ndtri(x)) / 2),
)
entr = with_slope(special.entr, lambda x: -1 - jnp.log(x))


def _erfcx(x: Array) -> Any:
    """Compute `exp(x ** 2) * erfc(x)`; float32 is too small for JAX's formula."""
    return special.erfcx(x.astype(jnp.float64)).astype(x.dtype)


erfcx: Any = with_slope(_erfcx, lambda x: 2 * x * erfcx(x) - 2 / math.sqrt(math.pi))


def _log_ndtr_slope(x: Any) -> Any:
    low = x < 0
    tail = math.sqrt(2 / math.pi) / erfcx(jnp.where(low, x, 0) * -math.sqrt(0.5))
    x = jnp.where(low, 0, x)
    body = jnp.exp(-x * x / 2) / math.sqrt(2 * math.pi) / special.ndtr(x)
    return jnp.where(low, tail, body)


log_ndtr = with_slope(lambda x: special.log_ndtr(x), _log_ndtr_slope)


for _names, _run, _what in (
    ("erf special.erf", special.erf, "the error function"),
    ("erfc special.erfc", special.erfc, "one minus the error function"),
    ("i0 special.i0", i0, "the modified Bessel function of order 0"),
):
    unary(_names, _run, _what)
for _names, _run, _what in (
    (
        "lgamma special.gammaln",
        lgamma,
        "the logarithm of the magnitude of the gamma function",
    ),
    (
        "digamma special.digamma special.psi",
        digamma,
        "the derivative of the logarithm of the gamma function",
    ),
    ("erfinv special.erfinv", special.erfinv, "the inverse of the error function"),
):
    unary(_names, _run, _what, inplace_function=False)


def _special(name: str, run: Callable[[Any], Any], what: str) -> None:
    """Register a function of one floating-point array as `torch.special.NAME`."""

    def function(input: Array) -> Any:
        return run(floating(input))

    path = f"special.{name}"
    elementwise(path, doc=f"Compute {what}, as `torch.{path}`.")(function)


_special("entr", entr, "the entropy `-x * log(x)`")
_special("erfcx", erfcx, "`exp(x ** 2) * erfc(x)`")
_special("i0e", special.i0e, "`exp(-|x|) * i0(x)`")
_special("i1", i1, "the modified Bessel function of order 1")
_special("i1e", special.i1e, "`exp(-|x|) * i1(x)`")
_special("ndtr", special.ndtr, "the area below the normal density up to `x`")
_special("ndtri", ndtri, "the inverse of `ndtr`")
_special("log_ndtr", log_ndtr, "the logarithm of `ndtr`")


@elementwise("igamma", "special.gammainc", inplace=True, undefined="igamma: input")
def igamma(input: Array, other: Operand) -> Any:
    """Compute the regularised lower incomplete gamma function, as `torch.igamma`."""
    return special.gammainc(*promoted_floating(input, other))


@elementwise("igammac", "special.gammaincc", inplace=True, undefined="igammac: input")
def igammac(input: Array, other: Operand) -> Any:
    """Compute the regularised upper incomplete gamma function, as `torch.igammac`."""
    return special.gammaincc(*promoted_floating(input, other))


@elementwise("mvlgamma", "special.multigammaln", inplace=True)
def mvlgamma(input: Array, p: int) -> Any:
    """Compute the logarithm of the multivariate gamma function, as `torch.mvlgamma`."""
    x = floating(input)
    shifted = x[..., None] - jnp.arange(p, dtype=x.dtype) / 2
    return p * (p - 1) / 4 * jnp.log(jnp.pi) + jnp.sum(lgamma(shifted), -1)


@elementwise("special.zeta", scalars_as_inputs=True, undefined="zeta")
def zeta(input: Array, other: Operand) -> Any:
    """Compute the Hurwitz zeta function, as `torch.special.zeta`."""
    return hurwitz(*jnp.broadcast_arrays(*promoted_floating(input, other)))


@recorded("polygamma", strides=ResultStrides.ELEMENTWISE)
def _polygamma(x: Array, n: int) -> Any:
    x = floating(x)
    return derivative_of_digamma(x, n) if n else digamma(x)


@register("polygamma", "special.polygamma", inplace=True, out=True)
def polygamma(n: int, input: Tensor) -> Tensor:
    """Compute the `n`th derivative of digamma, as `torch.polygamma`.

    As a method, `input.polygamma(n)`, it has the tensor first.
    """
    if isinstance(n, Tensor):
        n, input = input, n
    if n < 0:
        raise RuntimeError("polygamma(n, x) does not support negative n.")
    result: Tensor = _polygamma(input, n)
    return result
