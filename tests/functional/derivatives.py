"""A check that every kind of derivative of a function is the same derivative."""

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np


def check_modes(function: Callable[..., jax.Array], *arrays: jax.Array) -> None:
    """Compare forward with reverse mode, in the first and the second derivative."""
    everything = tuple(range(len(arrays)))
    directions = tuple(jnp.cos(3 * x + 1) for x in arrays)

    def total(*arrays: jax.Array) -> jax.Array:
        return (function(*arrays) ** 2).sum()

    def slope(*arrays: jax.Array) -> jax.Array:
        gradients = jax.grad(total, everything)(*arrays)
        pairs = zip(gradients, directions, strict=True)
        return jnp.stack([(g * d).sum() for g, d in pairs]).sum()

    @jax.jit
    def derivatives() -> tuple[jax.Array, jax.Array, list[jax.Array], list[jax.Array]]:
        _, first = jax.jvp(total, arrays, directions)
        _, second = jax.jvp(jax.grad(total, everything), arrays, directions)
        reverse = jax.grad(slope, everything)(*arrays)
        return first, slope(*arrays), list(second), list(reverse)

    forward, reverse, second_forward, second_reverse = derivatives()
    np.testing.assert_allclose(forward, reverse, rtol=1e-4, atol=1e-4)
    for a, b in zip(second_forward, second_reverse, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-3, atol=1e-3)
