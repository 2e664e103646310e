"""Negative log likelihoods of Poisson and Gaussian variables, and KL divergence."""

import math

import jax.numpy as jnp
import numpy as np

from funcnet._check import check_positive, is_concrete
from funcnet._errors import InputError
from funcnet._types import Array, ArrayLike
from funcnet.functional._activation.magnitude import at_least
from funcnet.functional._derivative import with_slope
from funcnet.functional._loss.reduction import (
    expand,
    matched_arrays,
    poison,
    real_arrays,
    reduce,
)

__all__ = ["gaussian_nll_loss", "kl_div", "poisson_nll_loss"]


def kl_div(
    input: ArrayLike,
    target: ArrayLike,
    reduction: str = "mean",
    log_target: bool = False,
) -> Array:
    """Compute the Kullback-Leibler divergence.

    It is `target * (log(target) - input)`. Equals `torch.nn.functional.kl_div`.

    The sum over the classes is the Kullback-Leibler divergence of the target from the
    distribution whose *log*-probabilities are the input. Reduction "batchmean" gives
    its mean over the batch; "mean" divides by the classes too, as in PyTorch.

    Result and errors are those of `mse_loss`.

    Args:
        input: log-probabilities, any shape, floating point.
        target: probabilities, the same shape and dtype.
        reduction: "mean", "batchmean", "sum" or "none".
        log_target: whether the target holds log-probabilities too.

    Example:
        >>> import jax.numpy as jnp
        >>> p = jnp.array([[0.5, 0.5]])
        >>> float(kl_div(jnp.log(p), p, reduction="batchmean"))
        0.0
    """
    input, target = matched_arrays("kl_div", input=input, target=target)
    if log_target:
        loss = jnp.exp(target) * (target - input)
    else:
        loss = _times_own_log(target) - target * input
    if reduction == "batchmean":
        return jnp.sum(loss) / (input.shape[0] if input.ndim else 1)
    return reduce("kl_div", loss, reduction)


def _own_log(x: Array) -> Array:
    """Compute `log(x)`, 0 at 0."""
    return jnp.log(jnp.where(x == 0, 1, x))


# 0 log 0 is 0, and so is its gradient here, where PyTorch's is NaN.
_times_own_log = with_slope(
    lambda x: x * _own_log(x), lambda x: jnp.where(x == 0, 0, 1 + _own_log(x))
)


def poisson_nll_loss(
    input: ArrayLike,
    target: ArrayLike,
    log_input: bool = True,
    full: bool = False,
    eps: float = 1e-8,
    reduction: str = "mean",
) -> Array:
    """Compute the Poisson negative log likelihood.

    It is the negative log likelihood of counts with the given Poisson rates.

    Equals `torch.nn.functional.poisson_nll_loss`. Result and errors are those of
    `soft_margin_loss`.

    Args:
        input: log of the rates; the rates with `log_input=False`. Floating point.
        target: counts, the same shape; integers or the input's dtype.
        log_input: whether the input is the logarithm of the rates.
        full: add Stirling's approximation of log(target!), for targets above 1.
        eps: added to the rates before their logarithm is taken.
        reduction: "mean", "sum" or "none".

    Example:
        >>> import jax.numpy as jnp
        >>> float(poisson_nll_loss(jnp.zeros(3), jnp.array([0, 1, 5])))
        1.0
    """
    name = "poisson_nll_loss"
    (input,) = real_arrays(name, input=input)
    counts = jnp.asarray(target)
    if jnp.issubdtype(counts.dtype, jnp.integer):
        counts = counts.astype(input.dtype)
    input, counts = matched_arrays(name, input=input, target=counts)
    if log_input:
        loss = jnp.exp(input) - counts * input
    else:
        loss = input - counts * jnp.log(input + eps)
    if full:
        n = jnp.where(counts > 1, counts, 1)
        stirling = n * jnp.log(n) - n + 0.5 * jnp.log(2 * math.pi * n)
        loss = loss + jnp.where(counts > 1, stirling, 0)
    return reduce(name, loss, reduction)


def gaussian_nll_loss(
    input: ArrayLike,
    target: ArrayLike,
    var: ArrayLike | float,
    full: bool = False,
    eps: float = 1e-6,
    reduction: str = "mean",
) -> Array:
    """Compute the Gaussian negative log likelihood.

    It is `0.5 (log(var) + (input - target)² / var)`.

    Equals `torch.nn.functional.gaussian_nll_loss` (Nix and Weigend 1994,
    https://doi.org/10.1109/ICNN.1994.374138).

    Args:
        input: means, any shape, floating point.
        target: the same shape, or one that is broadcast to it; of the same dtype.
        var: variances: a number, or an array of the input's shape, or that with one
            dimension of 1, or without the last dimension.
        full: add the constant `0.5 log(2 pi)`.
        eps: the least variance used. Below it the gradient is that of this variance,
            not 0, so that a variance can recover.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or the input's shape with reduction "none".

    Raises:
        InputError: shapes that do not fit, a negative variance (in a trace, where it
            is not known, the result is NaN instead), or an unknown reduction.
        InputTypeError: the dtypes differ, or are not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> float(gaussian_nll_loss(jnp.zeros(2), jnp.ones(2), 1.0))
        0.5
    """
    name = "gaussian_nll_loss"
    check_positive(name, "eps", eps)
    input, target = real_arrays(name, input=input, target=target)
    target = expand(name, "target", target, input.shape)
    var = _variance(name, input, var)
    var = at_least(var, eps)
    loss = 0.5 * (jnp.log(var) + (input - target) ** 2 / var)
    if full:
        loss = loss + 0.5 * math.log(2 * math.pi)
    return reduce(name, loss, reduction)


def _variance(name: str, input: Array, var: ArrayLike | float) -> Array:
    """Return the variances in a shape that broadcasts to the input's, checked."""
    if is_concrete(var) and np.any(np.asarray(var) < 0):
        least = float(np.min(np.asarray(var)))
        raise InputError("gaussian.negative", name=name, value=least)
    if isinstance(var, int | float):
        return jnp.full(input.shape, var, input.dtype)
    input, var = real_arrays(name, input=input, var=var)
    if var.shape != input.shape and var.shape == input.shape[:-1]:
        var = jnp.expand_dims(var, -1)
    if _mismatches(var, input) not in ([], [1]):
        raise InputError("gaussian.shape", name=name, var=var.shape, input=input.shape)
    return poison(var, var < 0)


def _mismatches(x: Array, like: Array) -> list[int] | None:
    """The sizes of x that differ from those of `like`; None with another rank."""
    if x.ndim != like.ndim:
        return None
    return [m for m, n in zip(x.shape, like.shape, strict=True) if m != n]
