"""Variances and covariances."""

from typing import Any

import jax.numpy as jnp

from funcnet._check import is_concrete
from funcnet._types import Array
from funcnet.compat._core.annotations import Dims
from funcnet.compat._ops.checks import type_name
from funcnet.compat._ops.promote import floating, is_integral
from funcnet.compat._ops.reduce.reduction import axes_of
from funcnet.compat._ops.registry import operation, recorded, register
from funcnet.compat._tensor.tensor import Tensor
from funcnet.functional._norm.vector_norm import root


def _moments(
    name: str, x: Array, dim: Dims | None, correction: float, keepdim: bool
) -> tuple[Any, Any]:
    """Variance and mean, with the sum of squares divided by `n - correction`."""
    if is_integral(x):
        raise RuntimeError(
            f"{name} only support floating point and complex dtypes, got {type_name(x)}"
        )
    axes = axes_of(x, dim)
    centre = jnp.mean(x, axes, keepdims=True)
    away = x - centre
    squares = jnp.real(away * jnp.conj(away))
    count = x.size // max(1, centre.size) - correction
    free = max(0, count) if is_concrete(count) else jnp.maximum(0, count)
    variance = jnp.sum(squares, axes, keepdims=keepdim) / jnp.asarray(
        free, squares.dtype
    )
    return variance, centre if keepdim else jnp.squeeze(centre, axes)


@recorded("var")
def _var(x: Array, dim: Dims | None, correction: float, keepdim: bool) -> Any:
    return _moments("std and var", x, dim, correction, keepdim)[0]


@recorded("std")
def _std(x: Array, dim: Dims | None, correction: float, keepdim: bool) -> Any:
    return root(_moments("std and var", x, dim, correction, keepdim)[0], 2)


@recorded("var_mean")
def _var_mean(x: Array, dim: Dims, correction: float, keepdim: bool) -> Any:
    return _moments("std_mean and var_mean", x, dim, correction, keepdim)


@recorded("std_mean")
def _std_mean(x: Array, dim: Dims, correction: float, keepdim: bool) -> Any:
    variance, mean = _moments("std_mean and var_mean", x, dim, correction, keepdim)
    return root(variance, 2), mean


def _register(name: str, recorded: Any, what: str, method: bool) -> None:
    def function(
        input: Tensor,
        dim: Dims | None = None,
        unbiased: bool = True,
        keepdim: bool = False,
        *,
        correction: float | None = None,
    ) -> Any:
        if isinstance(dim, bool):
            unbiased, dim = dim, None
        if correction is None:
            correction = int(unbiased)
        return recorded(input, dim, correction, keepdim)

    function.__doc__ = f"Compute {what} along `dim`, or of all, as `torch.{name}`."
    register(name, method=method, out=True)(function)


_register("var", _var, "the variance", method=True)
_register("std", _std, "the standard deviation", method=True)
_register("var_mean", _var_mean, "variance and mean", method=False)
_register("std_mean", _std_mean, "standard deviation and mean", method=False)


@operation("cov")
def cov(
    input: Array,
    *,
    correction: int = 1,
    fweights: Array | None = None,
    aweights: Array | None = None,
) -> Any:
    """Compute the covariances of the rows, as `torch.cov`: `(rows, rows)`."""
    return _covariance(input, correction, fweights, aweights)


def _covariance(
    x: Array, correction: int, fweights: Array | None, aweights: Array | None
) -> Any:
    if x.ndim > 2:
        raise RuntimeError(
            "cov(): expected input to have two or fewer dimensions but got an input "
            f"with {x.ndim} dimensions"
        )
    x = jnp.atleast_2d(floating(x))
    for name, given in (("fweights", fweights), ("aweights", aweights)):
        if given is not None:
            _check_weights(name, given, x.shape[1])
    weights = jnp.ones(x.shape[1], jnp.real(x).dtype)
    if fweights is not None:
        weights = weights * jnp.reshape(fweights, -1)
    if aweights is not None:
        weights = weights * jnp.reshape(aweights, -1)
    total = jnp.sum(weights)
    if aweights is None or correction == 0:
        free = total - correction
    else:
        free = total - correction * jnp.sum(weights * jnp.reshape(aweights, -1)) / total
    centre = jnp.sum(x * weights, 1, keepdims=True) / total
    away = x - centre
    result = (away * weights) @ jnp.conj(away).T / jnp.maximum(free, 0)
    return result.reshape(()) if x.shape[0] == 1 else result


def _check_weights(name: str, weights: Array, count: int) -> None:
    if weights.ndim > 1:
        raise RuntimeError(
            f"cov(): expected {name} to have one or fewer dimensions but got {name} "
            f"with {weights.ndim} dimensions"
        )
    integral = name == "fweights"
    if is_integral(weights) != integral:
        raise RuntimeError(
            f"cov(): expected {name} to have "
            f"{'integral' if integral else 'floating point'} dtype but got {name} with "
            f"{type_name(weights)} dtype"
        )
    if weights.size != count:
        raise RuntimeError(
            f"cov(): expected {name} to have the same numel as there are observations "
            f"in the input but got {weights.size} != {count}"
        )


@operation("corrcoef")
def corrcoef(input: Array) -> Any:
    """Compute the correlations of the rows, as `torch.corrcoef`: `(rows, rows)`."""
    result = _covariance(input, 1, None, None)
    if result.ndim == 0:
        return result / result
    scale = jnp.sqrt(jnp.real(jnp.diagonal(result)))
    result = result / scale[:, None] / scale
    if jnp.iscomplexobj(result):
        return jnp.clip(result.real, -1, 1) + 1j * jnp.clip(result.imag, -1, 1)
    return jnp.clip(result, -1, 1)
