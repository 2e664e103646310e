"""Powers of a decay rate, exact in single precision."""

import math
from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array, ArrayLike


def power(base: float, exponent: Any) -> Any:
    """Compute `base ** exponent` for a plain number and an exponent that is an array.

    The logarithm is taken in double precision: 0.999 rounded to float32 and raised to
    the 100,000th power would be off by half a percent.
    """
    if not isinstance(exponent, jax.Array):
        return base**exponent
    if base > 0:
        return jnp.exp(exponent * math.log(base))
    return jnp.power(jnp.asarray(base, exponent.dtype), exponent)


def one_minus_power(beta: ArrayLike, step: Array) -> ArrayLike:
    """Compute `1 - beta ** step` for steps from 1, without cancellation.

    In float32, 1 - 0.999**1 has a relative error of 1e-5 when computed as written.
    """
    if not isinstance(beta, int | float):  # a scheduled beta is a traced value
        return 1 - beta**step
    return -jnp.expm1(step * math.log(beta)) if beta > 0 else 1.0
