"""Which formulation of a convolution is computed: all of its arithmetic is here.

On GPUs, where arrays are sharded explicitly or inside `shard_map`, and in programs that
are exported, it is XLA's own convolution. The formulations for CPUs are chosen by
measurement.
"""

import contextvars
import math
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product

import jax
import jax.numpy as jnp
from jax import lax

from funcnet._types import Array
from funcnet.functional._conv.correlate import Steps, correlate, positions
from funcnet.functional._pool.windows import read
from funcnet.functional._spatial import spatial_pad, widened

_portable: contextvars.ContextVar[bool] = contextvars.ContextVar(
    "portable", default=False
)


@contextmanager
def portable() -> Iterator[None]:
    """Take XLA's own convolution inside: for a program of several platforms.

    It also serves sizes that are left free, by which no formulation can be chosen.
    """
    token = _portable.set(True)
    try:
        yield
    finally:
        _portable.reset(token)


def convolve(
    x: Array,
    weight: Array,
    bias: Array | None,
    steps: Steps,
    groups: int,
) -> Array:
    """Correlate `(batch, channels, *spatial)` with `(out, in / groups, *kernel)`."""
    on_cpu = jax.default_backend() == "cpu" and not _portable.get()
    if on_cpu and groups == 1 and not _sharded_by_hand(x, weight):
        return correlate(x, weight, bias, steps)
    if not on_cpu or groups == 1:
        y = _by_xla(x, weight, steps, groups)
    elif weight.shape[1] == 1 and math.prod(weight.shape[2:]) <= 64:
        y = _depthwise(x, weight, steps)
    else:
        # The gradient of 32 groups of 4 channels: 24 ms so, XLA's grouped one 4,000.
        each = zip(jnp.split(x, groups, 1), jnp.split(weight, groups), strict=True)
        ys = [convolve(x, w, None, steps, 1) for x, w in each]
        y = jnp.concatenate(ys, axis=1)
    return add_bias(y, bias)


def add_bias(y: Array, bias: Array | None) -> Array:
    """Add one number to each channel."""
    return y if bias is None else y + lax.broadcast_in_dim(bias, y.shape, (1,))


def _sharded_by_hand(*arrays: Array) -> bool:
    """Return whether the user decides the sharding, for which XLA's own has rules."""
    meshes = [jax.typeof(array).sharding.mesh for array in arrays]
    return not all(mesh.empty or mesh.are_all_axes_auto for mesh in meshes)


def _by_xla(
    x: Array,
    weight: Array,
    steps: Steps,
    groups: int,
) -> Array:
    axes = "DHW"[-len(steps.strides) :]
    return lax.conv_general_dilated(
        x,
        weight,
        steps.strides,
        steps.pads,
        rhs_dilation=steps.dilations,
        dimension_numbers=(f"NC{axes}", f"OI{axes}", f"NC{axes}"),
        feature_group_count=groups,
    )


def _depthwise(
    x: Array,
    weight: Array,
    steps: Steps,
) -> Array:
    """Filter each channel on its own: add up shifted slices, one for each tap.

    The gradient of a 3×3 filter takes 3 ms so, XLA's grouped convolution 22.
    """
    dtype, kernel = x.dtype, weight.shape[2:]
    strides, pads, dilations = steps
    counts = positions(x.shape[2:], kernel, steps)
    copies = weight.shape[0] // x.shape[1]
    x = spatial_pad(widened(jnp.repeat(x, copies, axis=1)), pads)
    weight = widened(weight)
    y = jnp.zeros((*x.shape[:2], *counts), x.dtype)
    for tap in product(*map(range, kernel)):
        part = x
        for axis, at in enumerate(tap):
            start = at * dilations[axis]
            part = read(part, axis + 2, start, counts[axis], strides[axis])
        y = y + part * lax.broadcast_in_dim(weight[:, 0, *tap], y.shape, (1,))
    return y.astype(dtype)
