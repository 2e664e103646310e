"""Stochastic gradient descent."""

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.optim._base import Rule, Scalars, Schedule, Slots, value_at, zero_slots
from funcnet.optim._settings import LR, MOMENTUM, WEIGHT_DECAY, Violation, is_zero
from funcnet.optim._spec import update_rule

__all__ = ["sgd"]


def _check_nesterov(settings: Mapping[str, Any]) -> Violation | None:
    momentum, dampening = settings["momentum"], settings["dampening"]
    if not settings["nesterov"] or not (is_zero(momentum) or not is_zero(dampening)):
        return None
    return Violation(
        "Nesterov momentum requires a momentum and zero dampening",
        f"got momentum={momentum}, dampening={dampening}",
    )


@update_rule(LR, MOMENTUM, WEIGHT_DECAY, _check_nesterov)
def sgd(
    lr: float | Schedule = 1e-3,
    momentum: float | Schedule = 0.0,
    dampening: float = 0.0,
    weight_decay: float = 0.0,
    nesterov: bool = False,
    *,
    maximize: bool = False,
) -> Rule:
    """Stochastic gradient descent with momentum; equals `torch.optim.SGD`.

    The velocity is the plain sum `v = momentum * v + (1 - dampening) * g`, and starts
    as the first gradient, undamped. `optax.sgd` has no dampening and no weight decay
    and is the same otherwise. From Sutskever et al., "On the importance of
    initialization and momentum in deep learning" (2013),
    https://proceedings.mlr.press/v28/sutskever13.html.

    Args:
        momentum: of the velocity, or a schedule such as `one_cycle_momentum`.
        dampening: the gradient enters the velocity times one minus this.
        nesterov: look ahead along the velocity; needs momentum and no dampening.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = sgd(0.1, momentum=0.9)
        >>> params = {"x": jnp.array([1.0])}
        >>> state = optimizer.init(params)
        >>> updates, state = optimizer.update({"x": jnp.array([2.0])}, state, params)
        >>> round(float(updates["x"][0]), 6)
        -0.2
    """

    def scalars(step: Array, lr: Array, shared: Scalars) -> Scalars:
        # The weight of the gradient in the velocity; the first one is not damped.
        damped = 1 - dampening
        weight = 1.0 if is_zero(dampening) else jnp.where(step == 1, 1.0, damped)
        return {"lr": lr, "momentum": value_at(momentum, step), "weight": weight}

    def step_plain(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        return -k["lr"] * g, slots

    def step_with_momentum(
        g: Array, p: Array, slots: Slots, k: Scalars
    ) -> tuple[Array, Slots]:
        velocity = k["momentum"] * slots["momentum_buffer"] + k["weight"] * g
        direction = g + k["momentum"] * velocity if nesterov else velocity
        return -k["lr"] * direction, {"momentum_buffer": velocity}

    has_momentum = not is_zero(momentum)
    return Rule(
        step_with_momentum if has_momentum else step_plain,
        scalars,
        zero_slots("momentum_buffer") if has_momentum else zero_slots(),
    )
