"""The dtypes that files may hold; no other name is ever looked up."""

import ml_dtypes
import numpy as np

DTYPES: dict[str, np.dtype] = {
    dtype.name: dtype
    for dtype in map(
        np.dtype,
        [
            *("bool", "int8", "int16", "int32", "int64"),
            *("uint8", "uint16", "uint32", "uint64"),
            *("float16", "float32", "float64", "complex64", "complex128"),
            ml_dtypes.bfloat16,
            *(ml_dtypes.int2, ml_dtypes.int4, ml_dtypes.uint2, ml_dtypes.uint4),
            *(ml_dtypes.float8_e3m4, ml_dtypes.float8_e4m3),
            *(ml_dtypes.float8_e4m3fn, ml_dtypes.float8_e4m3fnuz),
            *(ml_dtypes.float8_e4m3b11fnuz, ml_dtypes.float8_e8m0fnu),
            *(ml_dtypes.float8_e5m2, ml_dtypes.float8_e5m2fnuz),
            *(ml_dtypes.float4_e2m1fn, ml_dtypes.float6_e2m3fn),
            ml_dtypes.float6_e3m2fn,
        ],
    )
}
