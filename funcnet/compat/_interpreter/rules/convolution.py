"""Rules of convolutions: products of BLAS with the patches that the kernel sees."""

import math
from typing import Any

import numpy as np

from funcnet.compat._interpreter.rules.patches import Patches
from funcnet.compat._interpreter.rules.table import (
    Compute,
    Equation,
    in_dtype,
    is_half,
    is_narrow,
    out_dtype,
    rule,
)


@rule("correlate")
def _correlate(equation: Equation) -> Compute | None:
    """funcnet's own: `(batch, *spatial, in)` with `(*kernel, in, out)`."""
    dtype = in_dtype(equation)
    if is_narrow(dtype):
        return None
    params = equation.params
    kernel = equation.invars[1].aval.shape[:-2]
    patches = Patches(
        equation.invars[0].aval.shape[1:-1],
        kernel,
        params["strides"],
        params["pads"],
        params["dilations"],
        equation.outvars[0].aval.shape[1:-1],
    )
    wide = np.dtype(np.float32) if is_half(dtype) else dtype
    # The gradient of a weight has for its kernel the gradient of the output.
    is_gradient = math.prod(kernel) > math.prod(patches.counts)
    product = patches.product_by_channel if is_gradient else patches.product

    def correlate(x: np.ndarray, weight: np.ndarray) -> Any:
        if not x.size or not weight.size:
            return np.zeros((x.shape[0], *patches.counts, weight.shape[-1]), dtype)
        x, weight = x.astype(wide, copy=False), weight.astype(wide, copy=False)
        return product(x, weight).astype(dtype, copy=False)

    return correlate


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
        if groups == 1:
            result = patches.product(x, weight)
        else:
            columns = patches.of_last(x).reshape(-1, taps, groups, channels)
            columns = columns.transpose(2, 0, 1, 3).reshape(groups, -1, taps * channels)
            filters = weight.reshape(taps, channels, groups, outputs // groups)
            filters = filters.transpose(2, 0, 1, 3).reshape(groups, taps * channels, -1)
            result = np.moveaxis(np.matmul(columns, filters), 0, -2)
        result = result.reshape(x.shape[0], *counts, outputs)
        return result.transpose(result_order).astype(dtype, copy=False)

    return convolve
