"""Adam and AdamW."""

import jax.numpy as jnp
import optax

from funcnet._types import Array
from funcnet.optim._base import (
    Rule,
    Scalars,
    Schedule,
    Slots,
    check_at_least_zero,
    check_betas,
    optimizer,
    value_at,
    zero_slots,
)
from funcnet.optim._rules.powers import one_minus_power


def adam(
    lr: float | Schedule = 1e-3,
    betas: tuple[float | Schedule, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 0.0,
    amsgrad: bool = False,
    *,
    maximize: bool = False,
    decoupled_weight_decay: bool = False,
) -> optax.GradientTransformation:
    """Scale each step by running moments of the gradient; equals `torch.optim.Adam`.

    Weight decay is an L2 penalty, part of the gradient, unless it is decoupled (that
    is `adamw`); `optax.adam` has none. With `amsgrad` the largest second moment so far
    is divided by, before its bias is corrected (`optax.amsgrad` corrects it first).
    From Kingma and Ba, "Adam: a method for stochastic optimization" (2014),
    https://arxiv.org/abs/1412.6980, and Reddi et al., "On the convergence of Adam and
    beyond" (2018), https://arxiv.org/abs/1904.09237.

    Args:
        lr: learning rate, or a schedule of it.
        betas: decay of the first and of the second moment; the first may be a
            schedule.
        eps: added to the root of the second moment.
        weight_decay: L2 penalty, or decoupled decay.
        amsgrad: use the variant.
        maximize: climb.
        decoupled_weight_decay: take the decay off the parameters themselves.

    Raises:
        InputError: a setting is out of its range.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = adam(0.1)
        >>> params = {"x": jnp.array([1.0])}
        >>> state = optimizer.init(params)
        >>> updates, state = optimizer.update({"x": jnp.array([2.0])}, state, params)
        >>> round(float(updates["x"][0]), 6)
        -0.1
    """
    return _adam(
        "adam", lr, betas, eps, weight_decay, amsgrad, maximize, decoupled_weight_decay
    )


def adamw(
    lr: float | Schedule = 1e-3,
    betas: tuple[float | Schedule, float] = (0.9, 0.999),
    eps: float = 1e-8,
    weight_decay: float = 1e-2,
    amsgrad: bool = False,
    *,
    maximize: bool = False,
) -> optax.GradientTransformation:
    """Adam with decoupled weight decay; equals `torch.optim.AdamW`.

    The arguments are those of `adam`. The decay defaults to 1e-2; that of
    `optax.adamw` to 1e-4. From Loshchilov and Hutter, "Decoupled weight decay
    regularization" (2017), https://arxiv.org/abs/1711.05101.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = adamw(0.1, weight_decay=0.5)
        >>> params = {"x": jnp.array([1.0])}
        >>> state = optimizer.init(params)
        >>> updates, state = optimizer.update({"x": jnp.array([2.0])}, state, params)
        >>> round(float(updates["x"][0]), 6)
        -0.15
    """
    return _adam("adamw", lr, betas, eps, weight_decay, amsgrad, maximize, True)


def _adam(
    name: str,
    lr: float | Schedule,
    betas: tuple[float | Schedule, float],
    eps: float,
    weight_decay: float,
    amsgrad: bool,
    maximize: bool,
    decoupled: bool,
) -> optax.GradientTransformation:
    check_at_least_zero(name, eps=eps, weight_decay=weight_decay)
    check_betas(name, betas)
    beta1, beta2 = betas

    def scalars(step: Array, lr: Array, shared: Scalars) -> Scalars:
        b1 = value_at(beta1, step)
        return {
            "lr": lr,
            "rate1": 1 - b1,
            # Both bias corrections are folded into two scalars, so that an element
            # costs one multiplication less each.
            "size": lr / one_minus_power(b1, step),
            "root": 1 / jnp.sqrt(one_minus_power(beta2, step)),
        }

    def update(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        m, v = slots["exp_avg"], slots["exp_avg_sq"]
        m = m + k["rate1"] * (g - m)
        v = beta2 * v + (1 - beta2) * g * g
        new = {"exp_avg": m, "exp_avg_sq": v}
        if amsgrad:
            v = new["max_exp_avg_sq"] = jnp.maximum(slots["max_exp_avg_sq"], v)
        return -k["size"] * m / (jnp.sqrt(v) * k["root"] + eps), new

    names = ("exp_avg", "exp_avg_sq") + ("max_exp_avg_sq",) * amsgrad
    rule = Rule(
        name,
        update,
        scalars,
        zero_slots(*names),
        maximize=maximize,
        weight_decay=weight_decay,
        decoupled=decoupled,
    )
    return optimizer(rule, lr)
