"""The greatest and the least elements, and where they are."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat import return_types
from funcnet.compat._core.annotations import Dims
from funcnet.compat._ops.checks import check_filled, dimension
from funcnet.compat._ops.elementwise.clamp import maximum, minimum
from funcnet.compat._ops.reduce.reduction import axes_of
from funcnet.compat._ops.registry import operation, recorded, register
from funcnet.compat._tensor.annotations import TensorLike
from funcnet.compat._tensor.tensor import Tensor


def picked(x: Array, indices: Array, axis: int) -> Any:
    """The element of each row that `indices` (of size 1 along `axis`) points to.

    A sum of one term: its gradient needs no scatter, which is slow on CPUs.
    """
    here = jax.lax.broadcasted_iota(indices.dtype, x.shape, axis) == indices
    if x.dtype == jnp.bool_:
        return jnp.any(here & x, axis, keepdims=True)
    return jnp.sum(jnp.where(here, x, 0), axis, keepdims=True, dtype=x.dtype)


@operation("amax")
def amax(input: Array, dim: Dims = (), keepdim: bool = False) -> Any:
    """Take the greatest elements along `dim`, as `torch.amax`.

    Elements that are equally great share the gradient.
    """
    axes = axes_of(input, dim)
    check_filled("amax", input, dim)
    return jnp.max(input, axes, keepdims=keepdim)


@operation("amin")
def amin(input: Array, dim: Dims = (), keepdim: bool = False) -> Any:
    """Take the least elements along `dim`, as `torch.amin`."""
    axes = axes_of(input, dim)
    check_filled("amin", input, dim)
    return jnp.min(input, axes, keepdims=keepdim)


@operation("aminmax", return_type=return_types.aminmax)
def aminmax(input: Array, *, dim: int | None = None, keepdim: bool = False) -> Any:
    """Take the least and the greatest elements, as `torch.aminmax`."""
    axes = axes_of(input, dim)
    check_filled("aminmax", input, dim)
    least = jnp.min(input, axes, keepdims=keepdim)
    return least, jnp.max(input, axes, keepdims=keepdim)


def first_of(x: Array, extremum: Callable[..., Any], axis: int) -> Any:
    """The index of the first extremum of each row, or of the first NaN.

    Two plain reductions: on a CPU XLA runs them 20 times as fast as its `argmax`.
    """
    here = (x == extremum(x, axis, keepdims=True)) | (x != x)
    indices = jax.lax.broadcasted_iota(jnp.int32, x.shape, axis)
    indices = jnp.where(here, indices, x.shape[axis])
    return jnp.min(indices, axis, keepdims=True).astype(jnp.int64)


def _register_argument(name: str, extremum: Callable[..., Any], what: str) -> None:
    def function(input: Array, dim: int | None = None, keepdim: bool = False) -> Any:
        check_filled(name, input, dim)
        if input.ndim == 0:
            return jnp.zeros((), jnp.int64)
        if dim is None:
            indices = first_of(input.reshape(-1), extremum, 0)
            return indices.reshape((1,) * input.ndim if keepdim else ())
        axis = dimension(dim, input.ndim)
        indices = first_of(input, extremum, axis)
        return indices if keepdim else jnp.squeeze(indices, axis)

    function.__doc__ = f"Find the first of the {what} elements, as `torch.{name}`."
    operation(name)(function)


_register_argument("argmax", jnp.max, "greatest")
_register_argument("argmin", jnp.min, "least")


def _along(
    x: Array, dim: int, keepdim: bool, extremum: Callable[..., Any], name: str
) -> Any:
    axis = dimension(dim, x.ndim)
    if x.ndim == 0:
        return x, jnp.zeros((), jnp.int64)
    check_filled(name, x, dim)
    indices = first_of(jax.lax.stop_gradient(x), extremum, axis)
    values = picked(x, indices, axis)
    if keepdim:
        return values, indices
    return jnp.squeeze(values, axis), jnp.squeeze(indices, axis)


@recorded("max", grad_name="MaxBackward1")
def _max_of_all(x: Array) -> Any:
    check_filled("max", x, None)
    return jnp.max(x)


@recorded("min", grad_name="MinBackward1")
def _min_of_all(x: Array) -> Any:
    check_filled("min", x, None)
    return jnp.min(x)


@recorded("max", return_type=return_types.max)
def _max_along(x: Array, dim: int, keepdim: bool) -> Any:
    return _along(x, dim, keepdim, jnp.max, "max")


@recorded("min", return_type=return_types.min)
def _min_along(x: Array, dim: int, keepdim: bool) -> Any:
    return _along(x, dim, keepdim, jnp.min, "min")


@register("max", out=True)
def max(
    input: Tensor,
    dim: Dims | None = None,
    keepdim: bool = False,
    *,
    other: TensorLike | None = None,
) -> Any:
    """Take the greatest element, as `torch.max`.

    Of all elements; or along `dim`, with the indices: `(values, indices)`; or, with
    another tensor in place of `dim`, element by element, as `torch.maximum`.
    """
    if isinstance(dim, Tensor):
        other = dim
    if other is not None:
        return maximum(input, other)
    return _max_of_all(input) if dim is None else _max_along(input, dim, keepdim)


@register("min", out=True)
def min(
    input: Tensor,
    dim: Dims | None = None,
    keepdim: bool = False,
    *,
    other: TensorLike | None = None,
) -> Any:
    """Take the least element, as `torch.min`; see `max`."""
    if isinstance(dim, Tensor):
        other = dim
    if other is not None:
        return minimum(input, other)
    return _min_of_all(input) if dim is None else _min_along(input, dim, keepdim)
