"""Reductions over dimensions: sums, means, products, norms, `all` and `any`."""

from collections.abc import Callable
from typing import Any, TypeAlias

import jax
import jax.numpy as jnp

from funcnet._check import holds
from funcnet._types import Array
from funcnet.compat._core.annotations import Dims, DType
from funcnet.compat._ops.checks import dimension, dimensions, type_name
from funcnet.compat._ops.promote import floating, is_integral, promoted
from funcnet.compat._ops.registry import operation, recorded, register
from funcnet.compat._tensor.tensor import Tensor
from funcnet.functional._norm.vector_norm import vector_norm


def axes_of(x: Array, dim: Dims | None) -> tuple[int, ...]:
    """The axes of `dim`: all for None and for an empty tuple."""
    if dim is None or dim == () or dim == []:
        return tuple(range(x.ndim))
    axes = dimensions(dim, x.ndim)
    return axes if x.ndim else ()


def as_dtype(x: Array, dtype: DType | None) -> Array:
    """The array in a dtype of PyTorch's; as it is for None."""
    return x if dtype is None else x.astype(dtype.numpy)


def summable(x: Array, dtype: DType | None) -> Array:
    """The array in the dtype of its sum: `dtype`, or int64 for integers."""
    if dtype is None and is_integral(x):
        return x.astype(jnp.int64)
    return as_dtype(x, dtype)


def _averageable(x: Array, dtype: DType | None) -> Array:
    """The array in the dtype of its mean, which is no integer's."""
    x = as_dtype(x, dtype)
    if is_integral(x):
        what = "Input" if dtype is None else "Optional"
        raise RuntimeError(
            f"mean(): could not infer output dtype. {what} dtype must be either a "
            f"floating point or complex dtype. Got: {type_name(x)}"
        )
    return x


Axes: TypeAlias = tuple[int, ...]


def _reduction(
    name: str, convert: Callable[[Array, DType | None], Array]
) -> Callable[[Callable[[Array, Axes, bool], Array]], Callable[..., Any]]:
    """Register `torch.NAME(input, dim, keepdim, dtype=)`: a formula of array and axes.

    Args:
        name: of the function and the method.
        convert: brings the input to the dtype in which it is reduced.
    """

    def enter(formula: Callable[[Array, Axes, bool], Array]) -> Callable[..., Any]:
        def run(
            input: Array,
            dim: Dims | None = None,
            keepdim: bool = False,
            *,
            dtype: DType | None = None,
        ) -> Any:
            x = convert(input, dtype)
            return formula(x, axes_of(x, dim), keepdim)

        run.__doc__ = formula.__doc__
        return operation(name)(run)

    return enter


@_reduction("sum", summable)
def sum(x: Array, axes: Axes, keepdim: bool) -> Any:
    """Add up elements, as `torch.sum`: along `dim`, or all."""
    return jnp.sum(x, axes, keepdims=keepdim, dtype=x.dtype)


@_reduction("nansum", summable)
def nansum(x: Array, axes: Axes, keepdim: bool) -> Any:
    """Add up elements that are not NaN, as `torch.nansum`."""
    kept = jnp.where(x != x, jnp.zeros_like(x), x)
    return jnp.sum(kept, axes, keepdims=keepdim, dtype=x.dtype)


@_reduction("mean", _averageable)
def mean(x: Array, axes: Axes, keepdim: bool) -> Any:
    """Average elements, as `torch.mean`."""
    return jnp.mean(x, axes, keepdims=keepdim)


@_reduction("nanmean", as_dtype)
def nanmean(x: Array, axes: Axes, keepdim: bool) -> Any:
    """Average elements that are not NaN, as `torch.nanmean`."""
    valid = x == x
    total = jnp.sum(jnp.where(valid, x, 0), axes, keepdims=keepdim)
    return total / jnp.sum(valid, axes, keepdims=keepdim).astype(x.dtype)


@operation("prod")
def prod(
    input: Array,
    dim: int | None = None,
    keepdim: bool = False,
    *,
    dtype: DType | None = None,
) -> Any:
    """Multiply elements, as `torch.prod`."""
    x = summable(input, dtype)
    axis = None if dim is None else dimension(dim, x.ndim)
    axes = () if not x.ndim else axis
    return jnp.prod(x, axes, keepdims=keepdim, dtype=x.dtype)


def _truth(name: str, run: Callable[..., Any], what: str) -> Any:
    def function(input: Array, dim: Dims | None = None, keepdim: bool = False) -> Any:
        result = run(input, axes_of(input, dim), keepdims=keepdim)
        return result.astype(jnp.uint8) if input.dtype == jnp.uint8 else result

    function.__doc__ = f"Test whether {what} are not 0, as `torch.{name}`."
    return operation(name)(function)


all_of = _truth("all", jnp.all, "all elements")
any_of = _truth("any", jnp.any, "some elements")


@operation("count_nonzero")
def count_nonzero(input: Array, dim: Dims | None = None) -> Any:
    """Count elements that are not 0, as `torch.count_nonzero`."""
    return jnp.sum(input != 0, axes_of(input, dim), dtype=jnp.int64)


@operation("logsumexp", "special.logsumexp")
def logsumexp(input: Array, dim: Dims, keepdim: bool = False) -> Any:
    """Compute the logarithm of the sum of exponentials, as `torch.logsumexp`."""
    x = floating(input)
    return jax.nn.logsumexp(x, axes_of(x, dim), keepdims=keepdim)


@recorded("norm")
def norm_of(
    x: Array, p: float, dim: Dims | None, keepdim: bool, dtype: DType | None
) -> Any:
    if dtype is not None:
        x = x.astype(dtype.numpy)
    if is_integral(x):
        raise RuntimeError(
            "linalg.vector_norm: Expected a floating point or complex tensor as input. "
            f"Got {type_name(x)}"
        )
    return vector_norm(x, p, axes_of(x, dim), keepdim)


@register("norm", out=True)
def norm(
    input: Tensor,
    p: float | str = "fro",
    dim: Dims | None = None,
    keepdim: bool = False,
    dtype: DType | None = None,
) -> Tensor:
    """Compute the p-norm of the elements along `dim`, or of all, as `torch.norm`."""
    if p == "nuc":
        result: Tensor = nuclear(input, dim, keepdim)
    else:
        p = 2 if p in ("fro", None) else p
        result = norm_of(input, p, dim, keepdim, dtype)
    return result


@recorded("norm")
def nuclear(x: Array, dim: Dims | None, keepdim: bool) -> Any:
    axes = (0, 1) if dim is None else dimensions(dim, x.ndim)
    values = jnp.linalg.svd(jnp.moveaxis(x, axes, (-2, -1)), compute_uv=False)
    total = jnp.sum(values, -1)
    return jnp.expand_dims(total, axes) if keepdim else total


@operation("dist")
def dist(input: Array, other: Array, p: float = 2) -> Any:
    """Compute the p-norm of `input - other`, as `torch.dist`."""
    x, y = promoted(input, other)
    return vector_norm(x - y, p, tuple(range(max(x.ndim, y.ndim))))


def _check_renorm(x: Array, p: float, maxnorm: float) -> None:
    if isinstance(p, complex):
        raise RuntimeError("renorm: p must be real-valued")
    if holds(p <= 0, otherwise=False):
        raise RuntimeError("renorm: non-positive-norm not supported")
    if holds(maxnorm < 0, otherwise=False):
        raise RuntimeError(f"renorm: expected maxnorm to be >= 0 but got {maxnorm:.6g}")
    if is_integral(x):
        raise RuntimeError(
            "linalg.vector_norm: Expected a floating point or complex tensor as "
            f"input. Got {type_name(x)}"
        )


@operation("renorm", inplace=True)
def renorm(input: Array, p: float, dim: int, maxnorm: float) -> Any:
    """Scale parts along `dim` to a p-norm of at most `maxnorm`, as `torch.renorm`."""
    if input.ndim < 2:
        raise RuntimeError(
            f"renorm: input needs at least 2 dimensions, got {input.ndim} dimensions"
        )
    kept = dimension(dim, input.ndim)
    _check_renorm(input, p, maxnorm)
    axes = tuple(axis for axis in range(input.ndim) if axis != kept)
    large = vector_norm(jax.lax.stop_gradient(input), p, axes, True) > maxnorm
    # Where nothing is scaled, the norm has no part in the gradient, be it NaN.
    norms = vector_norm(jnp.where(large, input, 1), p, axes, True)
    return input * jnp.where(large, maxnorm / (norms + 1e-7), 1)
