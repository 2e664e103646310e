"""Normal numbers of `_distributions`, bit for bit, by a program of XLA.

numpy takes 40 ns of a processor for a number and this 13; the program takes 0.2 s to
compile. Products that are rounded apart are never added up in the same precision, so
that no compiler can fuse them; the first block is compared with numpy's nevertheless.
"""

import functools
import math
from collections.abc import Callable
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np
from jax import lax

from funcnet._random import _cephes

BLOCK: Final = 1 << 16
"""How many numbers a call of the program makes."""

_F32 = np.float32
_Numbers = Any  # arrays of JAX while the program is traced


def normals(
    numpy_blocks: Callable[..., np.ndarray],
) -> Callable[[np.ndarray, float, float], np.ndarray] | None:
    """What does as `numpy_blocks` with float32 numbers, or None if it would differ."""
    drawn = np.random.RandomState(0).randint(0, 1 << 24, BLOCK)
    drawn[:32], drawn[32:64] = (1 << 24) - 1, 0
    fractions = drawn.astype(_F32) * _F32(2.0**-24)
    program = _program()
    same = np.array_equal(
        _run(program, fractions, 0.5, 3.0), numpy_blocks(fractions, 0.5, 3.0)
    )
    return functools.partial(_run, program) if same else None


def _run(program: Any, drawn: np.ndarray, mean: float, std: float) -> np.ndarray:
    result = np.empty_like(drawn)
    scale = _F32(std), _F32(mean)
    for start in range(0, len(drawn), BLOCK):
        part = drawn[start : start + BLOCK]
        padded = part if len(part) == BLOCK else np.resize(part, BLOCK)
        made = np.asarray(program(padded, *scale))
        result[start : start + BLOCK] = made[: len(part)]
    return result


def _program() -> Any:
    number = jax.ShapeDtypeStruct((), _F32)
    with jax.enable_x64(True), jax.default_device(jax.devices("cpu")[0]):
        program = jax.jit(_block)
        return program.lower(
            jax.ShapeDtypeStruct((BLOCK,), _F32), number, number
        ).compile()


def _block(drawn: _Numbers, std: _Numbers, mean: _Numbers) -> _Numbers:
    """Box and Muller on blocks of 16, as `_distributions._blocks`."""
    pairs = drawn.reshape(-1, 2, 8)
    sine, cosine = _sine_and_cosine(_F32(2 * math.pi) * pairs[:, 1])
    radius = jnp.sqrt(_F32(-2) * _log(_F32(1) - pairs[:, 0]))
    sides = jnp.stack([radius * cosine, radius * sine], 1).reshape(-1)
    scaled = _fused(sides, std, mean)
    return jnp.where((std == 1) & (mean == 0), sides, scaled)


def _fused(x: _Numbers, y: Any, z: Any) -> _Numbers:
    wide = [jnp.asarray(a, _F32).astype(np.float64) for a in (x, y, z)]
    return (wide[0] * wide[1] + wide[2]).astype(_F32)


def _polynomial(x: _Numbers, coefficients: list[float]) -> _Numbers:
    first, *rest = coefficients
    start = jnp.full_like(x, first)
    return functools.reduce(lambda y, c: _fused(y, x, c), rest, start)


def _log(x: _Numbers) -> _Numbers:
    bits = lax.bitcast_convert_type(x, np.int32)
    exponent = (bits >> 23) - 126
    fraction = lax.bitcast_convert_type((bits & 0x7FFFFF) | (126 << 23), _F32)
    small = fraction < _F32(0.707106781186547524)
    exponent = (exponent - small.astype(np.int32)).astype(_F32)
    fraction = fraction + jnp.where(small, fraction, _F32(0)) - _F32(1)
    square = fraction * fraction
    y = _polynomial(fraction, _cephes._LOG) * fraction
    y = _fused(y, square, exponent * _F32(_cephes._LOG2[1]))
    y = _fused(square, -0.5, y)
    return _fused(exponent, _cephes._LOG2[0], fraction + y)


def _sine_and_cosine(x: _Numbers) -> tuple[_Numbers, _Numbers]:
    octant = (x * _F32(1.27323954473516)).astype(np.int32)
    octant = (octant + 1) & ~1
    turned = octant.astype(_F32)
    for part in _cephes._EIGHTH_TURN:
        x = _fused(turned, -part, x)
    square = x * x
    y = _polynomial(square, _cephes._COSINE) * square
    cosine = _fused(y, square, square * _F32(-0.5)) + _F32(1)
    y = _polynomial(square, _cephes._SINE) * square
    sine = _fused(y, x, x)
    straight = (octant & 2) == 0
    down = jnp.where((octant & 4) == 0, _F32(1), _F32(-1))
    left = jnp.where(((octant - 2) & 4) == 0, _F32(-1), _F32(1))
    return (
        jnp.where(straight, sine, cosine) * down,
        jnp.where(straight, cosine, sine) * left,
    )
