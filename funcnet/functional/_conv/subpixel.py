"""Transposed convolution as an ordinary one whose channels are then interleaved.

With stride s, output pixel `q * s + r` sees only the taps `j * s + r` of the filter:
each remainder r has a small filter of its own. The filters of all remainders are
computed as channels of one dense convolution.
"""

import math
from collections.abc import Sequence

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.functional._spatial import spatial_pad


def filters_by_remainder(
    weight: Array, strides: Sequence[int], groups: int = 1
) -> Array:
    """Bring `(in, out / groups, *kernel)` to `(filters, in / groups, *taps)`.

    The filters are `(groups, *strides, out / groups)`.
    """
    dims = len(strides)
    kernel = weight.shape[2:]
    counts = [-(-k // s) for k, s in zip(kernel, strides, strict=True)]
    weight = spatial_pad(
        weight,
        [(0, c * s - k) for k, c, s in zip(kernel, counts, strides, strict=True)],
    )
    in_channels, out_channels = weight.shape[:2]  # of one group, the second
    split = [n for pair in zip(counts, strides, strict=True) for n in pair]
    weight = weight.reshape(groups, in_channels // groups, out_channels, *split)
    taps, remainders = range(3, 3 + 2 * dims, 2), range(4, 4 + 2 * dims, 2)
    weight = weight.transpose(0, *remainders, 2, 1, *taps)
    weight = jnp.flip(weight, tuple(range(-dims, 0)))
    filters = groups * out_channels * math.prod(strides)
    return weight.reshape(filters, in_channels // groups, *counts)


def interleave(y: Array, strides: Sequence[int], groups: int = 1) -> Array:
    """Bring `(batch, *n, groups * prod(strides) * out)` to `(batch, *n * s, out)`."""
    dims = len(strides)
    batch, *counts, filters = y.shape
    channels = filters // math.prod(strides)
    y = y.reshape(batch, *counts, groups, *strides, channels // groups)
    order = [axis for i in range(dims) for axis in (1 + i, 2 + dims + i)]
    y = y.transpose(0, *order, 1 + dims, 2 + 2 * dims)
    sizes = [n * s for n, s in zip(counts, strides, strict=True)]
    return y.reshape(batch, *sizes, channels)
