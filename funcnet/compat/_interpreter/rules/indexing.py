"""Rules of gathers, scatters and slices whose starts are values."""

import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from funcnet.compat._interpreter.rules.table import (
    Compute,
    Equation,
    in_dtype,
    is_narrow,
    out_dtype,
    rule,
)
from funcnet.compat._interpreter.rules.windows import Windows


def _starts(indices: Sequence[Any], room: Sequence[int]) -> list[int]:
    return [
        min(max(int(index), 0), most) for index, most in zip(indices, room, strict=True)
    ]


@rule("dynamic_slice")
def _dynamic_slice(equation: Equation) -> Compute | None:
    shape = equation.invars[0].aval.shape
    sizes = equation.params["slice_sizes"]
    if len(equation.invars) != 1 + len(shape):
        return None  # of dynamic shape
    room = [n - size for n, size in zip(shape, sizes, strict=True)]

    def dynamic_slice(x: Any, *indices: Any) -> Any:
        starts = _starts(indices, room)
        return x[tuple(slice(s, s + n) for s, n in zip(starts, sizes, strict=True))]

    return dynamic_slice


@rule("dynamic_update_slice")
def _dynamic_update_slice(equation: Equation) -> Compute:
    shape, sizes = (var.aval.shape for var in equation.invars[:2])
    room = [n - size for n, size in zip(shape, sizes, strict=True)]

    def update(x: Any, part: Any, *indices: Any) -> Any:
        starts = _starts(indices, room)
        result = np.array(x)
        index = tuple(slice(s, s + n) for s, n in zip(starts, sizes, strict=True))
        result[index] = part
        return result

    return update


def _mode(equation: Equation) -> str:
    return equation.params["mode"].name if equation.params["mode"] else "FILL_OR_DROP"


@rule("gather")
def _gather(equation: Equation) -> Compute | None:
    params, numbers = equation.params, equation.params["dimension_numbers"]
    operand, indices = (var.aval for var in equation.invars)
    dtype, mode = out_dtype(equation), _mode(equation)
    if is_narrow(dtype):
        return None
    sizes, shape = params["slice_sizes"], equation.outvars[0].aval.shape
    if 0 in shape:
        return lambda x, starts: np.empty(shape, dtype)
    dropped = {*numbers.collapsed_slice_dims, *numbers.operand_batching_dims}
    windows = Windows(
        operand.shape,
        sizes,
        numbers.start_index_map,
        numbers.operand_batching_dims,
        numbers.start_indices_batching_dims,
        indices.shape[:-1],
    )
    # Of the result: the batch first, then windows in the order of the operand.
    kept = [d for d in range(len(operand.shape)) if d not in dropped]
    there = [*windows.spread, *windows.whole]
    batch = len(windows.batch)
    inner = [batch + there.index(d) if d in there else None for d in kept]
    plain = [position for position in inner if position is not None]
    window_shape = [sizes[d] for d in kept]
    offset_dims = list(numbers.offset_dims)
    batch_dims = [i for i in range(len(shape)) if i not in offset_dims]
    final = [0] * len(shape)
    for source, target in enumerate([*batch_dims, *offset_dims]):
        final[target] = source
    ordered = (*range(batch), *plain)
    stacked = (*windows.batch, *window_shape)
    is_identity = final == list(range(len(shape)))
    fill = _fill_value(params.get("fill_value"), dtype)

    # Slices of one dimension, whole otherwise: `take` is faster.
    (axis, *others), room = windows.looked_up or (0,), windows.room
    is_take = not (others or windows.spread or windows.along) and len(room) == 1

    def gather(x: np.ndarray, starts: np.ndarray) -> Any:
        if is_take and starts.size and _lie_between(starts, room[0]):
            found = x.take(starts.reshape(windows.batch), axis)
            if axis:
                found = np.moveaxis(found, range(axis, axis + batch), range(batch))
            result = found.transpose(ordered).reshape(stacked)
            return result if is_identity else result.transpose(final)
        return by_position(x, starts)

    def by_position(x: Any, starts: Any) -> Any:
        starts = np.asarray(starts).astype(np.int64, copy=False)
        outside = None
        if mode == "FILL_OR_DROP":
            outside = windows.outside(starts)
        if len(windows.room):
            starts = np.clip(starts, 0, windows.room)
        found = x.transpose(windows.order)[windows.positions(starts)]
        if found.shape[:batch] != windows.batch:  # no index at all
            wanted = (*windows.batch, *found.shape[batch:])
            found = np.broadcast_to(found, wanted)
        result = found.transpose(ordered).reshape(stacked)
        if outside is not None and outside.any():
            mask = outside.reshape(windows.batch + (1,) * len(window_shape))
            result = np.where(mask, fill, result)
        return result if is_identity else result.transpose(final)

    return gather


def _lie_between(starts: np.ndarray, most: int) -> bool:
    if starts.size == 1:
        return bool(0 <= starts.item() <= most)
    return bool(starts.min() >= 0 and starts.max() <= most)


def _fill_value(value: Any, dtype: np.dtype) -> Any:
    if value is not None:
        return dtype.type(value)
    if dtype.kind in "fcV":
        return dtype.type(np.nan)
    if dtype.kind == "i":
        return np.iinfo(dtype).min
    return True if dtype.kind == "b" else np.iinfo(dtype).max


def _scatter_one(
    combine: Any, mode: str, shape: Sequence[int], dims: Sequence[int]
) -> Compute:
    """Writes one element; `dims` says where in the start each dimension's index is."""

    def scatter(x: Any, starts: Any, values: Any, out: Any = None) -> Any:
        result = np.array(x, order="C") if out is None else out
        start = starts.ravel().tolist()
        position = [start[d] for d in dims]
        if mode == "CLIP":
            position = _starts(position, [size - 1 for size in shape])
        elif not all(0 <= i < n for i, n in zip(position, shape, strict=True)):
            return result
        at = tuple(position)
        value = values.reshape(())[()]
        result[at] = value if combine is None else combine(result[at], value)
        return result

    scatter.writes_into_first = True  # type: ignore[attr-defined]
    return scatter


SCATTERS: Final[dict[str, Any]] = {
    "scatter": None,
    "scatter-add": np.add,
    "scatter_add": np.add,
    "scatter-mul": np.multiply,
    "scatter_mul": np.multiply,
    "scatter-min": np.minimum,
    "scatter_min": np.minimum,
    "scatter-max": np.maximum,
    "scatter_max": np.maximum,
    "scatter-sub": np.subtract,
    "scatter_sub": np.subtract,
}


_FEW: Final = 16


def _add_rows(rows: Any, indices: Any, values: Any) -> None:
    """Add a row of values to the row of each index; `add.at` is slow on rows.

    First to all rows the first of theirs, then the second, and so on. Where an index is
    there more often, its rows are added up by `reduceat`, which is slow on few.
    """
    order = np.argsort(indices, kind="stable")
    ordered = indices[order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    counts = np.diff(first, append=len(ordered))
    for number in range(min(_FEW, counts.max())):
        now = first[counts > number] + number
        rows[ordered[now]] += values[order[now]]
    if counts.max() > _FEW:
        numbers = np.arange(len(ordered)) - np.repeat(first, counts)
        order, ordered = order[numbers >= _FEW], ordered[numbers >= _FEW]
        first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        rows[ordered[first]] += np.add.reduceat(values[order], first, 0)


@rule(*SCATTERS)
def _scatter(equation: Equation) -> Compute | None:
    numbers = equation.params["dimension_numbers"]
    operand, indices, updates = (var.aval for var in equation.invars)
    combine, mode = SCATTERS[equation.primitive.name], _mode(equation)
    dtype = in_dtype(equation)
    if is_narrow(dtype) or dtype.kind == "V":
        return None
    if dtype.kind == "c" and combine in (np.minimum, np.maximum):
        return None
    missing = {*numbers.inserted_window_dims, *numbers.operand_batching_dims}
    kept = [d for d in range(len(operand.shape)) if d not in missing]
    window_dims = list(numbers.update_window_dims)
    sizes = [1] * len(operand.shape)
    for d, axis in zip(kept, window_dims, strict=True):
        sizes[d] = updates.shape[axis]
    windows = Windows(
        operand.shape,
        sizes,
        numbers.scatter_dims_to_operand_dims,
        numbers.operand_batching_dims,
        numbers.scatter_indices_batching_dims,
        indices.shape[:-1],
    )
    batch_dims = [i for i in range(len(updates.shape)) if i not in window_dims]
    there = [*windows.spread, *windows.whole]
    batch_first = (*batch_dims, *[window_dims[kept.index(d)] for d in there])
    others = [window_dims[kept.index(d)] for d in kept if d not in there]
    arranged = (*batch_first, *others)  # of size 1 at the end
    update_shape = (
        *windows.batch,
        *[sizes[d] for d in there],
    )
    if math.prod(updates.shape) == 1 and len(
        numbers.scatter_dims_to_operand_dims
    ) == len(operand.shape):
        dims = np.argsort(numbers.scatter_dims_to_operand_dims).tolist()
        return _scatter_one(combine, mode, operand.shape, dims)
    inverse = np.argsort(windows.order)
    count = len(windows.looked_up)

    def scatter(x: Any, starts: Any, values: Any, out: Any = None) -> Any:
        starts = np.asarray(starts).astype(np.int64, copy=False)
        values = np.transpose(values, arranged).reshape(update_shape)
        result = x.transpose(windows.order)
        if out is None or not result.flags.c_contiguous:
            result = np.array(result, order="C")
        if mode == "CLIP":
            starts = np.clip(starts, 0, windows.room)
        else:
            outside = windows.outside(starts)
            if outside.any():  # those are left out
                inside = ~outside
                if not inside.any():
                    return result.transpose(inverse)
                return _scatter_some(result, starts, values, inside).transpose(inverse)
        positions = windows.positions(starts)
        _write(result, positions, values)
        return result.transpose(inverse)

    def _write(result: Any, positions: tuple[Any, ...], values: Any) -> None:
        if not positions:
            result[...] = values if combine is None else combine(result, values)
        elif combine is None:
            result[positions] = values
        else:
            _combine_at(result, positions, values)

    def _combine_at(result: Any, positions: tuple[Any, ...], values: Any) -> None:
        if all(np.size(one) == 1 for one in positions):
            row = result[(*[np.asarray(one).item() for one in positions], ...)]
            combine(row, values.reshape(row.shape), out=row)
            return
        shape = np.broadcast_shapes(*[np.shape(one) for one in positions])
        flat = np.ravel_multi_index(
            tuple(np.broadcast_to(one, shape).ravel() for one in positions),
            result.shape[:count],
        )
        rows = result.reshape(-1, *result.shape[count:])
        values = values.reshape(-1, *result.shape[count:])
        if rows.ndim > 1 and combine is np.add and len(flat):
            _add_rows(rows, flat, values)
        else:
            combine.at(rows, flat, values)

    def _scatter_some(result: Any, starts: Any, values: Any, inside: Any) -> Any:
        # Those outside look nothing up: their elements are masked.
        positions = windows.positions(np.where(inside[..., None], starts, 0))
        shape = np.broadcast_shapes(*[np.shape(one) for one in positions])
        mask = np.broadcast_to(inside.reshape(windows.batch + windows.ones), shape)
        chosen = tuple(np.broadcast_to(one, shape)[mask] for one in positions)
        _write(result, chosen, values[mask])
        return result

    scatter.writes_into_first = True  # type: ignore[attr-defined]
    return scatter
