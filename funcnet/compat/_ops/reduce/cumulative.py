"""Running sums, products and extrema, differences and integrals along a dimension."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat import return_types
from funcnet.compat._core.annotations import DType, Operand
from funcnet.compat._ops.checks import dimension, dimensions
from funcnet.compat._ops.elementwise.powers import logaddexp_of
from funcnet.compat._ops.promote import of_one_dtype, of_one_floating_dtype
from funcnet.compat._ops.reduce.reduction import summable
from funcnet.compat._ops.registry import operation, recorded, register
from funcnet.compat._tensor.tensor import Tensor


def along(run: Callable[[Any, int], Any], x: Array, dim: int) -> Any:
    """Run a function along `dim`; a number counts as a vector of one."""
    axis = dimension(dim, x.ndim)
    if x.ndim:
        return run(x, axis)
    return jax.tree.map(lambda part: part.reshape(()), run(x.reshape(1), 0))


@operation("cumsum", inplace=True)
def cumsum(input: Array, dim: int, *, dtype: DType | None = None) -> Any:
    """Compute running sums, as `torch.cumsum`."""
    return along(jax.lax.cumsum, summable(input, dtype), dim)


@operation("cumprod", inplace=True)
def cumprod(input: Array, dim: int, *, dtype: DType | None = None) -> Any:
    """Compute running products, as `torch.cumprod`."""
    return along(jax.lax.cumprod, summable(input, dtype), dim)


@operation("logcumsumexp")
def logcumsumexp(input: Array, dim: int) -> Any:
    """Compute logarithms of running sums of exponentials, as `torch.logcumsumexp`."""

    def run(x: Array, axis: int) -> Any:
        return jax.lax.associative_scan(logaddexp_of, x, axis=axis)

    return along(run, input, dim)


def _running(x: Array, axis: int, better: Callable[..., Any]) -> Any:
    """Running extremum and its index: the last of equal ones and of NaNs."""
    indices = jax.lax.broadcasted_iota(jnp.int64, x.shape, axis)

    def later(first: Array, second: Array) -> Any:
        (x, i), (y, j) = first, second
        wins = (y != y) | ((x == x) & better(y, x))
        return jnp.where(wins, y, x), jnp.where(wins, j, i)

    fixed = jax.lax.stop_gradient(x)
    _, indices = jax.lax.associative_scan(later, (fixed, indices), axis=axis)
    return jnp.take_along_axis(x, indices, axis), indices


@operation("cummax", return_type=return_types.cummax)
def cummax(input: Array, dim: int) -> Any:
    """Compute running greatest elements and their indices, as `torch.cummax`."""
    return along(lambda x, axis: _running(x, axis, jnp.greater_equal), input, dim)


@operation("cummin", return_type=return_types.cummin)
def cummin(input: Array, dim: int) -> Any:
    """Compute running least elements and their indices, as `torch.cummin`."""
    return along(lambda x, axis: _running(x, axis, jnp.less_equal), input, dim)


@operation("diff")
def diff(
    input: Array,
    n: int = 1,
    dim: int = -1,
    prepend: Array | None = None,
    append: Array | None = None,
) -> Any:
    """Compute differences of neighbours, `n` times, as `torch.diff`."""
    if not input.ndim:
        raise RuntimeError("diff expects input to be at least one-dimensional")
    if n < 0:
        raise RuntimeError(f"order must be non-negative but got {n}")
    if not n:
        return input
    axis = dimension(dim, input.ndim)
    parts = [part for part in (prepend, input, append) if part is not None]
    x = jnp.concatenate(of_one_dtype(*parts), axis)
    for _ in range(min(n, x.shape[axis])):
        before, after = _neighbours(x, axis)
        x = after ^ before if x.dtype == jnp.bool_ else after - before
    return x


def _neighbours(x: Array, axis: int) -> tuple[Any, Any]:
    count = x.shape[axis]
    return (
        jax.lax.slice_in_dim(x, 0, max(count - 1, 0), axis=axis),
        jax.lax.slice_in_dim(x, min(1, count), count, axis=axis),
    )


def _areas(y: Array, x: Array | None, dx: Operand, dim: int) -> tuple[Any, int]:
    """The areas below the lines between neighbours, and along which axis they lie."""
    axis = dimension(dim, y.ndim)
    if x is None:
        y, dx = of_one_floating_dtype(y, dx)
        widths = dx
    else:
        y, x = of_one_floating_dtype(y, x)
        if x.ndim < y.ndim and x.ndim == 1:
            x = x.reshape([-1 if i == axis else 1 for i in range(y.ndim)])
        elif x.ndim < y.ndim:
            x = x.reshape((1,) * (y.ndim - x.ndim) + x.shape)
        axis -= y.ndim
        before, after = _neighbours(x, x.ndim + axis)
        widths = after - before
    before, after = _neighbours(y, axis % y.ndim)
    areas = widths * (before + after) / 2
    return areas, axis % areas.ndim


@operation("trapezoid", "trapz", method=False)
def trapezoid(
    y: Array, x: Array | None = None, *, dx: Operand = 1, dim: int = -1
) -> Any:
    """Integrate along `dim` by the trapezoidal rule, as `torch.trapezoid`."""
    areas, axis = _areas(y, x, dx, dim)
    return jnp.sum(areas, axis)


@operation("cumulative_trapezoid", method=False)
def cumulative_trapezoid(
    y: Array, x: Array | None = None, *, dx: Operand = 1, dim: int = -1
) -> Any:
    """Integrate along `dim` up to each point, as `torch.cumulative_trapezoid`."""
    areas, axis = _areas(y, x, dx, dim)
    return jnp.cumsum(areas, axis)


@recorded("gradient")
def _gradient(x: Array, spacing: Any, axes: tuple[int, ...], edge_order: int) -> Any:
    return [
        _slope(x, step, axis, edge_order)
        for step, axis in zip(spacing, axes, strict=True)
    ]


def _slope(x: Array, step: Array, axis: int, edge_order: int) -> Any:
    x, step = of_one_floating_dtype(x, step)
    return jnp.moveaxis(_slopes(jnp.moveaxis(x, axis, -1), step, edge_order), -1, axis)


def _slopes(x: Array, step: Array, edge_order: int) -> Any:
    """Second-order differences along the last axis."""
    count = x.shape[-1]
    if count < edge_order + 1:
        raise RuntimeError(
            "torch.gradient expected each dimension size to be at least edge_order+1"
        )
    widths = jnp.diff(step) if step.ndim else jnp.full(count - 1, step)
    rises = jnp.diff(x) / widths
    before, after = widths[:-1], widths[1:]
    inner = (rises[..., :-1] * after + rises[..., 1:] * before) / (before + after)
    first, last = rises[..., :1], rises[..., -1:]
    if edge_order == 2:
        first = first - (rises[..., 1:2] - first) * widths[0] / (widths[0] + widths[1])
        last = last + (last - rises[..., -2:-1]) * widths[-1] / (
            widths[-1] + widths[-2]
        )
    return jnp.concatenate([first, inner, last], -1)


@register("gradient", method=False, out=True)
def gradient(
    input: Tensor, *, spacing: Any = 1, dim: Any = None, edge_order: int = 1
) -> Any:
    """Estimate the derivative along dimensions by differences, as `torch.gradient`.

    `spacing` is the distance of neighbours, or their coordinates, of one or of each
    dimension.
    """
    count = input.ndim
    dims = (
        range(count) if dim is None else dim if isinstance(dim, tuple | list) else [dim]
    )
    axes = dimensions(tuple(dims), count)
    if edge_order not in (1, 2):
        raise RuntimeError(
            "torch.gradient only supports edge_order=1 and edge_order=2."
        )
    if not isinstance(spacing, tuple | list):
        spacing = [1 if spacing is None else spacing] * len(axes)
    if len(spacing) != len(axes):
        expected = "torch.gradient expected spacing to be unspecified, a scalar"
        if dim is None:
            raise RuntimeError(
                f"{expected}, or a list of length equal to 'self.dim() = {count}', "
                "since dim argument was not given, but got a list of length "
                f"{len(spacing)}"
            )
        raise RuntimeError(
            f"{expected} or it's spacing and dim arguments to have the same length, "
            f"but got a spacing argument of length {len(spacing)} and a dim argument "
            f"of length {len(axes)}."
        )
    return tuple(_gradient(input, list(spacing), axes, edge_order))
