"""Medians, quantiles and the most frequent elements."""

from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat import return_types
from funcnet.compat._ops.checks import check_filled, dimension, type_name
from funcnet.compat._ops.elementwise.arithmetic import between
from funcnet.compat._ops.index.sorting import chosen, order, sorted_along
from funcnet.compat._ops.promote import is_integral
from funcnet.compat._ops.reduce.cumulative import along
from funcnet.compat._ops.registry import operation, recorded, register
from funcnet.compat._tensor.tensor import Tensor


def _middle(x: Array, axis: int, skip: bool) -> Any:
    """The indices of the lower medians; of a NaN if there is one, unless skipped."""
    x = jax.lax.stop_gradient(x)
    indices = order(x, axis)
    count = x.shape[axis]
    if is_integral(x):
        return jax.lax.slice_in_dim(
            indices, (count - 1) // 2, (count + 1) // 2, axis=axis
        )
    values = jnp.sum(x == x, axis, keepdims=True)
    if skip:
        rank = jnp.maximum(values - 1, 0) // 2
    else:  # NaNs are sorted behind the numbers
        rank = jnp.where(values == count, (count - 1) // 2, values)
    return jnp.take_along_axis(indices, rank, axis)


def _median_of_all(x: Array, skip: bool) -> Any:
    flat = x.reshape(-1)
    if not flat.size:
        return jnp.full((), jnp.nan if not is_integral(x) else 0, x.dtype)
    middle = jax.lax.stop_gradient(flat[_middle(flat, 0, skip)[0]])
    if is_integral(x):
        return middle
    # The greatest of what is not above it: elements that are equal share the gradient.
    low = jnp.max(jnp.where(flat <= middle, flat, -jnp.inf))
    return jnp.where(middle != middle, jnp.nan, low)


def _median_along(x: Array, dim: int, keepdim: bool, skip: bool) -> Any:
    check_filled("median", x, dim)

    def run(x: Array, axis: int) -> Any:
        return chosen(x, _middle(x, axis, skip), axis, keepdim)

    return along(run, x, dim)


def _register_median(name: str, skip: bool, what: str) -> None:
    @recorded(name, grad_name=f"{name.capitalize()}Backward0")
    def whole(x: Array) -> Any:
        return _median_of_all(x, skip)

    @recorded(name, return_type=getattr(return_types, name))
    def rows(x: Array, dim: int, keepdim: bool) -> Any:
        return _median_along(x, dim, keepdim, skip)

    def function(input: Tensor, dim: int | None = None, keepdim: bool = False) -> Any:
        return whole(input) if dim is None else rows(input, dim, keepdim)

    function.__doc__ = f"Find the lower median {what}, as `torch.{name}`."
    register(name, out=True)(function)


_register_median("median", False, "of all, or along `dim`")
_register_median("nanmedian", True, "of what is not NaN")


@operation("mode", return_type=return_types.mode)
def mode(input: Array, dim: int = -1, keepdim: bool = False) -> Any:
    """Find the most frequent element, the least of several, as `torch.mode`."""

    check_filled("mode", input, dim)

    def run(x: Array, axis: int) -> Any:
        ordered, indices = sorted_along(jax.lax.stop_gradient(x), axis)
        ranks = jax.lax.broadcasted_iota(jnp.int64, x.shape, axis)
        begins = ordered != jnp.roll(ordered, 1, axis)
        starts = jax.lax.cummax(jnp.where(begins, ranks, 0), axis)
        ends = jnp.argmax(ranks - starts, axis, keepdims=True)
        return chosen(x, jnp.take_along_axis(indices, ends, axis), axis, keepdim)

    return along(run, input, dim)


_METHODS = ("linear", "lower", "higher", "midpoint", "nearest")


def _quantile(
    x: Array, q: Array, dim: int | None, keepdim: bool, method: str, skip: bool
) -> Any:
    if not x.size:
        raise RuntimeError("quantile() input tensor must be non-empty")
    if is_integral(x):
        raise RuntimeError(
            "quantile() input tensor must be either float or double dtype, got "
            f"{type_name(x)}"
        )
    if method not in _METHODS:
        raise RuntimeError(
            "quantile() interpolation must be one of linear, lower, higher, midpoint "
            f"or nearest, but got {method}"
        )
    q = jnp.asarray(q, x.dtype)
    axis = 0 if dim is None else dimension(dim, x.ndim)
    rows = x.reshape(-1) if dim is None or not x.ndim else x
    rows, _ = sorted_along(jnp.moveaxis(rows, axis, 0), 0)
    count = rows.shape[0]
    values = jnp.sum(rows == rows, 0)
    last = jnp.maximum(values - 1, 0) if skip else count - 1
    ranks = q.reshape(-1, *(1,) * (rows.ndim - 1)) * jnp.asarray(last, x.dtype)
    if not skip:  # a NaN, which is sorted last, makes the whole row NaN
        ranks = jnp.where(values < count, count - 1, ranks)
    result = _between(rows, ranks, method)
    if keepdim and dim is None:
        result = result.reshape(-1, *(1,) * x.ndim)
    elif keepdim and x.ndim:
        result = jnp.expand_dims(result, axis + 1)
    return result.reshape(q.shape + result.shape[1:])


def _between(rows: Array, ranks: Array, method: str) -> Any:
    def at(rank: Array) -> Any:
        index = jnp.broadcast_to(rank.astype(jnp.int64), (len(ranks), *rows.shape[1:]))
        return jnp.take_along_axis(rows, index, 0)

    if method == "nearest":
        return at(jnp.round(ranks))
    below, above = at(jnp.floor(ranks)), at(jnp.ceil(ranks))
    if method == "lower":
        return below
    if method == "higher":
        return above
    fraction = ranks - jnp.floor(ranks)
    weight = jnp.full_like(fraction, 0.5) if method == "midpoint" else fraction
    return between(below, above, weight)


def _register_quantile(name: str, skip: bool, what: str) -> None:
    def function(
        input: Array,
        q: Array,
        dim: int | None = None,
        keepdim: bool = False,
        *,
        interpolation: str = "linear",
    ) -> Any:
        return _quantile(input, q, dim, keepdim, interpolation, skip)

    function.__doc__ = f"Find the quantiles `q` {what}, as `torch.{name}`."
    operation(name)(function)


_register_quantile("quantile", False, "of all elements, or along `dim`")
_register_quantile("nanquantile", True, "of what is not NaN")
