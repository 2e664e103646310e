"""Writing at indices of an array, where several may go to the same index.

`indices` is an index of JAX: what `x.at[...]` takes. The gradients are PyTorch's.
"""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._core.annotations import Operand
from funcnet.compat._ops.promote import is_integral

_INSIDE = "promise_in_bounds"


def get_at(x: Array, indices: Any) -> Any:
    """The elements at these indices."""
    return x.at[indices].get(mode=_INSIDE)


def set_at(x: Array, indices: Any, values: Operand) -> Any:
    """`x` with values written; each value gets the gradient of where it was written."""
    values = jnp.asarray(values).astype(x.dtype)
    # Called unique, because the gradient of JAX for indices that meet is another one.
    return x.at[indices].set(values, mode=_INSIDE, unique_indices=True)


def add_at(x: Array, indices: Any, values: Array) -> Any:
    """`x` with values added."""
    at, values = x.at[indices], jnp.asarray(values).astype(x.dtype)
    if x.dtype == jnp.bool_:
        return at.max(values, mode=_INSIDE)
    return at.add(values, mode=_INSIDE)


def reduce_at(x: Any, indices: Any, values: Array, how: str, include_self: bool) -> Any:
    """`x` with all that goes to one index reduced: to a "sum", "prod", "mean", ..."""
    values = jnp.asarray(values).astype(x.dtype)
    count: Any = 1
    if not include_self:
        touched = jnp.zeros(x.shape, bool).at[indices].set(True, mode=_INSIDE)
        x = jnp.where(touched, _neutral(how, x.dtype), x)
        count = jnp.where(touched, 0, 1)
    if how == "prod":
        return _prod_at(x, indices, jnp.broadcast_to(values, get_at(x, indices).shape))
    if how in ("amax", "amin"):
        return _extremum_at(x, indices, values, how)
    total = add_at(x, indices, values)
    if how == "sum":
        return total
    ones = jnp.zeros(x.shape, jnp.int64).at[indices].add(1, mode=_INSIDE)
    count = jnp.maximum(ones + count, 1).astype(x.dtype)
    return jnp.floor_divide(total, count) if is_integral(x) else total / count


def _neutral(how: str, dtype: Any) -> Any:
    """What changes nothing in a reduction."""
    if how == "prod":
        return jnp.ones((), dtype)
    if how not in ("amax", "amin"):
        return jnp.zeros((), dtype)
    if dtype == jnp.bool_:
        return jnp.asarray(how == "amin")
    if jnp.issubdtype(dtype, jnp.inexact):
        return jnp.asarray(-jnp.inf if how == "amax" else jnp.inf, dtype)
    ends = jnp.iinfo(dtype)
    return jnp.asarray(ends.min if how == "amax" else ends.max, dtype)


@jax.custom_jvp
def _prod_at(x: Array, indices: Any, values: Array) -> Any:
    return x.at[indices].multiply(values, mode=_INSIDE)


@_prod_at.defjvp
def _prod_at_jvp(primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> Any:
    # The derivative by one factor is the product of the others: the whole by that
    # factor, and where it is the only zero, the product of those that are not.
    x, indices, values = primals
    dx, _, dvalues = tangents
    whole = _prod_at(
        jnp.where(x == 0, 1, x), indices, jnp.where(values == 0, 1, values)
    )
    zeros = add_at((x == 0).astype(jnp.int32), indices, (values == 0).astype(jnp.int32))

    def others(factor: Array, whole: Array, zeros: Array) -> Any:
        zero = factor == 0
        return jnp.where(zeros == zero, whole / jnp.where(zero, 1, factor), 0)

    far = others(values, get_at(whole, indices), get_at(zeros, indices))
    tangent = add_at(others(x, whole, zeros) * dx, indices, far * dvalues)
    return _prod_at(x, indices, values), tangent


@partial(jax.custom_jvp, nondiff_argnums=(3,))
def _extremum_at(x: Any, indices: Any, values: Array, how: str) -> Any:
    at = x.at[indices]
    return (at.max if how == "amax" else at.min)(values, mode=_INSIDE)


@_extremum_at.defjvp
def _extremum_at_jvp(
    how: str, primals: tuple[Any, ...], tangents: tuple[Any, ...]
) -> Any:
    x, indices, values = primals
    dx, _, dvalues = tangents
    result = _extremum_at(x, indices, values, how)
    # All that equal the extremum share its gradient.
    near = (x == result).astype(x.dtype)
    far = (values == get_at(result, indices)).astype(x.dtype)
    count = jnp.maximum(add_at(near, indices, far), 1)
    return result, add_at(near * dx, indices, far * dvalues) / count
