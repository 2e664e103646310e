"""Adam and AdamW."""

from dataclasses import replace

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.optim._base import Rule, Scalars, Schedule, Slots, zero_slots
from funcnet.optim._rules.moments import both_moments, first_moment_scalars
from funcnet.optim._rules.powers import one_minus_power
from funcnet.optim._settings import BETAS, EPS, LR, WEIGHT_DECAY
from funcnet.optim._spec import update_rule

__all__ = ["adam", "adamw"]


@update_rule(LR, EPS, BETAS, WEIGHT_DECAY)
def adam(
    lr: float | Schedule = 1e-3,
    betas: tuple[float | Schedule, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    amsgrad: bool = False,
    *,
    maximize: bool = False,
    decoupled_weight_decay: bool = False,
) -> Rule:
    """Adam: steps scaled by moments of the gradient; equals `torch.optim.Adam`.

    Weight decay is an L2 penalty, part of the gradient, unless it is decoupled (that
    is `adamw`); `optax.adam` has none. With `amsgrad` the largest second moment so far
    is divided by, before its bias is corrected (`optax.amsgrad` corrects it first).
    From Kingma and Ba, "Adam: a method for stochastic optimization" (2014),
    https://arxiv.org/abs/1412.6980, and Reddi et al., "On the convergence of Adam and
    beyond" (2018), https://arxiv.org/abs/1904.09237.

    Args:
        amsgrad: divide by the largest second moment so far.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = adam(0.1)
        >>> params = {"x": jnp.array([1.0])}
        >>> state = optimizer.init(params)
        >>> updates, state = optimizer.update({"x": jnp.array([2.0])}, state, params)
        >>> round(float(updates["x"][0]), 6)
        -0.1
    """
    beta1, beta2 = betas

    def scalars(step: Array, lr: Array, shared: Scalars) -> Scalars:
        k = first_moment_scalars(beta1, step, lr)
        # As the first one in the step size, the second bias correction is folded into a
        # scalar, so that an element costs one multiplication less.
        k["inv_sqrt_correction2"] = 1 / jnp.sqrt(one_minus_power(beta2, step))
        return k

    def update(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        m, v = both_moments(g, slots, k, beta2)
        new = {"exp_avg": m, "exp_avg_sq": v}
        if amsgrad:
            v = new["max_exp_avg_sq"] = jnp.maximum(slots["max_exp_avg_sq"], v)
        denominator = jnp.sqrt(v) * k["inv_sqrt_correction2"] + eps
        return -k["step_size"] * m / denominator, new

    names = ("exp_avg", "exp_avg_sq") + ("max_exp_avg_sq",) * amsgrad
    return Rule(update, scalars, zero_slots(*names))


@update_rule(LR, EPS, BETAS, WEIGHT_DECAY)
def adamw(
    lr: float | Schedule = 1e-3,
    betas: tuple[float | Schedule, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 1e-2,
    amsgrad: bool = False,
    *,
    maximize: bool = False,
) -> Rule:
    """AdamW: Adam with decoupled weight decay; equals `torch.optim.AdamW`.

    The decay defaults to 1e-2; that of `optax.adamw` to 1e-4. From Loshchilov and
    Hutter, "Decoupled weight decay regularization" (2017),
    https://arxiv.org/abs/1711.05101.

    Args:
        weight_decay: decoupled decay: taken off the parameters themselves.
        amsgrad: divide by the largest second moment so far.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = adamw(0.1, weight_decay=0.5)
        >>> params = {"x": jnp.array([1.0])}
        >>> state = optimizer.init(params)
        >>> updates, state = optimizer.update({"x": jnp.array([2.0])}, state, params)
        >>> round(float(updates["x"][0]), 6)
        -0.15
    """
    adam_rule = adam.spec.formula(lr, betas, eps, amsgrad=amsgrad)
    return replace(adam_rule, decoupled=True)
