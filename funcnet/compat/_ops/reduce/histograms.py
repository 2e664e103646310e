"""Counts of elements: in bins, and of each integer."""

import math
from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp
import numpy as np

from funcnet._types import Array
from funcnet.compat import return_types
from funcnet.compat._core.annotations import Operand
from funcnet.compat._core.dtype import float32, float64
from funcnet.compat._ops.checks import type_name
from funcnet.compat._ops.promote import is_integral
from funcnet.compat._ops.registry import operation, recorded, register
from funcnet.compat._tensor.tensor import Tensor, from_array


@operation("histc", differentiable=False)
def histc(input: Array, bins: int = 100, min: float = 0, max: float = 0) -> Any:
    """Count the elements in `bins` equal parts of a range, as `torch.histc`.

    The range is that of the elements where `min` and `max` are equal.
    """
    if bins <= 0:
        raise RuntimeError("bins must be > 0")
    if min > max:
        raise RuntimeError("max must be larger than min")
    x = input.reshape(-1)
    low, high = _range(x, min, max, 1.0)
    indices = jnp.floor((x - low) / (high - low) * bins).astype(jnp.int64)
    indices = jnp.minimum(indices, bins - 1)
    inside = (x >= low) & (x <= high)
    return jnp.zeros(bins, x.dtype).at[indices].add(inside.astype(x.dtype))


def _range(x: Array, low: Operand, high: Operand, room: float) -> tuple[Any, Any]:
    """The ends of a range, those of `x` for an empty one, with `room` between them."""
    if low == high:
        low, high = (jnp.min(x), jnp.max(x)) if x.size else (0, 1)
    low, high = jnp.asarray(low, x.dtype), jnp.asarray(high, x.dtype)
    widening = jnp.where(low == high, jnp.asarray(room, x.dtype), 0)
    return low - widening, high + widening


def _edges(x: Array, bins: int | Array, limits: tuple[float, float] | None) -> Any:
    if not isinstance(bins, int):
        return bins
    low, high = limits or (0, 0)
    low, high = _range(x, low, high, 0.5)
    return jnp.linspace(low, high, bins + 1, dtype=x.dtype)


def _counted(
    columns: Array, edges: Sequence[Array], weight: Array | None, density: bool
) -> Any:
    """Counts in a grid of bins, from a column of numbers for each dimension."""
    shape = tuple(len(edge) - 1 for edge in edges)
    indices = jnp.zeros(columns.shape[0], jnp.int64)
    inside = jnp.ones(columns.shape[0], bool)
    for column, edge, count in zip(columns.T, edges, shape, strict=True):
        index = jnp.searchsorted(edge, column, side="right") - 1
        index = jnp.where(column == edge[-1], count - 1, index)
        inside &= (column >= edge[0]) & (column <= edge[-1])
        indices = indices * count + jnp.clip(index, 0, count - 1)
    ones = inside.astype(columns.dtype)
    weight = ones if weight is None else ones * weight.reshape(-1)
    counts = jnp.zeros(math.prod(shape), columns.dtype).at[indices].add(weight)
    counts = counts.reshape(shape)
    if density:
        counts = counts / jnp.sum(counts)
        for axis, edge in enumerate(edges):
            widths = jnp.diff(edge)
            counts /= widths.reshape(
                [-1 if i == axis else 1 for i in range(len(shape))]
            )
    return counts


def _check_floating(name: str, x: Array) -> None:
    if is_integral(x):
        raise RuntimeError(f"\"{name}\" not implemented for '{type_name(x)}'")


@operation("histogram", return_type=return_types.histogram, differentiable=False)
def histogram(
    input: Array,
    bins: int | Array,
    *,
    range: tuple[float, float] | None = None,
    weight: Array | None = None,
    density: bool = False,
) -> Any:
    """Count the elements between edges: `(hist, bin_edges)`, as `torch.histogram`."""
    _check_floating("histogram", input)
    edges = _edges(input, bins, range)
    return _counted(input.reshape(-1, 1), [edges], weight, density), edges


@recorded("histogramdd", differentiable=False)
def _histogramdd(
    x: Array,
    bins: Any,
    range: Sequence[float] | None,
    weight: Array | None,
    density: bool,
) -> Any:
    _check_floating("histogramdd", x)
    x = x.reshape(-1, x.shape[-1])
    if isinstance(bins, int):
        bins = [bins] * x.shape[1]
    if len(bins) != x.shape[1]:
        raise RuntimeError(
            "histogramdd: The size of bins must be equal to the innermost dimension of "
            "the input."
        )
    limits: list[Any] = [None] * len(bins)
    if range is not None:
        limits = list(zip(range[::2], range[1::2], strict=True))
    edges = [_edges(c, b, r) for c, b, r in zip(x.T, bins, limits, strict=True)]
    return _counted(x, edges, weight, density), edges


@register("histogramdd", method=False, out=True)
def histogramdd(
    input: Tensor,
    bins: Any,
    *,
    range: Sequence[float] | None = None,
    weight: Tensor | None = None,
    density: bool = False,
) -> Any:
    """Count rows in a grid of bins: `(hist, bin_edges)`, as `torch.histogramdd`."""
    counts, edges = _histogramdd(input, bins, range, weight, density)
    return return_types.histogramdd(counts, tuple(edges))


@register("bincount", out=True)
def bincount(
    input: Tensor, weights: Tensor | None = None, minlength: int = 0
) -> Tensor:
    """Count how often 0, 1, 2, ... occur, as `torch.bincount`; or sum their weights."""
    x = np.asarray(input._array())
    if x.ndim != 1 or (x.size and x.min() < 0) or x.dtype.kind not in "iu":
        raise RuntimeError("bincount only supports 1-d non-negative integral inputs.")
    if weights is None:
        return from_array(
            np.bincount(x, None, minlength).astype(np.int64), input.device
        )
    dtype = weights.dtype if weights.dtype is float32 else float64
    sums = np.bincount(x, np.asarray(weights._array(), np.float64), minlength)
    return from_array(sums.astype(dtype.numpy), input.device)
