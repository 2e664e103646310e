"""Rules of random bits: JAX's keys of Threefry-2x32, bit for bit.

A key is an array of two `uint32` here, its last dimension.
"""

import math
from typing import Any, Final

import jax
import numpy as np

from funcnet.compat._interpreter.rules.table import Compute, Equation, rule

_ROTATIONS: Final = ((13, 15, 26, 6), (17, 29, 16, 24))
_PARITY: Final = np.uint32(0x1BD11BDA)


def threefry(key: Any, high: Any, low: Any) -> tuple[Any, Any]:
    """The Threefry-2x32 hash of counters: 20 rounds (Salmon et al. 2011)."""
    first, second = key[..., 0], key[..., 1]
    keys = (first, second, first ^ second ^ _PARITY)
    x, y = high + keys[0], low + keys[1]
    for group in range(5):
        for rotation in _ROTATIONS[group % 2]:
            x = x + y
            y = (y << np.uint32(rotation)) | (y >> np.uint32(32 - rotation))
            y = x ^ y
        x = x + keys[(group + 1) % 3]
        y = y + keys[(group + 2) % 3] + np.uint32(group + 1)
    return x, y


def _counters(shape: tuple[int, ...]) -> tuple[Any, Any]:
    count = np.arange(math.prod(shape), dtype=np.uint64).reshape(shape)
    return (count >> np.uint64(32)).astype(np.uint32), count.astype(np.uint32)


def _is_threefry(equation: Equation, dtype: Any) -> bool:
    return getattr(
        getattr(dtype, "_impl", None), "name", ""
    ) == "threefry2x32" and bool(jax.config.jax_threefry_partitionable)


def _of_seed(seed: Any) -> Any:
    seed = np.asarray(seed)
    wide = seed.astype(np.int64 if seed.dtype.kind == "i" else np.uint64)
    wide = wide.astype(np.uint64)
    low = wide.astype(np.uint32)
    high = (wide >> np.uint64(32)).astype(np.uint32)
    if seed.dtype.itemsize < 8:
        high = np.zeros_like(high)
    return np.stack([high, low], -1)


@rule("random_seed")
def _random_seed(equation: Equation) -> Compute | None:
    if not _is_threefry(equation, equation.outvars[0].aval.dtype):
        return None
    return _of_seed


@rule("random_wrap", "random_unwrap")
def _random_wrap(equation: Equation) -> Compute:
    return lambda x: x


@rule("random_fold_in")
def _random_fold_in(equation: Equation) -> Compute | None:
    if not _is_threefry(equation, equation.invars[0].aval.dtype):
        return None

    def fold_in(key: Any, data: Any) -> Any:
        counter = _of_seed(np.asarray(data).astype(np.uint32))
        return np.stack(threefry(key, counter[..., 0], counter[..., 1]), -1)

    return fold_in


@rule("random_split")
def _random_split(equation: Equation) -> Compute | None:
    if not _is_threefry(equation, equation.invars[0].aval.dtype):
        return None
    if equation.invars[0].aval.shape:
        return None
    high, low = _counters(equation.params["shape"])
    return lambda key: np.stack(threefry(key, high, low), -1)


@rule("random_bits")
def _random_bits(equation: Equation) -> Compute | None:
    if not _is_threefry(equation, equation.invars[0].aval.dtype):
        return None
    if equation.invars[0].aval.shape:
        return None
    width, shape = equation.params["bit_width"], equation.params["shape"]

    def bits(key: Any) -> Any:
        high, low = threefry(key, *_counters(shape))
        if width == 64:
            return (high.astype(np.uint64) << np.uint64(32)) | low
        return (high ^ low).astype(f"uint{width}")

    return bits
