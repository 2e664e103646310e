"""Weighted sums of neighbours along one axis, and the tables of interpolation.

A table says for each output position which input positions it mixes and how. Its
arithmetic is NumPy's, in the precision in which PyTorch finds the source positions.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from funcnet._types import Array

CUBIC_SLOPE = -0.75
"""PyTorch's choice; antialiasing has Keys' own -0.5, as Pillow."""


class Table(NamedTuple):
    """`positions` and `weights`, both `(outputs, taps)`."""

    positions: np.ndarray
    weights: np.ndarray


class Axis(NamedTuple):
    """How one axis is resampled; `step` is the source distance between outputs."""

    size: int
    outputs: int
    step: np.floating
    align_corners: bool

    def sources(self) -> np.ndarray:
        """The source coordinate of each output."""
        number = np.arange(self.outputs).astype(self.step.dtype)
        if self.align_corners:
            return number * self.step
        half = self.step.dtype.type(0.5)
        return (number + half) * self.step - half


def resample(x: Array, axis: int, table: Table) -> Array:
    """Return the weighted sums of `table` along `axis`.

    The tangent map is a product with the table as a matrix: its transpose on the CPU
    is a matrix product too, where that of a gather is a serial scatter (1.4 ms against
    6 for bilinear (8, 64, 32, 32) to twice the size). The values come from the gather,
    in which an infinity reaches its neighbours only. For long axes the matrix would be
    too large, and the gather is differentiated as it stands.
    """
    size, outputs = x.shape[axis], len(table.positions)
    if size * outputs > 1 << 20 or not jnp.issubdtype(x.dtype, jnp.inexact):
        return _gather(x, axis, table)

    @jax.custom_jvp
    def values(x: Array) -> Array:
        return _gather(x, axis, table)

    @values.defjvp
    def values_jvp(
        primals: tuple[Array], tangents: tuple[Array]
    ) -> tuple[Array, Array]:
        return values(primals[0]), _multiply(tangents[0], axis, table)

    return values(x)


def _gather(x: Array, axis: int, table: Table) -> Array:
    total = None
    for positions, weights in zip(table.positions.T, table.weights.T, strict=True):
        part = jnp.take(x, positions, axis, mode="clip")
        if (weights != 1).any():
            factor = jnp.asarray(weights.astype(x.dtype))
            part = part * lax.broadcast_in_dim(factor, part.shape, (axis,))
        total = part if total is None else total + part
    assert total is not None
    return total


def _multiply(x: Array, axis: int, table: Table) -> Array:
    matrix = np.zeros((len(table.positions), x.shape[axis]), x.dtype)
    rows = np.arange(len(table.positions))
    for positions, weights in zip(table.positions.T, table.weights.T, strict=True):
        np.add.at(matrix, (rows, positions), weights.astype(x.dtype))
    contract = (((axis,), (1,)), ((), ()))
    y = lax.dot_general(x, jnp.asarray(matrix), contract, lax.Precision.HIGHEST)
    return jnp.moveaxis(y, -1, axis)


def nearest(axis: Axis, exact: bool) -> Table:
    """The one source that lies nearest; the one on the left if not `exact`."""
    dtype = axis.step.dtype
    number = np.arange(axis.outputs).astype(dtype) + dtype.type(0.5 if exact else 0)
    positions = np.minimum(np.floor(number * axis.step).astype(int), axis.size - 1)
    return Table(positions[:, None], np.ones((axis.outputs, 1)))


def linear(axis: Axis) -> Table:
    """The two neighbours, weighted by nearness."""
    source = np.maximum(axis.sources(), 0)
    left = np.minimum(source.astype(int), axis.size - 1)
    part = np.clip(source - left, 0, 1)
    right = np.minimum(left + 1, axis.size - 1)
    return Table(np.stack([left, right], 1), np.stack([1 - part, part], 1))


def cubic(axis: Axis) -> Table:
    """The four neighbours, weighted by Keys' cubic; the edge is repeated."""
    source = axis.sources()
    left = np.minimum(np.floor(source).astype(int), axis.size - 1)
    part = np.clip(source - left, 0, 1)
    taps = np.arange(-1, 3)
    positions = np.clip(left[:, None] + taps, 0, axis.size - 1)
    return Table(positions, _cubic_filter(part[:, None] - taps, CUBIC_SLOPE))


def antialiased(axis: Axis, kind: str) -> Table:
    """All sources under a filter that is as wide as the outputs are apart."""
    weigh, radius = FILTERS[kind]
    stretch = max(float(axis.step), 1.0)
    center = (np.arange(axis.outputs) + 0.5) * float(axis.step)
    start = np.maximum((center - radius * stretch + 0.5).astype(int), 0)
    stop = np.minimum((center + radius * stretch + 0.5).astype(int), axis.size)
    positions = start[:, None] + np.arange(max((stop - start).max(), 1))
    weights = weigh((positions - center[:, None] + 0.5) / stretch)
    weights = np.where(positions < stop[:, None], weights, 0)
    weights /= weights.sum(1, keepdims=True)
    return Table(np.minimum(positions, axis.size - 1), weights)


Numbers = TypeVar("Numbers", np.ndarray, Array)


def cubic_near(x: Numbers, a: float) -> Numbers:
    """Keys' cubic kernel (1981) with the slope `a` at 1, at distances up to 1."""
    return ((a + 2) * x - (a + 3)) * x * x + 1


def cubic_far(x: Numbers, a: float) -> Numbers:
    """The same at distances from 1 to 2, where it ends."""
    return ((a * x - 5 * a) * x + 8 * a) * x - 4 * a


def _cubic_filter(x: np.ndarray, a: float) -> np.ndarray:
    x = np.abs(x)
    far = np.where(x < 2, cubic_far(x, a), 0)
    return np.where(x <= 1, cubic_near(x, a), far)


def _triangle(x: np.ndarray) -> np.ndarray:
    return np.maximum(1 - np.abs(x), 0)


def _lanczos(x: np.ndarray) -> np.ndarray:
    return np.where(np.abs(x) < 3, np.sinc(x) * np.sinc(x / 3), 0)


FILTERS: dict[str, tuple[Callable[[np.ndarray], np.ndarray], int]] = {
    "bilinear": (_triangle, 1),
    "bicubic": (lambda x: _cubic_filter(x, -0.5), 2),
    "lanczos": (_lanczos, 3),
}
"""The filters of antialiasing with their radii."""
