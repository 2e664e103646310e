"""Reshaping of runs of dimensions."""

import math
from collections.abc import Sequence

from funcnet._check import check_dim
from funcnet._errors import InputError
from funcnet._types import Array

__all__ = ["flatten", "unflatten"]


def flatten(input: Array, start_dim: int = 0, end_dim: int = -1) -> Array:
    """Make one dimension of those from `start_dim` to `end_dim`; `torch.flatten`.

    Raises:
        InputError: there is no such dimension, or `start_dim` comes after `end_dim`.

    Example:
        >>> import jax.numpy as jnp
        >>> flatten(jnp.ones((2, 3, 4, 5)), 1, 2).shape
        (2, 12, 5)
    """
    if input.ndim == 0:
        return input.reshape(1)
    start = check_dim("flatten", "start_dim", start_dim, input)
    end = check_dim("flatten", "end_dim", end_dim, input)
    if start > end:
        facts = {"input": input.shape, "start_dim": start_dim, "end_dim": end_dim}
        raise InputError("flatten.order", name="flatten", **facts)
    shape = input.shape
    merged = math.prod(shape[start : end + 1])
    return input.reshape(*shape[:start], merged, *shape[end + 1 :])


def unflatten(input: Array, dim: int, sizes: Sequence[int]) -> Array:
    """Split dimension `dim` into `sizes`, one of which may be -1; `torch.unflatten`.

    Raises:
        InputError: there is no such dimension, or the sizes do not multiply to its.

    Example:
        >>> import jax.numpy as jnp
        >>> unflatten(jnp.ones((2, 12)), 1, (3, -1)).shape
        (2, 3, 4)
    """
    at = check_dim("unflatten", "dim", dim, input)
    size = input.shape[at]
    sizes = tuple(sizes)
    known = math.prod(n for n in sizes if n != -1)
    fits = size % known == 0 if known and -1 in sizes else known == size
    if not sizes or sizes.count(-1) > 1 or min(sizes) < -1 or not fits:
        facts = {"input": input.shape, "dim": dim, "size": size, "sizes": sizes}
        raise InputError("unflatten.sizes", name="unflatten", **facts)
    sizes = tuple(size // known if n == -1 else n for n in sizes)
    return input.reshape(*input.shape[:at], *sizes, *input.shape[at + 1 :])
