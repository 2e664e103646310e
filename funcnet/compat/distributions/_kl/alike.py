"""Divergences between distributions of the same family."""

import math
from typing import Any

import funcnet.compat as torch
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions._distribution import Distribution, ExponentialFamily
from funcnet.compat.distributions._families.beta import Beta, Dirichlet
from funcnet.compat.distributions._families.categorical import (
    Categorical,
    OneHotCategorical,
)
from funcnet.compat.distributions._families.continuous_bernoulli import (
    ContinuousBernoulli,
)
from funcnet.compat.distributions._families.gamma import Gamma
from funcnet.compat.distributions._families.independent import Independent
from funcnet.compat.distributions._families.location_scale import (
    Cauchy,
    Laplace,
    Normal,
    Uniform,
)
from funcnet.compat.distributions._families.multivariate import (
    LowRankMultivariateNormal,
    MultivariateNormal,
    batch_mahalanobis,
    log_det_of_tril,
    lowrank_mahalanobis,
)
from funcnet.compat.distributions._families.rate import Exponential, Poisson
from funcnet.compat.distributions._families.transformed import TransformedDistribution
from funcnet.compat.distributions._families.transformed_families import (
    Gumbel,
    HalfNormal,
    Pareto,
)
from funcnet.compat.distributions._families.two_outcomes import (
    Bernoulli,
    Binomial,
    Geometric,
)
from funcnet.compat.distributions.kl import kl_divergence, register_kl
from funcnet.compat.distributions.utils import _sum_rightmost, euler_constant

_F = torch.nn.functional


@register_kl(Bernoulli, Bernoulli)
def _bernoulli(p: Bernoulli, q: Bernoulli) -> Tensor:
    one = p.probs * (_F.softplus(-q.logits) - _F.softplus(-p.logits))
    one = torch.where(q.probs == 0, math.inf, one)
    one = torch.where(p.probs == 0, 0.0, one)
    zero = (1 - p.probs) * (_F.softplus(q.logits) - _F.softplus(p.logits))
    zero = torch.where(q.probs == 1, math.inf, zero)
    zero = torch.where(p.probs == 1, 0.0, zero)
    return one + zero


@register_kl(Beta, Beta)
def _beta(p: Beta, q: Beta) -> Tensor:
    a, b, c, d = (
        *(p.concentration1, p.concentration0),
        *(q.concentration1, q.concentration0),
    )
    total_p, total_q = a + b, c + d
    constant = c.lgamma() + d.lgamma() + total_p.lgamma()
    constant = constant - (a.lgamma() + b.lgamma() + total_q.lgamma())
    moments = (a - c) * torch.digamma(a) + (b - d) * torch.digamma(b)
    return constant + moments + (total_q - total_p) * torch.digamma(total_p)


@register_kl(Binomial, Binomial)
def _binomial(p: Binomial, q: Binomial) -> Tensor:
    if bool((p.total_count < q.total_count).any()):
        raise NotImplementedError(
            "KL between Binomials where q.total_count > p.total_count is not "
            "implemented"
        )
    odds = p.probs * (p.logits - q.logits)
    result = p.total_count * (odds + (-p.probs).log1p() - (-q.probs).log1p())
    return torch.where(p.total_count > q.total_count, math.inf, result)


@register_kl(Categorical, Categorical)
def _categorical(p: Categorical, q: Categorical) -> Tensor:
    result = p.probs * (p.logits - q.logits)
    result = torch.where(q.probs == 0, math.inf, result)
    return torch.where(p.probs == 0, 0.0, result).sum(-1)


@register_kl(OneHotCategorical, OneHotCategorical)
def _one_hot(p: OneHotCategorical, q: OneHotCategorical) -> Tensor:
    return _categorical(p._categorical, q._categorical)


@register_kl(Cauchy, Cauchy)
def _cauchy(p: Cauchy, q: Cauchy) -> Tensor:
    distance = ((p.scale + q.scale).pow(2) + (p.loc - q.loc).pow(2)).log()
    return distance - (4 * p.scale * q.scale).log()


@register_kl(ContinuousBernoulli, ContinuousBernoulli)
def _continuous(p: ContinuousBernoulli, q: ContinuousBernoulli) -> Tensor:
    mine = p._cont_bern_log_norm() + torch.log1p(-p.probs)
    others = q._cont_bern_log_norm() + torch.log1p(-q.probs)
    return p.mean * (p.logits - q.logits) + mine - others


@register_kl(Dirichlet, Dirichlet)
def _dirichlet(p: Dirichlet, q: Dirichlet) -> Tensor:
    a, b = p.concentration, q.concentration
    total_a, total_b = a.sum(-1), b.sum(-1)
    constant = total_a.lgamma() - total_b.lgamma() - (a.lgamma() - b.lgamma()).sum(-1)
    moments = a.digamma() - total_a.digamma().unsqueeze(-1)
    return constant + ((a - b) * moments).sum(-1)


@register_kl(Exponential, Exponential)
def _exponential(p: Exponential, q: Exponential) -> Tensor:
    ratio = q.rate / p.rate
    return -ratio.log() + ratio - 1


@register_kl(ExponentialFamily, ExponentialFamily)
def _family(p: ExponentialFamily, q: ExponentialFamily) -> Tensor:
    if type(p) is not type(q):
        raise NotImplementedError(
            "The cross KL-divergence between different exponential families cannot be "
            "computed using Bregman divergences"
        )
    mine = [param.detach().requires_grad_() for param in p._natural_params]
    others = q._natural_params
    normalizer = p._log_normalizer(*mine)
    grads = torch.autograd.grad(normalizer.sum(), mine, create_graph=True)
    result = q._log_normalizer(*others) - normalizer
    for param, other, grad in zip(mine, others, grads, strict=True):
        term = (other - param) * grad
        result = result - _sum_rightmost(term, len(q.event_shape))
    return result


@register_kl(Gamma, Gamma)
def _gamma(p: Gamma, q: Gamma) -> Tensor:
    a, b = p.concentration, q.concentration
    constant = b * (p.rate / q.rate).log() + b.lgamma() - a.lgamma()
    return constant + (a - b) * a.digamma() + (q.rate - p.rate) * (a / p.rate)


@register_kl(Gumbel, Gumbel)
def _gumbel(p: Gumbel, q: Gumbel) -> Tensor:
    ratio = p.scale / q.scale
    shift = (p.loc - q.loc) / q.scale
    rest = torch.exp((1 + ratio).lgamma() - shift)
    return -ratio.log() + shift + ratio * euler_constant + rest - (1 + euler_constant)


@register_kl(Geometric, Geometric)
def _geometric(p: Geometric, q: Geometric) -> Tensor:
    return -p.entropy() - torch.log1p(-q.probs) / p.probs - q.logits


@register_kl(HalfNormal, HalfNormal)
def _half_normal(p: HalfNormal, q: HalfNormal) -> Tensor:
    return _normal(p.base_dist, q.base_dist)


@register_kl(Laplace, Laplace)
def _laplace(p: Laplace, q: Laplace) -> Tensor:
    ratio = p.scale / q.scale
    distance = (p.loc - q.loc).abs()
    rest = ratio * torch.exp(-distance / p.scale)
    return -ratio.log() + distance / q.scale + rest - 1


@register_kl(Normal, Normal)
def _normal(p: Normal, q: Normal) -> Tensor:
    ratio = (p.scale / q.scale).pow(2)
    distance = ((p.loc - q.loc) / q.scale).pow(2)
    return 0.5 * (ratio + distance - 1 - ratio.log())


@register_kl(Pareto, Pareto)
def _pareto(p: Pareto, q: Pareto) -> Tensor:
    ratio = q.alpha / p.alpha
    result = q.alpha * (p.scale / q.scale).log() - ratio.log() + ratio - 1
    return torch.where(p.scale < q.scale, math.inf, result)


@register_kl(Poisson, Poisson)
def _poisson(p: Poisson, q: Poisson) -> Tensor:
    return p.rate * (p.rate.log() - q.rate.log()) - (p.rate - q.rate)


@register_kl(Uniform, Uniform)
def _uniform(p: Uniform, q: Uniform) -> Tensor:
    result = ((q.high - q.low) / (p.high - p.low)).log()
    return torch.where((q.low > p.low) | (q.high < p.high), math.inf, result)


# --- of vectors -----------------------------------------------------------------------


def _traced(x: Tensor) -> Tensor:
    """Return the trace of `X Xᵀ`."""
    return x.pow(2).flatten(-2).sum(-1)


def _same_event(p: Distribution, q: Distribution, name: str) -> None:
    if p.event_shape != q.event_shape:
        raise ValueError(
            f"KL-divergence between two {name} with different event shapes cannot be "
            "computed"
        )


@register_kl(MultivariateNormal, MultivariateNormal)
def _multivariate(p: MultivariateNormal, q: MultivariateNormal) -> Tensor:
    _same_event(p, q, "Multivariate Normals")
    mine, others = p._unbroadcasted_scale_tril, q._unbroadcasted_scale_tril
    half = log_det_of_tril(others) - log_det_of_tril(mine)
    shape = torch.broadcast_shapes(mine.shape, others.shape)
    solved = torch.linalg.solve_triangular(
        others.expand(shape), mine.expand(shape), upper=False
    )
    distance = batch_mahalanobis(others, q.loc - p.loc)
    return half + 0.5 * (_traced(solved) + distance - p.event_shape[0])


@register_kl(LowRankMultivariateNormal, LowRankMultivariateNormal)
def _low_rank(p: LowRankMultivariateNormal, q: LowRankMultivariateNormal) -> Tensor:
    _same_event(p, q, "Low Rank Multivariate Normals")
    w, d = q._unbroadcasted_cov_factor, q._unbroadcasted_cov_diag
    distance = lowrank_mahalanobis(w, d, q.loc - p.loc, q._capacitance_tril)
    # Trace of the product of q's precision and p's covariance.
    scaled = w.mT / d.unsqueeze(-2)
    a = torch.linalg.solve_triangular(q._capacitance_tril, scaled, upper=False)
    own_w, own_d = p._unbroadcasted_cov_factor, p._unbroadcasted_cov_diag
    trace = (
        (own_d / d).sum(-1)
        + _traced(own_w * d.rsqrt().unsqueeze(-1))
        - _traced(a * own_d.sqrt().unsqueeze(-2))
        - _traced(a @ own_w)
    )
    log_det = q._log_det() - p._log_det()
    return 0.5 * (log_det + trace + distance - p.event_shape[0])


@register_kl(MultivariateNormal, LowRankMultivariateNormal)
def _to_low_rank(p: MultivariateNormal, q: LowRankMultivariateNormal) -> Tensor:
    _same_event(p, q, "(Low Rank) Multivariate Normals")
    w, d = q._unbroadcasted_cov_factor, q._unbroadcasted_cov_diag
    distance = lowrank_mahalanobis(w, d, q.loc - p.loc, q._capacitance_tril)
    scaled = w.mT / d.unsqueeze(-2)
    a = torch.linalg.solve_triangular(q._capacitance_tril, scaled, upper=False)
    factor = p._unbroadcasted_scale_tril
    trace = _traced(factor * d.rsqrt().unsqueeze(-1)) - _traced(a @ factor)
    log_det = q._log_det() - 2 * log_det_of_tril(factor)
    return 0.5 * (log_det + trace + distance - p.event_shape[0])


@register_kl(LowRankMultivariateNormal, MultivariateNormal)
def _of_low_rank(p: LowRankMultivariateNormal, q: MultivariateNormal) -> Tensor:
    _same_event(p, q, "(Low Rank) Multivariate Normals")
    factor = q._unbroadcasted_scale_tril
    distance = batch_mahalanobis(factor, q.loc - p.loc)
    batch = torch.broadcast_shapes(
        factor.shape[:-2], p._unbroadcasted_cov_factor.shape[:-2]
    )
    n = p.event_shape[0]
    lower = factor.expand((*batch, n, n))
    parts = (p._unbroadcasted_cov_factor, p._unbroadcasted_cov_diag.sqrt().diag_embed())
    trace: Any = 0.0
    for part in parts:
        whole = part.expand((*batch, n, part.size(-1)))
        solved = torch.linalg.solve_triangular(lower, whole, upper=False)
        trace = trace + _traced(solved)
    log_det = 2 * log_det_of_tril(factor) - p._log_det()
    return 0.5 * (log_det + trace + distance - n)


# --- of what is made of others --------------------------------------------------------


@register_kl(Independent, Independent)
def _independent(p: Independent, q: Independent) -> Tensor:
    if p.reinterpreted_batch_ndims != q.reinterpreted_batch_ndims:
        raise NotImplementedError
    result = kl_divergence(p.base_dist, q.base_dist)
    return _sum_rightmost(result, p.reinterpreted_batch_ndims)


@register_kl(TransformedDistribution, TransformedDistribution)
def _transformed(p: TransformedDistribution, q: TransformedDistribution) -> Tensor:
    if p.transforms != q.transforms or p.event_shape != q.event_shape:
        raise NotImplementedError
    result = kl_divergence(p.base_dist, q.base_dist)
    dims = len(p.event_shape) - len(p.base_dist.event_shape)
    return _sum_rightmost(result, dims)
