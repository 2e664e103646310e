"""Reductions of segments: parts of a dimension that follow each other."""

from typing import Any, Final

import jax
import jax.numpy as jnp
import numpy as np

from funcnet._types import Array
from funcnet.compat._core.annotations import Scalar
from funcnet.compat._ops.checks import dimension, type_name
from funcnet.compat._ops.forms import as_scalar_input
from funcnet.compat._ops.index.bounds import INDEX_DTYPES, host_values
from funcnet.compat._ops.reduce.reduce_at import reduce_at
from funcnet.compat._ops.registry import recorded, register
from funcnet.compat._tensor.tensor import Tensor

_REDUCTIONS: Final = {
    "sum": "sum",
    "prod": "prod",
    "mean": "sum",
    "max": "amax",
    "min": "amin",
    "amax": "amax",
    "amin": "amin",
}
"""Each reduction, and what is computed at first."""

_START: Final = {"sum": 0, "prod": 1, "amax": -np.inf, "amin": np.inf}


def _segments(offsets: Array, size: int) -> Any:
    """The segment of each place, `(*leading, size)`; the last stands for none."""
    count = offsets.shape[-1] - 1
    places = jnp.arange(size)

    def of_row(row: Array) -> Array:
        return jnp.searchsorted(row, places, side="right") - 1

    rows = offsets.reshape(-1, count + 1)
    found = jax.vmap(of_row)(rows).reshape(*offsets.shape[:-1], size)
    return jnp.where(found < 0, count, found)


@recorded("segment_reduce")
def _reduced(
    data: Array,
    reduce: str,
    lengths: Array | None,
    offsets: Array | None,
    initial: Any,
) -> Any:
    if offsets is None:
        assert lengths is not None
        ends = jnp.cumsum(lengths, -1)
        offsets = jnp.concatenate([jnp.zeros_like(ends[..., :1]), ends], -1)
    else:
        lengths = jnp.diff(offsets, axis=-1)
    axis, count = lengths.ndim - 1, lengths.shape[-1]
    leading, rest = data.shape[:axis], data.shape[axis + 1 :]
    segments = _segments(offsets, data.shape[axis])
    # `rest` follows: (*leading, size) index (*leading, count + 1, *rest).
    places = (*jnp.indices(segments.shape, sparse=True)[:axis], segments)
    how = _REDUCTIONS[reduce]
    start = jnp.full((*leading, count + 1, *rest), _START[how], data.dtype)
    result = reduce_at(start, places, data, how, include_self=True)
    result = result[(slice(None),) * axis + (slice(count),)]
    lengths = lengths.reshape(*lengths.shape, *(1,) * len(rest))
    return _with_initial(result, lengths, reduce, initial)


def _with_initial(result: Array, lengths: Array, reduce: str, initial: Any) -> Any:
    """The results as if each segment began with a number, which a mean does not count.

    Without one the mean of nothing is NaN.
    """
    how = _REDUCTIONS[reduce]
    if initial is not None:
        first = jnp.asarray(initial).astype(result.dtype)
        if how in ("sum", "prod"):
            result = result + first if how == "sum" else result * first
        else:
            # Written so that an element as large as the number keeps its gradient.
            beyond = result < first if how == "amax" else result > first
            result = jnp.where(beyond, first, result)
    if reduce != "mean":
        return result
    count = jnp.maximum(lengths, 1).astype(result.dtype)
    nothing = jnp.nan if initial is None else result
    return jnp.where(lengths == 0, nothing, result / count)


@register("segment_reduce", "_segment_reduce", method=False)
def segment_reduce(
    data: Tensor,
    reduce: str,
    *,
    lengths: Tensor | None = None,
    indices: Tensor | None = None,
    offsets: Tensor | None = None,
    axis: int = 0,
    unsafe: bool = False,
    initial: Scalar | None = None,
) -> Any:
    """Reduce each of the segments of a dimension, as `torch.segment_reduce`.

    Args:
        data: floating point.
        reduce: "sum", "mean", "max", "min" or "prod". Equal maxima share the gradient.
        lengths: `(*data.shape[:axis], segments)`, those of the segments; or
        offsets: `(*data.shape[:axis], segments + 1)`, where they begin, and the end.
        indices: not supported, in PyTorch neither.
        axis: the dimension, the last one of `lengths` or `offsets`.
        unsafe: whether not to check that the lengths add up to the dimension's size.
        initial: what each segment begins with. Without it the reduction of nothing is
            0, NaN, -inf, inf or 1.
    """
    if indices is not None:
        raise RuntimeError(
            "segment_reduce(): indices based reduction is not supported yet."
        )
    axis = dimension(axis, data.ndim)
    if reduce not in _REDUCTIONS:
        raise RuntimeError(
            "reduce argument must be either sum, prod, mean, amax or amin, got "
            f"{reduce}"
        )
    given = lengths if offsets is None else offsets
    if given is None:
        raise RuntimeError(
            "segment_reduce(): Either lengths or offsets must be defined."
        )
    if not data.dtype.is_floating_point:
        raise NotImplementedError(
            f"\"_segment_reduce_cpu\" not implemented for '{type_name(data)}'"
        )
    _check_segments(data, given, axis, offsets is not None, unsafe)
    if offsets is not None:
        lengths = None
    return _reduced(data, reduce, lengths, offsets, as_scalar_input(initial))


def _check_segments(
    data: Tensor, given: Tensor, axis: int, are_offsets: bool, unsafe: bool
) -> None:
    """Raise for lengths or offsets that do not fit, as far as the host knows them."""
    name = "offsets" if are_offsets else "lengths"
    if given.dtype.name not in INDEX_DTYPES:
        raise NotImplementedError(
            f'"_segment_reduce_{name}_cpu_kernel1" not implemented for '
            f"'{type_name(given)}'"
        )
    if axis != given.ndim - 1:
        raise RuntimeError(
            f"segment_reduce(): Expected axis to be the last dimension of {name} but "
            f"got {axis}."
        )
    if given.shape[:-1] != data.shape[:axis]:
        raise RuntimeError(
            f"segment_reduce(): {name} of shape {list(given.shape)} do not fit data of "
            f"shape {list(data.shape)}: the dimensions before {axis} must be the same."
        )
    values = host_values(given)
    if values is None:
        return
    if are_offsets and (np.diff(values, axis=-1) < 0).any():
        raise RuntimeError("Expected segment_length >= 0 to be true, but got false.")
    if unsafe or are_offsets:
        return
    if (values < 0).any():
        raise RuntimeError("lengths contains negative value!")
    if (values.sum(-1) != data.shape[axis]).any():
        raise RuntimeError(
            "segment_reduce(): Expected all rows of lengths along axis to sum to "
            "data.size(lengths.dim()-1) when !unsafe."
        )
