"""Orthogonal polynomials by their recurrences; PyTorch has no gradient of them."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._core.annotations import Operand
from funcnet.compat._ops.promote import promoted_floating
from funcnet.compat._ops.registry import elementwise


def _polynomial(
    x: Array, n: Operand, first: Callable[[Any], Any], following: Callable[..., Any]
) -> Any:
    """The polynomial of degree `n`, from degrees 0 (which is 1) and 1 upwards.

    `following` gives the one of degree `k + 1` from `x`, `k` and those of `k`, `k - 1`.
    """
    x, n = jnp.broadcast_arrays(*promoted_floating(x, n))
    degree = jnp.trunc(n)

    def step(k: int, state: tuple[Any, ...]) -> Any:
        before, now, result = state
        after = following(x, k, now, before)
        return now, after, jnp.where(degree == k + 1, after, result)

    ones = jnp.ones_like(x)
    start = jnp.where(degree == 0, ones, jnp.where(degree == 1, first(x), 0))
    most = jnp.max(degree, initial=0).astype(jnp.int32)
    return jax.lax.fori_loop(1, most, step, (ones, first(x), start))[2]


def _twice(x: Any, k: Array, now: Array, before: Array) -> Any:
    return 2 * x * now - before


def _hermite(x: Any, k: Array, now: Array, before: Array) -> Any:
    return 2 * x * now - (2 * k).astype(x.dtype) * before


def _hermite_e(x: Any, k: Array, now: Array, before: Array) -> Any:
    return x * now - k.astype(x.dtype) * before


def _laguerre(x: Any, k: Array, now: Array, before: Array) -> Any:
    k = k.astype(x.dtype)
    return ((2 * k + 1 - x) * now - k * before) / (k + 1)


def _legendre(x: Any, k: Array, now: Array, before: Array) -> Any:
    k = k.astype(x.dtype)
    return ((2 * k + 1) * x * now - k * before) / (k + 1)


def _special(
    name: str,
    first: Callable[[Any], Any],
    following: Callable[..., Any] = _twice,
    shifted: bool = False,
) -> None:
    def function(input: Array, n: int) -> Any:
        x = 2 * input - 1 if shifted else input
        return _polynomial(x, n, first, following)

    elementwise(
        f"special.{name}",
        scalars_as_inputs=True,
        differentiable=False,
        doc=(f"Compute the polynomial of degree `n`, as `torch.special.{name}`."),
    )(function)


for _letter, _first in (
    ("t", lambda x: x),
    ("u", lambda x: 2 * x),
    ("v", lambda x: 2 * x - 1),
    ("w", lambda x: 2 * x + 1),
):
    _special(f"chebyshev_polynomial_{_letter}", _first)
    _special(f"shifted_chebyshev_polynomial_{_letter}", _first, shifted=True)
_special("hermite_polynomial_h", lambda x: 2 * x, _hermite)
_special("hermite_polynomial_he", lambda x: x, _hermite_e)
_special("laguerre_polynomial_l", lambda x: 1 - x, _laguerre)
_special("legendre_polynomial_p", lambda x: x, _legendre)
