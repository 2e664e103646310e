"""Softmax as PyTorch's kernels have it: `torch._safe_softmax`, `torch._softmax`."""

from typing import Any

import jax.numpy as jnp

from funcnet import functional as F
from funcnet._precision import upcast
from funcnet._types import Array
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DType
from funcnet.compat._ops.checks import dimension
from funcnet.compat._ops.nn.softmax import log_softmax, softmax
from funcnet.compat._ops.registry import operation, register
from funcnet.compat._tensor.tensor import Tensor


@operation("_safe_softmax", method=False)
def safe_softmax(input: Array, dim: int, dtype: DType | None = None) -> Any:
    """Apply softmax; where all of a row is -inf, 0. As `torch._safe_softmax`."""
    x = input if dtype is None else input.astype(dtype.numpy)
    axis = dimension(dim, x.ndim)
    nothing = jnp.all(jnp.isneginf(x), axis, keepdims=True) if x.ndim else x == -jnp.inf
    # Such a row is taken out before, too: its gradient would be NaN.
    return jnp.where(nothing, 0, F.softmax(jnp.where(nothing, 0, x), axis))


@register("_softmax", method=False)
def kernel_softmax(input: Tensor, dim: int, half_to_float: bool) -> Tensor:
    """`torch.softmax`, in float32 if asked, as `torch._softmax`."""
    return softmax(input, dim, dtype=_dtypes.float32 if half_to_float else None)


@register("_log_softmax", method=False)
def kernel_log_softmax(input: Tensor, dim: int, half_to_float: bool) -> Tensor:
    """`torch.log_softmax`, in float32 if asked, as `torch._log_softmax`."""
    return log_softmax(input, dim, dtype=_dtypes.float32 if half_to_float else None)


@operation("_softmax_backward_data", method=False)
def softmax_backward(
    grad_output: Array, output: Array, dim: int, input_dtype: DType
) -> Any:
    """The gradient of softmax by its output, as `torch._softmax_backward_data`."""
    grad, y = upcast(grad_output), upcast(output)
    axis = _axis(grad, dim)
    total = jnp.sum(grad * y, axis, keepdims=True)
    return ((grad - total) * y).astype(input_dtype.numpy)


@operation("_log_softmax_backward_data", method=False)
def log_softmax_backward(
    grad_output: Array, output: Array, dim: int, input_dtype: DType
) -> Any:
    """That of `log_softmax`, as `torch._log_softmax_backward_data`."""
    grad, y = upcast(grad_output), upcast(output)
    total = jnp.sum(grad, _axis(grad, dim), keepdims=True)
    return (grad - jnp.exp(y) * total).astype(input_dtype.numpy)


def _axis(x: Array, dim: int) -> Any:
    axis = dimension(dim, x.ndim)
    return axis if x.ndim else ()
