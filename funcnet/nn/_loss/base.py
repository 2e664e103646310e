"""What all losses are: layers without parameters, which can be called as they are."""

from collections.abc import Sequence
from typing import Any, ClassVar, TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

from funcnet._check import check_choice, is_concrete
from funcnet._errors import InputTypeError
from funcnet._types import Array, ArrayLike
from funcnet.nn._function import FunctionLayer

__all__ = ["Loss"]

Weights: TypeAlias = Sequence[Any] | float | np.ndarray | jax.Array
"""Weights of classes or elements, as a loss is given them; it keeps tuples of them."""


class Loss(FunctionLayer):
    """A layer without parameters that can be called without `init` and `apply`.

    A subclass is a frozen dataclass with a field `reduction`. It names the function
    that it calls with its settings, or writes what it computes as `forward`. `apply`
    works as for every layer, so a loss can also stand in a model.

    Raises:
        InputError: the reduction is unknown.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> float(nn.MSELoss()(jnp.array([1.0, 2.0]), jnp.array([1.0, 4.0])))
        2.0
    """

    reduction: str
    _reductions: ClassVar[tuple[str, ...]] = ("none", "mean", "sum")

    def __post_init__(self) -> None:
        name = type(self).__name__
        check_choice(name, "reduction", self.reduction, self._reductions)

    def __call__(self, *inputs: Any, **named: Any) -> Array:
        """Compute the loss, as a PyTorch criterion does."""
        return self.forward(*inputs, **named)


class WeightedLoss(Loss):
    """A loss with fields for weights: numbers, kept as tuples, made arrays in the call.

    A description holds no arrays, so that it can be compared and hashed.

    Raises:
        InputTypeError: a weight is not known when the loss is made.
    """

    _weights: ClassVar[tuple[str, ...]] = ("weight",)

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in self._weights:
            value = getattr(self, name)
            if value is not None:
                values = as_tuples(type(self).__name__, name, value)
                object.__setattr__(self, name, values)

    def forward(self, input: ArrayLike, *targets: Any, **named: Any) -> Array:
        weights = {n: as_array(getattr(self, n), input) for n in self._weights}
        return super().forward(input, *targets, **weights, **named)


def as_array(weights: Weights | None, input: ArrayLike) -> Array | None:
    """The weights as an array of the input's dtype."""
    if weights is None:
        return None
    return jnp.asarray(weights, jnp.asarray(input).dtype)


def as_tuples(name: str, what: str, value: Weights) -> Any:
    if not is_concrete(value):
        raise InputTypeError(
            f"{name}: {what} is traced; a loss keeps numbers. Make it outside of the "
            f"jitted function, or call the function in funcnet.functional with {what}."
        )
    return _nested(np.asarray(value).astype(np.float64).tolist())


def _nested(value: Any) -> Any:
    return tuple(map(_nested, value)) if isinstance(value, list) else value
