"""Distributions of a rate: exponential and Poisson."""

import funcnet.compat as torch
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions import constraints
from funcnet.compat.distributions._distribution import ExponentialFamily
from funcnet.compat.distributions._families.location_scale import batch_of
from funcnet.compat.distributions.utils import broadcast_all

__all__ = ["Exponential", "Poisson"]


class _OfRate(ExponentialFamily):
    """Distribution whose only parameter is a rate."""

    _parts = {"rate": 0}

    def __init__(self, rate: TensorLike, validate_args: bool | None = None) -> None:
        (self.rate,) = broadcast_all(rate)
        super().__init__(batch_of(rate), validate_args=validate_args)


class Exponential(_OfRate):
    """Exponential distribution of a rate."""

    arg_constraints = {"rate": constraints.positive}
    support = constraints.nonnegative
    has_rsample = True

    @property
    def mean(self) -> Tensor:
        """`1 / rate`."""
        return self.rate.reciprocal()

    @property
    def mode(self) -> Tensor:
        """Zero."""
        return torch.zeros_like(self.rate)

    @property
    def stddev(self) -> Tensor:
        """`1 / rate`."""
        return self.rate.reciprocal()

    @property
    def variance(self) -> Tensor:
        """`1 / rate²`."""
        return self.rate.pow(-2)

    def rsample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw reparametrized samples, which have a gradient."""
        shape = self._extended_shape(sample_shape)
        return self.rate.new_zeros(shape).exponential_() / self.rate

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density of a value."""
        if self._validate_args:
            self._validate_sample(value)
        return self.rate.log() - self.rate * value

    def cdf(self, value: Tensor) -> Tensor:
        """Return the cumulative distribution function at a value."""
        if self._validate_args:
            self._validate_sample(value)
        return 1 - torch.exp(-self.rate * value)

    def icdf(self, value: Tensor) -> Tensor:
        """Return the quantile of a probability, the inverse of `cdf`."""
        return -torch.log1p(-value) / self.rate

    def entropy(self) -> Tensor:
        """`1 - log rate`."""
        return 1.0 - torch.log(self.rate)

    @property
    def _natural_params(self) -> tuple[Tensor]:
        return (-self.rate,)

    def _log_normalizer(self, x: Tensor) -> Tensor:
        return -torch.log(-x)

    _mean_carrier_measure = 0


class Poisson(_OfRate):
    """Poisson distribution of a rate."""

    arg_constraints = {"rate": constraints.nonnegative}
    support = constraints.nonnegative_integer

    @property
    def mean(self) -> Tensor:
        """`rate`."""
        return self.rate

    @property
    def mode(self) -> Tensor:
        """`rate`, rounded down."""
        return self.rate.floor()

    @property
    def variance(self) -> Tensor:
        """`rate`."""
        return self.rate

    def sample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw samples."""
        with torch.no_grad():
            return torch.poisson(self.rate.expand(self._extended_shape(sample_shape)))

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log probability of a value."""
        if self._validate_args:
            self._validate_sample(value)
        rate, value = broadcast_all(self.rate, value)
        return value.xlogy(rate) - rate - (value + 1).lgamma()

    @property
    def _natural_params(self) -> tuple[Tensor]:
        return (torch.log(self.rate),)

    def _log_normalizer(self, x: Tensor) -> Tensor:
        return torch.exp(x)
