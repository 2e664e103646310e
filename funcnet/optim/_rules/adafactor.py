"""Adafactor: second moments in two factors."""

from collections.abc import Mapping
from typing import Any

import jax.numpy as jnp

from funcnet._types import Array, ArrayLike, Shape
from funcnet.optim._base import Fill, Rule, Scalars, Schedule, Slots
from funcnet.optim._settings import Violation, at_least_zero, in_range
from funcnet.optim._spec import update_rule

__all__ = ["adafactor"]


def _check_eps(settings: Mapping[str, Any]) -> Violation | None:
    for index, eps in enumerate(settings["eps"], 1):
        if eps is not None and not eps >= 0.0:
            message = f"epsilon{index} should be >= 0 but is: {eps}"
            return Violation(message, "it must be at least 0")
    return None


_CHECKS = (
    at_least_zero("lr", "Learning rate should be >= 0 but is: {}"),
    in_range(
        "beta2_decay",
        lambda power: power <= 0.0,
        "beta2_decay should be <= 0 but is: {}",
        "at most 0",
    ),
    _check_eps,
    in_range(
        "d",
        lambda d: d >= 1.0,
        "Clipping threshold d should be >= 1 but is: {}",
        "at least 1",
    ),
    at_least_zero("weight_decay", "weight_decay should be >= 0 but is: {}"),
)


@update_rule(*_CHECKS)
def adafactor(
    lr: float | Schedule = 1e-2,
    beta2_decay: float = -0.8,
    eps: tuple[float | None, float] = (None, 1e-3),
    d: float = 1.0,
    weight_decay: float = 0.0,
    *,
    maximize: bool = False,
) -> Rule:
    """Adafactor: factored second moments; equals `torch.optim.Adafactor`.

    Instead of the second moment of a matrix the state holds the means of its rows and
    of its columns. `lr` bounds the relative step and scales the decoupled weight decay;
    `eps[0]` is applied to the estimate itself. `optax.adafactor` adds `eps` to the
    squared gradients, factors only large matrices, and has no upper bound on the
    relative step. From Shazeer and Stern, "Adafactor: adaptive learning rates with
    sublinear memory cost" (2018), https://arxiv.org/abs/1804.04235.

    Args:
        lr: the largest relative step, or a schedule of it.
        beta2_decay: power with which the weight of the new gradient decays.
        eps: the smallest root of the second moment (default: the machine epsilon of
            the parameter's dtype) and the smallest size a parameter is taken to have.
        d: updates are clipped to this root mean square.
        weight_decay: decoupled decay.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = adafactor()
        >>> params = {"x": jnp.ones((2, 3))}
        >>> state = optimizer.init(params)
        >>> state.slots["row_var"]["x"].shape
        (2, 1)
    """
    least, smallest = eps

    def init_slots(shape: Shape, lr: ArrayLike) -> dict[str, Fill]:
        if len(shape) < 2:
            return {"variance": Fill()}
        row, col = (*shape[:-1], 1), (*shape[:-2], 1, shape[-1])
        return {"row_var": Fill(0.0, row), "col_var": Fill(0.0, col)}

    def scalars(step: Array, lr: Array, shared: Scalars) -> Scalars:
        return {
            "lr": lr,
            "weight": step**beta2_decay,
            "relative": jnp.minimum(lr, 1 / jnp.sqrt(step)),
        }

    def update(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        floor = k["epsilon"] if least is None else least
        square = g * g
        if g.ndim < 2:
            estimate = _lerp(slots["variance"], square, k["weight"])
            new = {"variance": estimate}
        else:
            row = _lerp(slots["row_var"], square.mean(-1, keepdims=True), k["weight"])
            col = _lerp(slots["col_var"], square.mean(-2, keepdims=True), k["weight"])
            new = {"row_var": row, "col_var": col}
            total = jnp.maximum(row.mean(-2, keepdims=True), floor)  # (..., 1, 1)
            estimate = row * (col / total)  # (..., rows, columns)
        step = g / jnp.sqrt(jnp.maximum(estimate, floor * floor))
        size = jnp.maximum(_rms(p), smallest) * k["relative"]
        return -size / jnp.maximum(_rms(step) / d, 1) * step, new

    return Rule(update, scalars, init_slots, decoupled=True, reads_params=True)


def _lerp(start: Array, end: Array, weight: Array) -> Array:
    return start + weight * (end - start)


def _rms(x: Array) -> Array:
    return jnp.sqrt(jnp.mean(x * x))
