"""Constraints on parameters and values, as `torch.distributions.constraints`.

Most checks are written so that they work on tensors and on arrays of numpy alike.
"""

from collections.abc import Callable, Sequence
from types import NotImplementedType
from typing import Any, ClassVar, TypeAlias

import numpy as np

import funcnet.compat as torch
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.tensor import Tensor

Values: TypeAlias = Tensor | np.ndarray
"""What is checked; a constraint that is `on_numbers` takes arrays of numpy, too."""


class Constraint:
    """Constraint: a set of values, as `torch.distributions.constraints.Constraint`.

    Attributes:
        is_discrete: whether it holds only single points.
        event_dim: how many dimensions make up one value.
        on_numbers: whether `check` takes arrays of numpy.
    """

    is_discrete: Any = False
    event_dim: Any = 0
    on_numbers: ClassVar[bool] = False

    def check(self, value: Any) -> Any:
        """Return, for each value, whether it satisfies the constraint.

        A value is a tensor, or an array of numpy where the constraint is `on_numbers`.
        """
        raise NotImplementedError

    def __repr__(self) -> str:
        return type(self).__name__.lstrip("_") + "()"


class _Dependent(Constraint):
    """Constraint that depends on other parameters, and is not known without them."""

    def __init__(
        self,
        *,
        is_discrete: bool | NotImplementedType = NotImplemented,
        event_dim: int | NotImplementedType = NotImplemented,
    ) -> None:
        self._is_discrete = is_discrete
        self._event_dim = event_dim

    @property
    def is_discrete(self) -> bool:
        """Whether the set is discrete, where that is known."""
        if self._is_discrete is NotImplemented:
            raise NotImplementedError(".is_discrete cannot be determined statically")
        return bool(self._is_discrete)

    @property
    def event_dim(self) -> int:
        """Number of dimensions of one value, where that is known."""
        if self._event_dim is NotImplemented:
            raise NotImplementedError(".event_dim cannot be determined statically")
        return int(self._event_dim)

    def __call__(
        self,
        *,
        is_discrete: bool | NotImplementedType = NotImplemented,
        event_dim: int | NotImplementedType = NotImplemented,
    ) -> "_Dependent":
        return _Dependent(
            is_discrete=self._is_discrete
            if is_discrete is NotImplemented
            else is_discrete,
            event_dim=self._event_dim if event_dim is NotImplemented else event_dim,
        )

    def check(self, value: Tensor) -> Any:
        """Raise ValueError: the constraint is not known."""
        raise ValueError("Cannot determine validity of dependent constraint")


def is_dependent(constraint: object) -> bool:
    """Return whether a constraint depends on other values."""
    return isinstance(constraint, _Dependent)


class _DependentProperty(property, _Dependent):
    """Property that is a constraint; of the class, a dependent one."""

    def __init__(
        self,
        fn: Callable[..., Any] | None = None,
        *,
        is_discrete: bool | NotImplementedType = NotImplemented,
        event_dim: int | NotImplementedType = NotImplemented,
    ) -> None:
        super().__init__(fn)
        self._is_discrete = is_discrete
        self._event_dim = event_dim

    def __call__(self, fn: Callable[..., Any]) -> "_DependentProperty":
        return _DependentProperty(
            fn, is_discrete=self._is_discrete, event_dim=self._event_dim
        )


class _IndependentConstraint(Constraint):
    """Constraint that must hold for all elements of the last dimensions."""

    def __init__(
        self, base_constraint: Constraint, reinterpreted_batch_ndims: int
    ) -> None:
        if not isinstance(base_constraint, Constraint):
            raise AssertionError(f"Expected a Constraint, got {base_constraint!r}")
        if reinterpreted_batch_ndims < 0:
            raise AssertionError("reinterpreted_batch_ndims must be >= 0")
        self.base_constraint = base_constraint
        self.reinterpreted_batch_ndims = reinterpreted_batch_ndims

    @property
    def on_numbers(self) -> bool:
        """Whether the elements' constraint works on numpy arrays."""
        return self.base_constraint.on_numbers

    @property
    def is_discrete(self) -> bool:
        """Whether the elements' constraint is discrete."""
        return bool(self.base_constraint.is_discrete)

    @property
    def event_dim(self) -> int:
        """Number of reinterpreted dimensions and of those of an element."""
        return int(self.base_constraint.event_dim) + self.reinterpreted_batch_ndims

    def check(self, value: Tensor) -> Any:
        """Return whether all elements satisfy their constraint."""
        result = self.base_constraint.check(value)
        if result.ndim < self.reinterpreted_batch_ndims:
            dims = self.base_constraint.event_dim + self.reinterpreted_batch_ndims
            raise ValueError(f"Expected value.dim() >= {dims} but got {value.ndim}")
        shape = result.shape[: result.ndim - self.reinterpreted_batch_ndims]
        return result.reshape((*shape, -1)).all(-1)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__[1:]}({self.base_constraint!r}, "
            f"{self.reinterpreted_batch_ndims})"
        )


class MixtureSameFamilyConstraint(Constraint):
    """Support of a mixture: that of its components, without their dimension."""

    def __init__(self, base_constraint: Constraint) -> None:
        if not isinstance(base_constraint, Constraint):
            raise AssertionError(f"Expected a Constraint, got {base_constraint!r}")
        self.base_constraint = base_constraint

    @property
    def is_discrete(self) -> bool:
        """Whether the components' support is discrete."""
        return bool(self.base_constraint.is_discrete)

    @property
    def event_dim(self) -> int:
        """Event dimensions of the components' support."""
        return int(self.base_constraint.event_dim)

    def check(self, value: Tensor) -> Any:
        """Return whether a value lies in the supports of all components."""
        dim = -1 - self.event_dim
        result = self.base_constraint.check(value.unsqueeze(dim))
        if result.ndim < self.event_dim:
            raise ValueError(
                f"Expected value.dim() >= {self.event_dim} but got {value.dim()}"
            )
        shape = result.shape[: result.ndim - self.event_dim]
        return result.reshape((*shape, -1)).all(-1)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.base_constraint!r})"


# --- numbers --------------------------------------------------------------------------


class _Numbers(Constraint):
    on_numbers = True


class _Boolean(_Numbers):
    is_discrete = True

    def check(self, value: Values) -> Any:
        return (value == 0) | (value == 1)


class _Real(_Numbers):
    def check(self, value: Values) -> Any:
        return value == value


class _Bounded(_Numbers):
    """Constraint with bounds, which its repr shows."""

    bounds: ClassVar[tuple[str, ...]] = ("lower_bound",)

    def __init__(self, *bounds: TensorLike, **named: TensorLike) -> None:
        for name, bound in zip(self.bounds, bounds, strict=False):
            setattr(self, name, bound)
        for name, bound in named.items():
            setattr(self, name, bound)

    def _bound(self, name: str, value: Values) -> Any:
        bound = getattr(self, name)
        if isinstance(bound, Tensor) and not isinstance(value, Tensor):
            return bound._array()
        return bound

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)}" for name in self.bounds)
        return f"{type(self).__name__.lstrip('_')}({shown})"


class _IntegerInterval(_Bounded):
    is_discrete = True
    bounds = ("lower_bound", "upper_bound")

    def check(self, value: Values) -> Any:
        low, high = [self._bound(name, value) for name in self.bounds]
        inside = (low <= value) & (value <= high)
        if isinstance(value, np.ndarray) and value.dtype.kind in "iu":
            return inside
        return (value % 1 == 0) & inside


class _IntegerLessThan(_Bounded):
    is_discrete = True
    bounds = ("upper_bound",)

    def check(self, value: Values) -> Any:
        return (value % 1 == 0) & (value <= self._bound("upper_bound", value))


class _IntegerGreaterThan(_Bounded):
    is_discrete = True

    def check(self, value: Values) -> Any:
        return (value % 1 == 0) & (value >= self._bound("lower_bound", value))


class _GreaterThan(_Bounded):
    def check(self, value: Values) -> Any:
        return self._bound("lower_bound", value) < value


class _GreaterThanEq(_Bounded):
    def check(self, value: Values) -> Any:
        return self._bound("lower_bound", value) <= value


class _LessThan(_Bounded):
    bounds = ("upper_bound",)

    def check(self, value: Values) -> Any:
        return value < self._bound("upper_bound", value)


class _Interval(_Bounded):
    bounds = ("lower_bound", "upper_bound")

    def check(self, value: Values) -> Any:
        low, high = (self._bound(name, value) for name in self.bounds)
        return (low <= value) & (value <= high)


class _HalfOpenInterval(_Bounded):
    bounds = ("lower_bound", "upper_bound")

    def check(self, value: Values) -> Any:
        low, high = (self._bound(name, value) for name in self.bounds)
        return (low <= value) & (value < high)


# --- vectors --------------------------------------------------------------------------


class _Simplex(_Numbers):
    event_dim = 1

    def check(self, value: Values) -> Any:
        total: Any = value.sum(-1)
        return (value >= 0).all(-1) & (abs(total - 1) < 1e-6)


class _OneHot(_Numbers):
    is_discrete = True
    event_dim = 1

    def check(self, value: Values) -> Any:
        return boolean.check(value).all(-1) & (value.sum(-1) == 1)


class _Multinomial(_Numbers):
    is_discrete = True
    event_dim = 1

    def __init__(self, upper_bound: int) -> None:
        self.upper_bound = upper_bound

    def check(self, value: Values) -> Any:
        return (value >= 0).all(-1) & (value.sum(-1) <= self.upper_bound)


# --- matrices -------------------------------------------------------------------------


class _LowerTriangular(Constraint):
    event_dim = 2

    def check(self, value: Tensor) -> Any:
        same = value.tril() == value
        return same.reshape((*value.shape[:-2], -1)).all(-1)


class _LowerCholesky(_LowerTriangular):
    def check(self, value: Tensor) -> Any:
        positive = (value.diagonal(dim1=-2, dim2=-1) > 0).all(-1)
        return super().check(value) & positive


class _CorrCholesky(_LowerCholesky):
    def check(self, value: Tensor) -> Any:
        # The rows of the factor of a correlation have length one.
        tolerance = torch.finfo(value.dtype).eps * value.shape[-1] * 10
        lengths = torch.linalg.norm(value.detach(), dim=-1)
        unit = ((lengths - 1).abs() <= tolerance).all(-1)
        return super().check(value) & unit


class _Square(Constraint):
    event_dim = 2

    def check(self, value: Tensor) -> Any:
        same = value.shape[-2] == value.shape[-1]
        return torch.full(value.shape[:-2], same, dtype=torch.bool)


class _Symmetric(_Square):
    def check(self, value: Tensor) -> Any:
        result = super().check(value)
        if not result.all():
            return result
        return torch.isclose(value, value.mT, atol=1e-6).all(-2).all(-1)


class _PositiveSemidefinite(_Symmetric):
    def check(self, value: Tensor) -> Any:
        result = super().check(value)
        if not result.all():
            return result
        return torch.linalg.eigvalsh(value).ge(0).all(-1)


class _PositiveDefinite(_Symmetric):
    def check(self, value: Tensor) -> Any:
        result = super().check(value)
        if not result.all():
            return result
        return torch.linalg.cholesky_ex(value).info.eq(0)


# --- joined ---------------------------------------------------------------------------


class _Joined(Constraint):
    def __init__(self, cseq: Sequence[Any], dim: int = 0) -> None:
        if not all(isinstance(c, Constraint) for c in cseq):
            raise AssertionError("All elements of cseq must be Constraint instances")
        self.cseq = list(cseq)
        self.dim = dim

    @property
    def is_discrete(self) -> bool:
        """Whether the constraint of any part is discrete."""
        return any(c.is_discrete for c in self.cseq)

    def _check_dim(self, value: Tensor) -> None:
        if not -value.dim() <= self.dim < value.dim():
            raise AssertionError(
                f"dim {self.dim} out of range for value with {value.dim()} dimensions"
            )


class _Cat(_Joined):
    """Constraints of the parts of one dimension."""

    def __init__(
        self, cseq: Sequence[Any], dim: int = 0, lengths: Sequence[int] | None = None
    ) -> None:
        super().__init__(cseq, dim)
        self.lengths = [1] * len(self.cseq) if lengths is None else list(lengths)
        if len(self.lengths) != len(self.cseq):
            raise AssertionError(
                f"Expected lengths to have {len(self.cseq)} elements, got "
                f"{len(self.lengths)}"
            )

    @property
    def event_dim(self) -> int:
        """Largest number of event dimensions of a part."""
        return max(c.event_dim for c in self.cseq)

    def check(self, value: Tensor) -> Any:
        """Check each part by its own constraint."""
        self._check_dim(value)
        checks, start = [], 0
        for constraint, length in zip(self.cseq, self.lengths, strict=True):
            checks.append(constraint.check(value.narrow(self.dim, start, length)))
            start += length
        return torch.cat(checks, self.dim)


class _Stack(_Joined):
    """Constraints of the entries of one dimension."""

    @property
    def event_dim(self) -> int:
        """Largest number of event dimensions of an entry, and the stacked one."""
        dims = max(c.event_dim for c in self.cseq)
        return dims + 1 if self.dim + dims < 0 else dims

    def check(self, value: Tensor) -> Any:
        """Check each entry by its own constraint."""
        self._check_dim(value)
        parts = [value.select(self.dim, i) for i in range(value.size(self.dim))]
        return torch.stack(
            [c.check(v) for c, v in zip(self.cseq, parts, strict=True)], self.dim
        )


dependent = _Dependent()
dependent_property = _DependentProperty
independent = _IndependentConstraint
boolean = _Boolean()
one_hot = _OneHot()
nonnegative_integer = _IntegerGreaterThan(0)
positive_integer = _IntegerGreaterThan(1)
integer_interval = _IntegerInterval
real = _Real()
real_vector = independent(real, 1)
positive = _GreaterThan(0.0)
nonnegative = _GreaterThanEq(0.0)
greater_than = _GreaterThan
greater_than_eq = _GreaterThanEq
less_than = _LessThan
multinomial = _Multinomial
unit_interval = _Interval(0.0, 1.0)
interval = _Interval
half_open_interval = _HalfOpenInterval
simplex = _Simplex()
lower_triangular = _LowerTriangular()
lower_cholesky = _LowerCholesky()
corr_cholesky = _CorrCholesky()
square = _Square()
symmetric = _Symmetric()
positive_semidefinite = _PositiveSemidefinite()
positive_definite = _PositiveDefinite()
cat = _Cat
stack = _Stack

__all__ = [
    "Constraint",
    "MixtureSameFamilyConstraint",
    "boolean",
    "cat",
    "corr_cholesky",
    "dependent",
    "dependent_property",
    "greater_than",
    "greater_than_eq",
    "half_open_interval",
    "independent",
    "integer_interval",
    "interval",
    "is_dependent",
    "less_than",
    "lower_cholesky",
    "lower_triangular",
    "multinomial",
    "nonnegative",
    "nonnegative_integer",
    "one_hot",
    "positive",
    "positive_definite",
    "positive_integer",
    "positive_semidefinite",
    "real",
    "real_vector",
    "simplex",
    "square",
    "stack",
    "symmetric",
    "unit_interval",
]
