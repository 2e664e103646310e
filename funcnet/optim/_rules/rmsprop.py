"""RMSprop: steps scaled by the size of recent gradients."""

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.optim._base import Rule, Scalars, Schedule, Slots, value_at, zero_slots
from funcnet.optim._settings import (
    EPS,
    LR,
    MOMENTUM,
    WEIGHT_DECAY,
    at_least_zero,
    is_zero,
)
from funcnet.optim._spec import update_rule

__all__ = ["rmsprop"]

_ALPHA = at_least_zero("alpha")


@update_rule(LR, EPS, MOMENTUM, WEIGHT_DECAY, _ALPHA)
def rmsprop(
    lr: float | Schedule = 1e-2,
    alpha: float = 0.99,
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    momentum: float | Schedule = 0.0,
    centered: bool = False,
    *,
    maximize: bool = False,
) -> Rule:
    """RMSprop: divide by a running root mean square; equals `torch.optim.RMSprop`.

    `alpha` is 0.99 and `eps` is added outside the root; `optax.rmsprop` has a decay of
    0.9 and `eps` inside. From Tieleman and Hinton, "Lecture 6.5: RMSprop" (2012),
    https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf; centered
    in Graves, "Generating sequences with recurrent neural networks" (2013),
    https://arxiv.org/abs/1308.0850.

    Args:
        alpha: decay of the running means.
        eps: added to the root.
        momentum: of a velocity made of the scaled gradients; may be a schedule.
        centered: divide by the running standard deviation instead.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = rmsprop(0.1)
        >>> params = {"x": jnp.array([1.0])}
        >>> state = optimizer.init(params)
        >>> updates, state = optimizer.update({"x": jnp.array([2.0])}, state, params)
        >>> round(float(updates["x"][0]), 6)
        -1.0
    """
    has_momentum = not is_zero(momentum)

    def scalars(step: Array, lr: Array, shared: Scalars) -> Scalars:
        return {"lr": lr, "momentum": value_at(momentum, step)}

    def update(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        square = alpha * slots["square_avg"] + (1 - alpha) * g * g
        new, variance = {"square_avg": square}, square
        if centered:
            mean = slots["grad_avg"] + (1 - alpha) * (g - slots["grad_avg"])
            # A constant gradient has no variance, which may round to less than zero.
            variance = jnp.maximum(square - mean * mean, 0)
            new["grad_avg"] = mean
        step = g / (jnp.sqrt(variance) + eps)
        if has_momentum:
            step = k["momentum"] * slots["momentum_buffer"] + step
            new["momentum_buffer"] = step
        return -k["lr"] * step, new

    names = (
        "square_avg",
        *["momentum_buffer"] * has_momentum,
        *["grad_avg"] * centered,
    )
    return Rule(update, scalars, zero_slots(*names))
