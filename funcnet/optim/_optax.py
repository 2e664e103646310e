"""What is used of optax, imported when an optimizer is made and not before.

optax takes as long to import as jax, and `funcnet.compat`, whose optimizers are made of
the same rules, needs none of it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from funcnet._types import Array, Params

if TYPE_CHECKING:
    from optax import GradientTransformation, GradientTransformationExtraArgs


def transformation(
    init: Callable[..., Any], update: Callable[..., Any]
) -> "GradientTransformation":
    """An optimizer in optax's form."""
    import optax

    return optax.GradientTransformation(init, update)


def transformation_extra_args(
    init: Callable[..., Any], update: Callable[..., Any]
) -> "GradientTransformationExtraArgs":
    """An optimizer whose `update` takes more arguments, such as the loss."""
    import optax

    return optax.GradientTransformationExtraArgs(init, update)


def stateless(function: Callable[[Params], Params]) -> "GradientTransformation":
    """A transformation that is a function of the gradients alone."""
    import optax

    return optax.stateless(lambda grads, params: function(grads))


def set_to_zero() -> "GradientTransformation":
    """A transformation whose updates are zero."""
    import optax

    return optax.set_to_zero()


def next_step(step: Array) -> Array:
    """Increment the step count; at the largest integer it stays."""
    import optax

    return optax.safe_increment(step)
