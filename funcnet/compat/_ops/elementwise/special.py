"""Special functions of one element: error functions, gamma and Bessel functions."""

import math
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
from jax.scipy import special

from funcnet.compat._ops.elementwise import powers as _powers  # noqa: F401
from funcnet.compat._ops.elementwise import rounding as _rounding  # noqa: F401
from funcnet.compat._ops.elementwise.pointwise import enter
from funcnet.compat._ops.nn import softmax as _softmax  # noqa: F401
from funcnet.compat._ops.promote import floating, promoted_floating
from funcnet.compat._ops.reduce import reduction as _reduction  # noqa: F401
from funcnet.compat._ops.registry import FUNCTIONS, composite, op
from funcnet.compat._tensor.tensor import Tensor
from funcnet.functional._derivative import Function, with_slope


@jax.custom_jvp
def hurwitz(s: Any, q: Any) -> Any:
    """The sum of `(q + k) ** -s` over k = 0, 1, ..., also where `q` is negative."""

    def term(_: Any, state: Any) -> Any:
        q, total = state
        below = q <= 0
        total = total + jnp.where(below, jnp.power(q, -s), 0)
        return jnp.where(below, q + 1, q), total

    pole = (q <= 0) & (q == jnp.floor(q))
    terms = jnp.clip(1 - jnp.min(q, initial=1), 0, 1000).astype(jnp.int32)
    q, total = jax.lax.fori_loop(0, terms + 1, term, (q, jnp.zeros_like(q)))
    found = total + special.zeta(s, q)
    return jnp.where(pole, jnp.inf, jnp.where(q == jnp.inf, 0, found))


@hurwitz.defjvp
def _hurwitz_jvp(primals: Any, tangents: Any) -> Any:
    s, q = primals
    return hurwitz(s, q), tangents[1] * -s * hurwitz(s + 1, q)


def derivative_of_digamma(x: Any, n: int) -> Any:
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


def _erfcx(x: Any) -> Any:
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
    ("erf", special.erf, "the error function"),
    ("erfc", special.erfc, "one minus the error function"),
    ("i0", i0, "the modified Bessel function of order 0"),
    ("lgamma", lgamma, "the logarithm of the magnitude of the gamma function"),
    ("digamma", digamma, "the derivative of the logarithm of the gamma function"),
):
    enter(_names, _run, _what)
enter("erfinv", special.erfinv, "the inverse of the error function")


def enter_special(names: str, run: Callable[[Any], Any], what: str) -> None:
    """Enter a function of one floating-point array as `torch.special.NAME`."""

    def function(input: Any) -> Any:
        return run(floating(input))

    own, *others = [f"special.{name}" for name in names.split()]
    function.__doc__ = f"Compute {what}, as `torch.{own}`."
    op(own, *others, method=False)(function)


enter_special("entr", entr, "the entropy `-x * log(x)`")
enter_special("erfcx", erfcx, "`exp(x ** 2) * erfc(x)`")
enter_special("i0e", special.i0e, "`exp(-|x|) * i0(x)`")
enter_special("i1", i1, "the modified Bessel function of order 1")
enter_special("i1e", special.i1e, "`exp(-|x|) * i1(x)`")
enter_special("ndtr", special.ndtr, "the area below the normal density up to `x`")
enter_special("ndtri", ndtri, "the inverse of `ndtr`")
enter_special("log_ndtr", log_ndtr, "the logarithm of `ndtr`")


@op(
    "igamma",
    "special.gammainc",
    inplace=True,
    undefined="igamma: input",
)
def igamma(input: Any, other: Any) -> Any:
    """Compute the regularised lower incomplete gamma function, as `torch.igamma`."""
    return special.gammainc(*promoted_floating(input, other))


@op(
    "igammac",
    "special.gammaincc",
    inplace=True,
    undefined="igammac: input",
)
def igammac(input: Any, other: Any) -> Any:
    """Compute the regularised upper incomplete gamma function, as `torch.igammac`."""
    return special.gammaincc(*promoted_floating(input, other))


@op("mvlgamma", "special.multigammaln", inplace=True)
def mvlgamma(input: Any, p: int) -> Any:
    """Compute the logarithm of the multivariate gamma function, as `torch.mvlgamma`."""
    x = floating(input)
    shifted = x[..., None] - jnp.arange(p, dtype=x.dtype) / 2
    return p * (p - 1) / 4 * jnp.log(jnp.pi) + jnp.sum(lgamma(shifted), -1)


@op("special.zeta", method=False, numbers=True, undefined="zeta")
def zeta(input: Any, other: Any) -> Any:
    """Compute the Hurwitz zeta function, as `torch.special.zeta`."""
    return hurwitz(*jnp.broadcast_arrays(*promoted_floating(input, other)))


@op("polygamma", function=False, method=False)
def _polygamma(x: Any, n: int) -> Any:
    x = floating(x)
    return derivative_of_digamma(x, n) if n else digamma(x)


@composite("polygamma", inplace=True)
def polygamma(n: Any, input: Any) -> Tensor:
    """Compute the `n`th derivative of digamma, as `torch.polygamma`.

    As a method, `input.polygamma(n)`, it has the tensor first.
    """
    if isinstance(n, Tensor):
        n, input = input, n
    if n < 0:
        raise RuntimeError("polygamma(n, x) does not support negative n.")
    result: Tensor = _polygamma(input, n)
    return result


# What `torch.special` repeats, by its name there.
_REPEATED = """
digamma erf erfc erfinv exp2 expm1 i0 log1p log_softmax logit logsumexp polygamma round
sinc softmax xlogy
"""
for _name in _REPEATED.split():
    FUNCTIONS[f"special.{_name}"] = FUNCTIONS[_name]
FUNCTIONS["special.expit"] = FUNCTIONS["sigmoid"]
FUNCTIONS["special.gammaln"] = FUNCTIONS["lgamma"]
FUNCTIONS["special.psi"] = FUNCTIONS["digamma"]
