"""Generalized Pareto distribution."""

import math
from typing import Any

import funcnet.compat as torch
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions import constraints
from funcnet.compat.distributions._distribution import Distribution
from funcnet.compat.distributions._families.location_scale import batch_of
from funcnet.compat.distributions.utils import broadcast_all

__all__ = [
    "GeneralizedPareto",
]


class GeneralizedPareto(Distribution):
    """Generalized Pareto distribution; exponential where `concentration` is zero.

    Args:
        loc: the threshold.
        scale: of the excess.
        concentration: above zero for a heavy tail, below for a bounded one.
    """

    arg_constraints = {
        "loc": constraints.real,
        "scale": constraints.positive,
        "concentration": constraints.real,
    }
    has_rsample = True
    _parts = {"loc": 0, "scale": 0, "concentration": 0}

    def __init__(
        self,
        loc: TensorLike,
        scale: TensorLike,
        concentration: TensorLike,
        validate_args: bool | None = None,
    ) -> None:
        self.loc, self.scale, self.concentration = broadcast_all(
            loc, scale, concentration
        )
        shape = batch_of(loc, scale, concentration)
        super().__init__(shape, validate_args=validate_args)

    def _none(self) -> tuple[Tensor, Tensor]:
        """Where the concentration is zero, and the concentration with ones there."""
        none = torch.isclose(self.concentration, torch.zeros_like(self.concentration))
        safe = torch.where(
            none, torch.ones_like(self.concentration), self.concentration
        )
        return none, safe

    def _z(self, x: Tensor) -> Tensor:
        return (x - self.loc) / self.scale

    def rsample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw reparametrized samples, which have a gradient."""
        shape = self._extended_shape(sample_shape)
        u = torch.rand(shape, dtype=self.loc.dtype, device=self.loc.device)
        return self.icdf(u)

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density of a value."""
        if self._validate_args:
            self._validate_sample(value)
        z = self._z(value)
        none, safe = self._none()
        power = -(1 / safe + 1) * torch.log1p(safe * z)
        return -self.scale.log() + torch.where(none, -z, power)

    def log_survival_function(self, value: Tensor) -> Tensor:
        """Return the log of the survival function at a value."""
        if self._validate_args:
            self._validate_sample(value)
        z = self._z(value)
        none, safe = self._none()
        return torch.where(none, -z, -torch.log1p(safe * z) / safe)

    def log_cdf(self, value: Tensor) -> Tensor:
        """Return the log of the cumulative distribution function at a value."""
        return torch.log1p(-torch.exp(self.log_survival_function(value)))

    def cdf(self, value: Tensor) -> Tensor:
        """Return the cumulative distribution function at a value."""
        return 1 - torch.exp(self.log_survival_function(value))

    def icdf(self, value: Tensor) -> Tensor:
        """Return the quantile of a probability, the inverse of `cdf`."""
        log_rest = torch.log1p(-value)
        none, safe = self._none()
        heavy = self.loc + self.scale * torch.expm1(-safe * log_rest) / safe
        return torch.where(none, self.loc - self.scale * log_rest, heavy)

    @property
    def mean(self) -> Tensor:
        """NaN from a concentration of one on."""
        k = self.concentration
        safe = torch.where(k < 1, k, 0.5)
        return torch.where(k < 1, self.loc + self.scale / (1 - safe), math.nan)

    @property
    def variance(self) -> Tensor:
        """NaN from a concentration of one half on."""
        k = self.concentration
        safe = torch.where(k < 0.5, k, 0.25)
        result = self.scale**2 / ((1 - safe) ** 2 * (1 - 2 * safe))
        return torch.where(k < 0.5, result, math.nan)

    def entropy(self) -> Tensor:
        """`log scale + concentration + 1`."""
        result = torch.log(self.scale) + self.concentration + 1
        return torch.broadcast_to(result, self._batch_shape)

    @property
    def mode(self) -> Tensor:
        """`loc`."""
        return self.loc

    @constraints.dependent_property(is_discrete=False, event_dim=0)
    def support(self) -> Any:
        """From `loc` on, up to an end where the concentration is negative."""
        end = self.loc - self.scale / self.concentration
        return constraints.interval(
            self.loc, torch.where(self.concentration < 0, end, math.inf)
        )
