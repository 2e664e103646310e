"""numpy's scalars, dtypes and arrays, as pickles of numpy describe them."""

from typing import Any, Final

import numpy as np

from funcnet.checkpoint.pth._errors import DamagedError, RefusedError
from funcnet.checkpoint.pth._pickle.values import Known

_KINDS: Final = {
    *("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"),
    *("f2", "f4", "f8", "c8", "c16"),
}
_MOST_DIMENSIONS = 32


def _dtype(code: Any, align: Any = False, copy: Any = True) -> np.dtype:
    if type(code) is not str or code not in _KINDS:
        raise RefusedError(
            f"the file holds a numpy dtype {ascii(code)[:40]}. Numbers of numpy are "
            "read, objects, strings and records are not."
        )
    return np.dtype(code)


def _scalar(dtype: Any, data: Any) -> np.generic:
    if not isinstance(dtype, np.dtype) or type(data) is not bytes:
        raise DamagedError("a scalar of numpy has no dtype, or no bytes.")
    if len(data) != dtype.itemsize:
        raise DamagedError(f"a scalar of {dtype} has {len(data)} bytes.")
    scalar: np.generic = np.frombuffer(data, dtype)[0]
    return scalar


def _empty(cls: Any, shape: Any, dtype: Any) -> np.ndarray:
    if not isinstance(cls, Known) or cls.name != "numpy.ndarray":
        raise RefusedError("numpy is asked to make something that is no array.")
    return np.empty(0, np.int8)


def build_dtype(dtype: np.dtype, state: Any) -> None:
    """Check what a pickle says about a dtype: the order of its bytes, and no more."""
    order = state[1] if type(state) is tuple and len(state) in (8, 9) else None
    if type(order) is not str or order not in ("<", "|", "="):
        raise RefusedError(
            f"a dtype of numpy has the byte order {ascii(order)[:20]}; only "
            "little-endian numbers of numpy are read."
        )
    if any(part is not None for part in state[2:5]):
        raise RefusedError("a dtype of numpy has fields; records are not read.")


def build_array(array: np.ndarray, state: Any) -> None:
    """Give an empty array its values."""
    # Only arrays of `_empty` own nothing that a tensor may share.
    new = array.shape == (0,) and array.dtype == np.int8 and array.flags.owndata
    if type(state) is not tuple or len(state) != 5 or not new:
        raise DamagedError("an array of numpy lacks its shape or its numbers.")
    _, shape, dtype, fortran, data = state
    fits = (
        isinstance(dtype, np.dtype)
        and type(shape) is tuple
        and len(shape) <= _MOST_DIMENSIONS
        and all(type(n) is int and n >= 0 for n in shape)
        and type(fortran) is bool
        and type(data) is bytes
    )
    if not fits:
        raise RefusedError("an array of numpy is not made of plain numbers.")
    count = 1
    for size in shape:
        count *= size
    if count * dtype.itemsize != len(data) or (not count and max(shape) > 2**31):
        raise DamagedError(f"an array {shape} of {dtype} has {len(data)} bytes.")
    array.__setstate__((1, shape, dtype, fortran, data))


def _names() -> dict[str, Known]:
    known = [Known("numpy.dtype", _dtype), Known("numpy.ndarray")]
    for package in ("numpy.core", "numpy._core"):
        known += [
            Known(f"{package}.multiarray.scalar", _scalar),
            Known(f"{package}.multiarray._reconstruct", _empty),
        ]
    return {known_value.name: known_value for known_value in known}


TABLE: Final = _names()
"""The functions of numpy that a file may name, each one of ours."""
