"""The same elements in another order or several times: flip, roll, repeat."""

from collections.abc import Sequence
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from funcnet._check import is_concrete
from funcnet._types import Array
from funcnet.compat._core.annotations import Dims, PerDim
from funcnet.compat._engine.graph import constant
from funcnet.compat._engine.op import Op
from funcnet.compat._ops.checks import as_tuple, dimension, dimensions
from funcnet.compat._ops.index.indexing import TAKE
from funcnet.compat._ops.numbers import as_number
from funcnet.compat._ops.registry import register
from funcnet.compat._tensor.recording import record_op
from funcnet.compat._tensor.tensor import Tensor, wrap

_FLIP = Op("flip", lambda x, dims: jnp.flip(x, dims))


def _one_sequence(given: tuple[Any, ...]) -> tuple[int, ...]:
    """Numbers given one by one, or in one sequence."""
    if len(given) == 1:
        given = as_tuple(given[0])
    return tuple(int(number) for number in given)


@register("flip", out=True)
def flip(input: Tensor, *args: object, dims: Dims = ()) -> Any:
    """The elements in reverse order along dimensions, as `torch.flip`."""
    result = dimensions(_one_sequence(args) or as_tuple(dims), input.ndim)
    return record_op(_FLIP, (input, result if input.ndim else ()))


@register("fliplr", out=True)
def fliplr(input: Tensor) -> Any:
    """The columns in reverse order, as `torch.fliplr`."""
    if input.ndim < 2:
        raise RuntimeError("Input must be >= 2-d.")
    return record_op(_FLIP, (input, (1,)))


@register("flipud", out=True)
def flipud(input: Tensor) -> Any:
    """The rows in reverse order, as `torch.flipud`."""
    if input.ndim < 1:
        raise RuntimeError("Input must be >= 1-d.")
    return record_op(_FLIP, (input, (0,)))


_ROT90 = Op("rot90", lambda x, k, dims: jnp.rot90(x, k, dims))


@register("rot90", out=True)
def rot90(input: Tensor, k: int = 1, dims: Sequence[int] = (0, 1)) -> Any:
    """A plane of the tensor turned `k` times by a quarter, as `torch.rot90`."""
    if len(dims) != 2:
        raise RuntimeError(
            f"expected total rotation dims == 2, but got dims = {len(dims)}"
        )
    if input.ndim < 2:
        raise RuntimeError(
            f"expected total dims >= 2, but got total dims = {input.ndim}"
        )
    first, second = (dimension(dim, input.ndim) for dim in dims)
    if first == second:
        raise RuntimeError(
            f"expected rotation dims to be different, but got dim0 = {dims[0]} and "
            f"dim1 = {dims[1]}"
        )
    return record_op(_ROT90, (input, k % 4, (first, second)))


def _roll(x: Array, shifts: Sequence[Any], dims: Sequence[int] | None) -> Any:
    if dims is None:
        return _roll(x.reshape(-1), shifts, (0,)).reshape(x.shape)
    for shift, dim in zip(shifts, dims, strict=True):
        size = x.shape[dim] if x.ndim else 1
        if size < 2:
            continue
        if is_concrete(shift):
            x = jnp.roll(x, shift, dim)
            continue
        twice = jax.lax.concatenate([x, x], dim)
        x = jax.lax.dynamic_slice_in_dim(twice, size - shift, size, dim)
    return x


_ROLL = Op("roll", _roll)


@register("roll", out=True)
def roll(
    input: Tensor, *args: Any, shifts: PerDim | None = None, dims: Dims | None = None
) -> Any:
    """The elements shifted along dimensions, around the end, as `torch.roll`."""
    if shifts is None:
        shifts, *others = args
        dims = others[0] if others else dims
    shifts = as_tuple(shifts)
    if dims is None or dims == ():
        if len(shifts) != 1:
            raise RuntimeError(
                f"shifts and dimensions must align. shifts: {len(shifts)}, dims:0"
            )
        shift = _shift(shifts[0], input.shape.numel())
        return record_op(_ROLL, (input, (shift,), None))
    dims = as_tuple(dims)
    if len(shifts) != len(dims):
        raise RuntimeError(
            f"shifts and dimensions must align. shifts: {len(shifts)}, dims:{len(dims)}"
        )
    result = tuple(dimension(dim, input.ndim) for dim in dims)
    sizes = [input._spec.shape[dim] if input.ndim else 1 for dim in result]
    shifts = tuple([_shift(n, size) for n, size in zip(shifts, sizes, strict=True)])
    return record_op(_ROLL, (input, shifts, result))


def _shift(shift: int, size: int) -> Any:
    return as_number("roll", "shifts", shift % size if size else 0)


_TILE = Op("repeat", lambda x, counts: jnp.tile(x, counts))


@register("Tensor.repeat", out=True)
def repeat(input: Tensor, *args: object, repeats: Any = ()) -> Any:
    """The tensor side by side `n` times along each dimension, as `Tensor.repeat`."""
    counts = _one_sequence(args) or as_tuple(repeats)
    if len(counts) < input.ndim:
        raise RuntimeError(
            "Number of dimensions of repeat dims can not be smaller than number of "
            "dimensions of tensor"
        )
    if any(count < 0 for count in counts):
        raise RuntimeError(
            f"Trying to create tensor with negative dimension {min(counts)}: "
            f"{list(counts)}"
        )
    return record_op(_TILE, (input, counts))


@register("tile", out=True)
def tile(input: Tensor, *args: object, dims: Dims = ()) -> Any:
    """The same; missing counts in front are one, as `torch.tile`."""
    counts = _one_sequence(args) or as_tuple(dims)
    return record_op(_TILE, (input, (1,) * (input.ndim - len(counts)) + tuple(counts)))


_REPEAT = Op(
    "repeat_interleave",
    lambda x, count, dim: jnp.repeat(x, count, dim),
    "IndexSelectBackward0",
)


@register("repeat_interleave", out=True)
def repeat_interleave(
    input: Tensor,
    repeats: Any = None,
    dim: int | None = None,
    *,
    output_size: int | None = None,
) -> Any:
    """Each element several times in a row, as `torch.repeat_interleave`.

    Of counts alone: the index of each as many times as it says.
    """
    if repeats is None:
        counts = np.asarray(input._array())
        result = np.repeat(np.arange(counts.size), counts)
        return wrap(constant(result, input.device))
    along = None if dim is None else dimension(dim, input.ndim)
    size = input.shape.numel() if along is None else (input.shape or (1,))[along]
    if isinstance(repeats, Tensor) and repeats.shape.numel() == 1:
        repeats = int(repeats._array().reshape(()))
    if isinstance(repeats, int):
        if repeats < 0:
            raise RuntimeError("Repeats must be non-negative")
        x = input if input.ndim else input.reshape(1)
        return record_op(_REPEAT, (x, repeats, along))
    counts = np.asarray(repeats._array() if isinstance(repeats, Tensor) else repeats)
    if counts.ndim > 1 or counts.size != size:
        raise RuntimeError(
            "repeats must have the same size as input along dim, but got "
            f"repeats.size(0) = {counts.size} and input.size({along or 0}) = {size}"
        )
    if (counts < 0).any():
        raise RuntimeError("repeats can not be negative")
    index = np.repeat(np.arange(size), counts)
    if along is None:
        input, along = input.reshape(-1), 0
    return record_op(TAKE, (input, (None,) * along + (index,)))
