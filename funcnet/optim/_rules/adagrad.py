"""Adagrad: steps that shrink with the sum of squared gradients."""

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
)


def adagrad(
    lr: float | Schedule = 1e-2,
    lr_decay: float = 0.0,
    weight_decay: float = 0.0,
    initial_accumulator_value: float = 0.0,
    eps: float = 1e-10,
    *,
    maximize: bool = False,
) -> optax.GradientTransformation:
    """Divide by the root of all squared gradients; equals `torch.optim.Adagrad`.

    The accumulator starts at 0, that of `optax.adagrad` at 0.1, and `eps` is added
    outside the root, where optax has it inside. From Duchi et al., "Adaptive
    subgradient methods for online learning and stochastic optimization" (2011),
    https://jmlr.org/papers/v12/duchi11a.html.

    Args:
        lr: learning rate, or a schedule of it.
        lr_decay: the learning rate is divided by `1 + (step - 1) * lr_decay`.
        weight_decay: L2 penalty, added to the gradient.
        initial_accumulator_value: what the sum of squares starts with.
        eps: added to the root.
        maximize: climb.

    Raises:
        InputError: a setting is out of its range.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = adagrad(0.1)
        >>> params = {"x": jnp.array([1.0])}
        >>> state = optimizer.init(params)
        >>> updates, state = optimizer.update({"x": jnp.array([2.0])}, state, params)
        >>> round(float(updates["x"][0]), 6)
        -0.1
    """
    check_at_least_zero(
        "adagrad",
        lr_decay=lr_decay,
        weight_decay=weight_decay,
        initial_accumulator_value=initial_accumulator_value,
        eps=eps,
    )

    def scalars(step: Array, lr: Array, shared: Scalars) -> Scalars:
        return {"lr": lr, "size": lr / (1 + (step - 1) * lr_decay)}

    def update(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        total = slots["sum"] + g * g
        return -k["size"] * g / (jnp.sqrt(total) + eps), {"sum": total}

    rule = Rule(
        "adagrad",
        update,
        scalars,
        slots=lambda p, lr: {"sum": jnp.full_like(p, initial_accumulator_value)},
        maximize=maximize,
        weight_decay=weight_decay,
    )
    return optimizer(rule, lr)
