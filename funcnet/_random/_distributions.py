"""Draws from distributions as PyTorch makes them on CPUs, in the order of memory.

Each function takes an `Engine` and how many numbers to draw, and gives a flat array.
Half precision is drawn in float32 and rounded.
"""

import math
import os
import sys
from collections.abc import Callable
from typing import Any, Final

import numpy as np

from funcnet._random import _cephes
from funcnet._random._engine import Engine, whole

_CHUNK = 1 << 15  # elements that stay in the cache
_MANY: Final = 1 << 22
"""After as many normal numbers a program is compiled for those that follow."""


@whole
def uniform(
    engine: Engine, count: int, dtype: Any, low: float = 0.0, high: float = 1.0
) -> np.ndarray:
    """Numbers in `[low, high)`."""
    wide = np.float64 if dtype == np.float64 else np.float32
    draw = engine.doubles if wide is np.float64 else engine.floats
    if (low, high) == (0, 1) and dtype == wide:
        return draw(count)
    result = np.empty(count, dtype)
    start, end = wide(low), wide(high)
    for begin in range(0, count, _CHUNK):
        part = result[begin : begin + _CHUNK]
        part[:] = _scaled(draw(len(part)), end - start, start)
        # Where rounding reached the upper end, it is not in the interval.
        part[part == dtype.type(high)] = dtype.type(low)
    return result


@whole
def normal(
    engine: Engine,
    count: int,
    dtype: Any,
    mean: float = 0.0,
    std: float = 1.0,
    dense: bool = True,
) -> np.ndarray:
    """Normal numbers: in blocks of 16, or in pairs when few or not dense in memory."""
    if count < 16 or not dense:
        return (engine.normals(count) * std + mean).astype(dtype)
    draw = engine.doubles if dtype == np.float64 else engine.floats
    whole, rest = divmod(count, 16)
    if not rest:
        return _blocks(draw(count), mean, std).astype(dtype)
    # Half precision is drawn in blocks; else for all, and once more for the last 16.
    drawn = draw(16 * whole if dtype.itemsize == 2 else count)
    last = _blocks(draw(16), mean, std)
    head = _blocks(drawn[: 16 * whole], mean, std)[: count - 16]
    return np.concatenate([head, last]).astype(dtype)


class _Many:
    """The compiled form of `_numpy_blocks`, which has the same bits, once it pays."""

    def __init__(self) -> None:
        self.drawn = 0
        self.compiled: Callable[..., np.ndarray] | None = None
        self.forked = False

    def blocks(self, drawn: np.ndarray, mean: float, std: float) -> np.ndarray:
        self.drawn += len(drawn)
        few = self.drawn < _MANY or len(drawn) < _CHUNK
        if few or drawn.dtype != np.float32 or self.forked or "jax" not in sys.modules:
            return _numpy_blocks(drawn, mean, std)
        if self.compiled is None:
            from funcnet._random import _compiled  # the data room works without JAX

            self.compiled = _compiled.normals(_numpy_blocks) or _numpy_blocks
        return self.compiled(drawn, mean, std)

    def note_fork(self) -> None:
        self.forked = True  # the threads of XLA stay in the parent


_many = _Many()
_blocks = _many.blocks
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_many.note_fork)


def _numpy_blocks(drawn: np.ndarray, mean: float, std: float) -> np.ndarray:
    """Box and Muller on blocks of 16: radii from 8 of them, angles from the others."""
    result = np.empty_like(drawn)
    for start in range(0, len(drawn), _CHUNK):
        part = drawn[start : start + _CHUNK].reshape(-1, 2, 8)
        sides = _pairs(1 - part[:, 0], part[:, 1]).reshape(-1)
        target = result[start : start + _CHUNK]
        target[:] = sides if (mean, std) == (0, 1) else _scaled(sides, std, mean)
    return result


def _pairs(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    """Normal numbers `(..., 2, 8)` of two uniform ones, `u` without zero."""
    if u.dtype == np.float64:
        angle = 2 * math.pi * v
        log, sine, cosine = np.log(u), np.sin(angle), np.cos(angle)
    else:
        log = _cephes.log(u)
        sine, cosine = _cephes.sine_and_cosine(np.float32(2 * math.pi) * v)
    radius = np.sqrt(-2 * log)
    return np.stack([radius * cosine, radius * sine], 1)


def _scaled(x: np.ndarray, factor: Any, term: Any) -> np.ndarray:
    """`x * factor + term`, rounded once in float32, as PyTorch's compiler has it."""
    dtype = x.dtype.type
    if dtype is np.float64:
        return x * factor + term
    return _cephes.fused(x, dtype(factor), dtype(term))


@whole
def integers(engine: Engine, count: int, low: int, high: int, dtype: Any) -> np.ndarray:
    """Integers in `[low, high)`."""
    size = high - low
    if size >= 1 << 64:
        return engine.long_words(count).astype(np.int64).astype(dtype)
    wide = size >= 1 << 28
    drawn = engine.long_words(count) if wide else engine.words(count).astype(np.uint64)
    return ((drawn % np.uint64(size)).astype(np.int64) + low).astype(dtype)


@whole
def whole_range(engine: Engine, count: int, dtype: Any) -> np.ndarray:
    """Integers from 0 to the largest that the type tells from its neighbours."""
    long = dtype in (np.int64, np.float64)
    drawn = engine.long_words(count) if long else engine.words(count).astype(np.uint64)
    if dtype == np.bool_:
        return (drawn & np.uint64(1)).astype(dtype)
    if np.issubdtype(dtype, np.integer):
        return (drawn % np.uint64(int(np.iinfo(dtype).max) + 1)).astype(dtype)
    digits = {"float64": 53, "float32": 24, "float16": 11, "bfloat16": 8}[dtype.name]
    return (drawn % np.uint64((1 << digits) + 1)).astype(np.int64).astype(dtype)


@whole
def permutation(engine: Engine, count: int) -> np.ndarray:
    """A permutation of the first integers, by Fisher and Yates."""
    left = np.arange(count, 1, -1, dtype=np.uint64)
    draw = engine.words if count < (1 << 32) // 20 else engine.long_words
    moves = (draw(len(left)) % left).astype(np.int64) + np.arange(len(left))
    order = list(range(count))
    for index, other in enumerate(moves.tolist()):
        # A pair of assignments at once takes half as long again.
        swapped = order[other]
        order[other] = order[index]
        order[index] = swapped
    return np.array(order, np.int64)


@whole
def bernoulli(engine: Engine, count: int, p: Any) -> np.ndarray:
    """True with probability `p`: a number, or an array of as many probabilities."""
    if np.ndim(p) == 0:
        return engine.below(count, p)
    drawn = engine.doubles(count) if p.dtype == np.float64 else engine.floats(count)
    return drawn < p


@whole
def exponential(engine: Engine, count: int, rate: float = 1.0) -> np.ndarray:
    """Exponential numbers in float64."""
    return -1.0 / rate * np.log1p(-engine.doubles(count))


@whole
def geometric(engine: Engine, count: int, p: float) -> np.ndarray:
    """How many trials it takes until the first success, in float64."""
    drawn = engine.doubles(count)
    with np.errstate(divide="ignore"):
        return np.ceil(np.log(drawn) / math.log1p(-p))


@whole
def cauchy(
    engine: Engine, count: int, median: float = 0.0, sigma: float = 1.0
) -> np.ndarray:
    """Cauchy numbers in float64."""
    return median + sigma * np.tan(math.pi * (engine.doubles(count) - 0.5))


@whole
def log_normal(
    engine: Engine, count: int, mean: float = 1.0, std: float = 2.0
) -> np.ndarray:
    """Exponentials of normal numbers, in float64."""
    return np.exp(engine.normals(count) * std + mean)


@whole
def multinomial(
    engine: Engine,
    weights: np.ndarray,
    samples: int,
    replacement: bool,
    by_columns: bool = False,
) -> np.ndarray:
    """Indices drawn by their weights, `(rows, samples)` for `(rows, categories)`.

    `by_columns` says that the weights lie so in memory.
    """
    rows, categories = weights.shape
    if not replacement or samples == 1:
        # The race of exponential clocks: the largest weight / time comes first.
        times = exponential(engine, weights.size).astype(weights.dtype)
        if by_columns:
            times = times.reshape(weights.shape[::-1]).T
        with np.errstate(divide="ignore"):
            speed = weights / times.reshape(weights.shape)
        if samples == 1:
            return speed.argmax(-1)[:, None]
        return np.argsort(-speed, -1, kind="stable")[:, :samples]
    drawn = engine.doubles(rows * samples).reshape(rows, samples)
    if weights.dtype.itemsize == 2:
        weights = weights.astype(np.float32)
    sums = np.cumsum(weights, -1, dtype=weights.dtype)
    sums = (sums / sums[:, -1:]).astype(weights.dtype)
    sums[:, -1] = 1
    result = [np.searchsorted(s, d, "left") for s, d in zip(sums, drawn, strict=True)]
    return np.minimum(np.array(result).reshape(rows, samples), categories - 1)
