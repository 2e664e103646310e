"""Base classes of distributions."""

import math
import warnings
from typing import Any, ClassVar, Self

import numpy as np

import funcnet.compat as torch
from funcnet._homes import home_of
from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions import constraints
from funcnet.compat.distributions.utils import lazy_property

__all__ = ["Distribution", "ExponentialFamily"]

_HERE = __name__.rpartition(".")[0]


class Distribution:
    """Base class of distributions, as `torch.distributions.Distribution`.

    A subclass names its parameters in `_parts`, with how many dimensions of each belong
    to an event; `expand` and the checks follow from that.

    Attributes:
        arg_constraints: what each parameter must satisfy.
        support: what a value must satisfy.
        has_rsample: whether samples have gradients.
        has_enumerate_support: whether all values can be listed.
    """

    has_rsample: Any = False
    has_enumerate_support: Any = False
    _validate_args: bool = __debug__
    _parts: ClassVar[dict[str, int]] = {}

    @staticmethod
    def set_default_validate_args(value: bool) -> None:
        """Set whether distributions validate their parameters and values by default.

        A check looks at numbers, and so computes what was recorded until then.
        """
        if value not in (True, False):
            raise ValueError
        Distribution._validate_args = value

    def __init__(
        self,
        batch_shape: ShapeLike = (),
        event_shape: ShapeLike = (),
        validate_args: bool | None = None,
    ) -> None:
        self._batch_shape = Size(batch_shape)
        self._event_shape = Size(event_shape)
        if validate_args is not None:
            self._validate_args = validate_args
        if self._validate_args:
            self._validate_parameters()

    def _validate_parameters(self) -> None:
        try:
            wanted = self.arg_constraints
        except NotImplementedError:
            wanted = {}
            warnings.warn(
                f"{type(self)} does not define `arg_constraints`. Please set "
                "`arg_constraints = {}` or initialize the distribution with "
                "`validate_args=False` to turn off validation.",
                stacklevel=outside(),
            )
        for name, constraint in wanted.items():
            if constraints.is_dependent(constraint):
                continue
            computed = isinstance(_class_attribute(type(self), name), lazy_property)
            if name not in self.__dict__ and computed:
                continue  # it follows from another, which is checked
            value = getattr(self, name)
            if not holds(constraint, value):
                raise ValueError(
                    f"Expected parameter {name} ({type(value).__name__} of shape "
                    f"{tuple(value.shape)}) of distribution {self!r} to satisfy the "
                    f"constraint {constraint!r}, but found invalid values:\n{value}"
                )

    # --- shapes -----------------------------------------------------------------------

    @property
    def batch_shape(self) -> Size:
        """Shape of the batch of distributions."""
        return self._batch_shape

    @property
    def event_shape(self) -> Size:
        """Shape of a single event."""
        return self._event_shape

    def expand(
        self, batch_shape: ShapeLike, _instance: "Distribution | None" = None
    ) -> Self:
        """Expand the distribution to a larger `batch_shape`, without copying."""
        cls = self._known_class()
        if not cls._parts:
            raise NotImplementedError
        new = self._get_checked_instance(cls, _instance)
        shape = Size(batch_shape)
        for name, dims in cls._parts.items():
            if name in self.__dict__:
                x = self.__dict__[name]
                event = tuple(x.shape[x.ndim - dims :])
                new.__dict__[name] = x.expand(shape + event)
        self._expand_more(new, shape)
        Distribution.__init__(new, shape, self.event_shape, validate_args=False)
        new._validate_args = self._validate_args
        return new

    def _known_class(self) -> Any:
        """Return the class of this package that this is, or inherits from."""
        return next(cls for cls in type(self).__mro__ if home_of(cls).startswith(_HERE))

    def _expand_more(self, new: Self, batch_shape: Size) -> None:
        """Set the attributes of an expanded distribution that are not parameters."""

    def _get_checked_instance(
        self, cls: type, _instance: "Distribution | None" = None
    ) -> Any:
        if _instance is None and type(self).__init__ != cls.__init__:  # type: ignore[misc]
            raise NotImplementedError(
                f"Subclass {type(self).__name__} of {cls.__name__} that defines a "
                "custom __init__ method must also define a custom .expand() method."
            )
        return object.__new__(type(self)) if _instance is None else _instance

    def _extended_shape(self, sample_shape: ShapeLike = ()) -> Size:
        return Size(Size(sample_shape) + self._batch_shape + self._event_shape)

    # --- what a distribution has ------------------------------------------------------

    @property
    def arg_constraints(self) -> dict[str, Any]:
        """Constraint of each parameter."""
        raise NotImplementedError

    @property
    def support(self) -> Any:
        """Constraint of a value."""
        raise NotImplementedError

    @property
    def mean(self) -> Tensor:
        """The mean."""
        raise NotImplementedError

    @property
    def mode(self) -> Tensor:
        """The mode."""
        raise NotImplementedError(f"{self.__class__} does not implement mode")

    @property
    def variance(self) -> Tensor:
        """The variance."""
        raise NotImplementedError

    @property
    def stddev(self) -> Tensor:
        """The standard deviation."""
        return self.variance.sqrt()

    def sample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw samples of shape `sample_shape + batch_shape + event_shape`."""
        with torch.no_grad():
            return self.rsample(sample_shape)

    def rsample(self, sample_shape: ShapeLike = ()) -> Tensor:
        """Draw reparametrized samples, which have a gradient."""
        raise NotImplementedError

    def sample_n(self, n: int) -> Tensor:
        """Draw `n` samples; the deprecated spelling of `sample((n,))`."""
        warnings.warn(
            "`sample_n(n)` will be deprecated. Use `sample((n,))` instead.",
            FutureWarning,
            stacklevel=outside(),
        )
        return self.sample((n,))

    def log_prob(self, value: Tensor) -> Tensor:
        """Return the log of the density, or of the probability, at a value."""
        raise NotImplementedError

    def cdf(self, value: Tensor) -> Tensor:
        """Return the cumulative distribution function at a value."""
        raise NotImplementedError

    def icdf(self, value: Tensor) -> Tensor:
        """Return the quantile of a probability, the inverse of `cdf`."""
        raise NotImplementedError

    def enumerate_support(self, expand: bool = True) -> Tensor:
        """Return all values of a discrete distribution, along the first dimension."""
        raise NotImplementedError

    def entropy(self) -> Tensor:
        """Return the entropy, in nats."""
        raise NotImplementedError

    def perplexity(self) -> Tensor:
        """Return the perplexity, the exponential of the entropy."""
        return torch.exp(self.entropy())

    def _validate_sample(self, value: object) -> None:
        if not isinstance(value, Tensor):
            raise ValueError("The value argument to log_prob must be a Tensor")
        given, dims = value._spec.shape, len(self._event_shape)
        if given[len(given) - dims :] != self._event_shape:
            raise ValueError(
                "The right-most size of value must match event_shape: "
                f"{value.shape} vs {self._event_shape}."
            )
        whole = self._batch_shape + self._event_shape
        for i, j in zip(reversed(given), reversed(whole), strict=False):
            if i != 1 and j != 1 and i != j:
                raise ValueError(
                    "Value is not broadcastable with batch_shape+event_shape: "
                    f"{value.shape} vs {whole}."
                )
        try:
            support = self.support
        except NotImplementedError:
            warnings.warn(
                f"{type(self)} does not define `support` to enable sample validation. "
                "Please initialize the distribution with `validate_args=False` to turn "
                "off validation.",
                stacklevel=outside(),
            )
            return
        assert support is not None, "a distribution says what values it has"
        if not holds(support, value):
            raise ValueError(
                f"Expected value argument ({type(value).__name__} of shape "
                f"{tuple(value.shape)}) to be within the support ({support!r}) of the "
                f"distribution {self!r}, but found invalid values:\n{value}"
            )

    def __repr__(self) -> str:
        own = [name for name in self.arg_constraints if name in self.__dict__]
        parts = ", ".join(f"{name}: {_shown(self.__dict__[name])}" for name in own)
        return f"{type(self).__name__}({parts})"


def _shown(x: Tensor) -> str:
    return f"{x if x.numel() == 1 else x.size()}"


def _class_attribute(cls: type, name: str) -> Any:
    return next((vars(base)[name] for base in cls.__mro__ if name in vars(base)), None)


def holds(constraint: constraints.Constraint, value: Tensor) -> bool:
    """Return whether a value satisfies a constraint; computes the value."""
    if constraint.on_numbers and value.device.type == "cpu":
        # On arrays of numpy no program is needed.
        with np.errstate(all="ignore"):
            return bool(constraint.check(np.asarray(value._array())).all())
    with torch.no_grad():
        return bool(constraint.check(value).all())


class ExponentialFamily(Distribution):
    """Exponential family: distributions of density `exp(<θ, t(x)> - F(θ) + k(x))`.

    Equals `torch.distributions.ExponentialFamily`; the entropy and the divergences
    follow from `F` by its gradients.
    """

    @property
    def _natural_params(self) -> tuple[Tensor, ...]:
        raise NotImplementedError

    def _log_normalizer(self, *natural_params: Tensor) -> Tensor:
        raise NotImplementedError

    @property
    def _mean_carrier_measure(self) -> float:
        raise NotImplementedError

    def entropy(self) -> Tensor:
        """Return the entropy, from the Bregman divergence of `F`."""
        result: Any = -self._mean_carrier_measure
        params = [p.detach().requires_grad_() for p in self._natural_params]
        normalizer = self._log_normalizer(*params)
        grads = torch.autograd.grad(normalizer.sum(), params, create_graph=True)
        result = result + normalizer
        for p, grad in zip(params, grads, strict=True):
            term = p * grad
            result = result - term.reshape((*self._batch_shape, -1)).sum(-1)
        return result


class AroundLoc(Distribution):
    """Distribution that is symmetric around `loc`, its mean and its mode."""

    loc: Tensor

    @property
    def mean(self) -> Tensor:
        """`loc`."""
        return self.loc

    @property
    def mode(self) -> Tensor:
        """`loc`."""
        return self.loc


HALF_LOG_2_PI = 0.5 * math.log(2 * math.pi)
