"""Categorical, one-hot categorical and multinomial distributions."""

from typing import Any, Self

import funcnet.compat as torch
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._ops.random.distributions import drawn_category
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions import constraints
from funcnet.compat.distributions._distribution import Distribution
from funcnet.compat.distributions._families.two_outcomes import Binomial, check_one
from funcnet.compat.distributions.utils import (
    broadcast_all,
    lazy_property,
    logits_to_probs,
    probs_to_logits,
)

__all__ = [
    "Categorical",
    "Multinomial",
    "OneHotCategorical",
    "OneHotCategoricalStraightThrough",
]


class _OfCategories(Distribution):
    """Distribution given by weights of categories or by their logarithms."""

    arg_constraints: Any = {
        "probs": constraints.simplex,
        "logits": constraints.real_vector,
    }

    def __init__(
        self,
        probs: Tensor | None = None,
        logits: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        shapes = self._take(probs, logits)
        super().__init__(*shapes, validate_args=validate_args)

    def _take(self, probs: Tensor | None, logits: Tensor | None) -> tuple[Size, Size]:
        """Set the parameter that is given; return the shapes of batch and event."""
        raise NotImplementedError


class Categorical(_OfCategories):
    """Categorical distribution of indices.

    Args:
        probs: `(*batch, categories)`, weights that need not sum to one, or
        logits: their logarithms, which need not be normalised either.

    Example:
        >>> import funcnet.compat as torch
        >>> weights = torch.tensor([1.0, 3.0])
        >>> torch.distributions.Categorical(weights).log_prob(torch.tensor(1))
        tensor(-0.2877)
    """

    has_enumerate_support = True
    _parts = {"probs": 1, "logits": 1}

    def _take(self, probs: Tensor | None, logits: Tensor | None) -> tuple[Size, Size]:
        check_one(probs, logits)
        if probs is not None:
            if probs.dim() < 1:
                raise ValueError("`probs` parameter must be at least one-dimensional.")
            self.__dict__["probs"] = probs / probs.sum(-1, keepdim=True)
        else:
            assert logits is not None, "it was checked"
            if logits.dim() < 1:
                raise ValueError("`logits` parameter must be at least one-dimensional.")
            normalized = logits - logits.logsumexp(dim=-1, keepdim=True)
            self.__dict__["logits"] = normalized
        return self._param.size()[:-1], Size()

    @property
    def _param(self) -> Tensor:
        return self.__dict__["probs" if "probs" in self.__dict__ else "logits"]

    @property
    def _num_events(self) -> int:
        return self._param.size()[-1]

    @property
    def param_shape(self) -> Size:
        """The shape of the parameter that was given."""
        return self._param.size()

    @lazy_property
    def logits(self) -> Tensor:
        """The logarithms of the probabilities."""
        return probs_to_logits(self.probs)

    @lazy_property
    def probs(self) -> Tensor:
        """The probabilities."""
        return logits_to_probs(self.logits)

    @constraints.dependent_property(is_discrete=True, event_dim=0)
    def support(self) -> Any:
        """The indices of the categories."""
        return constraints.integer_interval(0, self._num_events - 1)

    @property
    def mean(self) -> Tensor:
        """NaN: indices have no mean."""
        shape = self._extended_shape()
        return torch.full(shape, torch.nan, dtype=self.probs.dtype)

    @property
    def mode(self) -> Tensor:
        """The most probable category."""
        return self.probs.argmax(dim=-1)

    @property
    def variance(self) -> Tensor:
        """NaN: indices have no variance."""
        return self.mean

    def sample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw indices."""
        shape = Size(sample_shape)
        if not shape and (drawn := drawn_category(self.probs)) is not None:
            return drawn
        rows = self.probs.detach().reshape(-1, self._num_events)
        drawn = torch.multinomial(rows, shape.numel(), True).T
        return drawn.reshape(self._extended_shape(shape))

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log probability of a value."""
        if self._validate_args:
            self._validate_sample(value)
        value, logits = value.long().unsqueeze(-1), self.logits
        if value.shape[:-1] != logits.shape[:-1]:
            shape = torch.broadcast_shapes(value.shape, (*logits.shape[:-1], 1))
            logits = logits.expand(shape[:-1] + logits.shape[-1:])
            value = value.expand(shape)
        return logits.gather(-1, value).squeeze(-1)

    def entropy(self) -> Tensor:
        """Return the entropy, in nats."""
        # A category of probability zero adds nothing.
        logits = torch.clamp(self.logits, min=torch.finfo(self.logits.dtype).min)
        return -(logits * self.probs).sum(-1)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        """Return the indices, along the first dimension."""
        values = torch.arange(self._num_events, device=self._param.device)
        values = values.view((-1,) + (1,) * len(self._batch_shape))
        return values.expand((-1, *self._batch_shape)) if expand else values


class OverCategorical(_OfCategories):
    """Distribution of vectors, which holds the one of the indices."""

    _categorical: Categorical

    def _take(self, probs: Tensor | None, logits: Tensor | None) -> tuple[Size, Size]:
        self._categorical = Categorical(probs, logits)
        return self._categorical.batch_shape, self.param_shape[-1:]

    @property
    def _param(self) -> Tensor:
        return self._categorical._param

    @property
    def probs(self) -> Tensor:
        """The probabilities."""
        return self._categorical.probs

    @property
    def logits(self) -> Tensor:
        """The logarithms of the probabilities."""
        return self._categorical.logits

    @property
    def param_shape(self) -> Size:
        """The shape of the parameter that was given."""
        return self._categorical.param_shape

    def expand(
        self, batch_shape: ShapeLike, _instance: "Distribution | None" = None
    ) -> Any:
        """Expand the distribution to a larger `batch_shape`."""
        new = self._get_checked_instance(self._known_class(), _instance)
        shape = Size(batch_shape)
        new._categorical = self._categorical.expand(shape)
        self._expand_more(new, shape)
        Distribution.__init__(new, shape, self.event_shape, validate_args=False)
        new._validate_args = self._validate_args
        return new


class OneHotCategorical(OverCategorical):
    """Categorical distribution of one-hot vectors.

    Args:
        probs: `(*batch, categories)`, weights that need not sum to one, or
        logits: their logarithms.
    """

    support = constraints.one_hot
    has_enumerate_support = True

    @property
    def mean(self) -> Tensor:
        """The probabilities."""
        return self._categorical.probs

    @property
    def mode(self) -> Tensor:
        """The most probable vector."""
        best = self._categorical.probs.argmax(dim=-1)
        result = torch.nn.functional.one_hot(best, self._categorical._num_events)
        return result.to(self._categorical.probs)

    @property
    def variance(self) -> Tensor:
        """`probs (1 - probs)`."""
        return self._categorical.probs * (1 - self._categorical.probs)

    def sample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw vectors."""
        probs = self._categorical.probs
        drawn = self._categorical.sample(Size(sample_shape))
        count = self._categorical._num_events
        return torch.nn.functional.one_hot(drawn, count).to(probs)

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log probability of a value."""
        if self._validate_args:
            self._validate_sample(value)
        return self._categorical.log_prob(value.argmax(-1))

    def entropy(self) -> Tensor:
        """Return the entropy, in nats."""
        return self._categorical.entropy()

    def enumerate_support(self, expand: bool = True) -> Tensor:
        """Return the vectors, along the first dimension."""
        n = self.event_shape[0]
        values = torch.eye(n, dtype=self._param.dtype, device=self._param.device)
        values = values.view((n,) + (1,) * len(self.batch_shape) + (n,))
        return values.expand((n, *self.batch_shape, n)) if expand else values


class OneHotCategoricalStraightThrough(OneHotCategorical):
    """One-hot categorical distribution with the straight-through gradient.

    Bengio, Léonard and Courville, 2013.
    """

    has_rsample = True

    def rsample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw reparametrized vectors, which have a gradient."""
        samples = self.sample(sample_shape)
        probs = self._categorical.probs  # cached with its gradient
        return samples + (probs - probs.detach())


class Multinomial(OverCategorical):
    """Multinomial distribution of the counts of categories in `total_count` draws.

    Args:
        total_count: the number of draws.
        probs: `(*batch, categories)`, weights that need not sum to one, or
        logits: their logarithms.
    """

    total_count: int

    def __init__(
        self,
        total_count: int = 1,
        probs: Tensor | None = None,
        logits: Tensor | None = None,
        validate_args: bool | None = None,
    ) -> None:
        if not isinstance(total_count, int):
            raise NotImplementedError("inhomogeneous total_count is not supported")
        self.total_count = total_count
        super().__init__(probs, logits, validate_args)
        self._binomial = Binomial(total_count=total_count, probs=self.probs)

    def _expand_more(self, new: Self, batch_shape: Size) -> None:
        new.total_count = self.total_count
        new._binomial = self._binomial.expand(batch_shape + self.event_shape)

    @constraints.dependent_property(is_discrete=True, event_dim=1)
    def support(self) -> Any:
        """Counts that sum to at most `total_count`."""
        return constraints.multinomial(self.total_count)

    @property
    def mean(self) -> Tensor:
        """`total_count · probs`."""
        return self.probs * self.total_count

    @property
    def variance(self) -> Tensor:
        """`total_count · probs (1 - probs)`."""
        return self.total_count * self.probs * (1 - self.probs)

    def sample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw counts."""
        shape = Size(sample_shape)
        drawn = self._categorical.sample(Size((self.total_count,)) + shape)
        drawn = drawn.movedim(0, -1)
        counts = drawn.new_zeros(self._extended_shape(shape))
        counts.scatter_add_(-1, drawn, torch.ones_like(drawn))
        return counts.type_as(self.probs)

    def entropy(self) -> Tensor:
        """Return the entropy, in nats."""
        n = torch.tensor(self.total_count)
        one_draw = self._categorical.entropy()
        term = n * one_draw - torch.lgamma(n + 1)
        values = self._binomial.enumerate_support(expand=False)[1:]
        weights = torch.exp(self._binomial.log_prob(values))
        return term + (weights * torch.lgamma(values + 1)).sum([0, -1])

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log probability of a value."""
        if self._validate_args:
            self._validate_sample(value)
        logits, value = broadcast_all(self.logits, value)
        factorial_n = torch.lgamma(value.sum(-1) + 1)
        factorial_xs = torch.lgamma(value + 1).sum(-1)
        # A count of zero adds nothing, even at a probability of zero.
        logits = torch.where((value == 0) & (logits == -torch.inf), 0, logits)
        powers = (logits * value).sum(-1)
        return factorial_n - factorial_xs + powers
