"""Numbers in another dtype, rounded as PyTorch rounds them on the CPU."""

import functools
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np

from funcnet.compat import _dtypes
from funcnet.compat._dtypes import dtype

_MOST: Final = 448.0
"""The greatest number of `float8_e4m3fn`, to which greater ones are rounded."""

_LEAST: Final = np.float32(2.0**-127)
"""The least number of `float8_e8m0fnu`, which has no zero."""


def converted(x: Any, kind: dtype) -> Any:
    """An array of numpy, or one of JAX that is being traced, in another dtype."""
    if not kind.is_float8:
        if x.dtype.itemsize == 1:
            x = _widened(x)
        return x.astype(kind.numpy)
    return _host_float8(x, kind) if isinstance(x, np.ndarray) else _float8(x, kind)


def _widened(x: Any) -> Any:
    """Eight bits of a floating-point number as `float32`."""
    known = _dtypes.BY_NUMPY.get(x.dtype)
    return x.astype(np.float32) if known is not None and known.is_float8 else x


def _host_float8(x: np.ndarray, kind: dtype) -> np.ndarray:
    with np.errstate(over="ignore"):
        wide = np.asarray(_widened(x).real.astype(np.float32))
    return _rounded(wide, kind, np).astype(kind.numpy)


@functools.partial(jax.custom_jvp, nondiff_argnums=(1,))
def _float8(x: Any, kind: dtype) -> Any:
    wide = _rounded(jnp.real(_widened(x)).astype(np.float32), kind, jnp)
    narrow = wide.astype(kind.numpy)
    if kind is _dtypes.float8_e8m0fnu:  # whose least number XLA takes for a zero
        least = jax.lax.bitcast_convert_type(jnp.uint8(0), kind.numpy)
        narrow = jnp.where(wide < np.finfo(np.float32).tiny, least, narrow)
    return narrow


@_float8.defjvp
def _float8_tangent(kind: dtype, x: Any, tangent: Any) -> Any:
    # As in PyTorch, the gradient passes where numbers are cut off, too.
    return _float8(x[0], kind), jnp.real(tangent[0]).astype(kind.numpy)


def _rounded(x: Any, kind: dtype, xp: Any) -> Any:
    """What is to be rounded by the dtype's own rules, of a `float32`."""
    if kind is _dtypes.float8_e4m3fn:
        return xp.clip(x, -_MOST, _MOST)
    if kind is _dtypes.float8_e8m0fnu:  # powers of two, without signs or a zero
        return xp.maximum(xp.abs(x), _LEAST)
    return x


def check_fits(number: Any, kind: dtype) -> None:
    """Raise where a Python number is beyond what an eight-bit dtype holds."""
    if not kind.is_float8:
        return
    limits = jnp.finfo(kind.numpy)
    least = 0.0 if kind is _dtypes.float8_e8m0fnu else float(limits.min)
    infinite = kind is _dtypes.float8_e5m2 and np.isinf(number)
    if not (infinite or number != number or least <= number <= float(limits.max)):
        raise RuntimeError(
            f"value cannot be converted to type c10::{kind.type_name} without overflow"
        )
