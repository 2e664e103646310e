"""Continuous relaxations of discrete distributions (Maddison et al., 2017)."""

from typing import Any, Self

import funcnet.compat as torch
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions import constraints
from funcnet.compat.distributions._distribution import Distribution
from funcnet.compat.distributions._families.categorical import OverCategorical
from funcnet.compat.distributions._families.transformed import TransformedDistribution
from funcnet.compat.distributions._families.two_outcomes import OfProbability
from funcnet.compat.distributions._transforms.base import Transform
from funcnet.compat.distributions._transforms.elementwise import (
    ExpTransform,
    SigmoidTransform,
)
from funcnet.compat.distributions.utils import broadcast_all, clamp_probs

__all__ = [
    "ExpRelaxedCategorical",
    "LogitRelaxedBernoulli",
    "RelaxedBernoulli",
    "RelaxedOneHotCategorical",
]


class _WithTemperature(Distribution):
    """Relaxed distribution: with a temperature, and the discrete one's parameters."""

    temperature: Tensor

    def __init__(
        self,
        temperature: Tensor,
        probs: TensorLike | None = None,
        logits: TensorLike | None = None,
        validate_args: bool | None = None,
    ) -> None:
        self.temperature = temperature
        super().__init__(probs, logits, validate_args)  # type: ignore[arg-type]

    def _expand_more(self, new: Self, batch_shape: Size) -> None:
        new.temperature = self.temperature


class LogitRelaxedBernoulli(_WithTemperature, OfProbability):
    """Relaxed Bernoulli distribution, of log-odds.

    Args:
        temperature: how far from zero and one the variable is.
        probs: the probability of one, or
        logits: its log-odds.
    """

    support = constraints.real

    def rsample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw reparametrized samples, which have a gradient."""
        shape = self._extended_shape(sample_shape)
        probs = clamp_probs(self.probs.expand(shape))
        u = clamp_probs(torch.rand(shape, dtype=probs.dtype, device=probs.device))
        noise = u.log() - (-u).log1p()
        return (noise + probs.log() - (-probs).log1p()) / self.temperature

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density of a value."""
        if self._validate_args:
            self._validate_sample(value)
        logits, value = broadcast_all(self.logits, value)
        diff = logits - value.mul(self.temperature)
        scale = self.temperature.log()
        return scale + diff - 2 * diff.exp().log1p()


class _Relaxed(TransformedDistribution):
    """Transform of a relaxed distribution, whose parameters it has."""

    has_rsample: Any = True
    base_dist: Any
    _transform: type[Transform]

    def __init__(self, probs: Any, logits: Any, validate_args: bool | None) -> None:
        base = self._base(probs, logits, validate_args)
        super().__init__(base, self._transform(), validate_args=validate_args)

    def _base(
        self, probs: Any, logits: Any, validate_args: bool | None
    ) -> Distribution:
        """Return the relaxed distribution that is transformed."""
        raise NotImplementedError

    @property
    def logits(self) -> Tensor:
        """The log-odds of one, or the logarithms of the probabilities."""
        return self.base_dist.logits

    @property
    def probs(self) -> Tensor:
        """The probability of one, or the probabilities."""
        return self.base_dist.probs


class RelaxedBernoulli(_WithTemperature, _Relaxed):
    """Relaxed Bernoulli distribution on `(0, 1)`, which has gradients.

    Args:
        temperature: how far from zero and one it is, a tensor.
        probs: the probability of one, or
        logits: its log-odds.
    """

    arg_constraints = {"probs": constraints.unit_interval, "logits": constraints.real}
    support: Any = constraints.unit_interval

    _transform = SigmoidTransform

    def _base(
        self, probs: Any, logits: Any, validate_args: bool | None
    ) -> LogitRelaxedBernoulli:
        del validate_args  # as in PyTorch, whose base is always checked by default
        return LogitRelaxedBernoulli(self.temperature, probs, logits)


class ExpRelaxedCategorical(_WithTemperature, OverCategorical):
    """Relaxed one-hot categorical distribution, of logarithms.

    Args:
        temperature: how far from one-hot it is.
        probs: `(*batch, categories)` weights, or
        logits: their logarithms.
    """

    support = constraints.real_vector
    has_rsample = True

    def rsample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw reparametrized samples, which have a gradient."""
        shape = self._extended_shape(sample_shape)
        u = torch.rand(shape, dtype=self.logits.dtype, device=self.logits.device)
        gumbels = -((-(clamp_probs(u).log())).log())
        scores = (self.logits + gumbels) / self.temperature
        return scores - scores.logsumexp(dim=-1, keepdim=True)

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density of a value."""
        if self._validate_args:
            self._validate_sample(value)
        k = self._categorical._num_events
        logits, value = broadcast_all(self.logits, value)
        log_scale = torch.full_like(self.temperature, float(k)).lgamma()
        log_scale = log_scale - self.temperature.log().mul(-(k - 1))
        score = logits - value.mul(self.temperature)
        score = (score - score.logsumexp(dim=-1, keepdim=True)).sum(-1)
        return score + log_scale


class RelaxedOneHotCategorical(_WithTemperature, _Relaxed):
    """Relaxed one-hot categorical distribution on the simplex, which has gradients.

    Args:
        temperature: how far from one-hot it is, a tensor.
        probs: `(*batch, categories)` weights, or
        logits: their logarithms.
    """

    arg_constraints = {
        "probs": constraints.simplex,
        "logits": constraints.real_vector,
    }
    support: Any = constraints.simplex

    _transform = ExpTransform

    def _base(
        self, probs: Any, logits: Any, validate_args: bool | None
    ) -> ExpRelaxedCategorical:
        return ExpRelaxedCategorical(self.temperature, probs, logits, validate_args)
