"""The numbers in the frozen files, known without PyTorch."""

import numpy as np

from funcnet.checkpoint.pth._dtypes import BY_NAME

DTYPES = [
    *("bool", "uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64"),
    *("float16", "bfloat16", "float32", "float64", "complex64", "complex128"),
    *("float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz"),
    "float8_e8m0fnu",
]


def pattern(count: int, name: str) -> np.ndarray:
    """Bytes of any kind; a bool has but two."""
    result = (np.arange(count) * 37 + 11) % 251
    return (result % 2 if name == "bool" else result).astype(np.uint8)


def numbers(name: str, *shape: int) -> np.ndarray:
    """The numbers of a dtype, named as PyTorch does."""
    dtype = BY_NAME[name]
    count = int(np.prod(shape, dtype=int))
    return pattern(count * dtype.itemsize, name).view(dtype).reshape(shape)
