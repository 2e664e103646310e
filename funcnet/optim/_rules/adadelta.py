"""Adadelta: steps in the units of the parameters."""

import jax.numpy as jnp
import optax

from funcnet._errors import InputError
from funcnet._types import Array
from funcnet.optim._base import (
    Rule,
    Scalars,
    Schedule,
    Slots,
    check_at_least_zero,
    optimizer,
    zero_slots,
)


def adadelta(
    lr: float | Schedule = 1.0,
    rho: float = 0.9,
    eps: float = 1e-6,
    weight_decay: float = 0.0,
    *,
    maximize: bool = False,
) -> optax.GradientTransformation:
    """Scale by the ratio of past steps to gradients; equals `torch.optim.Adadelta`.

    `optax.adadelta` is the same rule. From Zeiler, "Adadelta: an adaptive learning rate
    method" (2012), https://arxiv.org/abs/1212.5701.

    Args:
        lr: learning rate, or a schedule of it.
        rho: decay of both running averages.
        eps: added inside the roots.
        weight_decay: L2 penalty, added to the gradient.
        maximize: climb.

    Raises:
        InputError: a setting is out of its range.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = adadelta()
        >>> params = {"x": jnp.array([1.0])}
        >>> state = optimizer.init(params)
        >>> updates, state = optimizer.update({"x": jnp.array([2.0])}, state, params)
        >>> round(float(updates["x"][0]), 5)
        -0.00316
    """
    check_at_least_zero("adadelta", eps=eps, weight_decay=weight_decay)
    if not 0 <= rho <= 1:
        raise InputError(f"adadelta: Invalid rho value: {rho}; it must be in [0, 1].")

    def update(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        square = rho * slots["square_avg"] + (1 - rho) * g * g
        step = jnp.sqrt(slots["acc_delta"] + eps) / jnp.sqrt(square + eps) * g
        past = rho * slots["acc_delta"] + (1 - rho) * step * step
        return -k["lr"] * step, {"square_avg": square, "acc_delta": past}

    rule = Rule(
        "adadelta",
        update,
        slots=zero_slots("square_avg", "acc_delta"),
        maximize=maximize,
        weight_decay=weight_decay,
    )
    return optimizer(rule, lr)
