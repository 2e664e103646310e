"""Basic indexing inside a program, in which starts may be traced.

An index has a part for each dimension from the first on: a number, `(start, size,
step)`, or None for a new dimension. What it leaves out is shown whole.
"""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from funcnet._types import Array


def read_index(x: Any, *index: Any) -> Any:
    """Basic indexing, in which starts may be traced: `(start, size, step)`."""
    if isinstance(x, np.ndarray):
        # The dots make it an array, not a scalar, that is left where no dimension is.
        if len(index) == 1 and type(index[0]) is int:
            return x[index[0], ...]
        return x[(*[_plain(part) for part in index], ...)]
    fixed: list[Any] = []
    moves = []
    dim = 0
    for part in index:
        if part is None:
            fixed.append(None)
            continue
        if isinstance(part, tuple):
            start, size, step = part
            if isinstance(start, jax.Array):
                moves.append((dim, start, (size - 1) * step + 1 if size else 0))
                fixed.append(slice(None, None, step))
            else:
                fixed.append(_plain(part))
        elif isinstance(part, jax.Array):
            moves.append((dim, part, 1))
            fixed.append(0)
        else:
            fixed.append(part)
        dim += 1
    for dim, start, size in moves:
        x = jax.lax.dynamic_slice_in_dim(
            x, start, size, dim, allow_negative_indices=False
        )
    return _sliced(x, fixed)


def _sliced(x: Array, index: list[Any]) -> Any:
    """Basic indexing by constants."""
    if all(isinstance(size, int) for size in x.shape):
        return x[tuple(index)]
    # Sizes are symbols: JAX would make a gather of it, in place of a slice.
    starts, limits, strides = [], [], []
    dropped: list[int] = []
    new: list[int] = []
    dims = iter(x.shape)
    for position, part in enumerate(index):
        if part is None:
            new.append(position - len(dropped))
            continue
        size = next(dims)
        if isinstance(part, slice):
            start, stop, step = part.start, part.stop, part.step
            start = 0 if start is None else start
            stop = size if stop is None else stop
            step = 1 if step is None else step
        else:
            dropped.append(position - len(new))
            start, stop, step = part, part + 1, 1
        starts.append(start)
        limits.append(stop)
        strides.append(step)
    starts += [0] * (x.ndim - len(starts))
    limits += x.shape[len(limits) :]
    strides += [1] * (x.ndim - len(strides))
    if (*starts, *limits) != (*[0] * x.ndim, *x.shape):
        steps = None if all(step == 1 for step in strides) else strides
        x = jax.lax.slice(x, starts, limits, steps)
    if dropped:
        x = jax.lax.squeeze(x, dropped)
    return jax.lax.expand_dims(x, new) if new else x


def _plain(part: object) -> Any:
    if not isinstance(part, tuple):
        return part
    start, size, step = map(_number, part)
    return slice(start, start + size * step, step)


def _number(end: Any) -> Any:
    """An integer, or a symbol in place of one."""
    return end if hasattr(end, "dimension_as_value") else int(end)


def put_index(x: Array, y: Array, *index: Any) -> Any:
    parts = [_of(index, dim) for dim in range(x.ndim)]
    y = y.reshape(_shape_without_new(x, index))
    if not any(_is_traced(part) for part in parts):
        return x.at[tuple(slice(None) if p is None else _plain(p) for p in parts)].set(
            y
        )
    if any(isinstance(part, tuple) and part[2] != 1 for part in parts):
        return _scatter(x, y, index)
    starts, sizes = [], []
    for part, size in zip(parts, x.shape, strict=True):
        start, count = (0, size) if part is None else (part, 1)
        if isinstance(part, tuple):
            start, count, _ = part
        starts.append(start)
        sizes.append(count)
    return jax.lax.dynamic_update_slice(x, y.reshape(sizes), starts)


def _is_traced(part: object) -> bool:
    return isinstance(part[0] if isinstance(part, tuple) else part, jax.Array)


def _of(index: tuple[Any, ...], dim: int) -> Any:
    """What an index says of one dimension of its array; None for all of it."""
    parts = [part for part in index if part is not None]
    return parts[dim] if dim < len(parts) else None


def _shape_without_new(x: Array, index: tuple[Any, ...]) -> tuple[int, ...]:
    shape = []
    for dim, size in enumerate(x.shape):
        part = _of(index, dim)
        if part is None:
            shape.append(size)
        elif isinstance(part, tuple):
            shape.append(part[1])
    return tuple(shape)


def _scatter(x: Array, y: Array, index: tuple[Any, ...]) -> Any:
    indices = []
    for dim, size in enumerate(x.shape):
        part = _of(index, dim)
        if part is None:
            indices.append(jnp.arange(size))
        elif isinstance(part, tuple):
            indices.append(part[0] + part[2] * jnp.arange(part[1]))
        else:
            indices.append(jnp.reshape(part, (1,)))
    grid = jnp.ix_(*indices)
    return x.at[grid].set(y.reshape([len(i) for i in indices]))
