"""Mean 0 and variance 1 over some dimensions: the core of every norm."""

from functools import partial

import jax
import jax.numpy as jnp

from funcnet._types import Array


@partial(jax.custom_jvp, nondiff_argnums=(1,))
def standardize(
    x: Array, axes: tuple[int, ...], eps: float | Array
) -> tuple[Array, Array, Array]:
    """Return `(x - mean) / sqrt(var + eps)`, `mean` and `var` over `axes`.

    The variance is the biased one; mean and variance keep the reduced dimensions.
    """
    # Two passes: the mean of squares minus the square of the mean loses all digits
    # where the mean is large, and is no faster in a network (see below).
    mean = jnp.mean(x, axes, keepdims=True)
    var = jnp.mean(jnp.square(x - mean), axes, keepdims=True)
    return (x - mean) * jax.lax.rsqrt(var + eps), mean, var


# The derivative in closed form: a step of three 3x3 convolutions of 64 channels, each
# with batch norm and ReLU, on (32, 64, 32, 32) takes 92 ms on two cores; with the
# derivative jax finds it takes 120, with one-pass moments 119, without norms 84.
# The map is symmetric, so that its transpose, the gradient, is the closed form too.
@standardize.defjvp
def _standardize_jvp(
    axes: tuple[int, ...],
    primals: tuple[Array, Array],
    tangents: tuple[Array, Array],
) -> tuple[tuple[Array, Array, Array], tuple[Array, Array, Array]]:
    (x, eps), (dx, _) = primals, tangents  # eps is a number
    y, mean, var = standardize(x, axes, eps)
    scale = jax.lax.rsqrt(var + eps)
    dmean = jnp.mean(dx, axes, keepdims=True)
    along = jnp.mean(y * dx, axes, keepdims=True)
    dy = (dx - dmean - y * along) * scale
    return (y, mean, var), (dy, dmean, 2 * along / scale)
