"""Losses of real numbers against real numbers, element by element."""

import jax.numpy as jnp

from funcnet._check import (
    check_floating,
    check_in_range,
    check_positive,
    check_same_dtype,
    holds,
)
from funcnet._types import Array, ArrayLike
from funcnet.functional._activation.magnitude import magnitude
from funcnet.functional._loss.reduction import check_same_shape, matched_arrays, reduce

__all__ = ["huber_loss", "l1_loss", "mse_loss", "smooth_l1_loss"]


def mse_loss(
    input: ArrayLike,
    target: ArrayLike,
    reduction: str = "mean",
    weight: ArrayLike | None = None,
) -> Array:
    """Mean squared error loss; equals `torch.nn.functional.mse_loss`.

    Unlike there, nothing is broadcast: `(n,)` against `(n, 1)` raises.

    Args:
        input: any shape, floating point.
        target: the same shape and dtype.
        reduction: "mean", "sum" or "none".
        weight: how much each element counts, the same shape and dtype. The mean is the
            weighted one: it divides by the sum of the weights.

    Returns:
        A scalar, or the input's shape with reduction "none".

    Raises:
        InputError: the shapes differ, or the reduction is unknown.
        InputTypeError: the dtypes differ, or are not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> float(mse_loss(jnp.array([1.0, 2.0]), jnp.array([1.0, 4.0])))
        2.0
    """
    input, target = matched_arrays("mse_loss", input=input, target=target)
    return _weighted("mse_loss", (input - target) ** 2, reduction, weight)


def l1_loss(
    input: ArrayLike,
    target: ArrayLike,
    reduction: str = "mean",
    weight: ArrayLike | None = None,
) -> Array:
    """L1 loss, the absolute error; equals `torch.nn.functional.l1_loss`.

    Arguments, result and errors are those of `mse_loss`; numbers may be complex.

    Example:
        >>> import jax.numpy as jnp
        >>> float(l1_loss(jnp.array([1.0, 2.0]), jnp.array([1.0, 4.0])))
        1.0
    """
    input, target = jnp.asarray(input), jnp.asarray(target)
    check_floating("l1_loss", input)
    check_same_dtype("l1_loss", input=input, target=target)
    check_same_shape("l1_loss", input=input, target=target)
    return _weighted("l1_loss", magnitude(input - target), reduction, weight)


def smooth_l1_loss(
    input: ArrayLike,
    target: ArrayLike,
    reduction: str = "mean",
    beta: float = 1.0,
) -> Array:
    """Smooth L1 loss.

    It is `0.5 error² / beta` below `beta` and `|error| - 0.5 beta` above.

    Equals `torch.nn.functional.smooth_l1_loss` (Girshick 2015,
    https://arxiv.org/abs/1504.08083). With `beta=0` it is `l1_loss`. Arguments, result
    and errors are otherwise those of `mse_loss`.

    Example:
        >>> import jax.numpy as jnp
        >>> x, y = jnp.array([1.0, 2.0]), jnp.array([2.0, 5.0])
        >>> smooth_l1_loss(x, y, reduction="none").tolist()
        [0.5, 2.5]
    """
    name = "smooth_l1_loss"
    check_in_range(name, "beta", beta, 0)
    input, target = matched_arrays(name, input=input, target=target)
    error = magnitude(input - target)
    if holds(beta > 0, otherwise=True):
        small = jnp.where(error < beta, error, 0)  # the square of inf has no gradient
        quadratic = 0.5 * small**2 / beta
        error = jnp.where(error < beta, quadratic, error - 0.5 * beta)
    return reduce(name, error, reduction)


def huber_loss(
    input: ArrayLike,
    target: ArrayLike,
    reduction: str = "mean",
    delta: float = 1.0,
    weight: ArrayLike | None = None,
) -> Array:
    """Huber loss.

    It is `0.5 error²` up to `delta` and `delta (|error| - 0.5 delta)` above.

    Equals `torch.nn.functional.huber_loss` (Huber 1964,
    https://doi.org/10.1214/aoms/1177703732). Arguments, result and errors are those of
    `mse_loss`, except that the mean divides by the number of elements, with weights
    too, as in PyTorch.

    Example:
        >>> import jax.numpy as jnp
        >>> x, y = jnp.array([1.0, 2.0]), jnp.array([2.0, 5.0])
        >>> huber_loss(x, y, reduction="none", delta=2.0).tolist()
        [0.5, 4.0]
    """
    name = "huber_loss"
    check_positive(name, "delta", delta)
    input, target = matched_arrays(name, input=input, target=target)
    error = magnitude(input - target)
    small = jnp.where(error <= delta, error, 0)  # the square of inf has no gradient
    linear = delta * (error - 0.5 * delta)
    loss = jnp.where(error <= delta, 0.5 * small**2, linear)
    if weight is not None:
        loss, weight = matched_arrays(name, input=loss, weight=weight)
        loss = loss * weight
    return reduce(name, loss, reduction)


def _weighted(
    name: str, loss: Array, reduction: str, weight: ArrayLike | None
) -> Array:
    """Reduce; a mean with weights divides by their sum."""
    if weight is None:
        return reduce(name, loss, reduction)
    loss, weight = matched_arrays(name, input=loss, weight=weight)
    return reduce(name, loss * weight, reduction, weight)
