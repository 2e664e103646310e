"""Rules of matrix products and convolutions: one product of BLAS for each."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from funcnet.compat._interpreter.rules import (
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

    def dot(x: Any, y: Any) -> Any:
        x = x.transpose(x_order).reshape(x_matrix)
        y = y.transpose(y_order).reshape(y_matrix)
        if wide is not None:
            x, y = x.astype(wide), y.astype(wide)
        result = np.matmul(x, y).reshape(shape)
        return result if result.dtype == dtype else result.astype(dtype)

    return dot


@rule("correlate")
def _correlate(equation: Equation) -> Compute | None:
    """funcnet's own: `(batch, *spatial, in)` with `(*kernel, in, out)`."""
    dtype = in_dtype(equation)
    if dtype.kind == "V" and is_narrow(dtype):
        return None
    params = equation.params
    strides, dilations = params["strides"], params["dilations"]
    x_shape, kernel = equation.invars[0].aval.shape, equation.invars[1].aval.shape[:-2]
    counts = equation.outvars[0].aval.shape[1:-1]
    patches = Patches(x_shape[1:-1], kernel, strides, params["pads"], dilations, counts)
    channels, outputs = equation.invars[1].aval.shape[-2:]
    shape = equation.outvars[0].aval.shape
    wide = np.dtype(np.float32) if is_half(dtype) else dtype
    taps = math.prod(kernel)

    def correlate(x: Any, weight: Any) -> Any:
        x, weight = x.astype(wide, copy=False), weight.astype(wide, copy=False)
        columns = patches.of_last(x)  # (batch, *counts, *kernel, in)
        result = columns.reshape(-1, taps * channels) @ weight.reshape(-1, outputs)
        return result.reshape(shape).astype(dtype, copy=False)

    return correlate


class Patches:
    """The part of an input that each position of a kernel sees.

    Args:
        sizes: of the spatial dimensions of the input.
        kernel, strides, pads, dilations: of the windows; pads may be negative.
        counts: the number of positions in each dimension.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        kernel: Sequence[int],
        strides: Sequence[int],
        pads: Sequence[tuple[int, int]],
        dilations: Sequence[int],
        counts: Sequence[int],
    ) -> None:
        self.kernel, self.strides, self.dilations = kernel, strides, dilations
        self.counts = tuple(counts)
        self.before = [max(low, 0) for low, _ in pads]
        self.crop = [max(-low, 0) for low, _ in pads]
        # No more is padded than the last window reads.
        self.length = [
            (count - 1) * stride + (size - 1) * dilation + 1 if count else 0
            for count, stride, size, dilation in zip(
                counts, strides, kernel, dilations, strict=True
            )
        ]
        self.padded = any(
            before or crop + length > size
            for before, crop, length, size in zip(
                self.before, self.crop, self.length, sizes, strict=True
            )
        )

    def of_last(self, x: Any) -> Any:
        """Of `(batch, *spatial, channels)`: `(batch, *counts, *kernel, channels)`."""
        index = tuple(slice(crop, None) for crop in self.crop)
        x = x[(slice(None), *index)]
        if self.padded:
            whole = np.zeros((x.shape[0], *self.length, x.shape[-1]), x.dtype)
            target, source = [], []
            for before, size, length in zip(
                self.before, x.shape[1:-1], self.length, strict=True
            ):
                stop = min(before + size, length)
                target.append(slice(before, max(stop, before)))
                source.append(slice(0, max(stop - before, 0)))
            whole[(slice(None), *target)] = x[(slice(None), *source)]
            x = whole
        batch, *spatial, channel = x.strides
        shape = (x.shape[0], *self.counts, *self.kernel, x.shape[-1])
        steps = (
            batch,
            *[step * by for step, by in zip(spatial, self.strides, strict=True)],
            *[step * by for step, by in zip(spatial, self.dilations, strict=True)],
            channel,
        )
        return np.lib.stride_tricks.as_strided(x, shape, steps, writeable=False)


@rule("conv_general_dilated")
def _conv_general_dilated(equation: Equation) -> Compute | None:
    params, dtype = equation.params, out_dtype(equation)
    dimensions = params["dimension_numbers"]
    x_aval, weight_aval = (var.aval for var in equation.invars)
    if params["batch_group_count"] != 1 or is_narrow(in_dtype(equation)):
        return None
    lhs, rhs, out = dimensions.lhs_spec, dimensions.rhs_spec, dimensions.out_spec
    groups = params["feature_group_count"]
    x_order, weight_order = (lhs[0], *lhs[2:], lhs[1]), (*rhs[2:], rhs[1], rhs[0])
    result_order = [0] * len(out)
    for axis, position in zip((out[0], *out[2:], out[1]), range(len(out)), strict=True):
        result_order[axis] = position
    sizes = [x_aval.shape[i] for i in lhs[2:]]
    zeros = params["lhs_dilation"]
    spread = [(n - 1) * z + 1 if n else 0 for n, z in zip(sizes, zeros, strict=True)]
    kernel = [weight_aval.shape[i] for i in rhs[2:]]
    counts = [equation.outvars[0].aval.shape[i] for i in out[2:]]
    patches = Patches(
        spread,
        kernel,
        params["window_strides"],
        params["padding"],
        params["rhs_dilation"],
        counts,
    )
    channels, outputs = weight_aval.shape[rhs[1]], weight_aval.shape[rhs[0]]
    wide: np.dtype = np.result_type(
        *[
            np.float32 if is_half(one) else one
            for one in (in_dtype(equation), in_dtype(equation, 1))
        ]
    )
    dilated = any(z > 1 for z in zeros)
    taps = math.prod(kernel)

    def convolve(x: Any, weight: Any) -> Any:
        x = x.transpose(x_order).astype(wide, copy=False)
        weight = weight.transpose(weight_order).astype(wide, copy=False)
        if dilated:
            whole = np.zeros((x.shape[0], *spread, x.shape[-1]), wide)
            step = tuple(slice(None, None, z) for z in zeros)
            whole[(slice(None), *step)] = x
            x = whole
        columns = patches.of_last(x)
        if groups == 1:
            columns = columns.reshape(-1, taps * channels)
            result = columns @ weight.reshape(taps * channels, outputs)
        else:
            columns = columns.reshape(-1, taps, groups, channels)
            columns = columns.transpose(2, 0, 1, 3).reshape(groups, -1, taps * channels)
            filters = weight.reshape(taps, channels, groups, outputs // groups)
            filters = filters.transpose(2, 0, 1, 3).reshape(groups, taps * channels, -1)
            result = np.moveaxis(np.matmul(columns, filters), 0, -2)
        result = result.reshape(x.shape[0], *counts, outputs)
        return result.transpose(result_order).astype(dtype, copy=False)

    return convolve
