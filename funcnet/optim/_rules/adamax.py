"""Adamax: Adam with the infinity norm."""

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.optim._base import Rule, Scalars, Schedule, Slots, value_at, zero_slots
from funcnet.optim._rules.powers import one_minus_power
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
    """Divide by a decaying maximum of the gradient; equals `torch.optim.Adamax`.

    `eps` is added to the gradient's size inside the maximum, as in `optax.adamax`,
    which has no weight decay. From Kingma and Ba, "Adam: a method for stochastic
    optimization" (2014), https://arxiv.org/abs/1412.6980, section 7.

    Args:
        betas: decay of the moment, which may be a schedule, and of the maximum.
        eps: added to the size of the gradient.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = adamax(0.1)
        >>> params = {"x": jnp.array([1.0])}
        >>> state = optimizer.init(params)
        >>> updates, state = optimizer.update({"x": jnp.array([2.0])}, state, params)
        >>> round(float(updates["x"][0]), 6)
        -0.1
    """
    beta1, beta2 = betas

    def scalars(step: Array, lr: Array, shared: Scalars) -> Scalars:
        b1 = value_at(beta1, step)
        return {
            "lr": lr,
            "one_minus_beta1": 1 - b1,
            "step_size": lr / one_minus_power(b1, step),
        }

    def update(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        m = slots["exp_avg"] + k["one_minus_beta1"] * (g - slots["exp_avg"])
        largest = jnp.maximum(beta2 * slots["exp_inf"], jnp.abs(g) + eps)
        return -k["step_size"] * m / largest, {"exp_avg": m, "exp_inf": largest}

    return Rule(update, scalars, zero_slots("exp_avg", "exp_inf"))
