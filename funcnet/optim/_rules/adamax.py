"""Adamax: Adam with the infinity norm."""

import jax.numpy as jnp
import optax

from funcnet._types import Array
from funcnet.optim._base import (
    Rule,
    Scalars,
    Schedule,
    Slots,
    check_at_least_zero,
    check_betas,
    optimizer,
    value_at,
    zero_slots,
)
from funcnet.optim._rules.powers import one_minus_power


def adamax(
    lr: float | Schedule = 2e-3,
    betas: tuple[float | Schedule, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    *,
    maximize: bool = False,
) -> optax.GradientTransformation:
    """Divide by a decaying maximum of the gradient; equals `torch.optim.Adamax`.

    `eps` is added to the gradient's size inside the maximum, as in `optax.adamax`,
    which has no weight decay. From Kingma and Ba, "Adam: a method for stochastic
    optimization" (2014), https://arxiv.org/abs/1412.6980, section 7.

    Args:
        lr: learning rate, or a schedule of it.
        betas: decay of the moment, which may be a schedule, and of the maximum.
        eps: added to the size of the gradient.
        weight_decay: L2 penalty, added to the gradient.
        maximize: climb.

    Raises:
        InputError: a setting is out of its range.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = adamax(0.1)
        >>> params = {"x": jnp.array([1.0])}
        >>> state = optimizer.init(params)
        >>> updates, state = optimizer.update({"x": jnp.array([2.0])}, state, params)
        >>> round(float(updates["x"][0]), 6)
        -0.1
    """
    check_at_least_zero("adamax", eps=eps, weight_decay=weight_decay)
    check_betas("adamax", betas)
    beta1, beta2 = betas

    def scalars(step: Array, lr: Array, shared: Scalars) -> Scalars:
        b1 = value_at(beta1, step)
        return {"lr": lr, "rate1": 1 - b1, "size": lr / one_minus_power(b1, step)}

    def update(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        m = slots["exp_avg"] + k["rate1"] * (g - slots["exp_avg"])
        largest = jnp.maximum(beta2 * slots["exp_inf"], jnp.abs(g) + eps)
        return -k["size"] * m / largest, {"exp_avg": m, "exp_inf": largest}

    rule = Rule(
        "adamax",
        update,
        scalars,
        zero_slots("exp_avg", "exp_inf"),
        maximize=maximize,
        weight_decay=weight_decay,
    )
    return optimizer(rule, lr)
