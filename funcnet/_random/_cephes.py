"""Logarithm, sine and cosine in float32 by the polynomials of the Cephes library.

PyTorch's vectorised normal numbers are made with them, products and sums fused (rounded
once); numpy's functions round better, but not to the same bits. The formulas are those
of Moshier's Cephes library, https://www.netlib.org/cephes/, `logf.c` and `sinf.c`.
"""

import functools
from typing import Final

import numpy as np

_LOG: Final = [
    *(7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1),
    *(1.4249322787e-1, -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1),
    3.3333331174e-1,
]
_LOG2: Final = (0.693359375, -2.12194440e-4)  # the logarithm of 2, in two parts
_EIGHTH_TURN: Final = (0.78515625, 2.4187564849853515625e-4, 3.77489497744594108e-8)
_SINE: Final = [-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1]
_COSINE: Final = [2.443315711809948e-5, -1.388731625493765e-3, 4.166664568298827e-2]

Array = np.ndarray


def fused(x: Array, y: Array | float, z: Array | float) -> Array:
    """`x * y + z` of float32 numbers, rounded once: the product is exact in float64."""
    wide = np.multiply(x, np.float32(y), dtype=np.float64)
    wide += np.float32(z)
    return wide.astype(np.float32)


def _polynomial(x: Array, coefficients: list[float]) -> Array:
    first, *rest = coefficients
    start = np.full_like(x, first)
    return functools.reduce(lambda y, c: fused(y, x, c), rest, start)


def log(x: Array) -> Array:
    """The natural logarithm of numbers in (0, 1]."""
    fraction, exponent = np.frexp(x)
    small = fraction < np.float32(0.707106781186547524)
    exponent = (exponent - small).astype(np.float32)
    fraction = fraction + np.where(small, fraction, np.float32(0)) - np.float32(1)
    square = fraction * fraction
    y = _polynomial(fraction, _LOG) * fraction
    y = fused(y, square, exponent * np.float32(_LOG2[1]))
    y = fused(square, -0.5, y)
    return fused(exponent, _LOG2[0], fraction + y)


def sine_and_cosine(x: Array) -> tuple[Array, Array]:
    """Sine and cosine of angles from 0 to a full turn."""
    octant = (x * np.float32(1.27323954473516)).astype(np.int32)
    octant = (octant + 1) & ~1
    turned = octant.astype(np.float32)
    for part in _EIGHTH_TURN:
        x = fused(turned, -part, x)
    square = x * x
    y = _polynomial(square, _COSINE) * square
    cosine = fused(y, square, square * np.float32(-0.5)) + np.float32(1)
    y = _polynomial(square, _SINE) * square
    sine = fused(y, x, x)
    straight = (octant & 2) == 0
    down = np.where((octant & 4) == 0, np.float32(1), np.float32(-1))
    left = np.where(((octant - 2) & 4) == 0, np.float32(-1), np.float32(1))
    return (
        np.where(straight, sine, cosine) * down,
        np.where(straight, cosine, sine) * left,
    )
