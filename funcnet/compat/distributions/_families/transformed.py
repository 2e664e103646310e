"""Transformed distribution."""

from typing import Any

import funcnet.compat as torch
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions import constraints
from funcnet.compat.distributions._distribution import Distribution
from funcnet.compat.distributions._families.independent import Independent
from funcnet.compat.distributions._transforms.base import ComposeTransform, Transform
from funcnet.compat.distributions.utils import _sum_rightmost

__all__ = [
    "TransformedDistribution",
]


class TransformedDistribution(Distribution):
    """Distribution of a transformed random variable.

    Args:
        base_distribution: of the variable.
        transforms: one, or a list of which the first is applied first.

    Raises:
        ValueError: others than transforms are given, or the base is of too few
            dimensions.
    """

    arg_constraints: Any = {}

    def __init__(
        self,
        base_distribution: Distribution,
        transforms: Transform | list[Transform],
        validate_args: bool | None = None,
    ) -> None:
        if isinstance(transforms, Transform):
            self.transforms = [transforms]
        elif isinstance(transforms, list):
            if not all(isinstance(t, Transform) for t in transforms):
                raise ValueError(
                    "transforms must be a Transform or a list of Transforms"
                )
            self.transforms = transforms
        else:
            raise ValueError(
                f"transforms must be a Transform or list, but was {transforms}"
            )
        # Expand the base to the shape and event dimensions that the transforms need.
        base_shape = base_distribution.batch_shape + base_distribution.event_shape
        base_dims = len(base_distribution.event_shape)
        transform = ComposeTransform(self.transforms)
        if len(base_shape) < transform.domain.event_dim:
            raise ValueError(
                "base_distribution needs to have shape with size at least "
                f"{transform.domain.event_dim}, but got {base_shape}."
            )
        forward_shape = transform.forward_shape(base_shape)
        expanded = transform.inverse_shape(forward_shape)
        if base_shape != expanded:
            batch = expanded[: len(expanded) - base_dims]
            base_distribution = base_distribution.expand(batch)
        more = transform.domain.event_dim - base_dims
        if more > 0:
            base_distribution = Independent(base_distribution, more)
        self.base_dist = base_distribution
        grown = transform.codomain.event_dim - transform.domain.event_dim
        dims = max(transform.codomain.event_dim, base_dims + grown)
        cut = len(forward_shape) - dims
        super().__init__(
            forward_shape[:cut], forward_shape[cut:], validate_args=validate_args
        )

    def expand(
        self, batch_shape: ShapeLike, _instance: "Distribution | None" = None
    ) -> Any:
        """Expand the distribution to a larger `batch_shape`."""
        new = self._get_checked_instance(self._known_class(), _instance)
        new.transforms = self.transforms
        shape = Size(batch_shape)
        whole = shape + self.event_shape
        for transform in reversed(self.transforms):
            whole = transform.inverse_shape(whole)
        dims = len(self.base_dist.event_shape)
        new.base_dist = self.base_dist.expand(whole[: len(whole) - dims])
        Distribution.__init__(new, shape, self.event_shape, validate_args=False)
        new._validate_args = self._validate_args
        self._expand_more(new, shape)
        return new

    @constraints.dependent_property(is_discrete=False)
    def support(self) -> Any:
        """Codomain of the last transform."""
        if not self.transforms:
            return self.base_dist.support
        result = self.transforms[-1].codomain
        dims = len(self.event_shape)
        if dims > result.event_dim:
            result = constraints.independent(result, dims - result.event_dim)
        return result

    @property
    def has_rsample(self) -> bool:
        """Whether the base has."""
        return bool(self.base_dist.has_rsample)

    def sample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw samples."""
        with torch.no_grad():
            x = self.base_dist.sample(sample_shape)
            for transform in self.transforms:
                x = transform(x)
            return x

    def rsample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw reparametrized samples, which have a gradient."""
        x = self.base_dist.rsample(sample_shape)
        for transform in self.transforms:
            x = transform(x)
        return x

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log density, by the base's at the inverse and the determinant."""
        if self._validate_args:
            self._validate_sample(value)
        dims = len(self.event_shape)
        result: Any = 0.0
        y = value
        for transform in reversed(self.transforms):
            x = transform.inv(y)
            dims += transform.domain.event_dim - transform.codomain.event_dim
            change = transform.log_abs_det_jacobian(x, y)
            result = result - _sum_rightmost(change, dims - transform.domain.event_dim)
            y = x
        rest = dims - len(self.base_dist.event_shape)
        return result + _sum_rightmost(self.base_dist.log_prob(y), rest)

    def _monotonize_cdf(self, value: Tensor) -> Tensor:
        """Return `1 - value` where the transforms are decreasing."""
        sign: Any = 1
        for transform in self.transforms:
            sign = sign * transform.sign
        if isinstance(sign, int) and sign == 1:
            return value
        return sign * (value - 0.5) + 0.5

    def cdf(self, value: Tensor) -> Tensor:
        """Return the cumulative distribution function, of invertible transforms."""
        for transform in self.transforms[::-1]:
            value = transform.inv(value)
        if self._validate_args:
            self.base_dist._validate_sample(value)
        return self._monotonize_cdf(self.base_dist.cdf(value))

    def icdf(self, value: Tensor) -> Tensor:
        """Return the quantile of a probability, of invertible transforms."""
        result = self.base_dist.icdf(self._monotonize_cdf(value))
        for transform in self.transforms:
            result = transform(result)
        return result
