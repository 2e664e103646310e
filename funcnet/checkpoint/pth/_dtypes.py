"""PyTorch's names of dtypes and of typed storages, and numpy's dtypes for them."""

from typing import Final

import ml_dtypes
import numpy as np

BY_NAME: Final[dict[str, np.dtype]] = {
    name: np.dtype(code)
    for name, code in {
        "bool": np.bool_,
        "uint8": np.uint8,
        "int8": np.int8,
        "int16": np.int16,
        "uint16": np.uint16,
        "uint32": np.uint32,
        "uint64": np.uint64,
        "int32": np.int32,
        "int64": np.int64,
        "float16": np.float16,
        "float32": np.float32,
        "float64": np.float64,
        "complex64": np.complex64,
        "complex128": np.complex128,
        "bfloat16": ml_dtypes.bfloat16,
        "float8_e4m3fn": ml_dtypes.float8_e4m3fn,
        "float8_e4m3fnuz": ml_dtypes.float8_e4m3fnuz,
        "float8_e5m2": ml_dtypes.float8_e5m2,
        "float8_e5m2fnuz": ml_dtypes.float8_e5m2fnuz,
        "float8_e8m0fnu": ml_dtypes.float8_e8m0fnu,
    }.items()
}
"""PyTorch's dtypes that numpy has too, by PyTorch's name."""

NAMES: Final = {dtype: name for name, dtype in BY_NAME.items()}

HALVES: Final = np.dtype("V4")
"""The bytes of PyTorch's complex32, which numpy does not have."""

STORAGES: Final[dict[str, str]] = {
    "BoolStorage": "bool",
    "ByteStorage": "uint8",
    "CharStorage": "int8",
    "ShortStorage": "int16",
    "IntStorage": "int32",
    "LongStorage": "int64",
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "FloatStorage": "float32",
    "DoubleStorage": "float64",
    "ComplexFloatStorage": "complex64",
    "ComplexDoubleStorage": "complex128",
}
"""The dtype that each class of storages holds; other dtypes lie in untyped ones."""

STORAGE_OF: Final = {dtype: storage for storage, dtype in STORAGES.items()}

QUANTIZED: Final = {
    *("QInt8Storage", "QUInt8Storage", "QInt32Storage"),
    *("QUInt4x2Storage", "QUInt2x4Storage"),
}

WITHOUT_NUMPY: Final = {
    *("complex32", "float4_e2m1fn_x2", "qint8", "quint8", "qint32", "quint4x2"),
    *("quint2x4", "bits1x8", "bits2x4", "bits4x2", "bits8", "bits16"),
    *(f"{sign}int{bits}" for sign in ("", "u") for bits in range(1, 8)),
}
"""PyTorch's dtypes for which numpy has none."""
