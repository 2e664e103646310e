"""The absolute value with PyTorch's gradient."""

import jax.numpy as jnp

from funcnet._types import Array


def magnitude(x: Array) -> Array:
    """Compute `|x|`, with gradient 0 at 0, where that of `jnp.abs` is 1."""
    if jnp.iscomplexobj(x):
        return jnp.abs(x)
    return x * jnp.sign(x)
