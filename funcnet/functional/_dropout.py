"""Random zeroing of elements and channels."""

import math
from collections.abc import Callable
from typing import TypeAlias

import jax.numpy as jnp
import numpy as np

from funcnet._check import check_floating, check_rank, holds, is_concrete, missing_key
from funcnet._errors import InputError
from funcnet._types import Array, DTypeLike, Key, Shape
from funcnet.functional._random import keep_mask

__all__ = [
    "alpha_dropout",
    "dropout",
    "dropout1d",
    "dropout2d",
    "dropout3d",
    "feature_alpha_dropout",
]


def dropout(
    input: Array, p: float = 0.5, training: bool = True, *, key: Key | None = None
) -> Array:
    """Apply dropout: zero each element with probability `p`, scale the rest.

    Equals `torch.nn.functional.dropout` with the randomness made explicit.

    Args:
        input: any shape.
        p: the probability that an element is zeroed, kept to 2**-32.
        training: when False the input is returned as it is and no key is needed.
        key: a random key; or the mask itself, booleans that say what is kept, of a
            shape that broadcasts to that of the input.

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


def dropout1d(
    input: Array, p: float = 0.5, training: bool = True, *, key: Key | None = None
) -> Array:
    """Apply dropout to whole channels of `(batch, channels, length)`.

    Equals `torch.nn.functional.dropout1d`; takes the arguments of `dropout`.

    Raises:
        InputError: the rank is neither 2 nor 3, or as in `dropout`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> y = dropout1d(jnp.ones((8, 5)), 0.5, key=jax.random.key(0))
        >>> sorted(set(y.sum(1).tolist()))
        [0.0, 10.0]

    Source: Tompson et al., "Efficient Object Localization Using Convolutional
    Networks" (2014), https://arxiv.org/abs/1411.4280
    """
    layout = "(batch, channels, length) or (channels, length)"
    check_rank("dropout1d", input, (2, 3), layout)
    return _drop("dropout1d", input, _channels(input, 3), p, training, key)


def dropout2d(
    input: Array, p: float = 0.5, training: bool = True, *, key: Key | None = None
) -> Array:
    """Apply dropout to whole channels of `(batch, channels, height, width)`.

    Equals `torch.nn.functional.dropout2d`; takes the arguments of `dropout`. As there,
    three dimensions are `(batch, channels, length)`, never one image.

    Raises:
        InputError: the rank is neither 3 nor 4, or as in `dropout`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> y = dropout2d(jnp.ones((2, 8, 3, 3)), 0.5, key=jax.random.key(0))
        >>> sorted(set(y.sum((2, 3)).ravel().tolist()))
        [0.0, 18.0]
    """
    layout = "(batch, channels, height, width) or (batch, channels, length)"
    check_rank("dropout2d", input, (3, 4), layout)
    return _drop("dropout2d", input, _channels(input, 0), p, training, key)


def dropout3d(
    input: Array, p: float = 0.5, training: bool = True, *, key: Key | None = None
) -> Array:
    """Apply dropout to whole channels of `(batch, channels, depth, height, width)`.

    Equals `torch.nn.functional.dropout3d`; takes the arguments of `dropout`. The batch
    dimension may be missing.

    Raises:
        InputError: the rank is neither 4 nor 5, or as in `dropout`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> y = dropout3d(jnp.ones((8, 2, 2, 2)), 0.5, key=jax.random.key(0))
        >>> sorted(set(y.sum((1, 2, 3)).tolist()))
        [0.0, 16.0]
    """
    layout = "(batch, channels, depth, height, width), the batch may be missing"
    check_rank("dropout3d", input, (4, 5), layout)
    return _drop("dropout3d", input, _channels(input, 5), p, training, key)


def alpha_dropout(
    input: Array, p: float = 0.5, training: bool = False, *, key: Key | None = None
) -> Array:
    """Apply alpha dropout, which keeps mean 0 and variance 1 for SELU.

    Equals `torch.nn.functional.alpha_dropout`; takes the arguments of `dropout`.

    Raises:
        InputError: `p` is outside 0..1, or a key is needed and missing.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> x = jax.random.normal(jax.random.key(1), (10_000,))
        >>> y = alpha_dropout(x, 0.3, True, key=jax.random.key(0))
        >>> bool(abs(y.mean()) < 0.05), bool(abs(y.var() - 1) < 0.05)
        (True, True)

    Source: Klambauer et al., "Self-Normalizing Neural Networks" (2017),
    https://arxiv.org/abs/1706.02515
    """
    return _drop("alpha_dropout", input, input.shape, p, training, key, _limit)


def feature_alpha_dropout(
    input: Array, p: float = 0.5, training: bool = False, *, key: Key | None = None
) -> Array:
    """Apply alpha dropout to whole channels of `(batch, channels, *)`.

    Equals `torch.nn.functional.feature_alpha_dropout`.

    Raises:
        InputError: the rank is below 2 in training, `p` is outside 0..1, or a key is
            needed and missing.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> x = jnp.ones((2, 8, 3))
        >>> y = feature_alpha_dropout(x, 0.5, True, key=jax.random.key(0))
        >>> len(set(y.ravel().tolist()))
        2
    """
    if training and input.ndim < 2:
        raise InputError(
            "dropout.channels", name="feature_alpha_dropout", input=input.shape
        )
    mask_shape = _channels(input, 0)
    return _drop("feature_alpha_dropout", input, mask_shape, p, training, key, _limit)


def _channels(x: Array, batched_rank: int) -> Shape:
    """The shape of one number for each channel, the batch dimension being first.

    With a `batched_rank`, an input of one dimension less has no batch.
    """
    leading = 1 if x.ndim == batched_rank - 1 else 2
    return x.shape[:leading] + (1,) * (x.ndim - leading)


Replacement: TypeAlias = Callable[[Array, float, Array], Array]
"""What becomes of an array, the probability of dropping, and the mask of what stays."""


def _drop(
    name: str,
    x: Array,
    mask_shape: Shape,
    p: float,
    training: bool,
    key: Key | None,
    replace: Replacement | None = None,
) -> Array:
    """Draw a mask of `mask_shape`, broadcast, and replace what it drops; by 0."""
    check_floating(name, x)
    if not _active(name, p, training):
        return x
    if holds(p == 1, otherwise=False):
        return x * 0
    return (replace or _zero)(x, p, _mask(name, mask_shape, p, key))


def _zero(x: Array, p: float, kept: Array) -> Array:
    """Zero what is dropped, and rescale the rest."""
    scale = _reciprocal(1 - p, x.dtype)
    return x * jnp.where(kept, scale, 0 * scale)


def _limit(x: Array, p: float, kept: Array) -> Array:
    """Replace what is dropped by SELU's limit, then standardise."""
    limit = -1.7580993408473766  # -scale * alpha of SELU
    variance = (1 - p) * (1 + p * limit**2)
    scale = 1 / (math.sqrt(variance) if is_concrete(p) else jnp.sqrt(variance))
    factor, term = (
        jnp.where(kept, jnp.asarray(y, x.dtype), jnp.asarray(n, x.dtype))
        for y, n in ((scale, 0), (-scale * p * limit, scale * (1 - p) * limit))
    )
    return x * factor + term


def _reciprocal(x: float, dtype: DTypeLike) -> Array:
    """One over a number, divided in the precision in which PyTorch does it."""
    wide = np.float64 if dtype == np.float64 else np.float32
    if not is_concrete(x):
        return (1 / jnp.asarray(x, wide)).astype(dtype)
    return jnp.asarray(wide(1) / wide(x), dtype)


def _active(name: str, p: float, training: bool) -> bool:
    if is_concrete(p) and not 0 <= p <= 1:
        raise InputError("dropout.p", name=name, p=p)
    return training and holds(p > 0, otherwise=True)


def _mask(name: str, shape: Shape, p: float, key: Key | None) -> Array:
    """Draw what is kept with a key; in place of one, the mask may be given."""
    if key is None:
        missing_key(name)
    return key if key.dtype == bool else keep_mask(key, 1 - p, shape)
