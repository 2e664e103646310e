"""Rprop: steps from the signs of the gradients alone."""

import jax.numpy as jnp
import optax

from funcnet._errors import InputError
from funcnet._types import Array
from funcnet.optim._base import Rule, Scalars, Schedule, Slots, optimizer


def rprop(
    lr: float | Schedule = 1e-2,
    etas: tuple[float, float] = (0.5, 1.2),
    step_sizes: tuple[float, float] = (1e-6, 50.0),
    *,
    maximize: bool = False,
) -> optax.GradientTransformation:
    """Grow each step while the sign holds, shrink it at a turn; `torch.optim.Rprop`.

    Where the sign turned the parameter stays for one step. `lr` is the first step
    size and plays no part later. `optax.rprop` is the same rule. From Riedmiller and
    Braun, "A direct adaptive method for faster backpropagation learning: the RPROP
    algorithm" (1993), https://doi.org/10.1109/ICNN.1993.298623.

    Args:
        lr: the first step size.
        etas: the factors of shrinking and of growing.
        step_sizes: the smallest and the largest step.
        maximize: climb.

    Raises:
        InputError: a setting is out of its range.

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
    if not 0 < shrink < 1 < grow:
        raise InputError(
            f"rprop: Invalid eta values: {shrink}, {grow}; the first must be between 0 "
            "and 1, the second above 1."
        )

    def slots(param: Array, lr: Array) -> Slots:
        size = jnp.full_like(param, lr.astype(param.dtype))
        return {"prev": jnp.zeros_like(param), "step_size": size}

    def update(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        agreement = g * slots["prev"]
        turned = agreement < 0
        factor = jnp.where(turned, shrink, jnp.where(agreement > 0, grow, 1.0))
        size = jnp.clip(slots["step_size"] * factor.astype(g.dtype), *step_sizes)
        g = jnp.where(turned, 0, g)
        return -jnp.sign(g) * size, {"prev": g, "step_size": size}

    rule = Rule("rprop", update, slots=slots, maximize=maximize)
    return optimizer(rule, lr)
