"""Rules of matrix products, by BLAS."""

import math
from typing import Any, Final

import numpy as np

from funcnet.compat._interpreter.parallel import each
from funcnet.compat._interpreter.rules.table import (
    Compute,
    Equation,
    in_dtype,
    is_half,
    is_narrow,
    out_dtype,
    rule,
)


@rule("dot_general")
def _dot_general(equation: Equation) -> Compute | None:
    (contract_x, contract_y), (batch_x, batch_y) = equation.params["dimension_numbers"]
    dtype = out_dtype(equation)
    dtypes = in_dtype(equation), in_dtype(equation, 1)
    if any(map(is_narrow, dtypes)):
        return None
    # What BLAS has no product for is computed in a wider dtype that it has.
    wide: np.dtype | None = None
    if any(map(is_half, dtypes)) or dtypes[0] != dtypes[1]:
        wide = np.result_type(
            *[np.dtype(np.float32) if is_half(one) else one for one in dtypes],
            dtype if not is_half(dtype) else np.float32,
        )
    elif dtypes[0].kind in "iub" and dtypes[0] != dtype:
        wide = dtype
    x_shape, y_shape = (var.aval.shape for var in equation.invars)
    free_x = [i for i in range(len(x_shape)) if i not in (*contract_x, *batch_x)]
    free_y = [i for i in range(len(y_shape)) if i not in (*contract_y, *batch_y)]
    batch = tuple(x_shape[i] for i in batch_x)
    inner = math.prod(x_shape[i] for i in contract_x)
    rows, columns = [x_shape[i] for i in free_x], [y_shape[i] for i in free_y]
    x_order, y_order = (
        (*batch_x, *free_x, *contract_x),
        (*batch_y, *contract_y, *free_y),
    )
    x_matrix = (*batch, math.prod(rows), inner)
    y_matrix = (*batch, inner, math.prod(columns))
    shape = (*batch, *rows, *columns)

    if wide is None and len(x_shape) == len(y_shape) == 1 and not (contract_x or batch):
        return lambda x, y: np.multiply(x[:, None], y)
    is_plain = len(contract_x) == 1 and not batch
    if wide is None and is_plain and inner * math.prod(shape) < _SHARED:
        # As they stand, numpy multiplies them.
        if x_order == tuple(range(len(x_shape))) and len(x_shape) < 3:
            if y_order == (0, 1) or (y_order == (0,) and len(x_shape) == 2):
                return np.matmul
            if y_order == (1, 0):
                return lambda x, y: np.matmul(x, y.T)
        elif x_order == (1, 0) and y_order in ((0,), (0, 1)):
            return lambda x, y: np.matmul(x.T, y)

    def dot(x: Any, y: Any) -> Any:
        x = x.transpose(x_order).reshape(x_matrix)
        y = y.transpose(y_order).reshape(y_matrix)
        if wide is not None:
            x, y = x.astype(wide), y.astype(wide)
        result = _product(x, y).reshape(shape)
        return result if result.dtype == dtype else result.astype(dtype)

    return dot


_SHARED: Final = 1 << 25
"""From so many multiplications on a product is cut; a part has four times as many.

BLAS copies the operands into its own order once for each part.
"""

_LEAST_ROWS: Final = 128


def _product(x: np.ndarray, y: np.ndarray) -> Any:
    """`x @ y`; a large product in parts."""
    *batch, rows, _ = x.shape
    columns = y.shape[-1]
    count = x.size * columns
    length = batch[0] if batch else max(rows, columns)
    most = length if batch else length // _LEAST_ROWS
    parts = 2 * min(max(count // (4 * _SHARED), 1), most // 2)
    if count < _SHARED or parts < 2:
        return np.matmul(x, y)
    result = np.empty((*batch, rows, columns), np.result_type(x, y))
    size = -(-length // parts)

    def multiply(index: int) -> None:
        part = slice(index * size, (index + 1) * size)
        if batch:
            np.matmul(x[part], y[part], out=result[part])
        elif rows >= columns:
            np.matmul(x[part], y, out=result[part])
        else:
            np.matmul(x, y[:, part], out=result[:, part])

    each(multiply, parts)
    return result
