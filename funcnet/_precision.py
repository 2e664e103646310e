"""Half precision is computed in float32 and rounded once, as PyTorch does."""

import jax.numpy as jnp

from funcnet._types import Array


def upcast(x: Array) -> Array:
    """Return `x` in float32 when it is float16 or bfloat16, else as it is."""
    return x.astype(jnp.float32) if x.dtype in (jnp.float16, jnp.bfloat16) else x
