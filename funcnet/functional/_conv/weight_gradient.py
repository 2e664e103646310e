"""The gradient of a convolution by its weight, as products with blocks of patches."""

import math
from collections.abc import Callable, Sequence
from typing import Final

import jax.numpy as jnp
from jax import lax

from funcnet._types import Array

_BLOCK: Final = 1 << 20
"""The bytes of a block of patches: it stays in a core's cache. With 64 channels on
(32, 32, 32) blocks of 2.4 MB take 50 to 65 ms of CPU time, of 9.4 MB 56 to 92."""

_POSITIONS: Final = 256
"""A block has at least so many positions, which a product adds up: 512 channels on
(32, 4, 4) take 5.2 ms with 512 positions in a block, 7.3 with 128."""

_MOST_TAPS: Final = 64

Gather = Callable[[Array], Array]
"""What makes patches `(images, *positions, taps * in)` of `(images, *spatial, in)`."""


def is_weight_gradient(
    kernel: Sequence[int], counts: Sequence[int], itemsize: int
) -> bool:
    """Return whether a correlation is one, and is computed here.

    Its kernel is the gradient of an output, and its positions are the taps of a filter:
    there are more of the first. XLA's convolution with so large a kernel takes 2 to 5
    times as long as the products: 32 to 64 channels with 3×3 taps on (64, 26, 26) 98 ms
    of CPU time against 25, 128 channels on (32, 16, 16) 132 against 37, 4×4 taps with
    stride 2 from 32 to 64 channels on (32, 32, 32) 24 against 8; with AVX2 alone 100
    against 25, 128 against 35, 24 against 5.
    """
    taps = math.prod(counts)
    return itemsize >= 4 and taps <= _MOST_TAPS and taps < math.prod(kernel)


def weight_gradient(x: Array, gradient: Array, taps: int, gather: Gather) -> Array:
    """Return `(out, taps * in)`, summed over the positions of all images.

    Args:
        x: the input, `(batch, *spatial, in)`.
        gradient: that of the output, `(batch, *positions, out)`.
        taps: of a filter.
        gather: what makes patches of images.
    """
    batch, *counts, filters = gradient.shape
    positions = math.prod(counts)
    columns = taps * x.shape[-1]
    size = max(
        _BLOCK // (positions * columns * x.dtype.itemsize), -(-_POSITIONS // positions)
    )

    def product(x: Array, gradient: Array) -> Array:
        # The gradient first: the other way round takes up to three times as long.
        return lax.dot_general(
            gradient.reshape(-1, filters),
            gather(x).reshape(-1, columns),
            (((0,), (0,)), ((), ())),
        )

    blocks, rest = divmod(batch, size)
    if blocks + (rest > 0) < 2:
        return product(x, gradient)

    def add(index: int, total: Array) -> Array:
        block = (
            lax.dynamic_slice_in_dim(array, index * size, size)
            for array in (x, gradient)
        )
        return total + product(*block)

    total: Array = lax.fori_loop(
        0, blocks, add, jnp.zeros((filters, columns), gradient.dtype)
    )
    if rest:
        tail = (
            lax.slice_in_dim(array, blocks * size, batch) for array in (x, gradient)
        )
        total = total + product(*tail)
    return total
