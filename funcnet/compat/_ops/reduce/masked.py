"""Reductions over the elements that a mask keeps, as `torch.masked`."""

from collections.abc import Callable
from typing import Any, TypeAlias

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._core.annotations import Dims, DType
from funcnet.compat._core.dtype import BY_NUMPY
from funcnet.compat._ops.checks import dimension, dimensions
from funcnet.compat._ops.promote import floating, is_integral
from funcnet.compat._ops.reduce.reduction import as_dtype, summable
from funcnet.compat._ops.registry import operation, register


def masked_fill(x: Array, mask: Array | None, fill: float) -> Any:
    """Replace what is masked by `fill`, the identity of a reduction."""
    if mask is None:
        return x
    if is_integral(x) and abs(fill) == jnp.inf and x.dtype != bool:
        limits = jnp.iinfo(x.dtype)
        fill = limits.max if fill > 0 else limits.min
    return jnp.where(mask, x, jnp.asarray(fill).astype(x.dtype))


def dims_of(dim: Dims | None, x: Array) -> tuple[int, ...]:
    """The dimensions counted from 0; all where none are named."""
    if dim is None:
        return tuple(range(x.ndim))
    dims = dimensions(dim, x.ndim)
    return dims if x.ndim else ()


def _count(x: Array, mask: Array | None, dims: tuple[int, ...], keepdim: bool) -> Any:
    """How many elements are kept."""
    seen = jnp.ones(x.shape, bool) if mask is None else jnp.broadcast_to(mask, x.shape)
    return jnp.sum(seen, dims, keepdims=keepdim)


Formula: TypeAlias = Callable[[Array, Array | None, tuple[int, ...], bool], Array]


def masked_reduction(
    name: str, convert: Callable[[Array, DType | None], Array] = as_dtype
) -> Callable[[Formula], Callable[..., Any]]:
    """Register `torch.masked.NAME`: a formula of array, mask, dimensions, `keepdim`.

    Args:
        name: of the function.
        convert: brings the input to the dtype in which it is reduced.
    """

    def enter(formula: Formula) -> Callable[..., Any]:
        def run(
            input: Array,
            dim: Dims | None = None,
            *,
            keepdim: bool = False,
            dtype: DType | None = None,
            mask: Array | None = None,
        ) -> Any:
            x = convert(input, dtype)
            return formula(x, mask, dims_of(dim, x), keepdim)

        run.__doc__ = formula.__doc__
        return operation(f"masked.{name}")(run)

    return enter


@masked_reduction("sum", summable)
def sum(x: Array, mask: Array | None, dims: tuple[int, ...], keepdim: bool) -> Any:
    """Add up what the mask keeps, as `torch.masked.sum`."""
    return jnp.sum(masked_fill(x, mask, 0), dims, keepdims=keepdim, dtype=x.dtype)


@masked_reduction("prod", summable)
def prod(x: Array, mask: Array | None, dims: tuple[int, ...], keepdim: bool) -> Any:
    """Multiply what the mask keeps, as `torch.masked.prod`."""
    return jnp.prod(masked_fill(x, mask, 1), dims, keepdims=keepdim, dtype=x.dtype)


@masked_reduction("amax")
def amax(x: Array, mask: Array | None, dims: tuple[int, ...], keepdim: bool) -> Any:
    """Take the greatest that the mask keeps, as `torch.masked.amax`."""
    return jnp.max(masked_fill(x, mask, -jnp.inf), dims, keepdims=keepdim)


@masked_reduction("amin")
def amin(x: Array, mask: Array | None, dims: tuple[int, ...], keepdim: bool) -> Any:
    """Take the least that the mask keeps, as `torch.masked.amin`."""
    return jnp.min(masked_fill(x, mask, jnp.inf), dims, keepdims=keepdim)


def _register_arg_extreme(name: str, find: Callable[..., Array], fill: float) -> None:
    """Register `torch.masked.argmax` or `argmin`, along one dimension or over all."""

    def run(
        input: Array,
        dim: int | None = None,
        *,
        keepdim: bool = False,
        dtype: DType | None = None,
        mask: Array | None = None,
    ) -> Any:
        x = as_dtype(input, dtype)
        axis = None if dim is None or not x.ndim else dimension(dim, x.ndim)
        indices = find(masked_fill(x, mask, fill), axis, keepdims=keepdim)
        return indices.astype(x.dtype)

    which = "greatest" if name == "argmax" else "least"
    run.__doc__ = f"Find the {which} that the mask keeps, as `torch.masked.{name}`."
    operation(f"masked.{name}", differentiable=False)(run)


_register_arg_extreme("argmax", jnp.argmax, -jnp.inf)
_register_arg_extreme("argmin", jnp.argmin, jnp.inf)


def _averageable(x: Array, dtype: DType | None) -> Array:
    """The array in the dtype of its mean, which is no integer's."""
    x = as_dtype(x, dtype)
    if is_integral(x):
        raise ValueError(
            "mean(): Could not infer output dtype. Input dtype must be either a "
            f"floating point or complex dtype. Got: {BY_NUMPY[x.dtype]!r}"
        )
    return x


def _mean(x: Array, mask: Array | None, dims: tuple[int, ...], keepdim: bool) -> Any:
    """Average what the mask keeps, as `torch.masked.mean`."""
    total = jnp.sum(masked_fill(x, mask, 0), dims, keepdims=keepdim)
    return total / _count(x, mask, dims, keepdim).astype(x.dtype)


mean = masked_reduction("mean", _averageable)(_mean)


def _register_spread(name: str) -> None:
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
        x = floating(as_dtype(input, dtype))
        dims = dims_of(dim, x)
        centered = x - _mean(x, mask, dims, True)
        squares = masked_fill(jnp.real(centered * jnp.conj(centered)), mask, 0)
        if correction is None:
            correction = 0 if unbiased is False else 1
        count = _count(x, mask, dims, keepdim).astype(squares.dtype) - correction
        total = jnp.sum(squares, dims, keepdims=keepdim)
        variance = total / jnp.maximum(count, 0)
        return jnp.sqrt(variance) if name == "std" else variance

    what = "standard deviation" if name == "std" else "variance"
    run.__doc__ = f"Compute the {what} of what is kept, as `torch.masked.{name}`."
    operation(f"masked.{name}")(run)


_register_spread("var")
_register_spread("std")


@register("masked.is_masked_tensor", overridable=False)
def is_masked_tensor(obj: object) -> bool:
    """Return False: there are no masked tensors.

    Example:
        >>> import funcnet.compat as torch
        >>> torch.masked.is_masked_tensor(torch.ones(2))
        False
    """
    return False
