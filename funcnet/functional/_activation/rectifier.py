"""Activations made of straight pieces.

At each corner the gradient is the one PyTorch takes, which `where` with PyTorch's
comparison gives; `maximum` and `clip` would give half of it. The comparisons are
written so that NaN goes through.
"""

import jax
import jax.numpy as jnp

from funcnet._check import (
    check_floating,
    check_rank,
    check_same_dtype,
    holds,
    missing_key,
)
from funcnet._errors import InputError
from funcnet._types import Array, Key

__all__ = [
    "hardshrink",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "leaky_relu",
    "prelu",
    "relu",
    "relu6",
    "rrelu",
    "softshrink",
    "threshold",
]


def threshold(input: Array, threshold: float, value: float) -> Array:
    """Apply a threshold: keep what is greater, replace the rest by `value`.

    Equals `torch.nn.functional.threshold`. Any shape.

    Example:
        >>> import jax.numpy as jnp
        >>> threshold(jnp.array([0.5, 1.0, 2.0]), 1.0, 9.0).tolist()
        [9.0, 9.0, 2.0]
    """
    check_floating("threshold", input)
    return jnp.where(input <= threshold, value, input)


def relu(input: Array) -> Array:
    """Apply the ReLU, `max(x, 0)`, as `torch.nn.functional.relu`. Any shape.

    The gradient at 0 is 0.

    Example:
        >>> import jax.numpy as jnp
        >>> relu(jnp.array([-1.0, 0.0, 2.0])).tolist()
        [0.0, 0.0, 2.0]

    Source: Nair and Hinton, "Rectified Linear Units Improve Restricted Boltzmann
    Machines" (2010), https://icml.cc/Conferences/2010/papers/432.pdf
    """
    check_floating("relu", input)
    return _relu(input)


@jax.custom_jvp
def _relu(x: Array) -> Array:
    # What reads its input once XLA moves past the transposes around a convolution; it
    # computes `where(x <= 0, 0, x)` in the wrong memory order, with two copies more.
    return jnp.maximum(x, 0)


@_relu.defjvp
def _relu_jvp(primals: tuple[Array], tangents: tuple[Array]) -> tuple[Array, Array]:
    (x,), (dx,) = primals, tangents
    return _relu(x), jnp.where(x <= 0, jnp.zeros_like(dx), dx)


def relu6(input: Array) -> Array:
    """Apply the ReLU6, `min(max(x, 0), 6)`, as `torch.nn.functional.relu6`.

    Any shape. The gradient is 0 at 0 and at 6.

    Example:
        >>> import jax.numpy as jnp
        >>> relu6(jnp.array([-1.0, 3.0, 8.0])).tolist()
        [0.0, 3.0, 6.0]
    """
    check_floating("relu6", input)
    return _between(input, 0, 6)


def hardtanh(input: Array, min_val: float = -1.0, max_val: float = 1.0) -> Array:
    """Apply the HardTanh: limit to `min_val`..`max_val`.

    As `torch.nn.functional.hardtanh`.

    Any shape. The gradient is 0 at both limits.

    Raises:
        InputError: `min_val` is greater than `max_val`.

    Example:
        >>> import jax.numpy as jnp
        >>> hardtanh(jnp.array([-3.0, 0.5, 3.0])).tolist()
        [-1.0, 0.5, 1.0]
    """
    check_floating("hardtanh", input)
    check_limits(min_val, max_val)
    return _between(input, min_val, max_val)


def check_limits(min_val: float, max_val: float) -> None:
    """Raise unless the limits of `hardtanh` are in order."""
    if holds(min_val > max_val, otherwise=False):
        facts = {"min_val": min_val, "max_val": max_val}
        raise InputError("hardtanh.limits", name="hardtanh", **facts)


def _between(x: Array, low: float, high: float) -> Array:
    """Limit `x`, with gradient 0 at the limits too."""
    return jnp.where(x <= low, low, jnp.where(x >= high, high, x))


def leaky_relu(input: Array, negative_slope: float = 0.01) -> Array:
    """Apply the leaky ReLU: `x` where positive, `negative_slope * x` elsewhere.

    Equals `torch.nn.functional.leaky_relu`. Any shape.

    Example:
        >>> import jax.numpy as jnp
        >>> leaky_relu(jnp.array([-2.0, 2.0]), 0.5).tolist()
        [-1.0, 2.0]
    """
    check_floating("leaky_relu", input)
    return jnp.where(input > 0, input, input * negative_slope)


def prelu(input: Array, weight: Array) -> Array:
    """Apply the parametric ReLU: `x` where positive, `weight * x` elsewhere.

    Equals `torch.nn.functional.prelu`.

    Args:
        input: `(batch, channels, *)`, or any shape with a single weight.
        weight: one number, or one for each channel `(channels,)`.

    Raises:
        InputError: the weights are neither one nor one for each channel.
        InputTypeError: the dtypes differ, or are not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> prelu(jnp.array([[-2.0, -2.0]]), jnp.array([0.5, 0.25])).tolist()
        [[-1.0, -0.5]]

    Source: He et al., "Delving Deep into Rectifiers" (2015),
    https://arxiv.org/abs/1502.01852
    """
    check_floating("prelu", input)
    check_same_dtype("prelu", input=input, weight=weight)
    check_rank("prelu", weight, (0, 1), "one slope, or one for each channel", "weight")
    channels = input.shape[1] if input.ndim >= 2 else 1
    if weight.size not in (1, channels):
        facts = {"input": input.shape, "weights": weight.size, "channels": channels}
        raise InputError("prelu.weights", name="prelu", **facts)
    shape = [1] * input.ndim
    if input.ndim >= 2:
        shape[1] = weight.size
    slope = jnp.broadcast_to(weight.reshape(shape), input.shape)
    return jnp.where(input > 0, input, slope * input)


def rrelu(
    input: Array,
    lower: float = 1 / 8,
    upper: float = 1 / 3,
    training: bool = False,
    *,
    key: Key | None = None,
) -> Array:
    """Apply the randomized leaky ReLU: each negative element times a random slope.

    Equals `torch.nn.functional.rrelu` with the randomness made explicit. When not
    training the slope is `(lower + upper) / 2`. Any shape.

    Raises:
        InputError: `lower` is greater than `upper`, or a key is needed and missing.

    Example:
        >>> import jax.numpy as jnp
        >>> rrelu(jnp.array([-2.0, 2.0]), 0.25, 0.75).tolist()
        [-1.0, 2.0]

    Source: Xu et al., "Empirical Evaluation of Rectified Activations in Convolutional
    Network" (2015), https://arxiv.org/abs/1505.00853
    """
    check_floating("rrelu", input)
    if lower > upper:
        raise InputError("rrelu.limits", name="rrelu", lower=lower, upper=upper)
    if not training:
        return leaky_relu(input, (lower + upper) / 2)
    if key is None:
        missing_key("rrelu")
    slope = jax.random.uniform(key, input.shape, input.dtype, lower, upper)
    return jnp.where(input <= 0, slope * input, input)


def hardsigmoid(input: Array) -> Array:
    """Apply Hardsigmoid, `relu6(x + 3) / 6`. Any shape.

    As `torch.nn.functional.hardsigmoid`.

    Example:
        >>> import jax.numpy as jnp
        >>> hardsigmoid(jnp.array([-4.0, 0.0, 4.0])).tolist()
        [0.0, 0.5, 1.0]
    """
    check_floating("hardsigmoid", input)
    return relu6(input + 3) / 6


def hardswish(input: Array) -> Array:
    """Apply Hardswish, `x * relu6(x + 3) / 6`. Any shape.

    As `torch.nn.functional.hardswish`.

    Example:
        >>> import jax.numpy as jnp
        >>> hardswish(jnp.array([-4.0, 0.0, 3.0])).tolist()
        [-0.0, 0.0, 3.0]

    Source: Howard et al., "Searching for MobileNetV3" (2019),
    https://arxiv.org/abs/1905.02244
    """
    check_floating("hardswish", input)
    # The corner at -3 has the gradient of the left piece, the one at 3 of the right.
    left, right = input <= -3, ~(input < 3)
    x = jnp.where(left | right, 0, input)  # no product of infinities in the gradient
    middle = x * (x + 3) / 6
    return jnp.where(right, input, jnp.where(left, 0 * input, middle))


def hardshrink(input: Array, lambd: float = 0.5) -> Array:
    """Apply hard shrinkage: 0 for what lies in `-lambd..lambd`.

    As `torch.nn.functional.hardshrink`.

    Any shape.

    Example:
        >>> import jax.numpy as jnp
        >>> hardshrink(jnp.array([-1.0, 0.5, 2.0])).tolist()
        [-1.0, 0.0, 2.0]
    """
    check_floating("hardshrink", input)
    inside = (input >= -lambd) & (input <= lambd)
    return jnp.where(inside, jnp.zeros_like(input), input)


def softshrink(input: Array, lambd: float = 0.5) -> Array:
    """Apply soft shrinkage: move towards 0 by `lambd`. Any shape.

    As `torch.nn.functional.softshrink`.

    Raises:
        InputError: `lambd` is negative.

    Example:
        >>> import jax.numpy as jnp
        >>> softshrink(jnp.array([-1.0, 0.5, 2.0])).tolist()
        [-0.5, 0.0, 1.5]
    """
    check_floating("softshrink", input)
    if holds(lambd < 0, otherwise=False):
        facts = {"lambd": lambd, "dtype": input.dtype}
        raise InputError("softshrink.lambd", name="softshrink", **facts)
    inside = (input >= -lambd) & (input <= lambd)
    shifted = jnp.where(input > 0, input - lambd, input + lambd)
    return jnp.where(inside, jnp.zeros_like(input), shifted)
