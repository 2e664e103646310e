"""The absolute value, and what else has PyTorch's gradient at a single point."""

from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.functional._derivative import quotient


@jax.custom_jvp
def magnitude(x: Array) -> Array:
    """Compute `|x|`, with gradient 0 at 0, where that of `jnp.abs` is 1, and at NaN."""
    return jnp.abs(x)


@magnitude.defjvp
def _magnitude_jvp(primals: Any, tangents: Any) -> tuple[Array, Array]:
    (x,), (dx,) = primals, tangents
    return magnitude(x), jnp.real(jnp.conj(direction(x)) * dx)


def direction(x: Array) -> Array:
    """Compute `x / |x|`; 0 at 0, with gradient 0, and for real numbers at NaN."""
    if not jnp.iscomplexobj(x):
        return jnp.where(x != x, 0, jnp.sign(x)).astype(x.dtype)
    size = magnitude(x)
    none = size == 0
    return jnp.where(none, 0, quotient(x, jnp.where(none, 1, size)))


def at_least(x: Array, least: float) -> Array:
    """Raise to `least`, with the gradient of `x` itself everywhere."""
    missing = jnp.where(x < least, jnp.asarray(least, x.dtype) - x, 0)
    return x + jax.lax.stop_gradient(missing)
