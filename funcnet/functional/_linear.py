"""Affine maps."""

import jax.numpy as jnp

from funcnet._check import check_floating, check_same_dtype
from funcnet._errors import InputError
from funcnet._types import Array

__all__ = ["bilinear", "linear"]


def linear(input: Array, weight: Array, bias: Array | None = None) -> Array:
    """Apply a linear map, `input @ weight.T + bias`, as `torch.nn.functional.linear`.

    Args:
        input: `(*, in_features)`, floating point.
        weight: `(out_features, in_features)`, or `(in_features,)` for one output.
        bias: `(out_features,)`, or a scalar with a one-dimensional weight.

    Returns:
        `(*, out_features)`, or `(*,)` with a one-dimensional weight.

    Raises:
        InputError: the feature counts differ.
        InputTypeError: the dtypes differ, or are not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> linear(jnp.ones((2, 3)), jnp.ones((4, 3))).shape
        (2, 4)
    """
    check_floating("linear", input)
    check_same_dtype("linear", input=input, weight=weight, bias=bias)
    if input.ndim == 0 or input.shape[-1] != weight.shape[-1]:
        features = weight.shape[-1]
        facts = {"input": input.shape, "weight": weight.shape}
        raise InputError("linear.features", name="linear", features=features, **facts)
    y = _product(input, weight)  # (*, out_features)
    _check_bias("linear", bias, weight, y)
    return y if bias is None else y + jnp.broadcast_to(bias, y.shape)


def _check_bias(name: str, bias: Array | None, weight: Array, y: Array) -> None:
    """Raise unless the bias can be added to the output."""
    if bias is None:
        return
    pairs = zip(reversed(bias.shape), reversed(y.shape), strict=False)
    if bias.ndim > y.ndim or any(n not in (1, size) for n, size in pairs):
        facts = {"bias": bias.shape, "weight": weight.shape, "output": y.shape}
        raise InputError("linear.bias", name=name, dtype=bias.dtype, **facts)


def _product(x: Array, weight: Array) -> Array:
    """Compute `x @ weight.T` as a product of matrices.

    With more dimensions the gradient of the weight is a contraction over several. On
    CPUs XLA transposes for it, in one slow loop with whatever computed the gradient of
    the output: a GPT of 4 layers takes 58 ms of processor time a step, flattened 42.
    """
    if x.ndim < 3 or weight.ndim != 2:
        return jnp.matmul(x, weight.T)
    flat = x.reshape(-1, x.shape[-1])
    return jnp.matmul(flat, weight.T).reshape(*x.shape[:-1], weight.shape[0])


def bilinear(
    input1: Array, input2: Array, weight: Array, bias: Array | None = None
) -> Array:
    """Apply a bilinear map, `y[k] = input1 @ weight[k] @ input2 + bias[k]`.

    Equals `torch.nn.functional.bilinear`.

    Args:
        input1: `(*, in1_features)`, floating point.
        input2: `(*, in2_features)`, with the same leading dimensions.
        weight: `(out_features, in1_features, in2_features)`.
        bias: `(out_features,)`.

    Returns:
        `(*, out_features)`.

    Raises:
        InputError: the feature counts or the leading dimensions differ.
        InputTypeError: the dtypes differ, or are not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> x, y, w = jnp.ones((2, 3)), jnp.ones((2, 4)), jnp.ones((5, 3, 4))
        >>> bilinear(x, y, w).shape
        (2, 5)
    """
    check_floating("bilinear", input1)
    check_same_dtype("bilinear", input1=input1, input2=input2, weight=weight, bias=bias)
    if weight.ndim != 3:
        raise InputError("bilinear.weight", name="bilinear", weight=weight.shape)
    if input1.shape[:-1] != input2.shape[:-1]:
        facts = {"input1": input1.shape, "input2": input2.shape}
        raise InputError("bilinear.batch", name="bilinear", **facts)
    if weight.shape[1:] != (input1.shape[-1], input2.shape[-1]):
        features = input1.shape[-1], input2.shape[-1]
        facts = {"features": features, "weight": weight.shape}
        raise InputError("bilinear.features", name="bilinear", **facts)
    y = jnp.einsum("...i,kij,...j->...k", input1, weight, input2)
    _check_bias("bilinear", bias, weight, y)
    return y if bias is None else y + jnp.broadcast_to(bias, y.shape)
