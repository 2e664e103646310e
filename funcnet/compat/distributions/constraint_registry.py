"""Registries of transforms from unconstrained space to constraints.

`biject_to(constraint)` is a bijection, `transform_to(constraint)` the plainest way
there, as `torch.distributions.constraint_registry` has them.
"""

import inspect
from collections.abc import Callable
from typing import Any

from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.distributions import constraints, transforms


class ConstraintRegistry(constraints.Constraint):
    """Registry of the transforms onto constraints, by the constraint's class."""

    def __init__(self) -> None:
        self._registry: dict[type, Callable[[Any], Any]] = {}

    def register(
        self,
        constraint: constraints.Constraint | type[constraints.Constraint],
        factory: Callable[..., Any] | None = None,
    ) -> Any:
        """Register a factory of transforms for a class of constraints; a decorator.

        Args:
            constraint: a class, or an object of it.
            factory: makes a `Transform` of such a constraint.
        """
        if factory is None:
            return lambda factory: self.register(constraint, factory)
        if isinstance(constraint, constraints.Constraint):
            constraint = type(constraint)
        if not (
            inspect.isclass(constraint)
            and issubclass(constraint, constraints.Constraint)
        ):
            raise TypeError(
                "Expected constraint to be either a Constraint subclass or instance, "
                f"but got {constraint}"
            )
        self._registry[constraint] = factory
        return factory

    def __call__(self, constraint: constraints.Constraint) -> Any:
        """Return the transform from unconstrained space to a constraint."""
        factory = self._registry.get(type(constraint))
        if factory is None:
            raise NotImplementedError(
                f"Cannot transform {type(constraint).__name__} constraints"
            )
        return factory(constraint)


biject_to = ConstraintRegistry()
transform_to = ConstraintRegistry()


def _both(
    *kinds: constraints.Constraint | type[constraints.Constraint],
) -> Callable[[Any], Any]:
    def enter(factory: Callable[..., Any]) -> Any:
        for constraint in kinds:
            biject_to.register(constraint, factory)
            transform_to.register(constraint, factory)
        return factory

    return enter


@_both(constraints.real)
def _to_real(constraint: constraints.Constraint) -> Any:
    return transforms.identity_transform


@biject_to.register(constraints.independent)
def _biject_to_independent(constraint: constraints._IndependentConstraint) -> Any:
    return transforms.IndependentTransform(
        biject_to(constraint.base_constraint), constraint.reinterpreted_batch_ndims
    )


@transform_to.register(constraints.independent)
def _transform_to_independent(constraint: constraints._IndependentConstraint) -> Any:
    return transforms.IndependentTransform(
        transform_to(constraint.base_constraint), constraint.reinterpreted_batch_ndims
    )


def _exp_then(loc: Tensor | float, scale: Tensor | float) -> Any:
    return transforms.ComposeTransform(
        [transforms.ExpTransform(), transforms.AffineTransform(loc, scale)]
    )


@_both(
    constraints.positive,
    constraints.nonnegative,
    constraints.greater_than,
    constraints.greater_than_eq,
)
def _to_greater_than(constraint: Any) -> Any:
    return _exp_then(constraint.lower_bound, 1)


@_both(constraints.less_than)
def _to_less_than(constraint: Any) -> Any:
    return _exp_then(constraint.upper_bound, -1)


@_both(constraints.interval, constraints.half_open_interval)
def _to_interval(constraint: Any) -> Any:
    low, high = constraint.lower_bound, constraint.upper_bound
    are_numbers = all(isinstance(bound, int | float) for bound in (low, high))
    if are_numbers and low == 0 and high == 1:
        return transforms.SigmoidTransform()
    return transforms.ComposeTransform(
        [transforms.SigmoidTransform(), transforms.AffineTransform(low, high - low)]
    )


@biject_to.register(constraints.simplex)
def _biject_to_simplex(constraint: constraints.Constraint) -> Any:
    return transforms.StickBreakingTransform()


@transform_to.register(constraints.simplex)
def _transform_to_simplex(constraint: constraints.Constraint) -> Any:
    return transforms.SoftmaxTransform()


@transform_to.register(constraints.lower_cholesky)
def _transform_to_lower_cholesky(constraint: constraints.Constraint) -> Any:
    return transforms.LowerCholeskyTransform()


@transform_to.register(constraints.positive_definite)
@transform_to.register(constraints.positive_semidefinite)
def _transform_to_positive_definite(constraint: constraints.Constraint) -> Any:
    return transforms.PositiveDefiniteTransform()


@_both(constraints.corr_cholesky)
def _to_corr_cholesky(constraint: constraints.Constraint) -> Any:
    return transforms.CorrCholeskyTransform()


@biject_to.register(constraints.cat)
def _biject_to_cat(constraint: constraints._Cat) -> Any:
    parts = [biject_to(c) for c in constraint.cseq]
    return transforms.CatTransform(parts, constraint.dim, constraint.lengths)


@transform_to.register(constraints.cat)
def _transform_to_cat(constraint: constraints._Cat) -> Any:
    parts = [transform_to(c) for c in constraint.cseq]
    return transforms.CatTransform(parts, constraint.dim, constraint.lengths)


@biject_to.register(constraints.stack)
def _biject_to_stack(constraint: constraints._Stack) -> Any:
    parts = [biject_to(c) for c in constraint.cseq]
    return transforms.StackTransform(parts, constraint.dim)


@transform_to.register(constraints.stack)
def _transform_to_stack(constraint: constraints._Stack) -> Any:
    parts = [transform_to(c) for c in constraint.cseq]
    return transforms.StackTransform(parts, constraint.dim)


__all__ = ["ConstraintRegistry", "biject_to", "transform_to"]
