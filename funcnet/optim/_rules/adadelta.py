"""Adadelta: steps in the units of the parameters."""

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.optim._base import Rule, Scalars, Schedule, Slots, zero_slots
from funcnet.optim._settings import EPS, LR, WEIGHT_DECAY, in_range
from funcnet.optim._spec import update_rule

__all__ = ["adadelta"]

_RHO = in_range(
    "rho", lambda rho: 0.0 <= rho <= 1.0, "Invalid rho value: {}", "in [0, 1]"
)


@update_rule(LR, _RHO, EPS, WEIGHT_DECAY)
def adadelta(
    lr: float | Schedule = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
    weight_decay: float = 0.0,
    *,
    maximize: bool = False,
) -> Rule:
    """Adadelta: step sizes from past updates; equals `torch.optim.Adadelta`.

    Each step is scaled by the ratio of running sizes, of updates and of gradients;
    `optax.adadelta` is the same rule. From Zeiler, "Adadelta: an adaptive learning rate
    method" (2012), https://arxiv.org/abs/1212.5701.

    Args:
        rho: decay of both running averages.
        eps: added inside the roots.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = adadelta()
        >>> params = {"x": jnp.array([1.0])}
        >>> state = optimizer.init(params)
        >>> updates, state = optimizer.update({"x": jnp.array([2.0])}, state, params)
        >>> round(float(updates["x"][0]), 5)
        -0.00316
    """

    def update(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        square = rho * slots["square_avg"] + (1 - rho) * g * g
        step = jnp.sqrt(slots["acc_delta"] + eps) / jnp.sqrt(square + eps) * g
        past = rho * slots["acc_delta"] + (1 - rho) * step * step
        return -k["lr"] * step, {"square_avg": square, "acc_delta": past}

    return Rule(update, init_slots=zero_slots("square_avg", "acc_delta"))
