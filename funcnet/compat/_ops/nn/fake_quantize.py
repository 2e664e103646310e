"""Rounding as quantized numbers do, with gradients: training for quantization."""

from typing import Any, Final

import jax.numpy as jnp
from jax import Array

from funcnet.compat._ops.registry import operation
from funcnet.functional._derivative import with_slopes


def _level(x: Array, scale: Array, zero_point: Array) -> Array:
    return jnp.round(x * (1 / scale)) + zero_point


def _rounded(x: Array, scale: Array, zero: Array, low: Array, high: Array) -> Array:
    return (jnp.clip(_level(x, scale, zero), low, high) - zero) * scale


def _inside(
    result: Array, x: Array, scale: Array, zero: Array, low: Array, high: Array
) -> Array:
    level = _level(x, scale, zero)
    return ((level >= low) & (level <= high)).astype(result.dtype)


def _nothing(result: Array, *arrays: Array) -> Array:
    return jnp.zeros_like(result)


_fake: Final[Any] = with_slopes(_rounded, _inside, *[_nothing] * 4)


def _check(quant_min: int, quant_max: int) -> None:
    if quant_min > quant_max:
        raise RuntimeError("`quant_min` should be less than or equal to `quant_max`.")


@operation("fake_quantize_per_tensor_affine", method=False)
def fake_quantize_per_tensor_affine(
    input: Array, scale: Any, zero_point: Any, quant_min: int, quant_max: int
) -> Array:
    """Round to the levels of a quantized tensor; gradients pass between the limits.

    Equals `torch.fake_quantize_per_tensor_affine`.

    Example:
        >>> import funcnet.compat as torch
        >>> x = torch.tensor([0.26, 3.0])
        >>> torch.fake_quantize_per_tensor_affine(x, 0.1, 0, -8, 7)
        tensor([0.3000, 0.7000])
    """
    _check(quant_min, quant_max)
    parts = [
        jnp.asarray(x, input.dtype) for x in (scale, zero_point, quant_min, quant_max)
    ]
    return _fake(input, *parts)  # type: ignore[no-any-return]


@operation("fake_quantize_per_channel_affine", method=False)
def fake_quantize_per_channel_affine(
    input: Array,
    scale: Array,
    zero_point: Array,
    axis: int,
    quant_min: int,
    quant_max: int,
) -> Array:
    """Round to the levels of each channel; gradients pass between the limits.

    Equals `torch.fake_quantize_per_channel_affine`.

    Example:
        >>> import funcnet.compat as torch
        >>> x, scales = torch.tensor([[0.26], [0.26]]), torch.tensor([0.1, 0.2])
        >>> zeros = torch.zeros(2, dtype=torch.int32)
        >>> torch.fake_quantize_per_channel_affine(x, scales, zeros, 0, -8, 7)
        tensor([[0.3000],
                [0.2000]])
    """
    _check(quant_min, quant_max)
    shape = [1] * input.ndim
    shape[axis] = -1
    parts = [x.astype(input.dtype).reshape(shape) for x in (scale, zero_point)]
    limits = [jnp.asarray(x, input.dtype) for x in (quant_min, quant_max)]
    return _fake(input, *parts, *limits)  # type: ignore[no-any-return]
