"""Draws that the default initialisation of several layers shares."""

import jax

from funcnet._types import Array, DTypeLike, Key, Shape


def uniform(key: Key, shape: Shape, bound: float, dtype: DTypeLike) -> Array:
    """Draw from U(-bound, bound)."""
    return jax.random.uniform(key, shape, dtype, -bound, bound)
