"""Rules of sorting."""

from typing import Any

import numpy as np

from funcnet.compat._interpreter.rules.table import Compute, Equation, in_dtype, rule


@rule("sort")
def _sort(equation: Equation) -> Compute | None:
    params = equation.params
    axis, keys = params["dimension"], params["num_keys"]
    if any(in_dtype(equation, i).kind not in "fiub" for i in range(keys)):
        return None
    if len(equation.invars) == 1:
        return lambda x: [np.sort(x, axis, kind="stable")]

    def sort(*arrays: Any) -> Any:
        if keys == 1:
            order = np.argsort(arrays[0], axis, kind="stable")
        else:
            order = np.lexsort(arrays[:keys][::-1], axis)
        return [np.take_along_axis(x, order, axis) for x in arrays]

    return sort


@rule("top_k")
def _top_k(equation: Equation) -> Compute | None:
    dtype = in_dtype(equation)
    axis = equation.params.get("axis", len(equation.invars[0].aval.shape) - 1)
    count = equation.params["k"]
    index_dtype = equation.outvars[1].aval.dtype
    if dtype.kind not in "fi":
        return None

    def top_k(x: Any) -> Any:
        last = np.moveaxis(x, axis, -1)
        # NaN counts as the greatest; of equal values the first comes first.
        flipped = last[..., ::-1]
        order = np.argsort(flipped, -1, kind="stable")[..., ::-1][..., :count]
        order = last.shape[-1] - 1 - order
        values = np.take_along_axis(last, order, -1)
        return [
            np.moveaxis(values, -1, axis),
            np.moveaxis(order, -1, axis).astype(index_dtype),
        ]

    return top_k
