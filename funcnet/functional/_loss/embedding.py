"""Losses that draw like things together and push unlike ones apart."""

from collections.abc import Callable

import jax.numpy as jnp

from funcnet._check import check_positive
from funcnet._errors import InputError
from funcnet._precision import upcast
from funcnet._types import Array, ArrayLike
from funcnet.functional._loss.distance import pairwise_distance
from funcnet.functional._loss.reduction import (
    check_signs,
    clamp_at_zero,
    matched_arrays,
    poison,
    reduce,
)

__all__ = [
    "cosine_embedding_loss",
    "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
]

Distance = Callable[[Array, Array], Array]


def cosine_embedding_loss(
    input1: ArrayLike,
    input2: ArrayLike,
    target: ArrayLike,
    margin: float = 0,
    reduction: str = "mean",
) -> Array:
    """Compute the cosine embedding loss.

    It is `1 - cos` where the target is 1, `max(0, cos - margin)` where it is -1.

    Equals `torch.nn.functional.cosine_embedding_loss`.

    Args:
        input1: `(batch, features)`, or `(features,)`, floating point.
        input2: the same shape and dtype.
        target: 1 for what is alike, -1 for what is not; `(batch,)`, or `()`.
        margin: the cosine, -1 to 1, up to which unlike things cost nothing.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or the target's shape with reduction "none".

    Raises:
        InputError: shapes do not fit, a target is neither 1 nor -1 (in a trace, where
            values are not known, the result is NaN instead), or an unknown reduction.
        InputTypeError: the dtypes differ, or are not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> x, y = jnp.eye(2), jnp.array([1, -1])
        >>> cosine_embedding_loss(x, x, y, reduction="none").tolist()
        [0.0, 1.0]
    """
    name = "cosine_embedding_loss"
    x, y = matched_arrays(name, input1=input1, input2=input2)
    if x.ndim not in (1, 2) or jnp.shape(target) != x.shape[:-1]:
        shapes = {"input": x.shape, "target": jnp.shape(target)}
        raise InputError("cosine_embedding.shapes", name=name, **shapes)
    bad = check_signs(name, target)
    u, v = upcast(x), upcast(y)
    norms = (jnp.sum(u * u, -1) + 1e-12) * (jnp.sum(v * v, -1) + 1e-12)
    cosine = jnp.sum(u * v, -1) / jnp.sqrt(norms)
    alike = jnp.asarray(target) == 1
    loss = jnp.where(alike, 1 - cosine, clamp_at_zero(cosine - margin))
    return reduce(name, poison(loss, bad), reduction).astype(x.dtype)


def triplet_margin_loss(
    anchor: ArrayLike,
    positive: ArrayLike,
    negative: ArrayLike,
    margin: float = 1.0,
    p: float = 2,
    eps: float = 1e-6,
    swap: bool = False,
    reduction: str = "mean",
) -> Array:
    """Compute the triplet margin loss.

    It is `max(0, d(anchor, positive) - d(anchor, negative) + margin)`.

    `d` is the p-norm of the difference. Equals
    `torch.nn.functional.triplet_margin_loss`.

    Args:
        anchor: `(*, features)`, floating point.
        positive: what is like the anchor, the same shape and dtype.
        negative: what is unlike it, the same shape and dtype.
        margin: by how much nearer the positive must be; greater than 0.
        p: the norm's degree.
        eps: added to the differences, so that no distance is 0.
        swap: take the negative's distance from the positive if it is the smaller one
            (Balntas et al. 2016, https://doi.org/10.5244/C.30.119).
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or `(*,)` with reduction "none".

    Raises:
        InputError: the shapes differ, margin is not positive, or the reduction is
            unknown.
        InputTypeError: the dtypes differ, or are not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> a, p, n = jnp.zeros((1, 1)), jnp.ones((1, 1)), 3 * jnp.ones((1, 1))
        >>> float(triplet_margin_loss(a, p, n, margin=4.0)).__round__(4)
        2.0
    """

    def distance(x: Array, y: Array) -> Array:
        return pairwise_distance(x, y, p, eps)

    return _triplet(
        "triplet_margin_loss",
        (anchor, positive, negative),
        distance,
        margin,
        swap,
        reduction,
    )


def triplet_margin_with_distance_loss(
    anchor: ArrayLike,
    positive: ArrayLike,
    negative: ArrayLike,
    *,
    distance_function: Distance | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Array:
    """Compute the triplet margin loss with a distance of one's own.

    Equals `torch.nn.functional.triplet_margin_with_distance_loss`.
    `distance_function(x, y)` takes two of the inputs and returns the distances; it is
    `pairwise_distance` unless given. The rest is as in `triplet_margin_loss`.

    Example:
        >>> import jax.numpy as jnp
        >>> def manhattan(x, y):
        ...     return abs(x - y).sum(-1)
        >>> a, p, n = jnp.zeros((1, 2)), jnp.ones((1, 2)), 2 * jnp.ones((1, 2))
        >>> float(triplet_margin_with_distance_loss(
        ...     a, p, n, distance_function=manhattan, margin=3.0))
        1.0
    """
    return _triplet(
        "triplet_margin_with_distance_loss",
        (anchor, positive, negative),
        distance_function or pairwise_distance,
        margin,
        swap,
        reduction,
    )


def _triplet(
    name: str,
    inputs: tuple[ArrayLike, ArrayLike, ArrayLike],
    distance: Distance,
    margin: float,
    swap: bool,
    reduction: str,
) -> Array:
    check_positive(name, "margin", margin)
    anchor, positive, negative = inputs
    a, p, n = matched_arrays(name, anchor=anchor, positive=positive, negative=negative)
    near, far = distance(a, p), distance(a, n)
    if swap:
        far = jnp.minimum(far, distance(p, n))
    return reduce(name, clamp_at_zero(margin + near - far), reduction)
