"""Reductions over the elements that a mask keeps, as `torch.masked`."""

from typing import Any

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._core.annotations import Dims, DType
from funcnet.compat._core.dtype import BY_NUMPY
from funcnet.compat._ops.checks import dimensions
from funcnet.compat._ops.promote import floating, is_integral
from funcnet.compat._ops.registry import operation


def kept(x: Array, mask: Array | None, fill: float, dtype: DType | None = None) -> Any:
    """The elements, what is masked replaced by `fill`, the identity of a reduction."""
    x = x if dtype is None else x.astype(dtype.numpy)
    if mask is None:
        return x
    if is_integral(x) and abs(fill) == jnp.inf and x.dtype != bool:
        limits = jnp.iinfo(x.dtype)
        fill = limits.max if fill > 0 else limits.min
    return jnp.where(mask, x, jnp.asarray(fill).astype(x.dtype))


def dims_of(dim: Dims | None, x: Array) -> tuple[int, ...]:
    """The dimensions counted from 0; all where none are named."""
    return tuple(range(x.ndim)) if dim is None else dimensions(dim, x.ndim)


def _count(x: Array, mask: Array | None, dims: tuple[int, ...], keepdim: bool) -> Any:
    """How many elements are kept."""
    seen = jnp.ones(x.shape, bool) if mask is None else jnp.broadcast_to(mask, x.shape)
    return jnp.sum(seen, dims, keepdims=keepdim)


@operation("masked.sum")
def sum(
    input: Array,
    dim: Dims | None = None,
    *,
    keepdim: bool = False,
    dtype: DType | None = None,
    mask: Array | None = None,
) -> Any:
    """Add up what the mask keeps, as `torch.masked.sum`."""
    x = kept(input, mask, 0, dtype)
    if dtype is None and is_integral(x):
        x = x.astype(jnp.int64)
    return jnp.sum(x, dims_of(dim, x), keepdims=keepdim, dtype=x.dtype)


@operation("masked.prod")
def prod(
    input: Array,
    dim: Dims | None = None,
    *,
    keepdim: bool = False,
    dtype: DType | None = None,
    mask: Array | None = None,
) -> Any:
    """Multiply what the mask keeps, as `torch.masked.prod`."""
    x = kept(input, mask, 1, dtype)
    if dtype is None and is_integral(x):
        x = x.astype(jnp.int64)
    return jnp.prod(x, dims_of(dim, x), keepdims=keepdim, dtype=x.dtype)


def _enter_extreme(name: str) -> None:
    reduce, fill = (jnp.max, -jnp.inf) if name == "amax" else (jnp.min, jnp.inf)

    def run(
        input: Array,
        dim: Dims | None = None,
        *,
        keepdim: bool = False,
        dtype: DType | None = None,
        mask: Array | None = None,
    ) -> Any:
        x = kept(input, mask, fill, dtype)
        return reduce(x, dims_of(dim, x), keepdims=keepdim)

    which = "greatest" if name == "amax" else "least"
    run.__doc__ = f"Take the {which} that the mask keeps, as `torch.masked.{name}`."
    operation(f"masked.{name}")(run)


def _enter_place(name: str) -> None:
    reduce, fill = (jnp.argmax, -jnp.inf) if name == "argmax" else (jnp.argmin, jnp.inf)

    def run(
        input: Array,
        dim: int | None = None,
        *,
        keepdim: bool = False,
        dtype: DType | None = None,
        mask: Array | None = None,
    ) -> Any:
        x = kept(input, mask, fill, dtype)
        return reduce(x, dim, keepdims=keepdim).astype(x.dtype)

    which = "greatest" if name == "argmax" else "least"
    run.__doc__ = f"Find the {which} that the mask keeps, as `torch.masked.{name}`."
    operation(f"masked.{name}", differentiable=False)(run)


for _name in ("amax", "amin"):
    _enter_extreme(_name)
    _enter_place("arg" + _name[1:])


def _mean(x: Array, mask: Array | None, dims: tuple[int, ...], keepdim: bool) -> Any:
    total = jnp.sum(kept(x, mask, 0), dims, keepdims=keepdim)
    return total / _count(x, mask, dims, keepdim).astype(x.dtype)


@operation("masked.mean")
def mean(
    input: Array,
    dim: Dims | None = None,
    *,
    keepdim: bool = False,
    dtype: DType | None = None,
    mask: Array | None = None,
) -> Any:
    """Average what the mask keeps, as `torch.masked.mean`."""
    x = input if dtype is None else input.astype(dtype.numpy)
    if is_integral(x):
        raise ValueError(
            "mean(): Could not infer output dtype. Input dtype must be either a "
            f"floating point or complex dtype. Got: {BY_NUMPY[x.dtype]!r}"
        )
    return _mean(x, mask, dims_of(dim, x), keepdim)


def _enter_spread(name: str) -> None:
    def run(
        input: Array,
        dim: Dims | None = None,
        unbiased: bool | None = None,
        *,
        correction: float | None = None,
        keepdim: bool = False,
        dtype: DType | None = None,
        mask: Array | None = None,
    ) -> Any:
        x = floating(input if dtype is None else input.astype(dtype.numpy))
        dims = dims_of(dim, x)
        far = x - _mean(x, mask, dims, True)
        squares = kept(jnp.real(far * jnp.conj(far)), mask, 0)
        less = (0 if unbiased is False else 1) if correction is None else correction
        count = _count(x, mask, dims, keepdim).astype(squares.dtype) - less
        total = jnp.sum(squares, dims, keepdims=keepdim)
        variance = total / jnp.maximum(count, 0)
        return jnp.sqrt(variance) if name == "std" else variance

    what = "standard deviation" if name == "std" else "variance"
    run.__doc__ = f"Compute the {what} of what is kept, as `torch.masked.{name}`."
    operation(f"masked.{name}")(run)


_enter_spread("var")
_enter_spread("std")
