"""Angles and distances between vectors."""

import math

import jax
import jax.numpy as jnp

from funcnet._check import (
    check_choice,
    check_floating,
    check_rank,
    check_same_dtype,
    holds,
    is_concrete,
)
from funcnet._errors import InputError
from funcnet._precision import upcast
from funcnet._types import Array
from funcnet.functional._activation.magnitude import at_least, magnitude
from funcnet.functional._norm.vector_norm import root, vector_norm

__all__ = ["cdist", "cosine_similarity", "pairwise_distance", "pdist"]


def cosine_similarity(x1: Array, x2: Array, dim: int = 1, eps: float = 1e-8) -> Array:
    """Cosine similarity of vectors along `dim`.

    Equals `torch.nn.functional.cosine_similarity`.

    Args:
        x1: any shape, floating point.
        x2: a shape that broadcasts with that of `x1`.
        dim: the dimension of the vectors, in the broadcast shape.
        eps: the least norm that is divided by.

    Returns:
        The broadcast shape without `dim`.

    Raises:
        InputError: the shapes do not broadcast, or there is no dimension `dim`.
        InputTypeError: the dtypes differ, or are not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> x, y = jnp.array([[1.0, 0.0]]), jnp.array([[3.0, 4.0]])
        >>> round(float(cosine_similarity(x, y)[0]), 4)
        0.6
    """
    x, y = _pair("cosine_similarity", x1, x2)
    rank = max(x.ndim, 1)  # a number counts as a vector of one
    if not -rank <= dim < rank:
        facts = {"x1": x1.shape, "x2": x2.shape, "dim": dim, "ndim": rank}
        raise InputError("cosine_similarity.dim", name="cosine_similarity", **facts)
    cosine = jnp.sum(_unit(x, dim, eps) * _unit(y, dim, eps), dim if x.ndim else ())
    return cosine.astype(x1.dtype)


def _unit(x: Array, dim: int, eps: float) -> Array:
    """Divide by the norm, at least `eps`; the gradient sees the norm itself."""
    norm = vector_norm(x, 2, dim, keepdims=True)
    return x / at_least(norm, eps)


def pairwise_distance(
    x1: Array, x2: Array, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False
) -> Array:
    """Pairwise distance: the p-norm of `x1 - x2 + eps` along the last dimension.

    Equals `torch.nn.functional.pairwise_distance`.

    Args:
        x1: `(*, features)`, floating point.
        x2: a shape that broadcasts with that of `x1`.
        p: the norm's degree.
        eps: added to the difference.
        keepdim: keep the last dimension, with size 1.

    Returns:
        `(*)`, or `(*, 1)`.

    Raises:
        InputError: the shapes do not broadcast.
        InputTypeError: the dtypes differ, or are not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> x, y = jnp.array([[0.0, 0.0]]), jnp.array([[3.0, 4.0]])
        >>> pairwise_distance(x, y).round().tolist()
        [5.0]
    """
    x, y = _pair("pairwise_distance", x1, x2)
    distance = vector_norm(x - y + eps, p, -1, keepdims=keepdim)
    return distance.astype(x1.dtype)


def pdist(input: Array, p: float = 2.0) -> Array:
    """Compute the p-norm distance between every two rows.

    Equals `torch.nn.functional.pdist`.

    Args:
        input: `(n, features)`, floating point.
        p: the norm's degree, 0 to infinity.

    Returns:
        `(n * (n - 1) / 2,)`: rows 0 and 1, 0 and 2, …, 1 and 2, ….

    Raises:
        InputError: the input is not two-dimensional, or `p` is negative.

    Example:
        >>> import jax.numpy as jnp
        >>> pdist(jnp.array([[0.0], [1.0], [3.0]])).tolist()
        [1.0, 3.0, 2.0]
    """
    check_floating("pdist", input)
    check_rank("pdist", input, (2,), "(n, features)")
    _check_degree("pdist", p)
    first, second = jnp.triu_indices(input.shape[0], k=1)
    x = upcast(input)
    return _distance(x[first] - x[second], p).astype(input.dtype)


def cdist(
    x1: Array,
    x2: Array,
    p: float = 2.0,
    compute_mode: str = "use_mm_for_euclid_dist_if_necessary",
) -> Array:
    """Compute the p-norm distance between every row of `x1` and every row of `x2`.

    Equals `torch.cdist`.

    Args:
        x1: `(*, m, features)`, floating point.
        x2: `(*, n, features)`; the leading dimensions broadcast.
        p: the norm's degree, 0 to infinity.
        compute_mode: whether Euclidean distances come from one matrix product, which
            is fast and loses the digits of small distances: "use_mm_for_euclid_dist",
            "donot_use_mm_for_euclid_dist", or, where m or n is above 25,
            "use_mm_for_euclid_dist_if_necessary".

    Returns:
        `(*, m, n)`.

    Raises:
        InputError: the shapes do not fit, `p` is negative, or an unknown mode.
        InputTypeError: the dtypes differ, or are not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> cdist(jnp.array([[0.0], [1.0]]), jnp.array([[3.0]])).tolist()
        [[3.0], [2.0]]
    """
    always, if_large = "use_mm_for_euclid_dist", "use_mm_for_euclid_dist_if_necessary"
    modes = (always, if_large, "donot_use_mm_for_euclid_dist")
    check_choice("cdist", "compute_mode", compute_mode, modes)
    _check_degree("cdist", p)
    x, y = _matrices(x1, x2)
    large = max(x.shape[-2], y.shape[-2]) > 25
    if holds(p == 2, otherwise=False) and (
        compute_mode == always or (compute_mode == if_large and large)
    ):
        return _euclidean(x, y).astype(x1.dtype)
    difference = jnp.expand_dims(x, -2) - jnp.expand_dims(y, -3)  # (*, m, n, features)
    return _distance(difference, p).astype(x1.dtype)


def _euclidean(x: Array, y: Array) -> Array:
    """Distances by `|x|² - 2xy + |y|²`, with gradient 0 where that is not positive."""
    square = jnp.sum(x * x, -1, keepdims=True) - 2 * (x @ y.mT)
    square = square + jnp.expand_dims(jnp.sum(y * y, -1), -2)
    return root(jnp.where(square > 0, square, jnp.zeros_like(square)), 2)


def _distance(difference: Array, p: float) -> Array:
    """The p-norm, where for an infinite p each of equal greatest ones gets it all."""
    norm = vector_norm(difference, p, -1)
    if not is_concrete(p) or not math.isinf(p):
        return norm
    # PyTorch's distance matrices do not share the gradient, as its norm does.
    norm = jax.lax.stop_gradient(norm)
    size = magnitude(difference)
    greatest = size == jnp.expand_dims(norm, -1)
    change = size - jax.lax.stop_gradient(size)  # 0, with a gradient
    return norm + jnp.sum(jnp.where(greatest, change, jnp.zeros_like(change)), -1)


def _check_degree(name: str, p: float) -> None:
    if not holds(p >= 0, otherwise=True):
        raise InputError("distance.degree", name=name, p=p)


def _pair(name: str, x1: Array, x2: Array) -> tuple[Array, Array]:
    """Check two arrays and broadcast them to one shape."""
    check_floating(name, x1, "x1")
    check_same_dtype(name, x1=x1, x2=x2)
    try:
        shape = jnp.broadcast_shapes(x1.shape, x2.shape)
    except ValueError:
        facts = {"x1": x1.shape, "x2": x2.shape}
        raise InputError("distance.shapes", name=name, **facts) from None
    x, y = upcast(x1), upcast(x2)
    return jnp.broadcast_to(x, shape), jnp.broadcast_to(y, shape)


def _matrices(x1: Array, x2: Array) -> tuple[Array, Array]:
    """Check the arrays of `cdist` and broadcast their leading dimensions."""
    check_floating("cdist", x1, "x1")
    check_same_dtype("cdist", x1=x1, x2=x2)
    if x1.ndim < 2 or x2.ndim < 2 or x1.shape[-1] != x2.shape[-1]:
        facts = {"x1": x1.shape, "x2": x2.shape}
        raise InputError("cdist.shapes", name="cdist", **facts)
    try:
        batch = jnp.broadcast_shapes(x1.shape[:-2], x2.shape[:-2])
    except ValueError:
        facts = {"x1": x1.shape, "x2": x2.shape}
        raise InputError("cdist.batch", name="cdist", **facts) from None
    x = jnp.broadcast_to(upcast(x1), (*batch, *x1.shape[-2:]))
    y = jnp.broadcast_to(upcast(x2), (*batch, *x2.shape[-2:]))
    return x, y
