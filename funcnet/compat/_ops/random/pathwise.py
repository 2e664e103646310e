"""How samples move with the parameters they were drawn with.

The implicit gradient of a sample `x` with distribution function `F(x; a)` is
`-(∂F/∂a) / (∂F/∂x)` (Figurnov, Mohamed and Mnih, 2018). It is computed on the host, as
the samples are.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from jax.lax import stop_gradient

from funcnet import _random
from funcnet.compat._core.annotations import Scalar
from funcnet.compat._engine.op import Op
from funcnet.compat._ops.registry import register
from funcnet.compat._random.generator import Generator, engine_of
from funcnet.compat._tensor.level_draws import computed_of
from funcnet.compat._tensor.recording import record_op
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat._tensor.views import alias

_SERIES = 0.8  # below it a few terms of a series are exact
_TERMS = 24


def _slope(function: Callable[[Any], Any], at: Any, step: Scalar) -> Any:
    """The derivative by four differences, whose error is of fourth order."""
    near = function(at + step) - function(at - step)
    far = function(at + 2 * step) - function(at - 2 * step)
    return (8 * near - far) / (12 * step)


def gamma_slope(alpha: np.ndarray, x: np.ndarray) -> np.ndarray:
    """`∂x/∂alpha` of gamma samples of scale one, in float64."""
    from scipy import special  # slow to import

    alpha, x = np.broadcast_arrays(np.float64(alpha), np.float64(x))
    with np.errstate(all="ignore"):
        # P = x^a / Γ(a) · Σ (-x)^k / (k! (a + k)), and its density.
        small = np.where(x < _SERIES, x, _SERIES)
        total, change, term = (np.full_like(x, first) for first in (0, 0, 1))
        for k in range(_TERMS):
            total = total + term / (alpha + k)
            change = change - term / (alpha + k) ** 2
            term = term * -small / (k + 1)
        log = np.log(small) - special.digamma(alpha)
        series = -small * np.exp(small) * (log * total + change)
        step = 0.01 * np.minimum(alpha, np.sqrt(alpha))
        lower = x < alpha
        rise = np.where(
            lower,
            _slope(lambda a: special.gammainc(a, x), alpha, step),
            -_slope(lambda a: special.gammaincc(a, x), alpha, step),
        )
        log_density = (alpha - 1) * np.log(x) - x - special.gammaln(alpha)
        result = np.where(x < _SERIES, series, -rise / np.exp(log_density))
    return np.where(np.isfinite(result), result, 0.0)


def beta_slope(x: np.ndarray, alpha: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """`∂x/∂alpha` of beta samples, in float64."""
    from scipy import special  # slow to import

    x, alpha, beta = np.broadcast_arrays(*map(np.float64, (x, alpha, beta)))
    total = alpha + beta
    with np.errstate(all="ignore"):
        step = 0.01 * np.minimum(alpha, np.sqrt(alpha * total / beta))
        lower = x * total < alpha
        below = _slope(lambda a: special.betainc(a, beta, x), alpha, step)
        above = -_slope(lambda a: special.betaincc(a, beta, x), alpha, step)
        rise = np.where(lower, below, above)
        log_density = (
            special.xlogy(alpha - 1, x)
            + special.xlog1py(beta - 1, -x)
            - special.betaln(alpha, beta)
        )
        result = -rise / np.exp(log_density)
        # Close to zero F is x^a / (a B(a, b)).
        tiny = special.betainc(alpha, beta, x) < 1e-290
        log_slope = np.log(x) - 1 / alpha
        log_slope = log_slope - special.digamma(alpha) + special.digamma(total)
        result = np.where(tiny, -x / alpha * log_slope, result)
    return np.where(np.isfinite(result), result, 0.0)


MOVED = Op(
    "_standard_gamma",
    lambda x, slope, alpha: x + slope * (alpha - stop_gradient(alpha)),
    "StandardGammaBackward0",
)


def moving(drawn: Tensor, alpha: Tensor) -> Any:
    """Gamma samples that move with their concentrations."""

    def slope(x: Tensor, alpha: Tensor) -> Tensor:
        result = gamma_slope(np.asarray(alpha._array()), np.asarray(x._array()))
        return from_array(result.astype(x.dtype.numpy), alpha.device)

    slopes = computed_of([drawn, alias(alpha)], slope)
    return record_op(MOVED, (drawn, slopes, alpha))


@register("_standard_gamma_grad", method=False)
def standard_gamma_grad(self: Tensor, output: Tensor) -> Tensor:
    """The slopes of gamma samples, as `torch._standard_gamma_grad`."""
    slope = gamma_slope(self._array(), output._array())
    return from_array(slope.astype(self.dtype.numpy), self.device)


@register("_dirichlet_grad", method=False)
def dirichlet_grad(x: Tensor, alpha: Tensor, total: Tensor) -> Tensor:
    """The slopes of shares over `1 - x`, as `torch._dirichlet_grad`."""
    share, a, whole = (np.asarray(y._array(), np.float64) for y in (x, alpha, total))
    with np.errstate(all="ignore"):
        slope = beta_slope(share, a, whole - a) / (1 - share)
    slope = np.where(np.isfinite(slope), slope, 0.0)
    return from_array(slope.astype(x.dtype.numpy), x.device)


@register("_sample_dirichlet", method=False)
def sample_dirichlet(input: Tensor, generator: Generator | None = None) -> Tensor:
    """Draw shares, as `torch._sample_dirichlet`: gamma numbers over their sums."""
    drawn = _random.gamma(engine_of(generator), np.asarray(input._array()))
    with np.errstate(invalid="ignore"):
        shares = (drawn / drawn.sum(-1, keepdims=True)).astype(input.dtype.numpy)
    kind = np.finfo(shares.dtype)
    top = np.nextafter(shares.dtype.type(1), shares.dtype.type(0))
    return from_array(np.clip(shares, kind.tiny, top), input.device)
