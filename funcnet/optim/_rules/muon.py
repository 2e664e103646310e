"""Muon: orthogonalized momentum."""

import math

import jax
import jax.numpy as jnp

from funcnet._errors import InputError
from funcnet._types import Array, ArrayLike, Shape
from funcnet.optim._base import Fill, Rule, Scalars, Schedule, Slots, value_at
from funcnet.optim._settings import at_least_zero, in_range
from funcnet.optim._spec import update_rule

__all__ = ["muon"]

Coefficients = tuple[float, float, float]

_CHECKS = (
    at_least_zero("lr", "Learning rate should be >= 0 but is: {}"),
    at_least_zero("momentum", "momentum should be >= 0 but is: {}"),
    at_least_zero("weight_decay", "weight decay should be >= 0 but is: {}"),
    in_range(
        "adjust_lr_fn",
        lambda name: name in ("original", "match_rms_adamw"),
        "Adjust learning rate function {} is not supported",
        "None, 'original' or 'match_rms_adamw'",
    ),
)


@update_rule(*_CHECKS)
def muon(
    lr: float | Schedule = 1e-3,
    weight_decay: float = 0.1,
    momentum: float | Schedule = 0.95,
    nesterov: bool = True,
    ns_coefficients: Coefficients = (3.4445, -4.7750, 2.0315),
    eps: float = 1e-7,
    ns_steps: int = 5,
    adjust_lr_fn: str | None = None,
) -> Rule:
    """Muon: orthogonalized momentum for matrices; equals `torch.optim.Muon`.

    For the weight matrices of hidden layers; give biases, embeddings and the last layer
    to another optimizer with `groups`. The momentum is a running mean and its
    orthogonal factor is computed in bfloat16 by Newton-Schulz iterations; the weight
    decay is decoupled. `optax.contrib.muon` corrects the bias of the mean and gives
    parameters that are not matrices to Adam. From Jordan, "Muon: an optimizer for
    hidden layers in neural networks" (2024),
    https://kellerjordan.github.io/posts/muon/, and Liu et al., "Muon is scalable for
    LLM training" (2025), https://arxiv.org/abs/2502.16982.

    Args:
        weight_decay: decoupled decay.
        momentum: of the running mean; may be a schedule.
        nesterov: look ahead along the momentum.
        ns_coefficients: of the polynomial that is iterated.
        eps: the smallest norm divided by.
        ns_steps: number of iterations.
        adjust_lr_fn: how the learning rate depends on a matrix's shape:
            `"original"` (the default), by `sqrt(max(1, rows / columns))`, or
            `"match_rms_adamw"`, by `0.2 * sqrt(max(rows, columns))`.

    Raises:
        InputError: a setting is out of its range, or a parameter is not a matrix.

    Example:
        >>> import jax.numpy as jnp
        >>> optimizer = muon(0.02)
        >>> state = optimizer.init({"weight": jnp.ones((2, 3))})
        >>> state.slots["momentum_buffer"]["weight"].shape
        (2, 3)
    """
    if len(ns_coefficients) != 3 or ns_steps >= 100:
        raise InputError(
            f"muon: ns_coefficients={ns_coefficients}, ns_steps={ns_steps}; three "
            "coefficients and fewer than 100 steps are needed."
        )

    def init_slots(shape: Shape, lr: ArrayLike) -> dict[str, Fill]:
        if len(shape) != 2:
            raise InputError(
                "Muon only supports 2D parameters whereas we found a parameter with "
                f"size: {tuple(shape)}. Give it to another optimizer: "
                "groups({...: muon(), '*': adamw()})."
            )
        return {"momentum_buffer": Fill()}

    def scalars(step: Array, lr: Array, shared: Scalars) -> Scalars:
        return {"lr": lr, "momentum": value_at(momentum, step)}

    def update(g: Array, p: Array, slots: Slots, k: Scalars) -> tuple[Array, Slots]:
        mean = g + k["momentum"] * (slots["momentum_buffer"] - g)
        ahead = g + k["momentum"] * (mean - g) if nesterov else mean
        factor = _orthogonalize(ahead, ns_coefficients, eps, ns_steps)
        size = k["lr"] * _shape_factor(adjust_lr_fn, p.shape)
        return -size * factor.astype(g.dtype), {"momentum_buffer": mean}

    return Rule(update, scalars, init_slots, decoupled=True)


def _orthogonalize(x: Array, abc: Coefficients, eps: float, steps: int) -> Array:
    """Bring the singular values of a matrix near one by Newton-Schulz iterations.

    All values are representable in bfloat16, and stored in float32.
    """
    a, b, c = abc
    tall = x.shape[0] > x.shape[1]
    x = _round(x.T if tall else x)  # the Gram matrix is that of the shorter side
    norm = _round(jnp.sqrt(jnp.sum(x * x)))
    x = _round(x / jnp.maximum(norm, eps))
    for _ in range(steps):
        gram = _round(_multiply(x, x.T))
        inner = _round(b * gram + c * _multiply(gram, gram))
        x = _round(a * x + _multiply(inner, x))
    return x.T if tall else x


def _round(x: Array) -> Array:
    """Round to bfloat16; a cast to it and back would be optimized away under jit."""
    return jax.lax.reduce_precision(x.astype(jnp.float32), 8, 7)


def _multiply(x: Array, y: Array) -> Array:
    """Multiply matrices of bfloat16 values and sum in float32, as PyTorch does."""
    x, y = x.astype(jnp.bfloat16), y.astype(jnp.bfloat16)
    return jax.lax.dot(x, y, preferred_element_type=jnp.float32)


def _shape_factor(adjust_lr_fn: str | None, shape: Shape) -> float:
    rows, columns = shape
    if adjust_lr_fn == "match_rms_adamw":
        return 0.2 * math.sqrt(max(rows, columns))
    return math.sqrt(max(1, rows / columns))
