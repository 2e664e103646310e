"""Adamax: Adam with the infinity norm."""

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.optim._base import Rule, Scalars, Schedule, Slots, zero_slots
from funcnet.optim._rules.moments import first_moment, first_moment_scalars
from funcnet.optim._settings import BETAS, EPS, LR, WEIGHT_DECAY
from funcnet.optim._spec import update_rule

__all__ = ["adamax"]


@update_rule(LR, EPS, BETAS, WEIGHT_DECAY)
def adamax(
    lr: float | Schedule = 2e-3,
    betas: tuple[float | Schedule, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    *,
    maximize: bool = False,
) -> Rule:
    """Adamax: divide by a decaying maximum of gradients; equals `torch.optim.Adamax`.

    `eps` is added to the gradient's size inside the maximum, as in `optax.adamax`,
    which has no weight decay. From Kingma and Ba, "Adam: a method for stochastic
    optimization" (2014), https://arxiv.org/abs/1412.6980, section 7.

    Args:
        betas: decay of the moment, which may be a schedule, and of the maximum.
        eps: added to the size of the gradient.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = adamax(0.1, betas=(0.9, 0.5))
        >>> state = optimizer.init({"x": jnp.array([1.0])})
        >>> for gradient in (8.0, 1.0):  # the maximum halves, and remains larger
        ...     _, state = optimizer.update({"x": jnp.array([gradient])}, state)
        >>> float(state.slots["exp_inf"]["x"][0])
        4.0
    """
    beta1, beta2 = betas

    def scalars(step: Array, lr: Array, shared: Scalars) -> Scalars:
        return first_moment_scalars(beta1, step, lr)

    def update(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        m = first_moment(g, slots, k)
        largest = jnp.maximum(beta2 * slots["exp_inf"], jnp.abs(g) + eps)
        return -k["step_size"] * m / largest, {"exp_avg": m, "exp_inf": largest}

    return Rule(update, scalars, zero_slots("exp_avg", "exp_inf"))
