"""Reinterpreted batch dimensions, and mixtures."""

from typing import Any

import funcnet.compat as torch
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions import constraints
from funcnet.compat.distributions._distribution import Distribution
from funcnet.compat.distributions._families.categorical import Categorical
from funcnet.compat.distributions.utils import _sum_rightmost

__all__ = [
    "Independent",
    "MixtureSameFamily",
]


class Independent(Distribution):
    """Distribution with batch dimensions reinterpreted as event dimensions.

    Args:
        base_distribution: the distribution.
        reinterpreted_batch_ndims: how many of its batch dimensions.

    Example:
        >>> import funcnet.compat as torch
        >>> normal = torch.distributions.Normal(torch.zeros(3), 1.0)
        >>> torch.distributions.Independent(normal, 1).event_shape
        torch.Size([3])
    """

    arg_constraints: Any = {}

    def __init__(
        self,
        base_distribution: Distribution,
        reinterpreted_batch_ndims: int,
        validate_args: bool | None = None,
    ) -> None:
        batch = base_distribution.batch_shape
        if reinterpreted_batch_ndims > len(batch):
            raise ValueError(
                "Expected reinterpreted_batch_ndims <= "
                "len(base_distribution.batch_shape), actual "
                f"{reinterpreted_batch_ndims} vs {len(batch)}"
            )
        shape = batch + base_distribution.event_shape
        dims = reinterpreted_batch_ndims + len(base_distribution.event_shape)
        cut = len(shape) - dims
        self.base_dist = base_distribution
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims
        super().__init__(shape[:cut], shape[cut:], validate_args=validate_args)

    def expand(
        self, batch_shape: ShapeLike, _instance: "Distribution | None" = None
    ) -> Any:
        """Expand the distribution to a larger `batch_shape`."""
        new = self._get_checked_instance(Independent, _instance)
        shape = Size(batch_shape)
        inner = shape + self.event_shape[: self.reinterpreted_batch_ndims]
        new.base_dist = self.base_dist.expand(inner)
        new.reinterpreted_batch_ndims = self.reinterpreted_batch_ndims
        Distribution.__init__(new, shape, self.event_shape, validate_args=False)
        new._validate_args = self._validate_args
        return new

    @property
    def has_rsample(self) -> bool:
        """Whether the base has."""
        return bool(self.base_dist.has_rsample)

    @property
    def has_enumerate_support(self) -> bool:
        """Whether the base has, and is the same."""
        if self.reinterpreted_batch_ndims > 0:
            return False
        return bool(self.base_dist.has_enumerate_support)

    @constraints.dependent_property
    def support(self) -> Any:
        """Constraint of the base, with more event dimensions."""
        result = self.base_dist.support
        if self.reinterpreted_batch_ndims:
            result = constraints.independent(result, self.reinterpreted_batch_ndims)
        return result

    @property
    def mean(self) -> Tensor:
        """The mean of the base."""
        return self.base_dist.mean

    @property
    def mode(self) -> Tensor:
        """The mode of the base."""
        return self.base_dist.mode

    @property
    def variance(self) -> Tensor:
        """The variance of the base."""
        return self.base_dist.variance

    def sample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw samples."""
        return self.base_dist.sample(sample_shape)

    def rsample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw reparametrized samples, which have a gradient."""
        return self.base_dist.rsample(sample_shape)

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the sum of the base's over the dimensions of an event."""
        return _sum_rightmost(
            self.base_dist.log_prob(value), self.reinterpreted_batch_ndims
        )

    def entropy(self) -> Tensor:
        """Return the sum of the base's over the dimensions of an event."""
        return _sum_rightmost(self.base_dist.entropy(), self.reinterpreted_batch_ndims)

    def enumerate_support(self, expand: bool = True) -> Tensor:
        """Return all values of the base.

        Raises:
            NotImplementedError: there are dimensions whose product would be needed.
        """
        if self.reinterpreted_batch_ndims > 0:
            raise NotImplementedError(
                "Enumeration over cartesian product is not implemented"
            )
        return self.base_dist.enumerate_support(expand=expand)

    def __repr__(self) -> str:
        dims = self.reinterpreted_batch_ndims
        return f"{type(self).__name__}({self.base_dist}, {dims})"


class MixtureSameFamily(Distribution):
    """Mixture of the distributions along the last batch dimension.

    Args:
        mixture_distribution: a `Categorical` that chooses among them.
        component_distribution: `(*batch, components)` distributions.
    """

    arg_constraints: Any = {}
    has_rsample = False

    def __init__(
        self,
        mixture_distribution: Categorical,
        component_distribution: Distribution,
        validate_args: bool | None = None,
    ) -> None:
        self._mixture_distribution = mixture_distribution
        self._component_distribution = component_distribution
        if not isinstance(mixture_distribution, Categorical):
            raise ValueError(
                " The Mixture distribution needs to be an  instance of "
                "torch.distributions.Categorical"
            )
        if not isinstance(component_distribution, Distribution):
            raise ValueError(
                "The Component distribution needs to be an instance of "
                "torch.distributions.Distribution"
            )
        batch = mixture_distribution.batch_shape
        component_batch = component_distribution.batch_shape[:-1]
        for size, other in zip(
            reversed(batch), reversed(component_batch), strict=False
        ):
            if size != 1 and other != 1 and size != other:
                raise ValueError(
                    f"`mixture_distribution.batch_shape` ({batch}) is not compatible "
                    f"with `component_distribution.batch_shape`({component_batch})"
                )
        count = mixture_distribution.logits.shape[-1]
        components = component_distribution.batch_shape[-1]
        if count != components:
            raise ValueError(
                f"`mixture_distribution component` ({count}) does not equal "
                f"`component_distribution.batch_shape[-1]` ({components})"
            )
        self._num_component = count
        event = component_distribution.event_shape
        self._event_ndims = len(event)
        super().__init__(component_batch, event, validate_args=validate_args)

    def expand(
        self, batch_shape: ShapeLike, _instance: "Distribution | None" = None
    ) -> Any:
        """Expand the distribution to a larger `batch_shape`."""
        shape = Size(batch_shape)
        new = self._get_checked_instance(MixtureSameFamily, _instance)
        new._component_distribution = self._component_distribution.expand(
            (*shape, self._num_component)
        )
        new._mixture_distribution = self._mixture_distribution.expand(shape)
        new._num_component = self._num_component
        new._event_ndims = self._event_ndims
        event = new._component_distribution.event_shape
        Distribution.__init__(new, shape, event, validate_args=False)
        new._validate_args = self._validate_args
        return new

    @constraints.dependent_property
    def support(self) -> Any:
        """That of the components, without their dimension."""
        return constraints.MixtureSameFamilyConstraint(
            self._component_distribution.support
        )

    @property
    def mixture_distribution(self) -> Categorical:
        """Distribution of the components' indices."""
        return self._mixture_distribution

    @property
    def component_distribution(self) -> Distribution:
        """The components."""
        return self._component_distribution

    def _weights(self) -> Tensor:
        weights = self.mixture_distribution.probs
        return weights.reshape(weights.shape + (1,) * self._event_ndims)

    def _over_components(self, x: Tensor) -> Tensor:
        return torch.sum(self._weights() * x, dim=-1 - self._event_ndims)

    @property
    def mean(self) -> Tensor:
        """The mean of the means."""
        return self._over_components(self.component_distribution.mean)

    @property
    def variance(self) -> Tensor:
        """The mean of the variances, and the variance of the means."""
        components = self.component_distribution
        distance = components.mean - self._padded(self.mean)
        between = self._over_components(distance.pow(2.0))
        return self._over_components(components.variance) + between

    def _padded(self, x: Tensor) -> Tensor:
        return x.unsqueeze(-1 - self._event_ndims)

    def cdf(self, x: Tensor) -> Tensor:
        """Return the cumulative distribution function at a value."""
        result = self.component_distribution.cdf(self._padded(x))
        return torch.sum(result * self.mixture_distribution.probs, dim=-1)

    def log_prob(self, x: Tensor) -> Tensor:
        """Return the log density of a value."""
        if self._validate_args:
            self._validate_sample(x)
        each = self.component_distribution.log_prob(self._padded(x))
        weights = torch.log_softmax(self.mixture_distribution.logits, dim=-1)
        return torch.logsumexp(each + weights, dim=-1)

    def sample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw samples."""
        shape = Size(sample_shape)
        with torch.no_grad():
            batch = len(self.batch_shape)
            dim = len(shape) + batch
            chosen = self.mixture_distribution.sample(shape)
            chosen = chosen.expand(shape + self.batch_shape)
            drawn = self.component_distribution.sample(shape)
            index = chosen.reshape(chosen.shape + (1,) * (self._event_ndims + 1))
            index = index.expand((*chosen.shape, 1, *self.event_shape))
            return torch.gather(drawn, dim, index).squeeze(dim)

    def __repr__(self) -> str:
        parts = f"{self.mixture_distribution},\n  {self.component_distribution}"
        return f"MixtureSameFamily(\n  {parts})"
