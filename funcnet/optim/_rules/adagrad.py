"""Adagrad: steps that shrink with the sum of squared gradients."""

import jax.numpy as jnp

from funcnet._types import Array, ArrayLike, Shape
from funcnet.optim._base import Fill, Rule, Scalars, Schedule, Slots
from funcnet.optim._settings import EPS, LR, WEIGHT_DECAY, at_least_zero
from funcnet.optim._spec import update_rule

__all__ = ["adagrad"]

_CHECKS = (
    LR,
    at_least_zero("lr_decay"),
    WEIGHT_DECAY,
    at_least_zero("initial_accumulator_value"),
    EPS,
)


@update_rule(*_CHECKS)
def adagrad(
    lr: float | Schedule = 1e-2,
    lr_decay: float = 0.0,
    weight_decay: float = 0.0,
    initial_accumulator_value: float = 0.0,
    eps: float = 1e-10,
    *,
    maximize: bool = False,
) -> Rule:
    """Adagrad: divide by the root of summed squares; equals `torch.optim.Adagrad`.

    The accumulator starts at 0, that of `optax.adagrad` at 0.1, and `eps` is added
    outside the root, where optax has it inside. From Duchi et al., "Adaptive
    subgradient methods for online learning and stochastic optimization" (2011),
    https://jmlr.org/papers/v12/duchi11a.html.

    Args:
        lr_decay: the learning rate is divided by `1 + (step - 1) * lr_decay`.
        initial_accumulator_value: of the sum of squares.
        eps: added to the root.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = adagrad(0.1)
        >>> params = {"x": jnp.array([1.0])}
        >>> state = optimizer.init(params)
        >>> updates, state = optimizer.update({"x": jnp.array([2.0])}, state, params)
        >>> round(float(updates["x"][0]), 6)
        -0.1
    """

    def scalars(step: Array, lr: Array, shared: Scalars) -> Scalars:
        return {"lr": lr, "step_size": lr / (1 + (step - 1) * lr_decay)}

    def update(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        total = slots["sum"] + g * g
        return -k["step_size"] * g / (jnp.sqrt(total) + eps), {"sum": total}

    def init_slots(shape: Shape, lr: ArrayLike) -> dict[str, Fill]:
        return {"sum": Fill(initial_accumulator_value)}

    return Rule(update, scalars, init_slots)
