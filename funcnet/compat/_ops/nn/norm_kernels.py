"""Norms as PyTorch's kernels have them: with the moments that they computed.

The moments have a gradient where PyTorch's have one, which is of groups only.
"""

from typing import Any

import jax

from funcnet._precision import upcast
from funcnet._types import Array
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DType, ShapeLike
from funcnet.compat._core.context import no_grad
from funcnet.compat._ops.checks import as_tuple
from funcnet.compat._ops.create.creation import empty
from funcnet.compat._ops.nn.norms import batch_norm, group_norm, layer_norm
from funcnet.compat._ops.registry import recorded, register, register_kernel
from funcnet.compat._tensor.tensor import Tensor
from funcnet.functional._norm.standardize import standardize


@recorded("moments", grad_name="NativeGroupNormBackward0")
def _moments(
    input: Array, dtype: DType, axes: tuple[int, ...], shape: ShapeLike, eps: float
) -> Any:
    """The mean and `1 / sqrt(var + eps)` over axes of the input in another shape."""
    x = upcast(input).reshape(shape)
    _, mean, var = standardize(x, axes, eps)
    scale = jax.lax.rsqrt(var + eps)
    kept = [n for axis, n in enumerate(x.shape) if axis not in axes]
    return tuple(part.astype(dtype.numpy).reshape(kept) for part in (mean, scale))


def _dtype_of_moments(input: Tensor, *parameters: Tensor | None) -> Any:
    """That of the parameters, where the input has a narrower one."""
    return next((x.dtype for x in parameters if x is not None), input.dtype)


@register("native_layer_norm", method=False)
def native_layer_norm(
    input: Tensor,
    normalized_shape: ShapeLike,
    weight: Tensor | None,
    bias: Tensor | None,
    eps: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """Normalise the last dimensions; also give the mean and `1 / sqrt(var + eps)`.

    As `torch.native_layer_norm`.
    """
    sizes = as_tuple(normalized_shape)
    y = layer_norm(input, sizes, weight, bias, eps)
    dtype, given = _dtype_of_moments(input, weight, bias), tuple(input.shape)
    leading = input.ndim - len(sizes)
    axes = tuple(range(leading, input.ndim))
    with no_grad():
        moments = _moments(input, dtype, axes, given, eps)
    shape = (*given[:leading], *(1,) * len(sizes))
    mean, scale = (part.reshape(shape) for part in moments)
    return y, mean, scale


@register("native_group_norm", method=False)
def native_group_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    N: int,
    C: int,
    HxW: int,
    group: int,
    eps: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """Normalise groups of channels; also give the mean and `1 / sqrt(var + eps)`.

    As `torch.native_group_norm`, for which the input is `(N, C, HxW)`.
    """
    if input.shape.numel() != N * C * HxW:
        raise RuntimeError(
            f"native_group_norm(): expected N * C * HxW = {N * C * HxW} elements, got "
            f"an input of shape {list(input.shape)}. Pass the sizes of the input."
        )
    y = group_norm(input.reshape(N, C, HxW), group, weight, bias, eps)
    dtype = _dtype_of_moments(input, weight, bias)
    shape = (N, group, C // group * HxW)
    mean, scale = _moments(input, dtype, (2,), shape, eps)
    return y.reshape(input.shape), mean, scale


@register("native_batch_norm", method=False)
def native_batch_norm(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor | None,
    running_var: Tensor | None,
    training: bool,
    momentum: float,
    eps: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """Normalise channels; also give the batch's mean and `1 / sqrt(var + eps)`.

    As `torch.native_batch_norm`: not in training these two are empty, and in training
    `running_mean` and `running_var` are updated in place.
    """
    running = (running_mean, running_var)
    y = batch_norm(input, *running, weight, bias, training, momentum, eps)
    dtype = _dtype_of_moments(input, weight, bias, *running)
    if not training:
        nothing = [empty(0, dtype=dtype, device=input.device) for _ in range(2)]
        return y, nothing[0], nothing[1]
    axes = (0, *range(2, input.ndim))
    with no_grad():
        mean, scale = _moments(input, dtype, axes, tuple(input.shape), eps)
    return y, mean, scale


@register("_native_batch_norm_legit", method=False)
def native_batch_norm_legit(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Any = None,
    running_var: Any = None,
    training: Any = False,
    momentum: Any = 0.1,
    eps: Any = 1e-5,
) -> tuple[Tensor, Tensor, Tensor]:
    """As `native_batch_norm`, also without the two running statistics."""
    if isinstance(running_mean, bool):
        training, momentum, eps = running_mean, running_var, training
        running_mean = running_var = None
    running = (running_mean, running_var)
    return native_batch_norm(input, weight, bias, *running, training, momentum, eps)


@register_kernel("_batch_norm_with_update")
def batch_norm_with_update(
    input: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    running_mean: Tensor,
    running_var: Tensor,
    momentum: float,
    eps: float,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """As `native_batch_norm` in training; the last result is empty on a CPU."""
    running = (running_mean, running_var)
    result = native_batch_norm(input, weight, bias, *running, True, momentum, eps)
    return *result, empty(0, dtype=_dtypes.uint8, device=input.device)
