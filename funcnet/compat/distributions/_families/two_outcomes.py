"""Bernoulli, geometric, binomial and negative binomial distributions."""

from typing import Any

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
from funcnet.compat.distributions._families.gamma import Gamma
from funcnet.compat.distributions.utils import (
    broadcast_all,
    lazy_property,
    logits_to_probs,
    probs_to_logits,
)

__all__ = [
    "Bernoulli",
    "Binomial",
    "Geometric",
    "NegativeBinomial",
]


_F = torch.nn.functional


def check_one(probs: TensorLike | None, logits: TensorLike | None) -> None:
    """Raise ValueError unless exactly one of the two is given."""
    if (probs is None) == (logits is None):
        raise ValueError("Either `probs` or `logits` must be specified, but not both.")


class OfProbability(Distribution):
    """Distribution given by a probability or by its log-odds."""

    arg_constraints: Any = {
        "probs": constraints.unit_interval,
        "logits": constraints.real,
    }
    _parts = {"probs": 0, "logits": 0}

    def __init__(
        self,
        probs: TensorLike | None = None,
        logits: TensorLike | None = None,
        validate_args: bool | None = None,
    ) -> None:
        self._take(probs, logits)
        super().__init__(self._param.size(), validate_args=validate_args)

    @lazy_property
    def logits(self) -> Tensor:
        """The log-odds."""
        return probs_to_logits(self.probs, is_binary=True)

    @lazy_property
    def probs(self) -> Tensor:
        """The probability."""
        return logits_to_probs(self.logits, is_binary=True)

    @property
    def _param(self) -> Tensor:
        return self.__dict__["probs" if "probs" in self.__dict__ else "logits"]

    @property
    def param_shape(self) -> Size:
        """The shape of the parameter that was given."""
        return self._param.size()

    def _take(
        self, probs: TensorLike | None, logits: TensorLike | None, *others: TensorLike
    ) -> list[Tensor]:
        """Set the one that is given, broadcast with other parameters; return those."""
        check_one(probs, logits)
        name, given = ("logits", logits) if probs is None else ("probs", probs)
        assert given is not None, "it was checked"
        *result, self.__dict__[name] = broadcast_all(*others, given)
        return result


class Bernoulli(OfProbability, ExponentialFamily):
    """Bernoulli distribution: one with probability `probs`, else zero.

    Args:
        probs: the probability of one, or
        logits: its log-odds.

    Example:
        >>> import funcnet.compat as torch
        >>> torch.distributions.Bernoulli(0.25).mean
        tensor(0.2500)
    """

    support = constraints.boolean
    has_enumerate_support = True

    @property
    def mean(self) -> Tensor:
        """`probs`."""
        return self.probs

    @property
    def mode(self) -> Tensor:
        """The more probable value; NaN where both are equally probable."""
        result = (self.probs >= 0.5).to(self.probs)
        return torch.where(self.probs == 0.5, torch.nan, result)

    @property
    def variance(self) -> Tensor:
        """`probs (1 - probs)`."""
        return self.probs * (1 - self.probs)

    def sample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw samples."""
        with torch.no_grad():
            return torch.bernoulli(
                self.probs.expand(self._extended_shape(sample_shape))
            )

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log probability of a value."""
        if self._validate_args:
            self._validate_sample(value)
        logits, value = broadcast_all(self.logits, value)
        return -_F.binary_cross_entropy_with_logits(logits, value, reduction="none")

    def entropy(self) -> Tensor:
        """Return the entropy, in nats."""
        return _F.binary_cross_entropy_with_logits(
            self.logits, self.probs, reduction="none"
        )

    def enumerate_support(self, expand: bool = True) -> Tensor:
        """Return zero and one, along the first dimension."""
        values = torch.arange(2, dtype=self._param.dtype, device=self._param.device)
        values = values.view((-1,) + (1,) * len(self._batch_shape))
        return values.expand((-1, *self._batch_shape)) if expand else values

    @property
    def _natural_params(self) -> tuple[Tensor]:
        return (torch.logit(self.probs),)

    def _log_normalizer(self, x: Tensor) -> Tensor:
        return torch.log1p(torch.exp(x))

    _mean_carrier_measure = 0


class Geometric(OfProbability):
    """Geometric distribution of the number of failures before the first success.

    Args:
        probs: the probability of success, above zero, or
        logits: its log-odds.
    """

    support = constraints.nonnegative_integer

    def _validate_parameters(self) -> None:
        super()._validate_parameters()
        if "probs" in self.__dict__:
            value = self.probs
            if not bool((value > 0).all()):
                shown = value.data[~(value > 0)]
                raise ValueError(
                    f"Expected parameter probs ({type(value).__name__} of shape "
                    f"{tuple(value.shape)}) of distribution {self!r} to be positive "
                    f"but found invalid values:\n{shown}"
                )

    @property
    def mean(self) -> Tensor:
        """`1 / probs - 1`."""
        return 1.0 / self.probs - 1.0

    @property
    def mode(self) -> Tensor:
        """Zero."""
        return torch.zeros_like(self.probs)

    @property
    def variance(self) -> Tensor:
        """`(1 / probs - 1) / probs`."""
        return (1.0 / self.probs - 1.0) / self.probs

    def sample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw samples."""
        shape = self._extended_shape(sample_shape)
        tiny = torch.finfo(self.probs.dtype).tiny
        with torch.no_grad():
            u = self.probs.new_zeros(shape).uniform_().clamp(min=tiny)
            return (u.log() / (-self.probs).log1p()).floor()

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log probability of a value."""
        if self._validate_args:
            self._validate_sample(value)
        value, probs = broadcast_all(value, self.probs)
        probs = torch.where((probs == 1) & (value == 0), 0, probs)
        return value * (-probs).log1p() + self.probs.log()

    def entropy(self) -> Tensor:
        """Return the entropy, in nats."""
        return (
            _F.binary_cross_entropy_with_logits(
                self.logits, self.probs, reduction="none"
            )
            / self.probs
        )


class _OfTrials(OfProbability):
    """Distribution given by a number of trials, and a probability or its log-odds."""

    _parts = {"total_count": 0, **OfProbability._parts}
    total_count: Tensor

    def __init__(
        self,
        total_count: TensorLike,
        probs: TensorLike | None = None,
        logits: TensorLike | None = None,
        validate_args: bool | None = None,
    ) -> None:
        (count,) = self._take(probs, logits, total_count)
        self.total_count = count.type_as(self._param)
        shape = self._param.size()
        Distribution.__init__(self, shape, validate_args=validate_args)


class Binomial(_OfTrials):
    """Binomial distribution of the number of successes in `total_count` trials.

    Args:
        total_count: how many trials.
        probs: the probability of success, or
        logits: its log-odds.
    """

    arg_constraints = {
        "total_count": constraints.nonnegative_integer,
        **OfProbability.arg_constraints,
    }
    has_enumerate_support = True

    def __init__(
        self,
        total_count: TensorLike = 1,
        probs: TensorLike | None = None,
        logits: TensorLike | None = None,
        validate_args: bool | None = None,
    ) -> None:
        super().__init__(total_count, probs, logits, validate_args)

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self) -> Any:
        """The integers up to `total_count`."""
        return constraints.integer_interval(0, self.total_count)

    @property
    def mean(self) -> Tensor:
        """`total_count · probs`."""
        return self.total_count * self.probs

    @property
    def mode(self) -> Tensor:
        """The most probable value."""
        result = ((self.total_count + 1) * self.probs).floor()
        return result.clamp(max=self.total_count)

    @property
    def variance(self) -> Tensor:
        """`total_count · probs (1 - probs)`."""
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw samples."""
        shape = self._extended_shape(sample_shape)
        with torch.no_grad():
            return torch.binomial(
                self.total_count.expand(shape), self.probs.expand(shape)
            )

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log probability of a value."""
        if self._validate_args:
            self._validate_sample(value)
        chosen = (
            torch.lgamma(self.total_count + 1)
            - torch.lgamma(value + 1)
            - torch.lgamma(self.total_count - value + 1)
        )
        # total_count · log(1 + exp(logits)), for large logits of either sign.
        positive = self.logits.clamp(min=0)
        rest = self.total_count * (
            positive + torch.log1p(torch.exp(-torch.abs(self.logits)))
        )
        return value * self.logits + chosen - rest

    def entropy(self) -> Tensor:
        """Return the entropy, in nats, summed over all values."""
        count = int(self.total_count.max())
        if not bool(self.total_count.min() == count):
            raise NotImplementedError(
                "Inhomogeneous total count not supported by `entropy`."
            )
        log_prob = self.log_prob(self.enumerate_support(False))
        return -(torch.exp(log_prob) * log_prob).sum(0)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        """Return the integers up to `total_count`, along the first dimension."""
        count = int(self.total_count.max())
        if not bool(self.total_count.min() == count):
            raise NotImplementedError(
                "Inhomogeneous total count not supported by `enumerate_support`."
            )
        dtype: dict[str, Any] = {
            "dtype": self._param.dtype,
            "device": self._param.device,
        }
        values = torch.arange(1 + count, **dtype)
        values = values.view((-1,) + (1,) * len(self._batch_shape))
        return values.expand((-1, *self._batch_shape)) if expand else values


class NegativeBinomial(_OfTrials):
    """Negative binomial distribution of the successes before `total_count` failures.

    Args:
        total_count: the number of failures, which may be any positive number.
        probs: the probability of success, or
        logits: its log-odds.
    """

    arg_constraints = {
        "total_count": constraints.greater_than_eq(0),
        "probs": constraints.half_open_interval(0.0, 1.0),
        "logits": constraints.real,
    }
    support = constraints.nonnegative_integer

    @property
    def mean(self) -> Tensor:
        """`total_count · exp(logits)`."""
        return self.total_count * torch.exp(self.logits)

    @property
    def mode(self) -> Tensor:
        """The most probable value."""
        return ((self.total_count - 1) * self.logits.exp()).floor().clamp(min=0.0)

    @property
    def variance(self) -> Tensor:
        """The mean over the probability of failure."""
        return self.mean / torch.sigmoid(-self.logits)

    def sample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw samples: from Poisson distributions of gamma-distributed rates."""
        with torch.no_grad():
            gamma = Gamma(
                self.total_count, torch.exp(-self.logits), validate_args=False
            )
            return torch.poisson(gamma.sample(sample_shape))

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log probability of a value."""
        if self._validate_args:
            self._validate_sample(value)
        unnormalized = self.total_count * _F.logsigmoid(-self.logits)
        unnormalized = unnormalized + value * _F.logsigmoid(self.logits)
        normalization = (
            -torch.lgamma(self.total_count + value)
            + torch.lgamma(1.0 + value)
            + torch.lgamma(self.total_count)
        )
        # A `total_count` of zero leaves only the value zero.
        none = self.total_count + value == 0.0
        return unnormalized - torch.where(none, 0.0, normalization)
