"""Sums, means and maxima of rows of a table."""

import jax
import jax.numpy as jnp
import numpy as np

from funcnet._check import check_choice, check_rank, check_same_dtype
from funcnet._errors import InputError
from funcnet._precision import upcast
from funcnet._types import Array, ArrayLike
from funcnet.functional._embedding.embedding import (
    Indices,
    as_indices,
    check_lookup,
    gradient_scale,
    look_up,
    scale_gradient,
)

__all__ = ["embedding_bag"]


def embedding_bag(
    input: ArrayLike,
    weight: Array,
    offsets: ArrayLike | None = None,
    max_norm: float | None = None,
    norm_type: float = 2,
    scale_grad_by_freq: bool = False,
    mode: str = "mean",
    sparse: bool = False,
    per_sample_weights: Array | None = None,
    include_last_offset: bool = False,
    padding_idx: int | None = None,
) -> Array:
    """Embedding bag: look up bags of rows of `weight`, reduce each bag to one row.

    Equals `torch.nn.functional.embedding_bag`.

    Args:
        input: indices: `(bags, length)`, or `(n,)` with `offsets`.
        weight: `(num_embeddings, embedding_dim)`.
        offsets: `(bags,)`, where in `input` each bag begins, the first at 0.
        max_norm: see `embedding`; so are `norm_type` and `sparse`.
        scale_grad_by_freq: divide a row's gradient by how often it is looked up here;
            not with mode "max". (PyTorch 2.13 divides by the counts of other rows.)
        mode: "sum", "mean" or "max". An empty bag gives zeros.
        per_sample_weights: factors of the rows, of the input's shape; for mode "sum".
        include_last_offset: `offsets` holds one more number, the length of `input`.
        padding_idx: an index that is left out; negative counts from the end.

    Returns:
        `(bags, embedding_dim)`.

    Raises:
        InputError: an index is out of range or offsets do not begin with 0 and stay in
            the input (in a trace, where values are not known, the result is NaN
            instead), shapes do not fit, or the mode is unknown or does not go
            together with the other arguments.
        InputTypeError: indices or offsets are no integers, or the dtypes differ.

    Example:
        >>> import jax.numpy as jnp
        >>> indices, offsets = jnp.array([0, 1, 2]), jnp.array([0, 2])
        >>> embedding_bag(indices, jnp.eye(3), offsets, mode="sum").tolist()
        [[1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    del sparse
    name = "embedding_bag"
    check_choice(name, "mode", mode, ("sum", "mean", "max"))
    indices, padding_idx = check_lookup(name, input, weight, padding_idx)
    if mode == "max" and scale_grad_by_freq:
        raise InputError("embedding_bag.max_by_freq", name=name, mode=mode)
    if per_sample_weights is not None:
        _check_weights(indices, weight, mode, per_sample_weights)
    bag, bags, bad = _bags(indices, offsets, include_last_offset)
    indices = indices.reshape(-1)

    rows = look_up(indices, weight, max_norm, norm_type)  # (n, embedding_dim)
    scale = gradient_scale(indices, weight, None, scale_grad_by_freq)
    rows = upcast(rows if scale is None else scale_gradient(rows, scale))
    if per_sample_weights is not None:
        factors = per_sample_weights.reshape(-1, 1).astype(rows.dtype)
        rows = rows * factors
    kept = jnp.ones(indices.shape, bool)
    if padding_idx is not None:
        kept = jnp.asarray(indices) != padding_idx
    if mode == "max":
        y = _max(rows, kept, bag, bags)
    else:
        y = _sum(rows, kept, bag, bags, mode == "mean")
    return jnp.where(bad, jnp.nan, y).astype(weight.dtype)


def _sum(rows: Array, kept: Array, bag: Array, bags: int, mean: bool) -> Array:
    kept = jnp.expand_dims(kept, 1)
    rows = jnp.where(kept, rows, jnp.zeros_like(rows))
    total = jax.ops.segment_sum(rows, bag, bags)
    if not mean:
        return total
    count = jax.ops.segment_sum(kept.astype(rows.dtype), bag, bags)  # (bags, 1)
    return total / jnp.maximum(count, 1)


def _max(rows: Array, kept: Array, bag: Array, bags: int) -> Array:
    """The greatest numbers of each bag; the gradient goes to the first of equals."""
    n = rows.shape[0]
    if n == 0:
        return jnp.zeros((bags, rows.shape[1]), rows.dtype)
    value = jnp.where(jnp.expand_dims(kept, 1), jax.lax.stop_gradient(rows), -jnp.inf)
    greatest = jax.ops.segment_max(value, bag, bags)[bag]
    is_greatest = ((value == greatest) | jnp.isnan(value)) & jnp.expand_dims(kept, 1)
    index = jnp.where(is_greatest, jax.lax.broadcasted_iota(int, rows.shape, 0), n)
    first = jax.ops.segment_min(index, bag, bags)  # (bags, embedding_dim)
    result = first < n
    picked = jnp.take_along_axis(rows, jnp.where(result, first, 0), axis=0)
    return jnp.where(result, picked, jnp.zeros_like(picked))


def _bags(
    indices: Indices, offsets: ArrayLike | None, include_last_offset: bool
) -> tuple[Array, int, Array | bool]:
    """The bag of each index, how many there are, and whether offsets are wrong."""
    name = "embedding_bag"
    check_rank(name, indices, (1, 2), "(bags, length), or (n,) with offsets")
    if indices.ndim == 2:
        if offsets is not None:
            raise InputError("embedding_bag.offsets", name=name, input=indices.shape)
        return (
            jnp.repeat(jnp.arange(indices.shape[0]), indices.shape[1]),
            indices.shape[0],
            False,
        )
    if offsets is None:
        raise InputError("embedding_bag.no_offsets", name=name, input=indices.shape)
    starts = as_indices(name, offsets, "offsets")
    check_rank(name, starts, (1,), "(bags,)", "offsets")
    bags = starts.shape[0] - include_last_offset
    if bags < 0:
        raise InputError("embedding_bag.no_last_offset", name=name, bags=bags)
    bad = _bad_offsets(starts, indices.shape[0], include_last_offset)
    places = jnp.arange(indices.shape[0])
    starts = jnp.asarray(starts).astype(places.dtype)[:bags]
    return jnp.searchsorted(starts, places, side="right") - 1, bags, bad


def _bad_offsets(starts: Indices, n: int, include_last: bool) -> Array | bool:
    """Return whether offsets are wrong, or raise where their values are known."""
    if starts.shape[0] == 0:
        return False
    bad = (starts[0] != 0) | (starts[-1] > n) | (starts[1:] < starts[:-1]).any()
    if include_last:
        bad = bad | (starts[-1] != n)
    if isinstance(starts, np.ndarray) and bad:
        last = f"end with {n}" if include_last else f"stay up to {n}"
        facts = {"offsets": starts.tolist(), "indices": n, "last": last}
        raise InputError("embedding_bag.bad_offsets", name="embedding_bag", **facts)
    return bad


def _check_weights(
    indices: Indices, weight: Array, mode: str, per_sample_weights: Array
) -> None:
    name = "embedding_bag"
    if mode != "sum":
        raise InputError("embedding_bag.weights_mode", name=name, mode=mode)
    check_same_dtype(name, weight=weight, per_sample_weights=per_sample_weights)
    if per_sample_weights.shape != indices.shape:
        facts = {"weights": per_sample_weights.shape, "input": indices.shape}
        raise InputError("embedding_bag.weights", name=name, **facts)
