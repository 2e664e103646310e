"""Max-pooling over windows at random places."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp

from funcnet._check import check_floating, missing_key
from funcnet._errors import InputError
from funcnet._types import Array, Key
from funcnet.functional._pool.max_pool import (
    Parts,
    Variant,
    max_along,
    spatial_indices,
)
from funcnet.functional._pool.windows import Window
from funcnet.functional._signature import arguments_of
from funcnet.functional._spatial import IntOrTuple, add_batch, drop_batch, to_tuple

__all__ = [
    "fractional_max_pool2d",
    "fractional_max_pool2d_with_indices",
    "fractional_max_pool3d",
    "fractional_max_pool3d_with_indices",
]

Ratio: TypeAlias = float | Sequence[float]


def _fractional(
    variant: Variant,
    input: Array,
    kernel_size: IntOrTuple,
    output_size: IntOrTuple | None = None,
    output_ratio: Ratio | None = None,
    _random_samples: Array | None = None,
    *,
    key: Key | None = None,
) -> Parts:
    dims, with_indices = variant
    samples = _random_samples
    name = f"fractional_max_pool{dims}d"
    check_floating(name, input)
    x, batched = add_batch(name, input, dims)
    kernels = to_tuple(name, "kernel_size", kernel_size, dims)
    counts = _counts(name, x.shape[2:], kernels, output_size, output_ratio)
    if samples is None:
        if key is None:
            missing_key(name)
        samples = jax.random.uniform(key, (*x.shape[:2], dims), x.dtype)
    shape = (*x.shape[:2], dims)
    if samples.shape[1:] != shape[1:] or len(samples) < len(x):
        shapes = {"samples": samples.shape, "wanted": shape}
        raise InputError("fractional.samples", name=name, **shapes)
    samples = samples[: len(x)]
    if dims == 2:
        samples = jnp.flip(samples, -1)  # PyTorch's order: width, height
    parts: Parts = (x, spatial_indices(x)) if with_indices else (x,)
    for i in reversed(range(dims)):
        starts = _starts(samples[..., i], x.shape[2 + i], counts[i], kernels[i])
        parts = _pool_from(parts, 2 + i, starts, kernels[i])
    return tuple(drop_batch(part, batched) for part in parts)


@arguments_of(_fractional)
def fractional_max_pool2d(*args: Any, **kwargs: Any) -> Array:
    """Apply 2D fractional max pooling.

    Take maxima over windows whose steps vary at random.

    Equals `torch.nn.functional.fractional_max_pool2d` with the randomness made
    explicit.

    Args:
        input: `(batch, channels, height, width)`, the batch optional.
        kernel_size: the size of a window.
        output_size: the size of the output; or
        output_ratio: its ratio to the input's, between 0 and 1.
        _random_samples: `(batch, channels, 2)` numbers in 0..1 to use in place of a
            key, for the width and the height of each image; of a larger batch, the
            first are used.
        key: a random key.

    Returns:
        `(batch, channels, *output_size)`.

    Raises:
        InputError: a size does not fit, or neither key nor samples are given.
        InputTypeError: the input is not floating point.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> x, key = jnp.ones((2, 3, 9, 9)), jax.random.key(0)
        >>> fractional_max_pool2d(x, 2, output_ratio=0.7, key=key).shape
        (2, 3, 6, 6)

    Source: Graham, "Fractional Max-Pooling" (2014), https://arxiv.org/abs/1412.6071
    """
    return _fractional(Variant(2), *args, **kwargs)[0]


@arguments_of(_fractional)
def fractional_max_pool3d(*args: Any, **kwargs: Any) -> Array:
    """Apply 3D fractional max pooling.

    Take maxima over windows of volumes whose steps vary at random.

    Equals `torch.nn.functional.fractional_max_pool3d`; see `fractional_max_pool2d`.
    `_random_samples` are for depth, height and width.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> x, key = jnp.ones((2, 3, 6, 6, 6)), jax.random.key(0)
        >>> fractional_max_pool3d(x, 2, 4, key=key).shape
        (2, 3, 4, 4, 4)
    """
    return _fractional(Variant(3), *args, **kwargs)[0]


@arguments_of(_fractional)
def fractional_max_pool2d_with_indices(
    *args: Any, **kwargs: Any
) -> tuple[Array, Array]:
    """Return `fractional_max_pool2d` and where the maxima are.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> x, key = jnp.arange(4.0).reshape(1, 2, 2), jax.random.key(0)
        >>> fractional_max_pool2d_with_indices(x, 2, 1, key=key)[1].tolist()
        [[[3]]]
    """
    y, indices = _fractional(Variant(2, with_indices=True), *args, **kwargs)
    return y, indices


@arguments_of(_fractional)
def fractional_max_pool3d_with_indices(
    *args: Any, **kwargs: Any
) -> tuple[Array, Array]:
    """Return `fractional_max_pool3d` and where the maxima are.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> x, key = jnp.arange(8.0).reshape(1, 2, 2, 2), jax.random.key(0)
        >>> fractional_max_pool3d_with_indices(x, 2, 1, key=key)[1].tolist()
        [[[[7]]]]
    """
    y, indices = _fractional(Variant(3, with_indices=True), *args, **kwargs)
    return y, indices


def _counts(
    name: str,
    sizes: tuple[int, ...],
    kernels: tuple[int, ...],
    output_size: IntOrTuple | None,
    output_ratio: Ratio | None,
) -> tuple[int, ...]:
    """Return the spatial shape of the output."""
    dims = len(sizes)
    if (output_size is None) == (output_ratio is None):
        raise InputError("fractional.one_of", name=name, output_size=output_size)
    if output_ratio is not None:
        ratios = to_ratios(name, output_ratio, dims)
        output_size = [int(n * r) for n, r in zip(sizes, ratios, strict=True)]
    assert output_size is not None
    counts = to_tuple(name, "output_size", output_size, dims)
    if any(c + k - 1 > n for c, k, n in zip(counts, kernels, sizes, strict=True)):
        facts = {"counts": counts, "kernel_size": kernels, "sizes": sizes}
        raise InputError("fractional.no_fit", name=name, **facts)
    return counts


def to_ratios(name: str, output_ratio: Ratio, dims: int) -> tuple[float, ...]:
    """Return the ratio of each spatial dimension; raise unless they are in 0..1."""
    ratios = (
        tuple(output_ratio)
        if isinstance(output_ratio, Sequence)
        else (output_ratio,) * dims
    )
    if len(ratios) != dims or not all(0 < ratio < 1 for ratio in ratios):
        facts = {"output_ratio": output_ratio, "dims": dims}
        raise InputError("fractional.ratio", name=name, **facts)
    return ratios


def _starts(sample: Array, size: int, count: int, kernel: int) -> Array:
    """Return where the windows begin, `(batch, channels, count)`; the last at the end.

    The steps are whole numbers around `(size - kernel) / (count - 1)`.
    """
    last = jnp.full((*sample.shape, 1), size - kernel)
    if count == 1:
        return last
    step = (size - kernel) / (count - 1)
    sample = jnp.expand_dims(sample, -1)
    number = jnp.arange(count - 1, dtype=sample.dtype).reshape(1, 1, -1)
    starts = jnp.trunc((number + sample) * step) - jnp.trunc(sample * step)
    return jnp.concatenate([starts.astype(last.dtype), last], -1)


def _pool_from(parts: Parts, axis: int, starts: Array, kernel: int) -> Parts:
    """Lay the windows that begin at `starts` side by side and pool them."""
    count = starts.shape[-1]
    within = jnp.arange(kernel).reshape(1, 1, 1, -1)
    at = jnp.expand_dims(starts, -1) + within
    at = at.reshape(*starts.shape[:2], count * kernel)
    others = [i for i in range(2, parts[0].ndim) if i != axis]
    at = jnp.expand_dims(at, others)
    laid = tuple(
        jnp.take_along_axis(part, at, axis, mode="promise_in_bounds") for part in parts
    )
    return max_along(laid, axis, Window(kernel, kernel, 1, 0, 0, count))
