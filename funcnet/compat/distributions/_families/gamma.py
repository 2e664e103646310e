"""Gamma, chi-squared, Student's t- and F-distributions."""

import math
from typing import Self

import funcnet.compat as torch
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions import constraints
from funcnet.compat.distributions._distribution import (
    Distribution,
    ExponentialFamily,
)
from funcnet.compat.distributions._families.location_scale import batch_of
from funcnet.compat.distributions.utils import _standard_normal, broadcast_all

__all__ = [
    "Chi2",
    "FisherSnedecor",
    "Gamma",
    "StudentT",
]


class Gamma(ExponentialFamily):
    """Gamma distribution of a concentration and a rate.

    Samples have the gradient of their implicit reparametrisation (Figurnov, Mohamed and
    Mnih, 2018).
    """

    arg_constraints = {
        "concentration": constraints.positive,
        "rate": constraints.positive,
    }
    support = constraints.nonnegative
    has_rsample = True
    _parts = {"concentration": 0, "rate": 0}

    def __init__(
        self,
        concentration: TensorLike,
        rate: TensorLike,
        validate_args: bool | None = None,
    ) -> None:
        self.concentration, self.rate = broadcast_all(concentration, rate)
        super().__init__(batch_of(concentration, rate), validate_args=validate_args)

    @property
    def mean(self) -> Tensor:
        """`concentration / rate`."""
        return self.concentration / self.rate

    @property
    def mode(self) -> Tensor:
        """`(concentration - 1) / rate`, at least zero."""
        return ((self.concentration - 1) / self.rate).clamp(min=0)

    @property
    def variance(self) -> Tensor:
        """`concentration / rate²`."""
        return self.concentration / self.rate.pow(2)

    def rsample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw reparametrized samples, which have a gradient; none is zero."""
        shape = self._extended_shape(sample_shape)
        drawn = torch._standard_gamma(self.concentration.expand(shape))
        value = drawn / self.rate.expand(shape)
        value.detach().clamp_(min=torch.finfo(value.dtype).tiny)
        return value

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density of a value."""
        value = torch.as_tensor(value, dtype=self.rate.dtype, device=self.rate.device)
        if self._validate_args:
            self._validate_sample(value)
        return (
            torch.xlogy(self.concentration, self.rate)
            + torch.xlogy(self.concentration - 1, value)
            - self.rate * value
            - torch.lgamma(self.concentration)
        )

    def cdf(self, value: Tensor) -> Tensor:
        """Return the cumulative distribution function at a value."""
        if self._validate_args:
            self._validate_sample(value)
        return torch.special.gammainc(self.concentration, self.rate * value)

    def entropy(self) -> Tensor:
        """Return the entropy, in nats."""
        alpha = self.concentration
        return (
            alpha
            - torch.log(self.rate)
            + torch.lgamma(alpha)
            + (1.0 - alpha) * torch.digamma(alpha)
        )

    @property
    def _natural_params(self) -> tuple[Tensor, Tensor]:
        return self.concentration - 1, -self.rate

    def _log_normalizer(self, x: Tensor, y: Tensor) -> Tensor:
        return torch.lgamma(x + 1) + (x + 1) * torch.log(-y.reciprocal())

    _mean_carrier_measure = 0


class Chi2(Gamma):
    """Chi-squared distribution of `df` degrees of freedom."""

    arg_constraints = {"df": constraints.positive}
    _parts = Gamma._parts

    def __init__(self, df: TensorLike, validate_args: bool | None = None) -> None:
        super().__init__(0.5 * df, 0.5, validate_args=validate_args)

    @property
    def df(self) -> Tensor:
        """Degrees of freedom."""
        return self.concentration * 2


class StudentT(Distribution):
    """Student's t-distribution of `df` degrees of freedom, with `loc` and `scale`."""

    arg_constraints = {
        "df": constraints.positive,
        "loc": constraints.real,
        "scale": constraints.positive,
    }
    support = constraints.real
    has_rsample = True
    _parts = {"df": 0, "loc": 0, "scale": 0}

    def __init__(
        self,
        df: TensorLike,
        loc: TensorLike = 0.0,
        scale: TensorLike = 1.0,
        validate_args: bool | None = None,
    ) -> None:
        self.df, self.loc, self.scale = broadcast_all(df, loc, scale)
        self._chi2 = Chi2(self.df)
        super().__init__(self.df.size(), validate_args=validate_args)

    def _expand_more(self, new: Self, batch_shape: Size) -> None:
        new._chi2 = self._chi2.expand(batch_shape)

    @property
    def mean(self) -> Tensor:
        """`loc`, or NaN with at most one degree of freedom."""
        return torch.where(self.df <= 1, math.nan, self.loc)

    @property
    def mode(self) -> Tensor:
        """`loc`."""
        return self.loc

    @property
    def variance(self) -> Tensor:
        """Infinite up to two degrees of freedom, NaN up to one."""
        spread = self.scale.pow(2) * self.df / (self.df - 2)
        result = torch.where(self.df > 2, spread, math.inf)
        return torch.where(self.df <= 1, math.nan, result)

    def rsample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw reparametrized samples, which have a gradient."""
        shape = self._extended_shape(sample_shape)
        normal = _standard_normal(shape, self.df.dtype, self.df.device)
        chi2 = self._chi2.rsample(sample_shape)
        return self.loc + self.scale * (normal * torch.rsqrt(chi2 / self.df))

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density of a value."""
        if self._validate_args:
            self._validate_sample(value)
        y = (value - self.loc) / self.scale
        constant = (
            self.scale.log()
            + 0.5 * self.df.log()
            + 0.5 * math.log(math.pi)
            + torch.lgamma(0.5 * self.df)
            - torch.lgamma(0.5 * (self.df + 1.0))
        )
        return -0.5 * (self.df + 1.0) * torch.log1p(y**2.0 / self.df) - constant

    def entropy(self) -> Tensor:
        """Return the entropy, in nats."""
        half, more = 0.5 * self.df, 0.5 * (self.df + 1)
        log_beta = torch.lgamma(half) + math.lgamma(0.5) - torch.lgamma(more)
        return (
            self.scale.log()
            + more * (torch.digamma(more) - torch.digamma(half))
            + 0.5 * self.df.log()
            + log_beta
        )


class FisherSnedecor(Distribution):
    """F-distribution of `df1` and `df2` degrees of freedom."""

    arg_constraints = {"df1": constraints.positive, "df2": constraints.positive}
    support = constraints.positive
    has_rsample = True
    _parts = {"df1": 0, "df2": 0}

    def __init__(
        self, df1: TensorLike, df2: TensorLike, validate_args: bool | None = None
    ) -> None:
        self.df1, self.df2 = broadcast_all(df1, df2)
        self._gamma1 = Gamma(self.df1 * 0.5, self.df1)
        self._gamma2 = Gamma(self.df2 * 0.5, self.df2)
        super().__init__(batch_of(df1, df2), validate_args=validate_args)

    def _expand_more(self, new: Self, batch_shape: Size) -> None:
        new._gamma1 = self._gamma1.expand(batch_shape)
        new._gamma2 = self._gamma2.expand(batch_shape)

    @property
    def mean(self) -> Tensor:
        """`df2 / (df2 - 2)`, or NaN."""
        df2 = torch.where(self.df2 <= 2, math.nan, self.df2)
        return df2 / (df2 - 2)

    @property
    def mode(self) -> Tensor:
        """The mode, or NaN."""
        result = (self.df1 - 2) / self.df1 * self.df2 / (self.df2 + 2)
        return torch.where(self.df1 <= 2, math.nan, result)

    @property
    def variance(self) -> Tensor:
        """NaN up to four degrees of freedom below."""
        df2 = torch.where(self.df2 <= 4, math.nan, self.df2)
        above = 2 * df2.pow(2) * (self.df1 + df2 - 2)
        return above / (self.df1 * (df2 - 2).pow(2) * (df2 - 4))

    def rsample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw reparametrized samples, which have a gradient."""
        shape = self._extended_shape(sample_shape)
        above = self._gamma1.rsample(sample_shape).view(shape)
        below = self._gamma2.rsample(sample_shape).view(shape)
        tiny = torch.finfo(below.dtype).tiny
        below.clamp_(min=tiny)
        result = above / below
        result.clamp_(min=tiny)
        return result

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density of a value."""
        if self._validate_args:
            self._validate_sample(value)
        half1, half2 = self.df1 * 0.5, self.df2 * 0.5
        ratio = self.df1 / self.df2
        beta = (half1 + half2).lgamma() - half1.lgamma() - half2.lgamma()
        power = half1 * ratio.log() + (half1 - 1) * torch.log(value)
        return beta + power - (half1 + half2) * torch.log1p(ratio * value)
