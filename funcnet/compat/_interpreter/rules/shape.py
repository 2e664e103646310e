"""Rules of the primitives that give the same elements in another shape or order."""

from typing import Any

import numpy as np

from funcnet.compat._interpreter.rules.table import Compute, Equation, out_dtype, rule


@rule("reshape")
def _reshape(equation: Equation) -> Compute | None:
    if equation.params.get("dimensions") is not None:
        return None
    shape = equation.outvars[0].aval.shape
    return lambda x: x.reshape(shape)


@rule("squeeze")
@rule("expand_dims")
def _squeeze(equation: Equation) -> Compute:
    shape = equation.outvars[0].aval.shape
    return lambda x: x.reshape(shape)


@rule("transpose")
def _transpose(equation: Equation) -> Compute:
    permutation = equation.params["permutation"]
    return lambda x: x.transpose(permutation)


@rule("rev")
def _rev(equation: Equation) -> Compute:
    dimensions = equation.params["dimensions"]
    return lambda x: np.flip(x, dimensions)


@rule("concatenate")
def _concatenate(equation: Equation) -> Compute:
    dimension = equation.params["dimension"]
    return lambda *arrays: np.concatenate(arrays, dimension)


@rule("stack")
def _stack(equation: Equation) -> Compute:
    axis = equation.params["axis"]
    return lambda *arrays: np.stack(arrays, axis)


@rule("unstack")
def _unstack(equation: Equation) -> Compute:
    axis = equation.params["axis"]
    return lambda x: list(np.moveaxis(x, axis, 0))


@rule("split")
def _split(equation: Equation) -> Compute:
    axis, start, parts = equation.params["axis"], 0, []
    rank = len(equation.invars[0].aval.shape)
    for size in equation.params["sizes"]:
        index: list[Any] = [slice(None)] * rank
        index[axis] = slice(start, start + size)
        parts.append(tuple(index))
        start += size
    return lambda x: [x[part] for part in parts]


@rule("tile")
def _tile(equation: Equation) -> Compute:
    reps = equation.params["reps"]
    return lambda x: np.tile(x, reps)


@rule("iota")
def _iota(equation: Equation) -> Compute | None:
    if equation.invars:
        return None
    shape, dtype = equation.outvars[0].aval.shape, out_dtype(equation)
    dimension = equation.params["dimension"]

    def iota() -> Any:
        row = np.arange(shape[dimension]).astype(dtype)
        row = row.reshape([-1 if i == dimension else 1 for i in range(len(shape))])
        return np.broadcast_to(row, shape)

    return iota


@rule("empty2")
@rule("empty")
def _empty(equation: Equation) -> Compute:
    aval = equation.outvars[0].aval
    return lambda *_: np.zeros(aval.shape, aval.dtype)


def expanded_shape(equation: Equation) -> tuple[int, ...]:
    """What `broadcast_in_dim` reshapes its input to before it repeats elements."""
    shape = [1] * len(equation.outvars[0].aval.shape)
    sizes = equation.invars[0].aval.shape
    for dimension, size in zip(
        equation.params["broadcast_dimensions"], sizes, strict=True
    ):
        shape[dimension] = size
    return tuple(shape)


@rule("broadcast_in_dim")
def _broadcast_in_dim(equation: Equation) -> Compute | None:
    if len(equation.invars) > 1:
        return None
    shape = equation.outvars[0].aval.shape
    ones = expanded_shape(equation)
    if ones == shape:
        return lambda x: x.reshape(shape)
    if not equation.invars[0].aval.shape:
        dtype, still = out_dtype(equation), (0,) * len(shape)
        if dtype.kind in "bfiu" and all(type(size) is int for size in shape):
            # As `np.broadcast_to`, in a quarter of the time.
            return lambda x: np.ndarray(shape, dtype, x, 0, still)
        return lambda x: np.broadcast_to(x, shape)
    return lambda x: np.broadcast_to(x.reshape(ones), shape)


@rule("slice")
def _slice(equation: Equation) -> Compute:
    params = equation.params
    starts, limits = params["start_indices"], params["limit_indices"]
    strides = params["strides"] or (1,) * len(starts)
    index = tuple(map(slice, starts, limits, strides))
    return lambda x: x[index]


def is_padded(equation: Equation) -> bool:
    """Whether `pad` is known to add elements; else it may only cut some off."""
    return any(
        isinstance(amount, int | np.integer) and amount > 0  # it may be a symbol
        for amounts in equation.params["padding_config"]
        for amount in amounts
    )


@rule("pad")
def _pad(equation: Equation) -> Compute:
    shape, dtype = equation.outvars[0].aval.shape, out_dtype(equation)
    sizes = equation.invars[0].aval.shape
    config = [tuple(map(int, one)) for one in equation.params["padding_config"]]
    targets, sources = [], []
    for size, length, (low, _, interior) in zip(sizes, shape, config, strict=True):
        step = interior + 1
        first = max(0, -(low // step)) if low < 0 else 0
        last = size
        if size:
            last = min(size, (length - 1 - low) // step + 1) if length else 0
        last = max(first, last)
        start = low + first * step
        stop = start + (last - first - 1) * step + 1 if last > first else start
        targets.append(slice(start, stop, step) if last > first else slice(0, 0))
        sources.append(slice(first, last))
    target, source = tuple(targets), tuple(sources)
    if not is_padded(equation):
        return lambda x, _: x[source]

    def pad(x: Any, value: Any) -> Any:
        if np.asarray(value).tobytes().strip(b"\0"):
            result = np.full(shape, value, dtype)
        else:  # memory comes as zeros: nothing is written
            result = np.zeros(shape, dtype)
        result[target] = x[source]
        return result

    return pad


@rule("dim_as_value")
def _dim_as_value(equation: Equation) -> Compute:
    value = out_dtype(equation).type(equation.params["dim"])
    return lambda: value
