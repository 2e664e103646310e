"""Affine maps."""

import jax.numpy as jnp

from funcnet._check import check_floating, check_same_dtype
from funcnet._errors import InputError
from funcnet._types import Array


def linear(input: Array, weight: Array, bias: Array | None = None) -> Array:
    """Compute `input @ weight.T + bias`, as `torch.nn.functional.linear`.

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
        raise InputError(
            f"linear: input has shape {input.shape}, its last dimension must be "
            f"{weight.shape[-1]}, the in_features of the weight {weight.shape}. "
            "Make the layer for this input, or reshape the input "
            "(an image wants Flatten first)."
        )
    y = _product(input, weight)  # (*, out_features)
    return y if bias is None else y + jnp.broadcast_to(bias, y.shape)


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
    """Compute `y[k] = input1 @ weight[k] @ input2 + bias[k]`.

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
    if input1.shape[:-1] != input2.shape[:-1]:
        raise InputError(
            f"bilinear: input1 {input1.shape} and input2 {input2.shape} must agree "
            "in all dimensions but the last."
        )
    if weight.shape[1:] != (input1.shape[-1], input2.shape[-1]):
        raise InputError(
            f"bilinear: input1 has {input1.shape[-1]} features and input2 "
            f"{input2.shape[-1]}, the weight {weight.shape} was made for "
            f"{weight.shape[1]} and {weight.shape[2]}."
        )
    y = jnp.einsum("...i,kij,...j->...k", input1, weight, input2)
    return y if bias is None else y + jnp.broadcast_to(bias, y.shape)
