"""Pooling of regions of feature maps, one grid of bins for each region.

What is sampled is a sum of rows of a table, a row for each pixel: `_sum_of_rows`. Its
loop is as long as the samples of the largest bin, which no shape depends on: nothing is
traced again for other regions. Regions have no gradients, as in torchvision.
"""

import math
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol, TypeAlias

import jax
import jax.numpy as jnp

from funcnet._check import check_floating, check_rank, check_same_dtype
from funcnet._errors import InputError
from funcnet._types import Array
from funcnet.functional.ops.boxes import columns

Geometry: TypeAlias = tuple[Array, ...]
Samples: TypeAlias = tuple[Array, Array]
"""Rows of the table `(taps, regions, height, width)`, and how much each counts."""


def roi_align(
    input: Array,
    rois: Array,
    output_size: tuple[int, int],
    spatial_scale: float = 1.0,
    sampling_ratio: int = -1,
    aligned: bool = False,
) -> Array:
    """Average bilinear samples in bins of regions; equals `torchvision.ops.roi_align`.

    Args:
        input: `(batch, channels, height, width)`, floating point.
        rois: `(regions, 5)`: the image's index, and corners `(x1, y1, x2, y2)`.
        output_size: the numbers of bins, `(height, width)`.
        spatial_scale: from the corners' coordinates to pixels of the input.
        sampling_ratio: samples in a bin along each dimension; if it is not positive, as
            many as a bin has pixels, rounded up.
        aligned: whether pixel centres have coordinates 0.5, 1.5, ... in the boxes. If
            not, regions are at least one pixel wide and high.

    Returns:
        `(regions, channels, *output_size)`.

    Raises:
        InputError: a shape does not fit.
        InputTypeError: the dtypes differ, or are not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> x = jnp.arange(16.0).reshape(1, 1, 4, 4)
        >>> roi_align(x, jnp.array([[0.0, 0.0, 0.0, 4.0, 4.0]]), (1, 1), 1.0, 1).item()
        10.0

    Source: He et al., "Mask R-CNN" (2017), https://arxiv.org/abs/1703.06870
    """
    _check("roi_align", input, rois)
    batch, channels, height, width = input.shape
    offset = 0.5 if aligned else 0.0
    geometry, count = _grid(
        rois, output_size, spatial_scale, sampling_ratio, offset, not aligned
    )
    image = columns(rois)[0].astype(jnp.int32)
    base = jnp.broadcast_to(
        (image * (height * width))[:, None, None], (rois.shape[0], *output_size)
    )
    table = jnp.moveaxis(input, 1, -1).reshape(batch * height * width, channels)
    rows = batch * height * width
    total = _sum_of_rows(
        _Bilinear(height, width, rows), table, (base, *geometry), (base, *geometry)
    )
    mean = total / jnp.maximum(count, 1).astype(input.dtype)[:, None, None, None]
    return jnp.moveaxis(mean, -1, 1)


def ps_roi_align(
    input: Array,
    rois: Array,
    output_size: tuple[int, int],
    spatial_scale: float = 1.0,
    sampling_ratio: int = -1,
) -> Array:
    """`roi_align` in which each bin has channels of its own.

    Equals `torchvision.ops.ps_roi_align`. Channels are `(out, *output_size)`, made
    flat; regions are aligned, and may be empty, which gives NaN.

    Returns:
        `(regions, channels / bins, *output_size)`.

    Raises:
        InputError: a shape does not fit, or the bins do not divide the channels.
        InputTypeError: the dtypes differ, or are not floating point.

    Source: Dai et al., "R-FCN" (2016), https://arxiv.org/abs/1605.06409
    """
    _check("ps_roi_align", input, rois)
    table, base = _table_of_bins("ps_roi_align", input, rois, output_size)
    geometry, count = _grid(rois, output_size, spatial_scale, sampling_ratio, 0.5)
    _, _, height, width = input.shape
    samples = _Bilinear(height, width, table.shape[0])
    total = _sum_of_rows(samples, table, (base, *geometry), (base, *geometry))
    return jnp.moveaxis(total / count.astype(input.dtype)[:, None, None, None], -1, 1)


def ps_roi_pool(
    input: Array, rois: Array, output_size: tuple[int, int], spatial_scale: float = 1.0
) -> Array:
    """Average the pixels of bins that have channels of their own.

    Equals `torchvision.ops.ps_roi_pool`, also in that the last row and column of the
    input count in the gradient only. Empty bins give 0.

    Returns:
        `(regions, channels / bins, *output_size)`.

    Raises:
        InputError: a shape does not fit, or the bins do not divide the channels.
        InputTypeError: the dtypes differ, or are not floating point.

    Source: Dai et al., "R-FCN" (2016), https://arxiv.org/abs/1605.06409
    """
    _check("ps_roi_pool", input, rois)
    table, base = _table_of_bins("ps_roi_pool", input, rois, output_size)
    _, _, height, width = input.shape
    forward, backward = (
        (base, *_bins(rois, output_size, spatial_scale, 0, *limits))
        for limits in ((height - 1, width - 1), (height, width))
    )
    total = _sum_of_rows(_Pixels(width, table.shape[0]), table, forward, backward)
    return jnp.moveaxis(total, -1, 1)


def roi_pool(
    input: Array, rois: Array, output_size: tuple[int, int], spatial_scale: float = 1.0
) -> tuple[Array, Array]:
    """Take the maxima of bins of regions; equals `torchvision.ops.roi_pool`.

    Args:
        input, rois, output_size, spatial_scale: as in `roi_align`; corners are rounded
            to pixels, and belong to the region.

    Returns:
        `(regions, channels, *output_size)`, and where in its image each maximum stands:
        `y * width + x`. Empty bins give 0 and -1.

    Raises:
        InputError: a shape does not fit.
        InputTypeError: the dtypes differ, or are not floating point.

    Source: Girshick, "Fast R-CNN" (2015), https://arxiv.org/abs/1504.08083
    """
    _check("roi_pool", input, rois)
    batch, channels, height, width = input.shape
    bins = _bins(rois, output_size, spatial_scale, 1, height, width)
    table = jnp.moveaxis(input, 1, -1).reshape(batch * height * width, channels)
    base = columns(rois)[0].astype(jnp.int32) * (height * width)
    base = jnp.broadcast_to(base[:, None, None], (rois.shape[0], *output_size))
    pixels, frozen = _Pixels(width, table.shape[0]), jax.lax.stop_gradient(table)
    # The least float32, also of float64: what torchvision starts with.
    lowest = jnp.asarray(jnp.finfo(jnp.float32).min, input.dtype)
    empty = jnp.full((*base.shape, channels), -1, jnp.int32)

    def look(step: Array, state: tuple[Array, Array]) -> tuple[Array, Array]:
        best, place = state
        (rows,), (weight,) = pixels.at((base, *bins), step)
        values = frozen.at[rows].get(mode="clip", wrap_negative_indices=False)
        better = (values > best) & (weight > 0)[..., None]
        return jnp.where(better, values, best), jnp.where(
            better, rows[..., None], place
        )

    start = jnp.full(empty.shape, lowest), empty
    steps = pixels.steps((base, *bins))
    _, place = jax.lax.fori_loop(0, steps, look, start)
    line = jnp.arange(channels, dtype=jnp.int32)[None, None, None]
    flat = jnp.maximum(place, 0) * channels + line
    values = table.reshape(-1).at[flat].get(mode="clip", wrap_negative_indices=False)
    top, bottom, left, right = bins
    has_none = (bottom <= top)[:, :, None] | (right <= left)[:, None, :]
    otherwise = jnp.where(has_none[..., None], jnp.zeros_like(lowest), lowest)
    result = jnp.where(place < 0, otherwise, values)
    index = jnp.where(place < 0, -1, place - base[..., None])
    return jnp.moveaxis(result, -1, 1), jnp.moveaxis(index, -1, 1)


# --- sums of rows --------------------------------------------------------------------


class _Sampling(Protocol):
    """What is sampled: hashable, so that one loop is traced for each."""

    @property
    def rows(self) -> int: ...
    def steps(self, geometry: Geometry) -> Array: ...
    def at(self, geometry: Geometry, step: Array) -> Samples: ...


@partial(jax.custom_vjp, nondiff_argnums=(0,))
def _sum_of_rows(
    samples: _Sampling, table: Array, geometry: Geometry, for_gradient: Geometry
) -> Array:
    """Add up the rows that are sampled, `(regions, height, width, channels)`."""
    del for_gradient

    def add(step: Array, total: Array) -> Array:
        rows, weights = samples.at(geometry, step)
        for one, weight in zip(rows, weights, strict=True):
            values = table.at[one].get(mode="clip", wrap_negative_indices=False)
            total = total + values * weight.astype(table.dtype)[..., None]
        return total

    start = jnp.zeros((*geometry[0].shape, table.shape[1]), table.dtype)
    return jax.lax.fori_loop(0, samples.steps(geometry), add, start)


def _forward(
    samples: _Sampling, table: Array, geometry: Geometry, for_gradient: Geometry
) -> tuple[Array, Geometry]:
    return _sum_of_rows(samples, table, geometry, for_gradient), for_gradient


def _backward(samples: _Sampling, geometry: Geometry, grad: Array) -> Any:
    def add(step: Array, total: Array) -> Array:
        rows, weights = samples.at(geometry, step)
        values = jnp.stack(
            [grad * one.astype(grad.dtype)[..., None] for one in weights]
        )
        return total.at[jnp.stack(rows)].add(values, mode="clip")

    start = jnp.zeros((samples.rows, grad.shape[-1]), grad.dtype)
    return (jax.lax.fori_loop(0, samples.steps(geometry), add, start), None, None)


_sum_of_rows.defvjp(_forward, _backward)


@dataclass(frozen=True)
class _Bilinear:
    """Four pixels around each of a grid of points in each bin."""

    height: int
    width: int
    rows: int

    def steps(self, geometry: Geometry) -> Array:
        high, wide = geometry[-2], geometry[-1]
        return jnp.max(high, initial=0) * jnp.max(wide, initial=0)

    def at(self, geometry: Geometry, step: Array) -> Samples:
        base, top, left, tall, broad, high, wide = geometry
        most = jnp.maximum(jnp.max(wide, initial=0), 1)
        i, j = (step // most).astype(jnp.int32), (step % most).astype(jnp.int32)
        ys = self._line(top, tall, high, i, self.height)
        xs = self._line(left, broad, wide, j, self.width)
        rows, weights = [], []
        for y, weigh_y in ys:
            for x, weigh_x in xs:
                rows.append(base + (y * self.width)[:, :, None] + x[:, None, :])
                weights.append(weigh_y[:, :, None] * weigh_x[:, None, :])
        return rows, weights  # type: ignore[return-value]

    @staticmethod
    def _line(
        start: Array, size: Array, count: Array, index: Array, length: int
    ) -> list[Samples]:
        """Two pixels along a line for each bin, and how much each counts."""
        part = (index.astype(start.dtype) + 0.5) * size / count.astype(start.dtype)
        at = start + part[:, None]
        inside = (at >= -1) & (at <= length) & (index < count)[:, None]
        at = jnp.where(inside, jnp.maximum(at, 0), 0)
        low = jnp.minimum(jnp.floor(at).astype(jnp.int32), length - 1)
        is_last = low >= length - 1
        beyond = jnp.where(is_last, 0, at - low.astype(at.dtype))
        weights = jnp.where(inside, 1 - beyond, 0), jnp.where(inside, beyond, 0)
        return [(low, weights[0]), (jnp.where(is_last, low, low + 1), weights[1])]


@dataclass(frozen=True)
class _Pixels:
    """The pixels of each bin, each as much as the mean of the bin says."""

    width: int
    rows: int

    def steps(self, geometry: Geometry) -> Array:
        _, top, bottom, left, right = geometry
        return self._most(top, bottom) * self._most(left, right)

    def at(self, geometry: Geometry, step: Array) -> Samples:
        base, top, bottom, left, right = geometry
        most = jnp.maximum(self._most(left, right), 1)
        i, j = (step // most).astype(jnp.int32), (step % most).astype(jnp.int32)
        y, x = top + i, left + j
        inside = (y < bottom)[:, :, None] & (x < right)[:, None, :]
        area = (bottom - top)[:, :, None] * (right - left)[:, None, :]
        rows = base + (y * self.width)[:, :, None] + x[:, None, :]
        weight = jnp.where(inside, 1 / area.astype(jnp.float32), 0)
        return [jnp.where(inside, rows, 0)], [weight]  # type: ignore[return-value]

    @staticmethod
    def _most(start: Array, end: Array) -> Array:
        return jnp.maximum(jnp.max(end - start, initial=0), 0)


# --- where the bins are --------------------------------------------------------------


def _grid(
    rois: Array,
    output_size: tuple[int, int],
    scale: float,
    ratio: int,
    offset: float,
    not_small: bool = False,
) -> tuple[Geometry, Array]:
    """Starts of bins, their sizes, their numbers of samples; and samples of a bin."""
    kind = rois.dtype
    corners = [
        one * jnp.asarray(scale, kind) - jnp.asarray(offset, kind)
        for one in columns(rois)[1:]
    ]
    parts = []
    for axis, bins in ((1, output_size[0]), (0, output_size[1])):
        start, length = corners[axis], corners[axis + 2] - corners[axis]
        if not_small:
            length = jnp.maximum(length, 1)
        size = length / bins
        starts = (
            start[:, None] + jnp.arange(bins, dtype=rois.dtype)[None] * size[:, None]
        )
        count = jnp.full(start.shape, ratio, jnp.int32)
        if ratio <= 0:
            count = jnp.ceil(size).astype(jnp.int32)
        parts.append((starts, size, count))
    (top, tall, high), (left, broad, wide) = jax.lax.stop_gradient(parts)
    return (top, left, tall, broad, high, wide), high * wide


def _bins(
    rois: Array,
    output_size: tuple[int, int],
    scale: float,
    inclusive: int,
    height: int,
    width: int,
) -> Geometry:
    """Rows and columns at which bins start and end: `(top, bottom, left, right)`."""
    scaled = [one * jnp.asarray(scale, rois.dtype) for one in columns(rois)[1:]]
    # Halves are rounded away from zero, as C does.
    corners = [
        (jnp.sign(one) * jnp.floor(jnp.abs(one) + 0.5)).astype(jnp.int32)
        for one in scaled
    ]
    result: list[Array] = []
    for axis, bins, limit in ((1, output_size[0], height), (0, output_size[1], width)):
        start, end = corners[axis], corners[axis + 2]
        length = jnp.maximum(end - start + inclusive, 1)
        size = length.astype(rois.dtype)[:, None] / bins
        places = jnp.arange(bins, dtype=rois.dtype)[None]
        first = jnp.floor(places * size).astype(jnp.int32) + start[:, None]
        last = jnp.ceil((places + 1) * size).astype(jnp.int32) + start[:, None]
        result += [jnp.clip(first, 0, limit), jnp.clip(last, 0, limit)]
    return tuple(result)


def _table_of_bins(
    name: str, input: Array, rois: Array, output_size: tuple[int, int]
) -> tuple[Array, Array]:
    """A row for each pixel of the channels of each bin, and where a bin's begin."""
    batch, channels, height, width = input.shape
    bins = math.prod(output_size)
    if channels % bins:
        raise InputError("ps_roi.channels", name=name, channels=channels, bins=bins)
    parted = input.reshape(batch, channels // bins, *output_size, height, width)
    table = jnp.moveaxis(parted, 1, -1).reshape(-1, channels // bins)
    order = jnp.arange(bins, dtype=jnp.int32).reshape(1, *output_size)
    image = columns(rois)[0].astype(jnp.int32)[:, None, None]
    return table, (image * bins + order) * (height * width)


def _check(name: str, input: Array, rois: Array) -> None:
    check_rank(name, input, (4,), "(batch, channels, height, width)")
    check_rank(name, rois, (2,), "(regions, 5)", "rois")
    check_floating(name, input)
    check_same_dtype(name, input=input, rois=rois)
    if rois.shape[1] != 5:
        raise InputError("roi.columns", name=name, rois=rois.shape)
