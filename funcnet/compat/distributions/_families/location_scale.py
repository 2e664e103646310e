"""Distributions of a location and a scale: normal, Laplace, Cauchy, uniform."""

import math
from typing import Any

import funcnet.compat as torch
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions import constraints
from funcnet.compat.distributions._distribution import (
    HALF_LOG_2_PI,
    AroundLoc,
    Distribution,
    ExponentialFamily,
)
from funcnet.compat.distributions.utils import _standard_normal, broadcast_all

__all__ = [
    "Cauchy",
    "Laplace",
    "Normal",
    "Uniform",
]


def batch_of(*given: TensorLike) -> Any:
    """Return the batch shape of parameters of which all may be numbers."""
    are_numbers = all(isinstance(x, int | float) for x in given)
    return Size() if are_numbers else broadcast_all(*given)[0].size()


class _LocationScale(Distribution):
    arg_constraints = {"loc": constraints.real, "scale": constraints.positive}
    support = constraints.real
    has_rsample = True
    _parts = {"loc": 0, "scale": 0}

    def __init__(
        self, loc: TensorLike, scale: TensorLike, validate_args: bool | None = None
    ) -> None:
        self.loc, self.scale = broadcast_all(loc, scale)
        super().__init__(batch_of(loc, scale), validate_args=validate_args)


class Normal(AroundLoc, _LocationScale, ExponentialFamily):
    """Normal distribution of mean `loc` and standard deviation `scale`.

    Example:
        >>> import funcnet.compat as torch
        >>> normal = torch.distributions.Normal(0.0, 1.0)
        >>> normal.log_prob(torch.tensor(0.0))
        tensor(-0.9189)
    """

    @property
    def stddev(self) -> Tensor:
        """`scale`."""
        return self.scale

    @property
    def variance(self) -> Tensor:
        """`scale²`."""
        return self.stddev.pow(2)

    def sample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw samples."""
        shape = self._extended_shape(sample_shape)
        with torch.no_grad():
            return torch.normal(self.loc.expand(shape), self.scale.expand(shape))

    def rsample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw reparametrized samples, which have a gradient."""
        shape = self._extended_shape(sample_shape)
        eps = _standard_normal(shape, self.loc.dtype, self.loc.device)
        return self.loc + eps * self.scale

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density of a value."""
        if self._validate_args:
            self._validate_sample(value)
        distance = (value - self.loc) ** 2 / (2 * self.scale**2)
        return -distance - self.scale.log() - HALF_LOG_2_PI

    def cdf(self, value: Tensor) -> Tensor:
        """Return the cumulative distribution function at a value."""
        if self._validate_args:
            self._validate_sample(value)
        z = (value - self.loc) * self.scale.reciprocal() / math.sqrt(2)
        return 0.5 * (1 + torch.erf(z))

    def icdf(self, value: Tensor) -> Tensor:
        """Return the quantile of a probability, the inverse of `cdf`."""
        return self.loc + self.scale * torch.erfinv(2 * value - 1) * math.sqrt(2)

    def entropy(self) -> Tensor:
        """`1/2 + log(2π)/2 + log scale`."""
        return 0.5 + HALF_LOG_2_PI + torch.log(self.scale)

    @property
    def _natural_params(self) -> tuple[Tensor, Tensor]:
        precision = self.scale.pow(2).reciprocal()
        return self.loc * precision, -0.5 * precision

    def _log_normalizer(self, x: Tensor, y: Tensor) -> Tensor:
        return -0.25 * x.pow(2) / y + 0.5 * torch.log(-math.pi / y)

    _mean_carrier_measure = 0


class Laplace(AroundLoc, _LocationScale):
    """Laplace distribution, of density `exp(-|x - loc| / scale) / (2 scale)`."""

    @property
    def variance(self) -> Tensor:
        """`2 scale²`."""
        return 2 * self.scale.pow(2)

    @property
    def stddev(self) -> Tensor:
        """`√2 scale`."""
        return 2**0.5 * self.scale

    def rsample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw reparametrized samples, which have a gradient."""
        shape = self._extended_shape(sample_shape)
        info = torch.finfo(self.loc.dtype)
        u = self.loc.new_zeros(shape).uniform_(info.eps - 1, 1)
        return self.loc - self.scale * u.sign() * torch.log1p(-u.abs())

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density of a value."""
        if self._validate_args:
            self._validate_sample(value)
        distance = torch.abs(value - self.loc) / self.scale
        return -torch.log(2 * self.scale) - distance

    def cdf(self, value: Tensor) -> Tensor:
        """Return the cumulative distribution function at a value."""
        if self._validate_args:
            self._validate_sample(value)
        z = value - self.loc
        return 0.5 - 0.5 * z.sign() * torch.expm1(-z.abs() / self.scale)

    def icdf(self, value: Tensor) -> Tensor:
        """Return the quantile of a probability, the inverse of `cdf`."""
        term = value - 0.5
        return self.loc - self.scale * term.sign() * torch.log1p(-2 * term.abs())

    def entropy(self) -> Tensor:
        """`1 + log(2 scale)`."""
        return 1 + torch.log(2 * self.scale)


class Cauchy(_LocationScale):
    """Cauchy distribution, of median `loc`, without a mean."""

    @property
    def mean(self) -> Tensor:
        """NaN."""
        return torch.full(self._extended_shape(), math.nan, dtype=self.loc.dtype)

    @property
    def mode(self) -> Tensor:
        """`loc`."""
        return self.loc

    @property
    def variance(self) -> Tensor:
        """Infinite."""
        return torch.full(self._extended_shape(), math.inf, dtype=self.loc.dtype)

    def rsample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw reparametrized samples, which have a gradient."""
        eps = self.loc.new_zeros(self._extended_shape(sample_shape)).cauchy_()
        return self.loc + eps * self.scale

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density of a value."""
        if self._validate_args:
            self._validate_sample(value)
        z = (value - self.loc) / self.scale
        return -math.log(math.pi) - self.scale.log() - (z**2).log1p()

    def cdf(self, value: Tensor) -> Tensor:
        """Return the cumulative distribution function at a value."""
        if self._validate_args:
            self._validate_sample(value)
        return torch.atan((value - self.loc) / self.scale) / math.pi + 0.5

    def icdf(self, value: Tensor) -> Tensor:
        """Return the quantile of a probability, the inverse of `cdf`."""
        return torch.tan(math.pi * (value - 0.5)) * self.scale + self.loc

    def entropy(self) -> Tensor:
        """`log(4π scale)`."""
        return math.log(4 * math.pi) + self.scale.log()


class Uniform(Distribution):
    """Uniform distribution on `[low, high)`."""

    has_rsample = True
    _parts = {"low": 0, "high": 0}

    def __init__(
        self, low: TensorLike, high: TensorLike, validate_args: bool | None = None
    ) -> None:
        self.low, self.high = broadcast_all(low, high)
        super().__init__(batch_of(low, high), validate_args=validate_args)

    @property
    def arg_constraints(self) -> dict[str, Any]:
        """Each bound is limited by the other."""
        return {
            "low": constraints.less_than(self.high),
            "high": constraints.greater_than(self.low),
        }

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> Any:
        """From `low` to `high`."""
        return constraints.interval(self.low, self.high)

    @property
    def mean(self) -> Tensor:
        """The middle."""
        return (self.high + self.low) / 2

    @property
    def mode(self) -> Tensor:
        """NaN: there is none."""
        return math.nan * self.high

    @property
    def stddev(self) -> Tensor:
        """`(high - low) / √12`."""
        return (self.high - self.low) / 12**0.5

    @property
    def variance(self) -> Tensor:
        """`(high - low)² / 12`."""
        return (self.high - self.low).pow(2) / 12

    def rsample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw reparametrized samples, which have a gradient."""
        shape = self._extended_shape(sample_shape)
        u = torch.rand(shape, dtype=self.low.dtype, device=self.low.device)
        return self.low + u * (self.high - self.low)

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density of a value."""
        if self._validate_args:
            self._validate_sample(value)
        above = self.low.le(value).type_as(self.low)
        below = self.high.gt(value).type_as(self.low)
        return torch.log(above.mul(below)) - torch.log(self.high - self.low)

    def cdf(self, value: Tensor) -> Tensor:
        """Return the cumulative distribution function at a value."""
        if self._validate_args:
            self._validate_sample(value)
        return ((value - self.low) / (self.high - self.low)).clamp(min=0, max=1)

    def icdf(self, value: Tensor) -> Tensor:
        """Return the quantile of a probability, the inverse of `cdf`."""
        return value * (self.high - self.low) + self.low

    def entropy(self) -> Tensor:
        """`log(high - low)`."""
        return torch.log(self.high - self.low)
