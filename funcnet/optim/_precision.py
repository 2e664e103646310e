"""Arithmetic of half-precision numbers in single precision."""

import jax.numpy as jnp

from funcnet._types import Array


def widen(x: Array) -> Array:
    """Cast float16 and bfloat16 to float32, leave wider numbers alone."""
    return x.astype(jnp.float32) if x.dtype.itemsize < 4 else x
