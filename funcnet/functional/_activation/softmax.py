"""Softmax and its relatives."""

import warnings
from collections.abc import Callable

import jax
import jax.numpy as jnp

from funcnet._check import check_dim, check_floating, missing_key
from funcnet._precision import upcast
from funcnet._types import Array, DTypeLike, Key

__all__ = ["gumbel_softmax", "log_softmax", "softmax", "softmin"]


def softmax(
    input: Array, dim: int | None = None, dtype: DTypeLike | None = None
) -> Array:
    """Apply softmax along `dim`: `exp(x) / sum(exp(x))`.

    As `torch.nn.functional.softmax`.

    Args:
        input: any shape.
        dim: the dimension that sums to 1. Without it PyTorch's old rule is taken, with
            a warning: 0 for an input of 0, 1 or 3 dimensions, else 1.
        dtype: the dtype the input is cast to first.

    Example:
        >>> import jax.numpy as jnp
        >>> softmax(jnp.array([0.0, 0.0]), dim=0).tolist()
        [0.5, 0.5]
    """
    return _along(jax.nn.softmax, "softmax", input, dim, dtype)


def softmin(
    input: Array, dim: int | None = None, dtype: DTypeLike | None = None
) -> Array:
    """Apply softmin, `softmax(-x)`, as `torch.nn.functional.softmin`.

    Takes the arguments of `softmax`.

    Example:
        >>> import jax.numpy as jnp
        >>> softmin(jnp.array([0.0, 0.0]), dim=0).tolist()
        [0.5, 0.5]
    """
    return softmax(-input, dim, dtype)


def log_softmax(
    input: Array, dim: int | None = None, dtype: DTypeLike | None = None
) -> Array:
    """Apply log-softmax along `dim`, stably.

    As `torch.nn.functional.log_softmax`.

    Takes the arguments of `softmax`.

    Example:
        >>> import jax.numpy as jnp
        >>> jnp.exp(log_softmax(jnp.array([0.0, 0.0]), dim=0)).tolist()
        [0.5, 0.5]
    """
    return _along(jax.nn.log_softmax, "log_softmax", input, dim, dtype)


def gumbel_softmax(
    logits: Array,
    tau: float = 1,
    hard: bool = False,
    eps: float = 1e-10,
    dim: int = -1,
    *,
    key: Key | None = None,
) -> Array:
    """Sample from the Gumbel-softmax distribution along `dim`.

    Equals `torch.nn.functional.gumbel_softmax` with the randomness made explicit.

    Args:
        logits: unnormalised log-probabilities, any shape.
        tau: the temperature.
        hard: return one-hot samples whose gradient is that of the soft ones.
        eps: without effect, as in PyTorch.
        dim: the dimension that sums to 1.
        key: a random key; or Gumbel's numbers themselves, as many as there are logits.

    Raises:
        InputError: the key is missing.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> logits = jnp.zeros((2, 3))
        >>> y = gumbel_softmax(logits, hard=True, key=jax.random.key(0))
        >>> y.sum(-1).tolist()
        [1.0, 1.0]

    Source: Jang et al., "Categorical Reparameterization with Gumbel-Softmax" (2016),
    https://arxiv.org/abs/1611.01144
    """
    check_floating("gumbel_softmax", logits, "logits")
    if key is None:
        missing_key("gumbel_softmax")
    x = upcast(logits)
    given = jnp.issubdtype(key.dtype, jnp.floating)
    noise = key if given else jax.random.gumbel(key, x.shape, x.dtype)
    soft = jax.nn.softmax((x + noise) / tau, axis=dim).astype(logits.dtype)
    if not hard:
        return soft
    index = jnp.argmax(soft, axis=dim)
    one_hot = jax.nn.one_hot(index, soft.shape[dim], dtype=soft.dtype, axis=dim)
    return one_hot - jax.lax.stop_gradient(soft) + soft


def _along(
    function: Callable[[Array, int], Array],
    name: str,
    input: Array,
    dim: int | None,
    dtype: DTypeLike | None,
) -> Array:
    """Cast and check the input, choose the dimension and compute."""
    x = input if dtype is None else input.astype(dtype)
    check_floating(name, x)
    if dim is None:
        dim = 0 if x.ndim in (0, 1, 3) else 1
        warnings.warn(
            f"{name}: no dim was given, {dim} is taken for an input of {x.ndim} "
            "dimensions. Say which one you mean: dim=-1 for class scores.",
            stacklevel=3,
        )
    check_dim(name, "dim", dim, x)
    if x.size == 0:
        return x
    y = function(upcast(jnp.atleast_1d(x)), dim)
    return y.reshape(x.shape).astype(x.dtype)
