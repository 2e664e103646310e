"""Distributions that are transforms of others: log-normal, Gumbel, Weibull, ..."""

import math
from typing import Any, Self

import funcnet.compat as torch
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions import constraints
from funcnet.compat.distributions._families.gamma import Gamma
from funcnet.compat.distributions._families.location_scale import (
    Cauchy,
    Normal,
    Uniform,
    batch_of,
)
from funcnet.compat.distributions._families.rate import Exponential
from funcnet.compat.distributions._families.transformed import TransformedDistribution
from funcnet.compat.distributions._transforms.elementwise import (
    AbsTransform,
    AffineTransform,
    ExpTransform,
    PowerTransform,
)
from funcnet.compat.distributions._transforms.vectors import StickBreakingTransform
from funcnet.compat.distributions.utils import broadcast_all, euler_constant

__all__ = [
    "Gumbel",
    "HalfCauchy",
    "HalfNormal",
    "InverseGamma",
    "Kumaraswamy",
    "LogNormal",
    "LogisticNormal",
    "Pareto",
    "Weibull",
]


_LOCATION_SCALE = {"loc": constraints.real, "scale": constraints.positive}


class LogNormal(TransformedDistribution):
    """Log-normal distribution, whose logarithm has mean `loc` and deviation `scale`."""

    arg_constraints = _LOCATION_SCALE
    support: Any = constraints.positive
    has_rsample: Any = True
    base_dist: Normal

    def __init__(
        self, loc: TensorLike, scale: TensorLike, validate_args: bool | None = None
    ) -> None:
        base = Normal(loc, scale, validate_args=validate_args)
        super().__init__(base, ExpTransform(), validate_args=validate_args)

    @property
    def loc(self) -> Tensor:
        """The mean of the logarithm."""
        return self.base_dist.loc

    @property
    def scale(self) -> Tensor:
        """The deviation of the logarithm."""
        return self.base_dist.scale

    @property
    def mean(self) -> Tensor:
        """`exp(loc + scale² / 2)`."""
        return (self.loc + self.scale.pow(2) / 2).exp()

    @property
    def mode(self) -> Tensor:
        """`exp(loc - scale²)`."""
        return (self.loc - self.scale.square()).exp()

    @property
    def variance(self) -> Tensor:
        """The variance."""
        square = self.scale.pow(2)
        return square.expm1() * (2 * self.loc + square).exp()

    def entropy(self) -> Tensor:
        """Return the entropy, in nats."""
        return self.base_dist.entropy() + self.loc


class LogisticNormal(TransformedDistribution):
    """Logistic-normal distribution on the simplex, of one more dimension."""

    arg_constraints = _LOCATION_SCALE
    support: Any = constraints.simplex
    has_rsample: Any = True
    base_dist: Any

    def __init__(
        self, loc: TensorLike, scale: TensorLike, validate_args: bool | None = None
    ) -> None:
        base = Normal(loc, scale, validate_args=validate_args)
        if not base.batch_shape:
            base = base.expand([1])
        super().__init__(base, StickBreakingTransform(), validate_args=validate_args)

    @property
    def loc(self) -> Tensor:
        """The means of the normal variables."""
        return self.base_dist.base_dist.loc

    @property
    def scale(self) -> Tensor:
        """The deviations of the normal variables."""
        return self.base_dist.base_dist.scale


class _AbsoluteValue(TransformedDistribution):
    """Distribution of the absolute value of a variable symmetric around zero."""

    arg_constraints = {"scale": constraints.positive}
    support: Any = constraints.nonnegative
    has_rsample: Any = True
    base_dist: Any

    @property
    def scale(self) -> Tensor:
        """Scale of the symmetric variable."""
        return self.base_dist.scale

    @property
    def mode(self) -> Tensor:
        """Zero."""
        return torch.zeros_like(self.scale)

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density of a value."""
        if self._validate_args:
            self._validate_sample(value)
        value = self._converted(value)
        result = self.base_dist.log_prob(value) + math.log(2)
        return torch.where(value >= 0, result, -math.inf)

    def _converted(self, value: Tensor) -> Tensor:
        return value

    def cdf(self, value: Tensor) -> Tensor:
        """Return the cumulative distribution function at a value."""
        if self._validate_args:
            self._validate_sample(value)
        return 2 * self.base_dist.cdf(value) - 1

    def icdf(self, value: Tensor) -> Tensor:
        """Return the quantile of a probability, the inverse of `cdf`."""
        return self.base_dist.icdf((value + 1) / 2)

    def entropy(self) -> Tensor:
        """Return the entropy, in nats."""
        return self.base_dist.entropy() - math.log(2)


class HalfNormal(_AbsoluteValue):
    """Half-normal distribution: of `|x|` for normal `x` of deviation `scale`."""

    base_dist: Normal

    def __init__(self, scale: TensorLike, validate_args: bool | None = None) -> None:
        base = Normal(0, scale, validate_args=False)
        super().__init__(base, AbsTransform(), validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        """`scale √(2 / π)`."""
        return self.scale * math.sqrt(2 / math.pi)

    @property
    def variance(self) -> Tensor:
        """`scale² (1 - 2 / π)`."""
        return self.scale.pow(2) * (1 - 2 / math.pi)


class HalfCauchy(_AbsoluteValue):
    """Half-Cauchy distribution: of `|x|` for Cauchy-distributed `x` of this `scale`."""

    base_dist: Cauchy

    def __init__(self, scale: TensorLike, validate_args: bool | None = None) -> None:
        base = Cauchy(0, scale, validate_args=False)
        super().__init__(base, AbsTransform(), validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        """Infinite."""
        return torch.full(self._extended_shape(), math.inf, dtype=self.scale.dtype)

    @property
    def variance(self) -> Tensor:
        """Infinite, as the Cauchy variable's."""
        return self.base_dist.variance

    def _converted(self, value: Tensor) -> Tensor:
        return torch.as_tensor(value, dtype=self.scale.dtype)


class Gumbel(TransformedDistribution):
    """Gumbel distribution of extreme values."""

    arg_constraints = _LOCATION_SCALE
    support: Any = constraints.real

    def __init__(
        self, loc: TensorLike, scale: TensorLike, validate_args: bool | None = None
    ) -> None:
        self.loc, self.scale = broadcast_all(loc, scale)
        info = torch.finfo(self.loc.dtype)
        low, high = info.tiny, 1 - info.eps
        if not batch_of(loc, scale) and not self.loc.ndim:
            base = Uniform(low, high, validate_args=validate_args)
        else:
            base = Uniform(
                torch.full_like(self.loc, low),
                torch.full_like(self.loc, high),
                validate_args=validate_args,
            )
        transforms = [
            ExpTransform().inv,
            AffineTransform(loc=0, scale=-torch.ones_like(self.scale)),
            ExpTransform().inv,
            AffineTransform(loc=self.loc, scale=-self.scale),
        ]
        super().__init__(base, transforms, validate_args=validate_args)

    def _expand_more(self, new: Self, batch_shape: ShapeLike) -> None:
        new.loc = self.loc.expand(batch_shape)
        new.scale = self.scale.expand(batch_shape)

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density of a value."""
        if self._validate_args:
            self._validate_sample(value)
        y = (self.loc - value) / self.scale
        return (y - y.exp()) - self.scale.log()

    @property
    def mean(self) -> Tensor:
        """`loc + γ scale`, with Euler's constant."""
        return self.loc + self.scale * euler_constant

    @property
    def mode(self) -> Tensor:
        """`loc`."""
        return self.loc

    @property
    def stddev(self) -> Tensor:
        """`π scale / √6`."""
        return (math.pi / math.sqrt(6)) * self.scale

    @property
    def variance(self) -> Tensor:
        """`π² scale² / 6`."""
        return self.stddev.pow(2)

    def entropy(self) -> Tensor:
        """`log scale + 1 + γ`."""
        return self.scale.log() + (1 + euler_constant)


class Pareto(TransformedDistribution):
    """Pareto distribution of type 1, from `scale` upwards."""

    arg_constraints = {"alpha": constraints.positive, "scale": constraints.positive}

    def __init__(
        self, scale: TensorLike, alpha: TensorLike, validate_args: bool | None = None
    ) -> None:
        self.scale, self.alpha = broadcast_all(scale, alpha)
        base = Exponential(self.alpha, validate_args=validate_args)
        transforms = [ExpTransform(), AffineTransform(loc=0, scale=self.scale)]
        super().__init__(base, transforms, validate_args=validate_args)

    def _expand_more(self, new: Self, batch_shape: ShapeLike) -> None:
        new.scale = self.scale.expand(batch_shape)
        new.alpha = self.alpha.expand(batch_shape)

    @property
    def mean(self) -> Tensor:
        """Infinite up to an exponent of one."""
        alpha = self.alpha.clamp(min=1)
        return alpha * self.scale / (alpha - 1)

    @property
    def mode(self) -> Tensor:
        """`scale`."""
        return self.scale

    @property
    def variance(self) -> Tensor:
        """Infinite up to an exponent of two."""
        alpha = self.alpha.clamp(min=2)
        return self.scale.pow(2) * alpha / ((alpha - 1).pow(2) * (alpha - 2))

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> Any:
        """From `scale` upwards."""
        return constraints.greater_than_eq(self.scale)

    def entropy(self) -> Tensor:
        """Return the entropy, in nats."""
        return (self.scale / self.alpha).log() + (1 + self.alpha.reciprocal())


class Weibull(TransformedDistribution):
    """Weibull distribution of a scale and a concentration."""

    arg_constraints = {
        "scale": constraints.positive,
        "concentration": constraints.positive,
    }
    support: Any = constraints.positive

    def __init__(
        self,
        scale: TensorLike,
        concentration: TensorLike,
        validate_args: bool | None = None,
    ) -> None:
        self.scale, self.concentration = broadcast_all(scale, concentration)
        self.concentration_reciprocal = self.concentration.reciprocal()
        base = Exponential(torch.ones_like(self.scale), validate_args=validate_args)
        transforms = [
            PowerTransform(exponent=self.concentration_reciprocal),
            AffineTransform(loc=0, scale=self.scale),
        ]
        super().__init__(base, transforms, validate_args=validate_args)

    def _expand_more(self, new: Self, batch_shape: ShapeLike) -> None:
        new.scale = self.scale.expand(batch_shape)
        new.concentration = self.concentration.expand(batch_shape)
        new.concentration_reciprocal = new.concentration.reciprocal()

    @property
    def mean(self) -> Tensor:
        """`scale Γ(1 + 1 / concentration)`."""
        return self.scale * torch.exp(torch.lgamma(1 + self.concentration_reciprocal))

    @property
    def mode(self) -> Tensor:
        """The mode."""
        k = self.concentration
        return self.scale * ((k - 1) / k) ** k.reciprocal()

    @property
    def variance(self) -> Tensor:
        """The variance."""
        second = torch.exp(torch.lgamma(1 + 2 * self.concentration_reciprocal))
        first = torch.exp(2 * torch.lgamma(1 + self.concentration_reciprocal))
        return self.scale.pow(2) * (second - first)

    def entropy(self) -> Tensor:
        """Return the entropy, in nats."""
        reciprocal = self.concentration_reciprocal
        return (
            euler_constant * (1 - reciprocal) + torch.log(self.scale * reciprocal) + 1
        )


class Kumaraswamy(TransformedDistribution):
    """Kumaraswamy distribution on `[0, 1]`, with two concentrations."""

    arg_constraints = {
        "concentration1": constraints.positive,
        "concentration0": constraints.positive,
    }
    support: Any = constraints.unit_interval
    has_rsample: Any = True

    def __init__(
        self,
        concentration1: TensorLike,
        concentration0: TensorLike,
        validate_args: bool | None = None,
    ) -> None:
        self.concentration1, self.concentration0 = broadcast_all(
            concentration1, concentration0
        )
        base = Uniform(
            torch.full_like(self.concentration0, 0),
            torch.full_like(self.concentration0, 1),
            validate_args=validate_args,
        )
        transforms = [
            PowerTransform(exponent=self.concentration0.reciprocal()),
            AffineTransform(loc=1.0, scale=-1.0),
            PowerTransform(exponent=self.concentration1.reciprocal()),
        ]
        super().__init__(base, transforms, validate_args=validate_args)

    def _expand_more(self, new: Self, batch_shape: ShapeLike) -> None:
        new.concentration1 = self.concentration1.expand(batch_shape)
        new.concentration0 = self.concentration0.expand(batch_shape)

    def _moment(self, n: int) -> Tensor:
        """Return the mean of the n-th power: `b B(1 + n / a, b)`."""
        a, b = self.concentration1, self.concentration0
        argument = 1 + n / a
        log_value = (
            torch.lgamma(argument) + torch.lgamma(b) - torch.lgamma(argument + b)
        )
        return b * torch.exp(log_value)

    @property
    def mean(self) -> Tensor:
        """The mean."""
        return self._moment(1)

    @property
    def mode(self) -> Tensor:
        """The mode; NaN where it is at an end."""
        a, b = self.concentration1, self.concentration0
        log_mode = a.reciprocal() * (-b).log1p() - (-a * b).log1p()
        result = log_mode.exp()
        return torch.where((a < 1) | (b < 1), math.nan, result)

    @property
    def variance(self) -> Tensor:
        """The variance."""
        return self._moment(2) - torch.pow(self.mean, 2)

    def entropy(self) -> Tensor:
        """Return the entropy, in nats."""
        a, b = self.concentration1, self.concentration0
        t1, t0 = 1 - a.reciprocal(), 1 - b.reciprocal()
        harmonic = torch.digamma(b + 1) + euler_constant
        return t0 + t1 * harmonic - torch.log(a) - torch.log(b)


class InverseGamma(TransformedDistribution):
    """Inverse gamma distribution, of the reciprocal of a gamma variable."""

    arg_constraints = {
        "concentration": constraints.positive,
        "rate": constraints.positive,
    }
    support: Any = constraints.positive
    has_rsample: Any = True
    base_dist: Gamma

    def __init__(
        self,
        concentration: TensorLike,
        rate: TensorLike,
        validate_args: bool | None = None,
    ) -> None:
        base = Gamma(concentration, rate, validate_args=validate_args)
        negative = -base.rate.new_ones(())
        super().__init__(base, PowerTransform(negative), validate_args=validate_args)

    @property
    def concentration(self) -> Tensor:
        """Parameter of the gamma variable."""
        return self.base_dist.concentration

    @property
    def rate(self) -> Tensor:
        """Parameter of the gamma variable."""
        return self.base_dist.rate

    @property
    def mean(self) -> Tensor:
        """Infinite up to a concentration of one."""
        result = self.rate / (self.concentration - 1)
        return torch.where(self.concentration > 1, result, math.inf)

    @property
    def mode(self) -> Tensor:
        """`rate / (concentration + 1)`."""
        return self.rate / (self.concentration + 1)

    @property
    def variance(self) -> Tensor:
        """Infinite up to a concentration of two."""
        alpha = self.concentration
        result = self.rate.square() / ((alpha - 1).square() * (alpha - 2))
        return torch.where(alpha > 2, result, math.inf)

    def entropy(self) -> Tensor:
        """Return the entropy, in nats."""
        alpha = self.concentration
        return alpha + self.rate.log() + alpha.lgamma() - (1 + alpha) * alpha.digamma()
