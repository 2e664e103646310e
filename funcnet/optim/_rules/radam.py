"""RAdam: Adam with a rectified start."""

import math

import jax.numpy as jnp

from funcnet._check import holds, is_concrete
from funcnet._types import Array
from funcnet.optim._base import Rule, Scalars, Schedule, Slots, zero_slots
from funcnet.optim._rules.moments import both_moments, first_moment_scalars
from funcnet.optim._rules.powers import one_minus_power
from funcnet.optim._settings import BETAS, EPS, LR, WEIGHT_DECAY
from funcnet.optim._spec import update_rule

__all__ = ["radam"]


@update_rule(LR, EPS, BETAS, WEIGHT_DECAY)
def radam(
    lr: float | Schedule = 1e-3,
    betas: tuple[float | Schedule, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    decoupled_weight_decay: bool = False,
    *,
    maximize: bool = False,
) -> Rule:
    """RAdam: rectified Adam; equals `torch.optim.RAdam`.

    The first steps, while the second moment averages too few gradients (a length `rho`
    of at most 5), are those of momentum; later ones are rectified for its variance.
    `optax.radam` adds `eps` after the bias correction and computes `rho` with
    cancellation (4e-5 apart after 30 steps); here `eps` is added to the uncorrected
    root, as in PyTorch. From Liu et al., "On the variance of the adaptive learning rate
    and beyond" (2019), https://arxiv.org/abs/1908.03265.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = radam(0.1)
        >>> params = {"x": jnp.array([1.0])}
        >>> state = optimizer.init(params)
        >>> updates, state = optimizer.update({"x": jnp.array([2.0])}, state, params)
        >>> round(float(updates["x"][0]), 6)
        -0.2
    """
    beta1, beta2 = betas

    def scalars(step: Array, lr: Array, shared: Scalars) -> Scalars:
        rho, longest = _length(beta2, step), 2 / (1 - beta2) - 1
        full = (longest - 4) * (longest - 2) / longest
        variance = jnp.maximum((rho - 4) * (rho - 2) / (full * rho), 0)
        bias_correction2 = one_minus_power(beta2, step)
        return first_moment_scalars(beta1, step, lr) | {
            "rectified": rho > 5,
            "rectification": jnp.sqrt(variance * bias_correction2),
        }

    def update(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        m, v = both_moments(g, slots, k, beta2)
        adapted = k["rectification"] / (jnp.sqrt(v) + eps)
        scale = jnp.where(k["rectified"] > 0, adapted, 1)
        return -k["step_size"] * m * scale, {"exp_avg": m, "exp_avg_sq": v}

    return Rule(update, scalars, zero_slots("exp_avg", "exp_avg_sq"))


def _length(beta: float, step: Array) -> Array:
    """The number of gradients that the second moment averages (rho).

    That is `2 / (1 - beta) - 1 - 2 * step * beta**step / (1 - beta**step)`, where at
    the start two terms of the size of `2 / (1 - beta)` leave a difference of about
    `step`. With `x = -step * log(beta)` and the series of `x / (exp(x) - 1)` the large
    parts cancel on paper.
    """
    if holds(beta == 0, otherwise=False):
        return jnp.ones_like(step)
    decay = -(math.log(beta) if is_concrete(beta) else jnp.log(beta))
    x = step * decay
    series = (
        x * x * (1 / 12 - x * x * (1 / 720 - x * x * (1 / 30240 - x * x / 1209600)))
    )
    early = step + (2 / (1 - beta) - 2 / decay - 1) - (2 / decay) * series
    late = 2 / (1 - beta) - 1 - 2 * step / jnp.expm1(x)
    return jnp.where(x < 0.3, early, late)
