"""Values in another dtype, rounded as PyTorch rounds them on the CPU."""

import functools
from types import ModuleType
from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np

from funcnet._types import Array
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DType

_MOST: Final = 448.0
"""The greatest number of `float8_e4m3fn`, to which greater ones are rounded."""

_LEAST: Final = np.float32(2.0**-127)
"""The least number of `float8_e8m0fnu`, which has no zero."""


def converted(x: Any, dtype: DType) -> Any:
    """An array of numpy, or one of JAX that is being traced, in another dtype."""
    if x.dtype == _dtypes.complex32.numpy:
        x = from_halves(x)
    if dtype is _dtypes.complex32:
        wide = x.astype(np.complex64)
        return to_halves(wide) if isinstance(x, np.ndarray) else halved(wide)
    if not dtype.is_float8:
        if x.dtype.itemsize == 1:
            x = _widened(x)
        return x.astype(dtype.numpy)
    return _host_float8(x, dtype) if isinstance(x, np.ndarray) else _float8(x, dtype)


def _widened(x: Any) -> Any:
    """Eight bits of a floating-point number as `float32`."""
    known = _dtypes.BY_NUMPY.get(x.dtype)
    return x.astype(np.float32) if known is not None and known.is_float8 else x


def _host_float8(x: np.ndarray, dtype: DType) -> np.ndarray:
    with np.errstate(over="ignore"):
        wide = np.asarray(_widened(x).real.astype(np.float32))
    return _rounded(wide, dtype, np).astype(dtype.numpy)


@functools.partial(jax.custom_jvp, nondiff_argnums=(1,))
def _float8(x: Array, dtype: DType) -> Any:
    wide = _rounded(jnp.real(_widened(x)).astype(np.float32), dtype, jnp)
    narrow = wide.astype(dtype.numpy)
    if dtype is _dtypes.float8_e8m0fnu:  # whose least number XLA takes for a zero
        least = jax.lax.bitcast_convert_type(jnp.uint8(0), dtype.numpy)
        narrow = jnp.where(wide < np.finfo(np.float32).tiny, least, narrow)
    return narrow


@_float8.defjvp
def _float8_tangent(dtype: DType, x: tuple[Array], tangent: tuple[Array]) -> Any:
    # As in PyTorch, the gradient passes where values are clipped, too.
    return _float8(x[0], dtype), jnp.real(tangent[0]).astype(dtype.numpy)


def _rounded(x: Any, dtype: DType, xp: ModuleType) -> Any:
    """What is to be rounded by the dtype's own rules, of a `float32`."""
    if dtype is _dtypes.float8_e4m3fn:
        return xp.clip(x, -_MOST, _MOST)
    if dtype is _dtypes.float8_e8m0fnu:  # powers of two, without signs or a zero
        return xp.maximum(xp.abs(x), _LEAST)
    return x


def check_fits(number: Any, dtype: DType) -> None:
    """Raise where a Python number is beyond what an eight-bit dtype holds."""
    if not dtype.is_float8:
        return
    limits = jnp.finfo(dtype.numpy)
    least = 0.0 if dtype is _dtypes.float8_e8m0fnu else float(limits.min)
    infinite = dtype is _dtypes.float8_e5m2 and np.isinf(number)
    if not (infinite or number != number or least <= number <= float(limits.max)):
        raise RuntimeError(
            f"value cannot be converted to type c10::{dtype.type_name} without overflow"
        )


# --- complex numbers of two halves ----------------------------------------------------


def to_halves(x: np.ndarray) -> np.ndarray:
    """Complex numbers as they lie in memory: two halves each, four bytes for numpy."""
    parts = np.empty((*x.shape, 2), np.float16)
    with np.errstate(over="ignore"):
        parts[..., 0], parts[..., 1] = x.real, x.imag
    return parts.view(_dtypes.complex32.numpy)[..., 0]


def from_halves(x: np.ndarray) -> np.ndarray:
    """The same as complex64, which is computed with."""
    parts = halves_of(x)
    wide = np.empty(x.shape, np.complex64)
    wide.real, wide.imag = parts[..., 0], parts[..., 1]
    return wide


def halves_of(x: np.ndarray) -> np.ndarray:
    """The two halves of each, in the same memory, along a new last dimension."""
    return x[..., None].view(np.float16)


def halved(x: Array) -> Any:
    """Complex64 of JAX, with its parts rounded to halves."""
    return jax.lax.complex(
        *[halved_part(part).astype(np.float32) for part in (jnp.real(x), jnp.imag(x))]
    )


def halved_part(x: Array) -> Any:
    """Real numbers of JAX as halves."""
    # Without the barrier XLA would leave out the rounding where they are made wide.
    return jax.lax.optimization_barrier(x.astype(np.float16))


def in_memory(dtype: DType, array: Any) -> np.ndarray:
    """What is computed with, as it lies in the memory of the host."""
    array = np.asarray(array)
    return to_halves(array) if dtype is _dtypes.complex32 else array
