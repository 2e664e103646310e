"""What a tensor is made of: numbers, nested lists, arrays, as one array of numpy."""

from collections.abc import Sequence
from typing import Any, NoReturn

import numpy as np

from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.conversion import converted
from funcnet.compat._core.dtype import dtype as DType
from funcnet.compat._core.dtype import from_numpy_dtype, of_number, promote_types
from funcnet.compat._tensor.tensor import Tensor

NUMBERS = (bool, int, float, complex)
PYTHONS = {
    bool: _dtypes.bool_,
    int: _dtypes.int64,
    float: _dtypes.float64,
    complex: _dtypes.complex128,
}


def as_dtype(dtype: Any) -> DType | None:
    """A dtype, which may be given as a type of Python; None stays None."""
    if dtype is None or isinstance(dtype, DType):
        return dtype
    if dtype in PYTHONS:
        return PYTHONS[dtype]
    raise TypeError(f"dtype must be torch.dtype, not {type(dtype).__name__}")


def from_data(data: object, dtype: DType | None = None) -> np.ndarray:
    """A fresh array of data, in a dtype or in the one that the data have.

    Integers become int64 and Python's floats the default dtype; arrays keep theirs.
    """
    if isinstance(data, np.ndarray | np.generic) or _is_array(data):
        array = np.asarray(data)
        result = from_numpy_dtype(array.dtype)
    else:
        array, result = _from_numbers(data)
    dtype = dtype or result
    if array.dtype.kind in "iu" and not dtype.is_inexact:
        _check_range(array, dtype)
    if dtype.is_float8 or dtype is _dtypes.complex32:
        return converted(array, dtype)
    return np.array(array, dtype.numpy, order="C")


def _is_array(data: object) -> bool:
    """Tell arrays of other libraries, images and columns of tables."""
    return hasattr(data, "__array__") and not isinstance(data, Tensor)


def _from_numbers(data: object) -> tuple[np.ndarray, DType]:
    leaf = data
    while isinstance(leaf, Sequence) and not isinstance(leaf, str) and len(leaf):
        leaf = leaf[0]
    if not isinstance(leaf, (*NUMBERS, list, tuple)) or isinstance(leaf, np.generic):
        data, dtype = _plain(data)
    else:
        dtype = None
    try:
        array = np.array(data)
    except (ValueError, TypeError):
        _explain(data)
    if array.dtype.kind not in "biufcV" or array.dtype == np.uint64:
        _explain(data)
    if dtype is None:
        dtype = (
            of_number(array.dtype.type(0))
            if array.size
            else _dtypes.get_default_dtype()
        )
    return array, dtype


def _plain(data: object) -> tuple[Any, DType | None]:
    """The data with numbers in place of tensors, and what dtype they have."""
    if isinstance(data, Tensor):
        array = np.asarray(data._array())
        if data.dtype.itemsize < 4 and data.dtype.is_floating_point:
            array = array.astype(np.float32)
        return array.tolist(), data.dtype
    if isinstance(data, np.ndarray | np.generic):
        return data.tolist(), from_numpy_dtype(data.dtype)
    if isinstance(data, Sequence) and not isinstance(data, str):
        parts = [_plain(part) for part in data]
        kinds = [dtype for _, dtype in parts if dtype is not None]
        dtype = kinds[0] if kinds else None
        for other in kinds[1:]:
            dtype = promote_types(dtype, other)  # type: ignore[arg-type]
        return [part for part, _ in parts], dtype
    return data, of_number(data) if isinstance(data, NUMBERS) else None


def _explain(data: object) -> NoReturn:
    """Say why no tensor can be made of the data."""
    if isinstance(data, str):
        raise TypeError("new(): invalid data type 'str'")
    sizes, first = [], data
    while isinstance(first, list | tuple):
        sizes.append(len(first))
        if not first:
            break
        first = first[0]
    if isinstance(first, str):
        raise ValueError("too many dimensions 'str'")
    _check_part(data, sizes, 0)
    raise ValueError("Overflow when unpacking long long")


def _check_part(part: Any, sizes: list[int], dim: int) -> None:
    is_list = isinstance(part, list | tuple)
    if isinstance(part, str):
        raise TypeError("new(): invalid data type 'str'")
    if not is_list and not isinstance(part, NUMBERS):
        raise RuntimeError(f"Could not infer dtype of {type(part).__name__}")
    if dim == len(sizes):
        if is_list:
            raise TypeError("'list' object cannot be interpreted as an integer")
        return
    if not is_list:
        raise TypeError("not a sequence")
    if len(part) != sizes[dim]:
        raise ValueError(
            f"expected sequence of length {sizes[dim]} at dim {dim} (got {len(part)})"
        )
    for item in part:
        _check_part(item, sizes, dim + 1)


def _check_range(array: np.ndarray, dtype: DType) -> None:
    """Raise where a number is too large for an integral dtype."""
    if dtype is _dtypes.bool_ or dtype.itemsize >= array.itemsize or not array.size:
        return
    limits = np.iinfo(dtype.numpy)
    # Negative numbers wrap around where there is no sign.
    least = limits.min if dtype.is_signed else -limits.max
    if array.min() < least or array.max() > limits.max:
        raise RuntimeError(
            f"value cannot be converted to type {dtype.name} without overflow"
        )
