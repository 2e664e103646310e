"""Rprop: steps from the signs of the gradients alone."""

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp

from funcnet._types import Array, ArrayLike, Shape
from funcnet.optim._base import Fill, Rule, Scalars, Schedule, Slots
from funcnet.optim._settings import LR, Violation
from funcnet.optim._spec import update_rule

__all__ = ["rprop"]


def _check_etas(settings: Mapping[str, Any]) -> Violation | None:
    shrink, grow = settings["etas"]
    if 0.0 < shrink < 1.0 < grow:
        return None
    message = f"Invalid eta values: {shrink}, {grow}"
    return Violation(message, "the first must be between 0 and 1, the second above 1")


@update_rule(LR, _check_etas)
def rprop(
    lr: float | Schedule = 1e-2,
    etas: tuple[float, float] = (0.5, 1.2),
    step_sizes: tuple[float, float] = (1e-6, 50.0),
    *,
    maximize: bool = False,
) -> Rule:
    """Resilient backpropagation; equals `torch.optim.Rprop`.

    Each step size grows while the sign of the gradient stays the same and shrinks when
    it changes; the parameter then stays for one step. `lr` is the first step size and
    is not used later. `optax.rprop` is the same rule. From Riedmiller and Braun, "A
    direct adaptive method for faster backpropagation learning: the RPROP algorithm"
    (1993), https://doi.org/10.1109/ICNN.1993.298623.

    Args:
        lr: the first step size.
        etas: the factors of shrinking and of growing.
        step_sizes: the smallest and the largest step.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = rprop(0.1)
        >>> params = {"x": jnp.array([1.0])}
        >>> state = optimizer.init(params)
        >>> updates, state = optimizer.update({"x": jnp.array([2.0])}, state, params)
        >>> round(float(updates["x"][0]), 6)
        -0.1
    """
    shrink, grow = etas

    def init_slots(shape: Shape, lr: ArrayLike) -> dict[str, Fill]:
        return {"prev": Fill(), "step_size": Fill(lr)}

    def update(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        agreement = g * slots["prev"]
        changed = agreement < 0
        factor = jnp.where(changed, shrink, jnp.where(agreement > 0, grow, 1.0))
        size = jnp.clip(slots["step_size"] * factor.astype(g.dtype), *step_sizes)
        g = jnp.where(changed, 0, g)
        return -jnp.sign(g) * size, {"prev": g, "step_size": size}

    return Rule(update, init_slots=init_slots)
