"""Norms within a sample, without running statistics."""

import math
from collections.abc import Sequence

import jax
import jax.numpy as jnp

from funcnet._check import check_floating
from funcnet._errors import InputError
from funcnet._precision import upcast
from funcnet._types import Array
from funcnet.functional._norm.standardize import standardize
from funcnet.functional._norm.vector_norm import vector_norm
from funcnet.functional._vision.affine import check_affine

__all__ = ["group_norm", "layer_norm", "local_response_norm", "normalize", "rms_norm"]


def layer_norm(
    input: Array,
    normalized_shape: int | Sequence[int],
    weight: Array | None = None,
    bias: Array | None = None,
    eps: float = 1e-5,
) -> Array:
    """Apply layer normalization over the last dimensions.

    They get mean 0 and variance 1, and are scaled and shifted.

    Equals `torch.nn.functional.layer_norm`.

    Args:
        input: `(*, *normalized_shape)`, floating point.
        normalized_shape: the sizes of the dimensions to normalise over, the last ones.
        weight: `normalized_shape`, the scale.
        bias: `normalized_shape`, the shift.
        eps: added to the variance.

    Raises:
        InputError: the input does not end with `normalized_shape`, or the weight or
            the bias has another shape.
        InputTypeError: a dtype is not floating point, or does not fit the input's.

    Example:
        >>> import jax.numpy as jnp
        >>> layer_norm(jnp.array([[1.0, 3.0]]), (2,)).round().tolist()
        [[-1.0, 1.0]]

    Source: Ba et al., "Layer Normalization" (2016), https://arxiv.org/abs/1607.06450
    """
    arrays = {"weight": weight, "bias": bias}
    axes = _trailing("layer_norm", input, normalized_shape, arrays)
    y, _, _ = standardize(upcast(input), axes, eps)
    return _scale_and_shift(y, weight, bias).astype(input.dtype)


def rms_norm(
    input: Array,
    normalized_shape: int | Sequence[int],
    weight: Array | None = None,
    eps: float | None = None,
) -> Array:
    """Apply root mean square normalization over the last dimensions.

    They are divided by their root mean square, and scaled.

    Equals `torch.nn.functional.rms_norm`.

    Args:
        input: `(*, *normalized_shape)`, floating point.
        normalized_shape: the sizes of the dimensions to normalise over, the last ones.
        weight: `normalized_shape`, the scale.
        eps: added to the mean square; by default the spacing of the numbers at 1.

    Raises:
        InputError: the input does not end with `normalized_shape`, or the weight has
            another shape.
        InputTypeError: a dtype is not floating point, or does not fit the input's.

    Example:
        >>> import jax.numpy as jnp
        >>> rms_norm(jnp.array([[3.0, 3.0]]), (2,)).round().tolist()
        [[1.0, 1.0]]

    Source: Zhang and Sennrich, "Root Mean Square Layer Normalization" (2019),
    https://arxiv.org/abs/1910.07467
    """
    axes = _trailing("rms_norm", input, normalized_shape, {"weight": weight})
    x = upcast(input)
    if eps is None:
        eps = float(jnp.finfo(x.dtype).eps)
    scale = jax.lax.rsqrt(jnp.mean(jnp.square(x), axes, keepdims=True) + eps)
    return _scale_and_shift(x * scale, weight, None).astype(input.dtype)


def group_norm(
    input: Array,
    num_groups: int,
    weight: Array | None = None,
    bias: Array | None = None,
    eps: float = 1e-5,
) -> Array:
    """Apply group normalization over groups of channels.

    Each group gets mean 0 and variance 1; each channel is scaled and shifted.

    Equals `torch.nn.functional.group_norm`.

    Args:
        input: `(batch, channels, *spatial)`, floating point.
        num_groups: a divisor of the number of channels.
        weight: `(channels,)`, the scale.
        bias: `(channels,)`, the shift.
        eps: added to the variance.

    Raises:
        InputError: the groups do not divide the channels, or the weight or the bias
            has another shape.
        InputTypeError: a dtype is not floating point, or does not fit the input's.

    Example:
        >>> import jax.numpy as jnp
        >>> group_norm(jnp.array([[1.0, 3.0, 5.0, 7.0]]), 2).round().tolist()
        [[-1.0, 1.0, -1.0, 1.0]]

    Source: Wu and He, "Group Normalization" (2018), https://arxiv.org/abs/1803.08494
    """
    check_floating("group_norm", input)
    if input.ndim < 2:
        raise InputError("norm.rank", name="group_norm", input=input.shape)
    if num_groups < 1 or input.shape[1] % num_groups:
        facts = {"input": input.shape, "num_groups": num_groups}
        raise InputError("norm.groups", name="group_norm", **facts)
    batch, channels = input.shape[:2]
    arrays = {"weight": weight, "bias": bias}
    check_affine("group_norm", input, (channels,), "channels", arrays)
    group = math.prod(input.shape[1:]) // num_groups
    x = upcast(input).reshape(batch, num_groups, group)
    y = standardize(x, (2,), eps)[0].reshape(input.shape)
    shape = (channels,) + (1,) * (input.ndim - 2)
    weight, bias = (v if v is None else v.reshape(shape) for v in (weight, bias))
    return _scale_and_shift(y, weight, bias).astype(input.dtype)


def local_response_norm(
    input: Array, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0
) -> Array:
    """Apply local response normalization over neighbouring channels.

    Equals `torch.nn.functional.local_response_norm`: divides by
    `(k + alpha * mean_square) ** beta`, channels beyond the ends counting as 0.

    Args:
        input: `(batch, channels, *spatial)`, at least 3 dimensions.
        size: how many channels the mean is over.
        alpha: the weight of the mean square.
        beta: the exponent.
        k: added to the mean square.

    Raises:
        InputError: the input has fewer than 3 dimensions, or `size` is below 1.

    Example:
        >>> import jax.numpy as jnp
        >>> y = local_response_norm(jnp.ones((1, 3, 1)), 2, alpha=2.0, beta=1.0)
        >>> (1 / y).ravel().tolist()
        [2.0, 3.0, 3.0]

    Source: Krizhevsky et al., "ImageNet Classification with Deep Convolutional Neural
    Networks" (2012), https://papers.nips.cc/paper/4824
    """
    check_floating("local_response_norm", input)
    if input.ndim < 3 or size < 1:
        facts = {"input": input.shape, "ndim": input.ndim, "size": size}
        raise InputError("norm.neighbours", name="local_response_norm", **facts)
    x = upcast(input)
    padding = [(0, 0)] * input.ndim
    padding[1] = (size // 2, (size - 1) // 2)
    square = jnp.pad(jnp.square(x), padding)
    channels = input.shape[1]
    # Shifted additions: the gradient of a window sum is slow on CPUs.
    total = (
        sum(square[:, i : i + channels] for i in range(1, size)) + square[:, :channels]
    )
    return (x / (k + alpha / size * total) ** beta).astype(input.dtype)


def normalize(
    input: Array, p: float = 2.0, dim: int | Sequence[int] = 1, eps: float = 1e-12
) -> Array:
    """Apply Lp normalization along `dim`: divide by the norm, at least `eps`.

    Equals `torch.nn.functional.normalize`.

    Example:
        >>> import jax.numpy as jnp
        >>> normalize(jnp.array([[0.0, 4.0], [0.0, 0.0]])).tolist()
        [[0.0, 1.0], [0.0, 0.0]]
    """
    check_floating("normalize", input)
    x = upcast(input)
    norm = vector_norm(x, p, dim, keepdims=True)
    return (x / jnp.where(norm < eps, eps, norm)).astype(input.dtype)


def _trailing(
    name: str,
    input: Array,
    normalized_shape: int | Sequence[int],
    arrays: dict[str, Array | None],
) -> tuple[int, ...]:
    """Check the input and its parameters; return the dimensions to reduce."""
    check_floating(name, input)
    shape = normalized_shape
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    if not shape or input.shape[-len(shape) :] != shape:
        facts = {"input": input.shape, "normalized_shape": shape}
        raise InputError("norm.shape", name=name, **facts)
    check_affine(name, input, shape, "normalized_shape", arrays)
    return tuple(range(-len(shape), 0))


def _scale_and_shift(y: Array, weight: Array | None, bias: Array | None) -> Array:
    """Compute `y * weight + bias`, broadcast from the last dimension on."""
    if weight is not None:
        y = y * jnp.broadcast_to(weight.astype(y.dtype), y.shape)
    if bias is not None:
        y = y + jnp.broadcast_to(bias.astype(y.dtype), y.shape)
    return y
