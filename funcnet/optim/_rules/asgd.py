"""ASGD: gradient descent that also averages its path."""

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.optim._base import Rule, Scalars, Schedule, Slots, zero_slots
from funcnet.optim._settings import LR, WEIGHT_DECAY
from funcnet.optim._spec import update_rule

__all__ = ["asgd"]


@update_rule(LR, WEIGHT_DECAY)
def asgd(
    lr: float | Schedule = 1e-2,
    lambd: float = 1e-4,
    alpha: float = 0.75,
    t0: float = 1e6,
    weight_decay: float = 0.0,
    *,
    maximize: bool = False,
) -> Rule:
    """Averaged stochastic gradient descent; equals `torch.optim.ASGD`.

    The average of the parameters from step `t0` on is in the state, as
    `state.slots["ax"]`; as in PyTorch it is for the user to read, and a changed
    learning rate acts one step late. optax has no such rule. From Polyak and Juditsky,
    "Acceleration of stochastic approximation by averaging" (1992),
    https://doi.org/10.1137/0330046.

    Args:
        lambd: decay of the parameters, times the step size.
        alpha: power with which the step size decays.
        t0: the step from which on the path is averaged.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = asgd(0.1)
        >>> params = {"x": jnp.array([0.0])}
        >>> state = optimizer.init(params)
        >>> updates, state = optimizer.update({"x": jnp.array([2.0])}, state, params)
        >>> round(float(updates["x"][0]), 6)
        -0.2
    """

    def scalars(step: Array, lr: Array, shared: Scalars) -> Scalars:
        return {
            "lr": lr,
            "step_size": shared["eta"],
            "average": shared["mu"],
            "eta": lr / (1 + lambd * lr * step) ** alpha,
            "mu": 1 / jnp.maximum(step - t0, 1),
        }

    def update(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        change = -k["step_size"] * (lambd * p + g)
        new = p + change
        average = slots["ax"] + (new - slots["ax"]) * k["average"]
        return change, {"ax": jnp.where(k["average"] == 1, new, average)}

    return Rule(
        update,
        scalars,
        zero_slots("ax"),
        init_scalars=lambda lr: {"eta": lr, "mu": 1.0},
        reads_params=True,
    )
