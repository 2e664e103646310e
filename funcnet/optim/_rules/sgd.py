"""Stochastic gradient descent."""

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
    is_zero,
    optimizer,
    value_at,
    zero_slots,
)


def sgd(
    lr: float | Schedule = 1e-3,
    momentum: float | Schedule = 0.0,
    dampening: float = 0.0,
    weight_decay: float = 0.0,
    nesterov: bool = False,
    *,
    maximize: bool = False,
) -> optax.GradientTransformation:
    """Descend along the gradient, with momentum; equals `torch.optim.SGD`.

    The velocity is the plain sum `v = momentum * v + (1 - dampening) * g`, and starts
    as the first gradient, undamped. `optax.sgd` has no dampening and no weight decay
    and is the same otherwise. From Sutskever et al., "On the importance of
    initialization and momentum in deep learning" (2013),
    https://proceedings.mlr.press/v28/sutskever13.html.

    Args:
        lr: learning rate, or a schedule of it.
        momentum: of the velocity, or a schedule such as `one_cycle_momentum`.
        dampening: the gradient enters the velocity times one minus this.
        weight_decay: L2 penalty, added to the gradient.
        nesterov: look ahead along the velocity; wants momentum and no dampening.
        maximize: climb.

    Raises:
        InputError: a setting is out of its range.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = sgd(0.1, momentum=0.9)
        >>> params = {"x": jnp.array([1.0])}
        >>> state = optimizer.init(params)
        >>> updates, state = optimizer.update({"x": jnp.array([2.0])}, state, params)
        >>> round(float(updates["x"][0]), 6)
        -0.2
    """
    check_at_least_zero("sgd", momentum=momentum, weight_decay=weight_decay)
    if nesterov and (is_zero(momentum) or not is_zero(dampening)):
        raise InputError(
            "sgd: Nesterov momentum requires a momentum and zero dampening, "
            f"got momentum={momentum}, dampening={dampening}."
        )

    def scalars(step: Array, lr: Array, shared: Scalars) -> Scalars:
        # The weight of the gradient in the velocity; the first one is not damped.
        damped = 1 - dampening
        weight = 1.0 if is_zero(dampening) else jnp.where(step == 1, 1.0, damped)
        return {"lr": lr, "momentum": value_at(momentum, step), "weight": weight}

    def descend(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        return -k["lr"] * g, slots

    def roll(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        velocity = k["momentum"] * slots["momentum_buffer"] + k["weight"] * g
        direction = g + k["momentum"] * velocity if nesterov else velocity
        return -k["lr"] * direction, {"momentum_buffer": velocity}

    rolling = not is_zero(momentum)
    rule = Rule(
        "sgd",
        roll if rolling else descend,
        scalars,
        slots=zero_slots("momentum_buffer") if rolling else zero_slots(),
        maximize=maximize,
        weight_decay=weight_decay,
    )
    return optimizer(rule, lr)
