"""Divergences between distributions of different families.

Most are `-H(p) - E_p[log q]`, of the entropy and moments of `p`.
"""

import math

import funcnet.compat as torch
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions._distribution import Distribution
from funcnet.compat.distributions._families.beta import Beta
from funcnet.compat.distributions._families.continuous_bernoulli import (
    ContinuousBernoulli,
)
from funcnet.compat.distributions._families.gamma import Gamma
from funcnet.compat.distributions._families.location_scale import (
    Laplace,
    Normal,
    Uniform,
)
from funcnet.compat.distributions._families.rate import Exponential, Poisson
from funcnet.compat.distributions._families.transformed_families import Gumbel, Pareto
from funcnet.compat.distributions._families.two_outcomes import (
    Bernoulli,
    Binomial,
)
from funcnet.compat.distributions.kl import register_kl
from funcnet.compat.distributions.utils import euler_constant


def _infinite(p: Distribution, q: Distribution) -> Tensor:
    """Infinite divergence: `p` has mass outside of the support of `q`."""
    mine = next(iter(vars(p)[n] for n in _first_of(p)))
    return torch.full_like(mine, math.inf)


def _first_of(p: Distribution) -> list[str]:
    names = ("rate", "concentration", "loc", "probs", "logits", "low", "alpha")
    return [name for name in names if name in vars(p)]


for _p, _qs in {
    Exponential: (Beta, ContinuousBernoulli, Pareto, Uniform),
    Gamma: (Beta, ContinuousBernoulli, Pareto, Uniform),
    Gumbel: (Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform),
    Laplace: (Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform),
    Normal: (Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform),
    Pareto: (Beta, ContinuousBernoulli, Uniform),
    Poisson: (Bernoulli, Binomial),
    ContinuousBernoulli: (Pareto,),
}.items():
    for _q in _qs:
        register_kl(_p, _q)(_infinite)


@register_kl(Beta, Pareto)
def _beta_pareto(p: Beta, q: Pareto) -> Tensor:
    return torch.full_like(p.concentration1, math.inf)


# --- what q's logarithm is on average -------------------------------------------------


def _to_normal(q: Normal, mean: Tensor, second: Tensor) -> Tensor:
    """`-E[log q]` of a mean and a second moment."""
    variance = q.scale.pow(2)
    distance = 0.5 * second - q.loc * mean + 0.5 * q.loc.pow(2)
    return 0.5 * (2 * math.pi * variance).log() + distance / variance


def _to_exponential(q: Exponential, mean: Tensor) -> Tensor:
    return -q.rate.log() + q.rate * mean


def _to_gamma(q: Gamma, mean: Tensor, mean_log: Tensor) -> Tensor:
    a = q.concentration
    return a.lgamma() - a * q.rate.log() - (a - 1) * mean_log + q.rate * mean


def _to_continuous(q: ContinuousBernoulli, mean: Tensor) -> Tensor:
    return -mean * q.logits - torch.log1p(-q.probs) - q._cont_bern_log_norm()


def _unless(result: Tensor, outside: Tensor) -> Tensor:
    return torch.where(outside, math.inf, result)


@register_kl(Bernoulli, Poisson)
def _bernoulli_poisson(p: Bernoulli, q: Poisson) -> Tensor:
    return -p.entropy() - (p.probs * q.rate.log() - q.rate)


@register_kl(Beta, ContinuousBernoulli)
def _beta_continuous(p: Beta, q: ContinuousBernoulli) -> Tensor:
    return -p.entropy() + _to_continuous(q, p.mean)


@register_kl(Beta, Exponential)
def _beta_exponential(p: Beta, q: Exponential) -> Tensor:
    return -p.entropy() + _to_exponential(q, p.mean)


@register_kl(Beta, Gamma)
def _beta_gamma(p: Beta, q: Gamma) -> Tensor:
    a, total = p.concentration1, p.concentration1 + p.concentration0
    return -p.entropy() + _to_gamma(q, p.mean, a.digamma() - total.digamma())


@register_kl(Beta, Normal)
def _beta_normal(p: Beta, q: Normal) -> Tensor:
    return -p.entropy() + _to_normal(q, p.mean, p.variance + p.mean.pow(2))


@register_kl(Beta, Uniform)
def _beta_uniform(p: Beta, q: Uniform) -> Tensor:
    result = -p.entropy() + (q.high - q.low).log()
    return _unless(result, (q.low > 0) | (q.high < 1))


@register_kl(ContinuousBernoulli, Exponential)
def _continuous_exponential(p: ContinuousBernoulli, q: Exponential) -> Tensor:
    return -p.entropy() + _to_exponential(q, p.mean)


@register_kl(ContinuousBernoulli, Normal)
def _continuous_normal(p: ContinuousBernoulli, q: Normal) -> Tensor:
    return -p.entropy() + _to_normal(q, p.mean, p.variance + p.mean.pow(2))


@register_kl(ContinuousBernoulli, Uniform)
def _continuous_uniform(p: ContinuousBernoulli, q: Uniform) -> Tensor:
    result = -p.entropy() + (q.high - q.low).log()
    return _unless(result, (q.low > 0) | (q.high < 1))


@register_kl(Exponential, Gamma)
def _exponential_gamma(p: Exponential, q: Gamma) -> Tensor:
    return -p.entropy() + _to_gamma(q, p.mean, -euler_constant - p.rate.log())


@register_kl(Exponential, Gumbel)
def _exponential_gumbel(p: Exponential, q: Gumbel) -> Tensor:
    product = p.rate * q.scale
    shift = q.loc / q.scale
    rest = shift.exp() * product / (product + 1) + product.reciprocal()
    return product.log() - 1 - shift + rest


@register_kl(Exponential, Normal)
def _exponential_normal(p: Exponential, q: Normal) -> Tensor:
    return -p.entropy() + _to_normal(q, p.mean, 2 * p.variance)


@register_kl(Gamma, Exponential)
def _gamma_exponential(p: Gamma, q: Exponential) -> Tensor:
    return -p.entropy() + _to_exponential(q, p.mean)


@register_kl(Gamma, Gumbel)
def _gamma_gumbel(p: Gamma, q: Gumbel) -> Tensor:
    a, product = p.concentration, p.rate * q.scale
    shift = q.loc / q.scale
    own = (a - 1) * a.digamma() - a.lgamma() - a
    rest = shift.exp() * (1 + product.reciprocal()).pow(-a) - shift
    return own + product.log() + a / product + rest


@register_kl(Gamma, Normal)
def _gamma_normal(p: Gamma, q: Normal) -> Tensor:
    return -p.entropy() + _to_normal(q, p.mean, p.variance + p.mean.pow(2))


@register_kl(Gumbel, Normal)
def _gumbel_normal(p: Gumbel, q: Normal) -> Tensor:
    return -p.entropy() + _to_normal(q, p.mean, p.variance + p.mean.pow(2))


@register_kl(Laplace, Normal)
def _laplace_normal(p: Laplace, q: Normal) -> Tensor:
    return -p.entropy() + _to_normal(q, p.mean, p.variance + p.mean.pow(2))


@register_kl(Normal, Gumbel)
def _normal_gumbel(p: Normal, q: Gumbel) -> Tensor:
    shift = (p.loc - q.loc) / q.scale
    ratio = (p.scale / q.scale).pow(2)
    rest = (0.5 * ratio - shift).exp()
    return -0.5 * ratio.log() + shift + rest - 0.5 * (1 + math.log(2 * math.pi))


@register_kl(Normal, Laplace)
def _normal_laplace(p: Normal, q: Laplace) -> Tensor:
    distance = p.loc - q.loc
    z = distance / p.scale
    mean = math.sqrt(2 / math.pi) * p.scale * torch.exp(-0.5 * z.pow(2))
    mean = mean + distance * torch.erf(math.sqrt(0.5) * z)
    return -p.entropy() + (2 * q.scale).log() + mean / q.scale


@register_kl(Pareto, Exponential)
def _pareto_exponential(p: Pareto, q: Exponential) -> Tensor:
    mean = p.alpha * p.scale / (p.alpha - 1)
    return _unless(-p.entropy() + _to_exponential(q, mean), p.alpha <= 1)


@register_kl(Pareto, Gamma)
def _pareto_gamma(p: Pareto, q: Gamma) -> Tensor:
    mean = p.alpha * p.scale / (p.alpha - 1)
    mean_log = p.scale.log() + p.alpha.reciprocal()
    return _unless(-p.entropy() + _to_gamma(q, mean, mean_log), p.alpha <= 1)


@register_kl(Pareto, Normal)
def _pareto_normal(p: Pareto, q: Normal) -> Tensor:
    mean = p.alpha * p.scale / (p.alpha - 1)
    second = p.alpha * p.scale.pow(2) / (p.alpha - 2)
    return _unless(-p.entropy() + _to_normal(q, mean, second), p.alpha <= 2)


# --- of uniform variables -------------------------------------------------------------


def _mean_log(low: Tensor, high: Tensor) -> Tensor:
    """`E[log x]` of a uniform variable."""
    width = high - low
    return (torch.special.xlogy(high, high) - torch.special.xlogy(low, low)) / width - 1


@register_kl(Uniform, Beta)
def _uniform_beta(p: Uniform, q: Beta) -> Tensor:
    a, b = q.concentration1, q.concentration0
    constant = a.lgamma() + b.lgamma() - (a + b).lgamma()
    powers = (a - 1) * _mean_log(p.low, p.high)
    powers = powers + (b - 1) * _mean_log(1 - p.high, 1 - p.low)
    result = -p.entropy() + constant - powers
    return _unless(result, (p.high > 1) | (p.low < 0))


@register_kl(Uniform, ContinuousBernoulli)
def _uniform_continuous(p: Uniform, q: ContinuousBernoulli) -> Tensor:
    result = -p.entropy() + _to_continuous(q, p.mean)
    return _unless(result, (p.high > 1) | (p.low < 0))


@register_kl(Uniform, Exponential)
def _uniform_exponential(p: Uniform, q: Exponential) -> Tensor:
    return _unless(-p.entropy() + _to_exponential(q, p.mean), p.low < 0)


@register_kl(Uniform, Gamma)
def _uniform_gamma(p: Uniform, q: Gamma) -> Tensor:
    result = -p.entropy() + _to_gamma(q, p.mean, _mean_log(p.low, p.high))
    return _unless(result, p.low < 0)


@register_kl(Uniform, Gumbel)
def _uniform_gumbel(p: Uniform, q: Gumbel) -> Tensor:
    share = q.scale / (p.high - p.low)
    high, low = (p.high - q.loc) / q.scale, (p.low - q.loc) / q.scale
    return share.log() + 0.5 * (high + low) - share * ((-high).exp() - (-low).exp())


@register_kl(Uniform, Normal)
def _uniform_normal(p: Uniform, q: Normal) -> Tensor:
    return -p.entropy() + _to_normal(q, p.mean, p.variance + p.mean.pow(2))


@register_kl(Uniform, Pareto)
def _uniform_pareto(p: Uniform, q: Pareto) -> Tensor:
    density = q.alpha.log() + q.alpha * q.scale.log()
    result = (q.alpha + 1) * _mean_log(p.low, p.high) - density - p.entropy()
    return _unless(result, p.low < q.scale)
