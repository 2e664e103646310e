"""ASGD: gradient descent that also averages its path."""

import jax.numpy as jnp
import optax

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


def asgd(
    lr: float | Schedule = 1e-2,
    lambd: float = 1e-4,
    alpha: float = 0.75,
    t0: float = 1e6,
    weight_decay: float = 0.0,
    *,
    maximize: bool = False,
) -> optax.GradientTransformation:
    """Descend with a decaying step and average the path; equals `torch.optim.ASGD`.

    The average of the parameters from step `t0` on is in the state, as
    `state.slots["ax"]`; as in PyTorch it is for the user to take, and a changed
    learning rate acts one step late. optax has no such rule. From Polyak and Juditsky,
    "Acceleration of stochastic approximation by averaging" (1992),
    https://doi.org/10.1137/0330046.

    Args:
        lr: learning rate, or a schedule of it.
        lambd: decay of the parameters, times the step size.
        alpha: power with which the step size decays.
        t0: the step from which on the path is averaged.
        weight_decay: L2 penalty, added to the gradient.
        maximize: climb.

    Raises:
        InputError: a setting is out of its range.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = asgd(0.1)
        >>> params = {"x": jnp.array([0.0])}
        >>> state = optimizer.init(params)
        >>> updates, state = optimizer.update({"x": jnp.array([2.0])}, state, params)
        >>> round(float(updates["x"][0]), 6)
        -0.2
    """
    check_at_least_zero("asgd", weight_decay=weight_decay)

    def scalars(step: Array, lr: Array, shared: Scalars) -> Scalars:
        return {
            "lr": lr,
            "size": shared["eta"],
            "average": shared["mu"],
            "eta": lr / (1 + lambd * lr * step) ** alpha,
            "mu": 1 / jnp.maximum(step - t0, 1),
        }

    def update(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        change = -k["size"] * (lambd * p + g)
        new = p + change
        average = slots["ax"] + (new - slots["ax"]) * k["average"]
        return change, {"ax": jnp.where(k["average"] == 1, new, average)}

    rule = Rule(
        "asgd",
        update,
        scalars,
        zero_slots("ax"),
        # Copied: two leaves of the state must not share a buffer that may be donated.
        shared=lambda lr: {"eta": jnp.array(lr), "mu": jnp.ones_like(lr)},
        maximize=maximize,
        weight_decay=weight_decay,
        reads_params=True,
    )
    return optimizer(rule, lr)
