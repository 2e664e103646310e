"""Max-pooling over windows that lie side by side."""

import math
from functools import partial
from itertools import product

import jax
import jax.numpy as jnp
from jax import lax

from funcnet._types import Array
from funcnet.functional._pool.windows import Window, read

Ints = tuple[int, ...]


def are_blocks(windows: list[Window]) -> bool:
    """Return whether the windows are small and lie side by side, inside the input."""
    whole = all(
        (w.stride, w.dilation, w.before, w.after) == (w.kernel, 1, 0, 0)
        for w in windows
    )
    return whole and math.prod(w.kernel for w in windows) <= 16


def block_maxima(x: Array, windows: list[Window]) -> Array:
    """Take the maxima of blocks; the first of equal ones gets the gradient.

    The derivative knows the winner of each block by a byte: in the step of a network
    with two convolutions, a 2×2 pool of (64, 64, 24, 24) costs 6 ms of CPU time less
    than by `max_along`, and 38 less than by `lax.reduce_window`.
    """
    kernel = tuple(window.kernel for window in windows)
    counts = tuple(window.outputs for window in windows)
    # Channels last, as the convolutions around it have them in memory.
    return jnp.moveaxis(_maxima(jnp.moveaxis(x, 1, -1), kernel, counts), -1, 1)


@partial(jax.custom_jvp, nondiff_argnums=(1, 2))
def _maxima(x: Array, kernel: Ints, counts: Ints) -> Array:
    return _winners(x, kernel, counts)[0]


def _winners(x: Array, kernel: Ints, counts: Ints) -> tuple[Array, Array]:
    """Return the maxima of blocks, and which element of its block each of them is."""
    best = _tap(x, (0,) * len(kernel), kernel, counts)
    winner = jnp.zeros(best.shape, jnp.uint8)
    for number, tap in enumerate(product(*map(range, kernel))):
        part = _tap(x, tap, kernel, counts)
        better = (part > best) | (part != part)  # NaN wins
        best = jnp.where(better, part, best)
        winner = jnp.where(better, jnp.uint8(number), winner)
    return best, winner


def _tap(x: Array, tap: Ints, kernel: Ints, counts: Ints) -> Array:
    """Read one element of every block."""
    for axis, at in enumerate(tap):
        x = read(x, axis + 1, at, counts[axis], kernel[axis])
    return x


@_maxima.defjvp
def _maxima_jvp(
    kernel: Ints,
    counts: Ints,
    primals: tuple[Array],
    tangents: tuple[Array],
) -> tuple[Array, Array]:
    # The barrier keeps XLA from finding the winners anew wherever they are read.
    y, winner = lax.optimization_barrier(_winners(primals[0], kernel, counts))
    (dx,) = tangents
    for axis, (k, count) in enumerate(zip(kernel, counts, strict=True), start=1):
        dx = read(dx, axis, 0, k * count)
    split = [n for pair in zip(counts, kernel, strict=True) for n in pair]
    dx = dx.reshape(y.shape[0], *split, y.shape[-1])
    inside = tuple(range(2, dx.ndim - 1, 2))  # (batch, count, tap, ..., channels)
    taps = jnp.arange(math.prod(kernel), dtype=jnp.uint8).reshape(kernel)
    taps = lax.broadcast_in_dim(taps, dx.shape, inside)
    others = [axis for axis in range(dx.ndim) if axis not in inside]
    chosen = lax.broadcast_in_dim(winner, dx.shape, others) == taps
    return y, jnp.sum(jnp.where(chosen, dx, jnp.zeros_like(dx)), inside)
