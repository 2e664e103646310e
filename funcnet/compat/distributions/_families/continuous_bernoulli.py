"""Continuous Bernoulli distribution (Loaiza-Ganem and Cunningham, 2019)."""

import math
from typing import Self

import funcnet.compat as torch
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions import constraints
from funcnet.compat.distributions._distribution import (
    Distribution,
    ExponentialFamily,
    holds,
)
from funcnet.compat.distributions._families.two_outcomes import OfProbability
from funcnet.compat.distributions.utils import broadcast_all, clamp_probs

__all__ = [
    "ContinuousBernoulli",
]


_F = torch.nn.functional


class ContinuousBernoulli(OfProbability, ExponentialFamily):
    """Continuous Bernoulli distribution, of density like `p^x (1 - p)^(1 - x)`.

    Args:
        probs: `p`, or
        logits: its log-odds.
        lims: around one half, where the formulas are unstable, Taylor series are taken.
    """

    support = constraints.unit_interval
    has_rsample = True
    _mean_carrier_measure = 0

    def __init__(
        self,
        probs: TensorLike | None = None,
        logits: TensorLike | None = None,
        lims: tuple[float, float] = (0.499, 0.501),
        validate_args: bool | None = None,
    ) -> None:
        self._take(probs, logits)
        if probs is not None:
            given = self.__dict__["probs"]
            if validate_args and not holds(constraints.unit_interval, given):
                raise ValueError("The parameter probs has invalid values")
            self.__dict__["probs"] = clamp_probs(given)
        self._lims = lims
        shape = self._param.size()
        Distribution.__init__(self, shape, validate_args=validate_args)

    def _expand_more(self, new: Self, batch_shape: ShapeLike) -> None:
        new._lims = self._lims

    def _outside(self) -> Tensor:
        low, high = self._lims
        return torch.max(torch.le(self.probs, low), torch.gt(self.probs, high))

    def _cut_probs(self) -> Tensor:
        """Return the probability, away from one half."""
        low = self._lims[0] * torch.ones_like(self.probs)
        return torch.where(self._outside(), self.probs, low)

    def _cont_bern_log_norm(self) -> Tensor:
        """Return the log of the constant that normalises the density."""
        cut = self._cut_probs()
        below = torch.where(torch.le(cut, 0.5), cut, torch.zeros_like(cut))
        above = torch.where(torch.ge(cut, 0.5), cut, torch.ones_like(cut))
        log_norm = torch.log(
            torch.abs(torch.log1p(-cut) - torch.log(cut))
        ) - torch.where(
            torch.le(cut, 0.5),
            torch.log1p(-2.0 * below),
            torch.log(2.0 * above - 1.0),
        )
        x = torch.pow(self.probs - 0.5, 2)
        taylor = math.log(2.0) + (4.0 / 3.0 + 104.0 / 45.0 * x) * x
        return torch.where(self._outside(), log_norm, taylor)

    @property
    def mean(self) -> Tensor:
        """The mean."""
        cut = self._cut_probs()
        result = cut / (2.0 * cut - 1.0) + 1.0 / (torch.log1p(-cut) - torch.log(cut))
        x = self.probs - 0.5
        taylor = 0.5 + (1.0 / 3.0 + 16.0 / 45.0 * torch.pow(x, 2)) * x
        return torch.where(self._outside(), result, taylor)

    @property
    def stddev(self) -> Tensor:
        """The standard deviation."""
        return torch.sqrt(self.variance)

    @property
    def variance(self) -> Tensor:
        """The variance."""
        cut = self._cut_probs()
        result = cut * (cut - 1.0) / torch.pow(1.0 - 2.0 * cut, 2) + 1.0 / torch.pow(
            torch.log1p(-cut) - torch.log(cut), 2
        )
        x = torch.pow(self.probs - 0.5, 2)
        taylor = 1.0 / 12.0 - (1.0 / 15.0 - 128.0 / 945.0 * x) * x
        return torch.where(self._outside(), result, taylor)

    def sample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw samples."""
        with torch.no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw reparametrized samples, which have a gradient."""
        shape = self._extended_shape(sample_shape)
        u = torch.rand(shape, dtype=self.probs.dtype, device=self.probs.device)
        return self.icdf(u)

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density of a value."""
        if self._validate_args:
            self._validate_sample(value)
        logits, value = broadcast_all(self.logits, value)
        plain = _F.binary_cross_entropy_with_logits(logits, value, reduction="none")
        return -plain + self._cont_bern_log_norm()

    def cdf(self, value: Tensor) -> Tensor:
        """Return the cumulative distribution function at a value."""
        if self._validate_args:
            self._validate_sample(value)
        cut = self._cut_probs()
        power = torch.pow(cut, value) * torch.pow(1.0 - cut, 1.0 - value)
        inner = (power + cut - 1.0) / (2.0 * cut - 1.0)
        result = torch.where(self._outside(), inner, value)
        return torch.where(
            torch.le(value, 0.0),
            torch.zeros_like(value),
            torch.where(torch.ge(value, 1.0), torch.ones_like(value), result),
        )

    def icdf(self, value: Tensor) -> Tensor:
        """Return the quantile of a probability, the inverse of `cdf`."""
        cut = self._cut_probs()
        above = torch.log1p(-cut + value * (2.0 * cut - 1.0)) - torch.log1p(-cut)
        below = torch.log(cut) - torch.log1p(-cut)
        return torch.where(self._outside(), above / below, value)

    def entropy(self) -> Tensor:
        """Return the entropy, in nats."""
        zero, one = torch.log1p(-self.probs), torch.log(self.probs)
        return self.mean * (zero - one) - self._cont_bern_log_norm() - zero

    @property
    def _natural_params(self) -> tuple[Tensor]:
        return (torch.logit(self.probs),)

    def _log_normalizer(self, x: Tensor) -> Tensor:
        outside = torch.max(
            torch.le(x, self._lims[0] - 0.5), torch.gt(x, self._lims[1] - 0.5)
        )
        cut = torch.where(outside, x, (self._lims[0] - 0.5) * torch.ones_like(x))
        result = torch.log(torch.abs(torch.special.expm1(cut))) - torch.log(
            torch.abs(cut)
        )
        taylor = 0.5 * x + torch.pow(x, 2) / 24.0 - torch.pow(x, 4) / 2880.0
        return torch.where(outside, result, taylor)
