"""NAdam: Adam with Nesterov momentum."""

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.optim._base import Rule, Scalars, Schedule, Slots, value_at, zero_slots
from funcnet.optim._rules.moments import both_moments
from funcnet.optim._rules.powers import one_minus_power, power
from funcnet.optim._settings import BETAS, EPS, LR, WEIGHT_DECAY, at_least_zero
from funcnet.optim._spec import update_rule

__all__ = ["nadam"]

_MOMENTUM_DECAY = at_least_zero("momentum_decay")


@update_rule(LR, EPS, BETAS, WEIGHT_DECAY, _MOMENTUM_DECAY)
def nadam(
    lr: float | Schedule = 2e-3,
    betas: tuple[float | Schedule, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    momentum_decay: float = 4e-3,
    decoupled_weight_decay: bool = False,
    *,
    maximize: bool = False,
) -> Rule:
    """NAdam: Adam with Nesterov momentum; equals `torch.optim.NAdam`.

    The momentum warms up as `beta1 * (1 - 0.96 ** (step * momentum_decay) / 2)` and its
    bias is corrected by the product of its values so far; `optax.nadam` has no warm-up
    and ends up elsewhere (4e-2 apart after 30 steps on a quadratic). From Dozat,
    "Incorporating Nesterov momentum into Adam" (2016),
    https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ.

    Args:
        momentum_decay: how fast the momentum warms up.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = nadam(0.1)
        >>> params = {"x": jnp.array([1.0])}
        >>> state = optimizer.init(params)
        >>> updates, state = optimizer.update({"x": jnp.array([2.0])}, state, params)
        >>> bool(updates["x"][0] < 0)
        True
    """
    beta1, beta2 = betas

    def scalars(step: Array, lr: Array, shared: Scalars) -> Scalars:
        b1 = value_at(beta1, step)
        momentum = b1 * (1 - 0.5 * power(0.96, step * momentum_decay))
        ahead = b1 * (1 - 0.5 * power(0.96, (step + 1) * momentum_decay))
        product = shared["mu_product"] * momentum
        return {
            "lr": lr,
            "one_minus_beta1": 1 - b1,
            "grad_step_size": lr * (1 - momentum) / (1 - product),
            "momentum_step_size": lr * ahead / (1 - product * ahead),
            "inv_sqrt_correction2": 1 / jnp.sqrt(one_minus_power(beta2, step)),
            "mu_product": product,
        }

    def update(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        m, v = both_moments(g, slots, k, beta2)
        step = k["grad_step_size"] * g + k["momentum_step_size"] * m
        change = -step / (jnp.sqrt(v) * k["inv_sqrt_correction2"] + eps)
        return change, {"exp_avg": m, "exp_avg_sq": v}

    return Rule(
        update,
        scalars,
        zero_slots("exp_avg", "exp_avg_sq"),
        init_scalars=lambda lr: {"mu_product": 1.0},
    )
