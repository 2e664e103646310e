"""Arithmetic of two operands: sums, products, quotients, powers."""

from typing import Any

import jax
import jax.numpy as jnp

from funcnet.compat._dtypes import BY_NUMPY
from funcnet.compat._ops._promote import is_integral, promoted, promoted_floating
from funcnet.compat._ops._table import op


@op("add", numbers=True, inplace=True)
def add(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    """Compute `input + alpha * other`, as `torch.add`."""
    x, y = promoted(input, other)
    if x.dtype == jnp.bool_:
        return x | y
    return x + y if isinstance(alpha, int) and alpha == 1 else x + _as(alpha, y) * y


@op("sub", "subtract", numbers=True, inplace=True)
def sub(input: Any, other: Any, *, alpha: Any = 1) -> Any:
    """Compute `input - alpha * other`, as `torch.sub`."""
    x, y = promoted(input, other)
    if x.dtype == jnp.bool_:
        raise RuntimeError(
            "Subtraction, the `-` operator, with two bool tensors is not supported. Use "
            "the `^` or `logical_xor()` operator instead."
        )
    return x - y if isinstance(alpha, int) and alpha == 1 else x - _as(alpha, y) * y


def _as(number: Any, like: Any) -> Any:
    return jnp.asarray(number).astype(like.dtype)


@op("mul", "multiply", numbers=True, inplace=True, saves="inputs")
def mul(input: Any, other: Any) -> Any:
    """Compute `input * other`, as `torch.mul`."""
    x, y = promoted(input, other)
    return x & y if x.dtype == jnp.bool_ else x * y


@op("div", "divide", numbers=True, inplace=True, saves="inputs")
def div(input: Any, other: Any, *, rounding_mode: str | None = None) -> Any:
    """Compute `input / other`, as `torch.div`: rounded if `rounding_mode` says so."""
    if rounding_mode is None:
        x, y = promoted_floating(input, other)
        return x / y
    x, y = promoted(input, other)
    if rounding_mode == "floor":
        return jnp.floor_divide(x, y)
    if rounding_mode != "trunc":
        raise RuntimeError(
            "div expected rounding_mode to be one of None, 'trunc', or 'floor' but found "
            f"'{rounding_mode}'"
        )
    return (
        jax.lax.div(*jnp.broadcast_arrays(x, y)) if is_integral(x) else jnp.trunc(x / y)
    )


@op("pow", numbers=False, inplace=True, saves="inputs")
def pow(input: Any, exponent: Any) -> Any:
    """Compute `input ** exponent`, as `torch.pow`."""
    if isinstance(exponent, int | float) and not isinstance(exponent, bool):
        x, _ = promoted(input, exponent)
        if exponent == 2:
            return x * x
        if isinstance(exponent, int) or float(exponent).is_integer():
            if exponent < 0 and is_integral(x):
                raise RuntimeError(
                    "Integers to negative integer powers are not allowed."
                )
            return jax.lax.integer_pow(x, int(exponent))
        return jnp.sqrt(x) if exponent == 0.5 else jnp.power(x, exponent)
    x, y = promoted(input, exponent)
    return jnp.power(x, y)


@op("neg", "negative", inplace=True)
def neg(input: Any) -> Any:
    """Compute `-input`, as `torch.neg`."""
    return -input


@op("matmul", saves="inputs", grad_name="MmBackward0")
def matmul(input: Any, other: Any) -> Any:
    """Multiply matrices, vectors or batches of matrices, as `torch.matmul`."""
    return jnp.matmul(input, other)


@op("tanh", inplace=True)
def tanh(input: Any) -> Any:
    """Compute the hyperbolic tangent, as `torch.tanh`."""
    (x,) = promoted_floating(input)
    return jnp.tanh(x)


@op("sum")
def sum(
    input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None
) -> Any:
    """Add up elements, as `torch.sum`: of `dim`, or of all."""
    if dtype is not None:
        input = input.astype(dtype.numpy)
    elif is_integral(input):
        input = input.astype(jnp.int64)
    dim = None if dim == () else dim
    return jnp.sum(input, dim, keepdims=keepdim, dtype=input.dtype)


@op("mean")
def mean(
    input: Any, dim: Any = None, keepdim: bool = False, *, dtype: Any = None
) -> Any:
    """Average elements, as `torch.mean`."""
    if dtype is not None:
        input = input.astype(dtype.numpy)
    if is_integral(input):
        raise RuntimeError(
            "mean(): could not infer output dtype. Input dtype must be either a floating "
            f"point or complex dtype. Got: {BY_NUMPY[input.dtype]!r}"
        )
    return jnp.mean(input, dim, keepdims=keepdim)
