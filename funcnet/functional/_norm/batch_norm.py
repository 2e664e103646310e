"""Norms with running statistics: batch and instance."""

import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import lax

from funcnet._check import check_floating
from funcnet._errors import InputError
from funcnet._precision import upcast
from funcnet._types import Array
from funcnet.functional._norm.standardize import standardize
from funcnet.functional._vision.affine import check_affine

__all__ = ["batch_norm", "instance_norm"]


class ChannelArrays(NamedTuple):
    """What a norm has for each channel."""

    running_mean: Array | None
    running_var: Array | None
    weight: Array | None
    bias: Array | None


Normalized = tuple[Array, Array | None, Array | None]


def batch_norm(
    input: Array,
    running_mean: Array | None,
    running_var: Array | None,
    weight: Array | None = None,
    bias: Array | None = None,
    training: bool = False,
    momentum: float | Array = 0.1,
    eps: float = 1e-5,
) -> Normalized:
    """Apply batch normalization: each channel gets mean 0 and variance 1.

    Equals `torch.nn.functional.batch_norm`, which updates the running statistics in
    place; here they are returned. In training the batch is normalised with its biased
    variance and the unbiased one goes into `running_var`.

    Args:
        input: `(batch, channels, *spatial)`, floating point.
        running_mean: `(channels,)`; may be None in training.
        running_var: `(channels,)`; may be None in training.
        weight: `(channels,)`, the scale.
        bias: `(channels,)`, the shift.
        training: normalise with the batch's statistics, not with the running ones.
        momentum: the weight of the new batch in the running statistics.
        eps: added to the variance.

    Returns:
        `(y, running_mean, running_var)`; in evaluation the last two as they came.

    Raises:
        InputError: the channel counts differ, running statistics are missing in
            evaluation, or a training batch has one value for each channel.
        InputTypeError: a dtype is not floating point, or does not fit the input's.

    Example:
        >>> import jax.numpy as jnp
        >>> x = jnp.array([[1.0], [3.0]])
        >>> y, mean, var = batch_norm(x, jnp.zeros(1), jnp.ones(1), training=True)
        >>> y.round().tolist(), round(float(mean[0]), 4), round(float(var[0]), 4)
        ([[-1.0], [1.0]], 0.2, 1.1)

    Source: Ioffe and Szegedy, "Batch Normalization" (2015),
    https://arxiv.org/abs/1502.03167
    """
    check_floating("batch_norm", input)
    if training and input.ndim > 1 and 0 < input.size == input.shape[1]:
        raise InputError("norm.one_value", name="batch_norm", input=input.shape)
    arrays = _check("batch_norm", input, running_mean, running_var, weight, bias)
    if input.size == 0:
        return input, running_mean, running_var
    if not training:
        return _normalize_with("batch_norm", input, arrays, eps)
    return _normalize(input, arrays, 0, momentum, eps)


def instance_norm(
    input: Array,
    running_mean: Array | None = None,
    running_var: Array | None = None,
    weight: Array | None = None,
    bias: Array | None = None,
    use_input_stats: bool = True,
    momentum: float | Array = 0.1,
    eps: float = 1e-5,
) -> Normalized:
    """Apply instance normalization: each channel of each sample on its own.

    Equals `torch.nn.functional.instance_norm`, which updates the running statistics
    in place; here they are returned. They are averages over the batch.

    Args:
        input: `(batch, channels, *spatial)`, floating point.
        running_mean: `(channels,)`, needed without `use_input_stats`.
        running_var: `(channels,)`, needed without `use_input_stats`.
        weight: `(channels,)`, the scale.
        bias: `(channels,)`, the shift.
        use_input_stats: normalise with the sample's statistics.
        momentum: the weight of the new batch in the running statistics.
        eps: added to the variance.

    Returns:
        `(y, running_mean, running_var)`.

    Raises:
        InputError: the channel counts differ, running statistics are missing, or a
            channel of a sample has one value.
        InputTypeError: a dtype is not floating point, or does not fit the input's.

    Example:
        >>> import jax.numpy as jnp
        >>> instance_norm(jnp.array([[[1.0, 3.0]]]))[0].round().tolist()
        [[[-1.0, 1.0]]]

    Source: Ulyanov et al., "Instance Normalization" (2016),
    https://arxiv.org/abs/1607.08022
    """
    check_floating("instance_norm", input)
    if input.size == 0:
        return input, running_mean, running_var
    if use_input_stats and math.prod(input.shape[2:]) == 1:
        raise InputError("norm.one_element", name="instance_norm", input=input.shape)
    arrays = _check("instance_norm", input, running_mean, running_var, weight, bias)
    if not use_input_stats:
        return _normalize_with("instance_norm", input, arrays, eps)
    return _normalize(input, arrays, 1, momentum, eps)


def _normalize(
    input: Array,
    arrays: ChannelArrays,
    first_axis: int,
    momentum: float | Array,
    eps: float,
) -> Normalized:
    """Normalise over the axes from `first_axis` on, the channels excepted.

    The channels go last, as the convolutions around a norm have them in memory:
    otherwise XLA computes the gradients in the other order and copies them.
    """
    running_mean, running_var, weight, bias = arrays
    x = jnp.moveaxis(upcast(input), 1, -1)
    axes = tuple(range(first_axis, x.ndim - 1))
    y, mean, var = standardize(x, axes, eps)
    y = jnp.moveaxis(_scale_and_shift(y, weight, bias), -1, 1).astype(input.dtype)
    if running_mean is not None and running_var is not None:
        n = math.prod(x.shape[axis] for axis in axes)
        running_mean = _blend(running_mean, mean, momentum)
        running_var = _blend(running_var, var * (n / max(n - 1, 1)), momentum)
    return y, running_mean, running_var


def _blend(running: Array, new: Array, momentum: float | Array) -> Array:
    """Move a running statistic towards `new` `(batch or 1, 1, ..., channels)`."""
    if isinstance(momentum, jax.Array):
        momentum = momentum.astype(running.dtype)
    value = lax.stop_gradient(new).reshape(new.shape[0], new.shape[-1]).mean(0)
    return (1 - momentum) * running + momentum * value.astype(running.dtype)


def _normalize_with(
    name: str, input: Array, arrays: ChannelArrays, eps: float
) -> Normalized:
    """Normalise with given statistics."""
    running_mean, running_var, weight, bias = arrays
    if running_mean is None or running_var is None:
        missing = "running_mean" if running_mean is None else "running_var"
        raise InputError("norm.no_statistics", name=name, missing=missing)
    x = jnp.moveaxis(upcast(input), 1, -1)
    mean = running_mean.astype(x.dtype)
    scale = lax.rsqrt(running_var.astype(x.dtype) + eps)
    if weight is not None:
        scale = scale * weight.astype(x.dtype)
    y = (x - _per_channel(mean, x)) * _per_channel(scale, x)
    y = jnp.moveaxis(_scale_and_shift(y, None, bias), -1, 1).astype(input.dtype)
    return y, running_mean, running_var


def _scale_and_shift(y: Array, weight: Array | None, bias: Array | None) -> Array:
    if weight is not None:
        y = y * _per_channel(weight.astype(y.dtype), y)
    if bias is not None:
        y = y + _per_channel(bias.astype(y.dtype), y)
    return y


def _per_channel(values: Array, like: Array) -> Array:
    """Broadcast `(channels,)` over `(batch, *spatial, channels)`."""
    return lax.broadcast_in_dim(values, like.shape, (like.ndim - 1,))


def _check(name: str, input: Array, *arrays: Array | None) -> ChannelArrays:
    """Check the arrays of the channels against the input, and return them."""
    if input.ndim < 2:
        raise InputError("norm.rank", name=name, input=input.shape)
    result = ChannelArrays(*arrays)
    check_affine(name, input, (input.shape[1],), "channels", result._asdict())
    return result
