"""The p-norm with PyTorch's gradient where the formula has none."""

import math
from collections.abc import Sequence

import jax.numpy as jnp

from funcnet._check import holds, is_concrete
from funcnet._types import Array
from funcnet.functional._activation.magnitude import magnitude


def vector_norm(
    x: Array, p: float, axis: int | Sequence[int], keepdims: bool = False
) -> Array:
    """Compute `sum(|x| ** p) ** (1 / p)` along `axis`, as `torch.linalg.vector_norm`.

    `p` may be 0 (counts what is not 0), infinite (the greatest magnitude) and minus
    infinite (the least). The gradient at 0 is 0; the greatest ones share theirs.
    """
    axes = (axis,) if isinstance(axis, int) else tuple(axis)
    if x.ndim == 0:  # a number counts as a vector of one
        axes = ()
    size = magnitude(x)
    if not is_concrete(p):
        return _general_norm(size, p, axes, keepdims)
    if p == 0:
        return jnp.sum(x != 0, axes, keepdims=keepdims).astype(size.dtype)
    if math.isinf(p):
        reduce = jnp.max if p > 0 else jnp.min
        return reduce(size, axes, keepdims=keepdims)
    if p == 1:
        return jnp.sum(size, axes, keepdims=keepdims)
    if p == 2:
        square = jnp.real(x * jnp.conj(x))
        return root(jnp.sum(square, axes, keepdims=keepdims), 2)
    return _general_norm(size, p, axes, keepdims)


def _general_norm(
    size: Array, p: float, axes: tuple[int, ...], keepdims: bool
) -> Array:
    """The norm of another degree than 0, 1, 2 and infinity; more than 0 if traced."""
    positive = holds(p > 0, otherwise=True)
    # 0 ** p has an infinite derivative for p < 1, which would turn 0 * inf into NaN.
    safe = jnp.where(size == 0, 1, size)
    nothing = jnp.asarray(0 if positive else jnp.inf, size.dtype)
    powers = jnp.where(size == 0, nothing, safe**p)
    total = jnp.sum(powers, axes, keepdims=keepdims)
    return root(total, p) if positive else total ** (1 / p)


def root(total: Array, p: float) -> Array:
    """Compute `total ** (1 / p)` of what is 0 or more, with gradient 0 at 0."""
    safe = jnp.where(total == 0, 1, total)
    value = jnp.sqrt(safe) if is_concrete(p) and p == 2 else safe ** (1 / p)
    return jnp.where(total == 0, jnp.zeros_like(total), value)
