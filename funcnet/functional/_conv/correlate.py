"""Dense convolution in the two formulations that XLA compiles well for CPUs.

XLA's CPU compiler has fast convolution kernels for channels-last labels, an undilated
input and padding below the span of the filter. The gradients that JAX derives are not
of that form, and inside `lax.scan`, `cond` and `while_loop` XLA does not rearrange
them: there the weight gradient runs 50 times slower. Here the gradients are again
correlations of that form, as the rules of a primitive, so that `jvp`, `vmap` and all
orders of derivative work as they do for `lax.conv_general_dilated`.
"""

import math
from collections.abc import Sequence
from functools import cache, partial
from itertools import product
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import lax
from jax.interpreters import ad, batching, mlir

from funcnet._types import Array
from funcnet.functional._conv.subpixel import filters_by_remainder, interleave
from funcnet.functional._pool.windows import read
from funcnet.functional._spatial import spatial_pad, widened


class Steps(NamedTuple):
    """How a filter moves over the spatial dimensions, one entry for each of them.

    Attributes:
        strides: the steps from one position to the next.
        pads: zeros before and after.
        dilations: the steps from one tap of the filter to the next.
    """

    strides: Sequence[int]
    pads: Sequence[tuple[int, int]]
    dilations: Sequence[int]


def correlate(
    x: Array,
    weight: Array,
    bias: Array | None,
    steps: Steps,
) -> Array:
    """Correlate `(batch, in, *spatial)` with `(out, in, *kernel)`, without groups."""
    x = jnp.moveaxis(x, 1, -1)
    if _patches_are_small(x, weight, steps):
        x = _patches(x, weight.shape[2:], steps)
        matrix = jnp.moveaxis(weight, 1, -1).reshape(weight.shape[0], x.shape[-1])
        y = jnp.einsum("n...i,oi->n...o", x, matrix)
    else:
        weight = jnp.moveaxis(weight, (0, 1), (-1, -2))
        y = _correlate(x, weight, steps)
    if bias is not None:
        y = y + lax.broadcast_in_dim(bias, y.shape, (y.ndim - 1,))
    return jnp.moveaxis(_gradient_in_memory(y), -1, 1)


def _patches_are_small(
    x: Array,
    weight: Array,
    steps: Steps,
) -> bool:
    """Return whether a matrix product with the patches beats XLA's convolution.

    It does when the filters are larger than the patches: step of a 3×3 filter of 512
    channels on (32, 4, 4): 78 ms of CPU time against 150; and for a few filters of one
    channel: 5×5 to 6 channels on (32, 28, 28), 1.0 against 1.4. Elsewhere it is about
    as fast or slower, and takes twice as long to compile: one copy for each tap.
    """
    kernel = weight.shape[2:]
    taps = math.prod(kernel)
    if taps == 1:
        return True
    if x.dtype.itemsize < 4 or taps > 64:
        return False  # the taps' gradients would be added up in half precision
    filters, channels = weight.shape[:2]
    patches = x.shape[0] * math.prod(positions(x.shape[1:-1], kernel, steps))
    is_small = patches * taps * x.dtype.itemsize <= 5e6
    return patches <= filters or (channels == 1 and filters <= 16 and is_small)


def positions(
    sizes: Sequence[int],
    kernel: Sequence[int],
    steps: Steps,
) -> list[int]:
    """Return at how many positions a filter fits along each axis."""
    return [
        (n + sum(p) - d * (k - 1) - 1) // s + 1
        for n, k, s, p, d in zip(sizes, kernel, *steps, strict=True)
    ]


def _patches(
    x: Array,
    kernel: Sequence[int],
    steps: Steps,
) -> Array:
    """Gather `(batch, *spatial, in)` to `(batch, *positions, taps * in)`."""
    strides, pads, dilations = steps
    counts = positions(x.shape[1:-1], kernel, steps)
    x = spatial_pad(x, (*pads, (0, 0)))
    parts = []
    for tap in product(*map(range, kernel)):
        part = x
        for axis, at in enumerate(tap):
            start = at * dilations[axis]
            part = read(part, axis + 1, start, counts[axis], strides[axis])
        parts.append(part)
    return jnp.concatenate(parts, -1)


@jax.custom_jvp
def _gradient_in_memory(y: Array) -> Array:
    """Return `y`; its gradient is computed once, not again by each that reads it.

    Three read it: the gradients of input, weight and bias. XLA would fuse all that
    stands before, a pool's gradient for example, into each of them.
    """
    return y


@_gradient_in_memory.defjvp
def _gradient_in_memory_jvp(
    primals: tuple[Array], tangents: tuple[Array]
) -> tuple[Array, Array]:
    return primals[0], lax.optimization_barrier(tangents[0])


# The primitive: `(batch, *spatial, in)` with `(*kernel, in, out)`.


def _convolve(x: Array, weight: Array, **settings: Any) -> Array:
    strides, pads, dilations = Steps(**settings)
    spans = [d * (k - 1) for k, d in zip(weight.shape, dilations, strict=False)]
    # A filter larger than the input itself is slow too: 1,460 ms against 24 for the
    # weight gradient of a 2×2 filter whose padding makes more outputs than inputs.
    if any(
        min(pad) < 0 or sum(pad) > span or span >= size
        for pad, span, size in zip(pads, spans, x.shape[1:], strict=False)
    ):
        # The barrier keeps XLA from taking the padding back into the convolution.
        x = lax.optimization_barrier(spatial_pad(x, (*pads, (0, 0))))
        pads = ((0, 0),) * len(pads)
    axes = "DHW"[-len(strides) :]
    labels = (f"N{axes}C", f"{axes}IO", f"N{axes}C")
    return lax.conv_general_dilated(
        x, weight, strides, pads, rhs_dilation=dilations, dimension_numbers=labels
    )


def _correlate(
    x: Array,
    weight: Array,
    steps: Steps,
) -> Array:
    result: Array = _primitive().bind(
        x,
        weight,
        **{name: tuple(values) for name, values in steps._asdict().items()},
    )
    return result


def _input_gradient(gradient: Array, x: Any, weight: Array, **settings: Any) -> Array:
    strides, pads, dilations = Steps(**settings)
    *kernel, _, out_channels = weight.shape
    if any(stride > 1 for stride in strides):
        if max(dilations) == 1:
            return _strided_input_gradient(gradient, x, weight, strides, pads)
        # Add up patches: a correlation would run over the zeros between the strides.
        matrix = widened(weight).reshape(-1, out_channels)
        patches = jnp.einsum("n...o,io->n...i", widened(gradient), matrix)
        gather = partial(_patches, kernel=kernel, steps=Steps(strides, pads, dilations))
        wide = jax.ShapeDtypeStruct(x.aval.shape, patches.dtype)
        (result,) = jax.linear_transpose(gather, wide)(patches)
        return result.astype(x.aval.dtype)
    spans = [d * (k - 1) for k, d in zip(kernel, dilations, strict=True)]
    sizes = zip(x.aval.shape[1:], gradient.shape[1:], strict=True)
    edges = [
        (span - before, n - m + before)
        for span, (before, _), (n, m) in zip(spans, pads, sizes, strict=False)
    ]
    flipped = jnp.swapaxes(jnp.flip(weight, range(len(kernel))), -1, -2)
    return _correlate(gradient, flipped, Steps(strides, edges, dilations))


def _strided_input_gradient(
    gradient: Array,
    x: Any,
    weight: Array,
    strides: Sequence[int],
    pads: Sequence[tuple[int, int]],
) -> Array:
    """Return the gradient as a transposed convolution, of the padded input cut to it.

    A step of a 4×4 filter with stride 2 from 32 to 64 channels on (32, 32, 32) takes
    35 ms of CPU time so; 124 where patches are added up, which XLA does once for each
    that reads the gradient.
    """
    dims = len(strides)
    filters = filters_by_remainder(jnp.moveaxis(weight, (-2, -1), (1, 0)), strides)
    filters = jnp.moveaxis(
        filters, (0, 1), (-1, -2)
    )  # (*taps, out, prod(strides) * in)
    sizes = x.aval.shape[1:-1]
    first = [before // s for (before, _), s in zip(pads, strides, strict=True)]
    edges, starts = [], []
    for taps, size, m, q, s, (before, _) in zip(
        filters.shape, sizes, gradient.shape[1:-1], first, strides, pads, strict=False
    ):
        last = (before + size - 1) // s
        edges.append((taps - 1 - q, last + 1 - m))
        starts.append(before - q * s)
    ones = (1,) * dims
    full = interleave(_correlate(gradient, filters, Steps(ones, edges, ones)), strides)
    stops = [start + size for start, size in zip(starts, sizes, strict=True)]
    batch, *_, channels = full.shape
    return lax.slice(full, (0, *starts, 0), (batch, *stops, channels))


def _weight_gradient(gradient: Array, x: Array, weight: Any, **settings: Any) -> Array:
    """Correlate the input with the gradient; batch and channels change places."""
    strides, pads, dilations = Steps(**settings)
    kernel = weight.aval.shape[:-2]
    # As much of the input as makes `kernel` positions: a stride may leave some over.
    edges = [
        (before, d * (k - 1) + s * (m - 1) + 1 - n - before)
        for n, m, k, s, d, (before, _) in zip(
            x.shape[1:-1], gradient.shape[1:-1], kernel, strides, dilations, pads,
            strict=True,
        )
    ]  # fmt: skip
    x = jnp.swapaxes(x, 0, -1)  # (in, *spatial, batch)
    gradient = jnp.moveaxis(gradient, 0, -2)  # (*positions, batch, out)
    result = _correlate(
        x, gradient, Steps(dilations, edges, strides)
    )  # (in, *kernel, out)
    return jnp.moveaxis(result, 0, -2)


def _batched(
    arrays: tuple[Array, Array], axes: tuple[Any, Any], **settings: Any
) -> tuple[Array, int]:
    """Fold `vmap`'s axis into the batch or the filters; of both, take each in turn."""
    (x, weight), (x_axis, weight_axis) = arrays, axes
    if weight_axis is None:
        x = jnp.moveaxis(x, x_axis, 0)
        y = _correlate(x.reshape(-1, *x.shape[2:]), weight, Steps(**settings))
        return y.reshape(*x.shape[:2], *y.shape[1:]), 0
    if x_axis is None:
        weight = jnp.moveaxis(weight, weight_axis, -2)  # (*kernel, in, vmap, out)
        last = weight.shape[-2:]
        y = _correlate(x, weight.reshape(*weight.shape[:-2], -1), Steps(**settings))
        return y.reshape(*y.shape[:-1], *last), y.ndim - 1
    pairs = jnp.moveaxis(x, x_axis, 0), jnp.moveaxis(weight, weight_axis, 0)
    steps = Steps(**settings)
    return lax.map(lambda pair: _correlate(pair[0], pair[1], steps), pairs), 0


def _abstract(x: Any, weight: Any, **settings: Any) -> Any:
    return jax.make_jaxpr(partial(_convolve, **settings))(x, weight).out_avals[0]


@cache
def _primitive() -> Any:
    """The correlation, as JAX knows it, with its rules."""
    # Imported at the first convolution: it takes as long to import as all the layers.
    from jax.extend.core import Primitive

    result = Primitive("correlate")
    result.def_impl(jax.jit(_convolve, static_argnames=Steps._fields))
    result.def_abstract_eval(_abstract)
    ad.defbilinear(result, _input_gradient, _weight_gradient)
    batching.primitive_batchers[result] = _batched
    mlir.register_lowering(result, mlir.lower_fun(_convolve, multiple_results=False))
    return result
