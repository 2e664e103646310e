"""Random zeroing of elements and channels."""

import jax
import jax.numpy as jnp

from funcnet._check import InputError, missing_key
from funcnet._types import Array, Key


def dropout(
    input: Array, p: float = 0.5, training: bool = True, *, key: Key | None = None
) -> Array:
    """Zero each element with probability `p` and scale the rest by `1 / (1 - p)`.

    Equals `torch.nn.functional.dropout` with the randomness made explicit.

    Args:
        input: any shape.
        p: the probability that an element is zeroed.
        training: when False the input is returned as it is and no key is needed.
        key: a random key.

    Raises:
        InputError: `p` is outside 0..1, or a key is needed and missing.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> y = dropout(jnp.ones(1000), 0.2, key=jax.random.key(0))
        >>> sorted(set(y.tolist()))
        [0.0, 1.25]

    Source: Srivastava et al., "Dropout" (2014), https://jmlr.org/papers/v15/srivastava14a.html
    """
    return _drop("dropout", input, input.shape, p, training, key)


def _drop(
    name: str,
    x: Array,
    mask_shape: tuple[int, ...],
    p: float,
    training: bool,
    key: Key | None,
) -> Array:
    """Multiply `x` by a mask of `mask_shape`, broadcast, and rescale."""
    if not 0 <= p <= 1:
        raise InputError(f"{name}: p is {p}, a probability lies in 0..1.")
    if not training or p == 0:
        return x
    if p == 1:
        return jnp.zeros_like(x)
    if key is None:
        missing_key(name)
    keep = jax.random.bernoulli(key, 1 - p, mask_shape)
    return jnp.where(keep, x / (1 - p), jnp.zeros_like(x))
