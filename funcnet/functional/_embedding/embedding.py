"""Rows of a table, looked up by index."""

from typing import TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

from funcnet._check import check_floating, check_rank, is_concrete
from funcnet._errors import InputError, InputTypeError
from funcnet._precision import upcast
from funcnet._types import Array, ArrayLike
from funcnet.functional._norm.vector_norm import vector_norm

__all__ = ["embedding", "one_hot"]

Indices: TypeAlias = Array | np.ndarray
"""numpy while the values are known, so that they can be looked at inside a trace."""


def embedding(
    input: ArrayLike,
    weight: Array,
    padding_idx: int | None = None,
    max_norm: float | None = None,
    norm_type: float = 2.0,
    scale_grad_by_freq: bool = False,
    sparse: bool = False,
) -> Array:
    """Embedding: look up rows of `weight`, as `torch.nn.functional.embedding`.

    Args:
        input: indices, integers of any shape.
        weight: `(num_embeddings, embedding_dim)`.
        padding_idx: a row that gets no gradient; negative counts from the end.
        max_norm: rows with a greater norm are looked up shrunk to this norm. PyTorch
            also writes the shrunk rows into `weight`; here `weight` stays, so shrink
            it between steps where that matters. No gradient flows through the norm.
        norm_type: the p of that norm.
        scale_grad_by_freq: divide a row's gradient by how often it is looked up here.
        sparse: taken for PyTorch's sake; the gradient has the same values, dense.

    Returns:
        `(*input.shape, embedding_dim)`.

    Raises:
        InputError: an index is not in `0 .. num_embeddings - 1` (in a trace, where
            values are not known, its row is NaN instead), or neither is `padding_idx`.
        InputTypeError: the indices are no integers, or the weight no floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> embedding(jnp.array([2, 0]), jnp.eye(3)).tolist()
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    del sparse
    indices, padding_idx = check_lookup("embedding", input, weight, padding_idx)
    rows = look_up(indices, weight, max_norm, norm_type)
    scale = gradient_scale(indices, weight, padding_idx, scale_grad_by_freq)
    return rows if scale is None else scale_gradient(rows, scale)


def one_hot(tensor: ArrayLike, num_classes: int = -1) -> Array:
    """One-hot encoding: each index as a row of zeros with a one.

    As `torch.nn.functional.one_hot`.

    Args:
        tensor: indices, integers of any shape.
        num_classes: the length of the rows; -1 takes the greatest index plus 1, which
            has to be known, so it cannot be in a trace.

    Returns:
        `(*tensor.shape, num_classes)`, integers of the default dtype.

    Raises:
        InputError: an index is not in `0 .. num_classes - 1` (in a trace, where values
            are not known, its row holds the dtype's least value, the NaN of integers,
            instead), or the number of classes is needed and not known.
        InputTypeError: the indices are no integers.

    Example:
        >>> import jax.numpy as jnp
        >>> one_hot(jnp.array([2, 0])).tolist()
        [[0, 0, 1], [1, 0, 0]]
    """
    indices = as_indices("one_hot", tensor)
    if num_classes == -1:
        if not isinstance(indices, np.ndarray) or indices.size == 0:
            raise InputError("one_hot.unknown", name="one_hot", shape=indices.shape)
        num_classes = int(indices.max()) + 1
    _check_range("one_hot", indices, num_classes)
    index = jnp.expand_dims(jnp.asarray(indices).astype(int), -1)
    classes = jax.lax.broadcasted_iota(
        index.dtype, (*indices.shape, num_classes), indices.ndim
    )
    outside = (index < 0) | (index >= num_classes)
    rows = (index == classes).astype(index.dtype)
    return jnp.where(outside, jnp.iinfo(index.dtype).min, rows)


def look_up(
    indices: Indices, weight: Array, max_norm: float | None, norm_type: float
) -> Array:
    """Take rows, shrunk to `max_norm`; NaN for indices out of range."""
    # The gradient of such a gather is a scatter of whole rows, which is cheap on CPUs:
    # 0.03 ms for 768 rows of 128, where the product with a one-hot matrix takes 0.12
    # with 65 rows in the table and 10 with 10,000.
    rows = weight.at[jnp.asarray(indices)].get(
        mode="fill", fill_value=jnp.nan, wrap_negative_indices=False
    )
    if max_norm is None:
        return rows
    norm = vector_norm(upcast(rows), norm_type, -1, keepdims=True)
    scale = jnp.where(norm > max_norm, max_norm / (norm + 1e-7), 1)
    shrunk = (upcast(rows) * scale).astype(rows.dtype)
    return _put_value(rows, shrunk)


def gradient_scale(
    indices: Indices,
    weight: Array,
    padding_idx: int | None,
    scale_grad_by_freq: bool,
) -> Array | None:
    """The factors of the looked-up rows' gradients; None where all are 1."""
    if padding_idx is None and not scale_grad_by_freq:
        return None
    index = jnp.asarray(indices)
    scale = jnp.ones(index.shape, weight.dtype)
    if scale_grad_by_freq:
        counts = jnp.zeros(weight.shape[0], jnp.float32).at[index].add(1)
        scale = (1 / counts[index]).astype(weight.dtype)
    if padding_idx is not None:
        scale = jnp.where(index == padding_idx, 0, scale)
    return jnp.expand_dims(scale, -1)


def check_lookup(
    name: str, input: ArrayLike, weight: Array, padding_idx: int | None
) -> tuple[Indices, int | None]:
    """Check the arguments; return the indices and `padding_idx` counted from 0."""
    check_floating(name, weight, "weight")
    layout = "(num_embeddings, embedding_dim)"
    check_rank(name, weight, (2,), layout, "weight")
    indices = as_indices(name, input)
    rows = weight.shape[0]
    _check_range(name, indices, rows)
    if padding_idx is None:
        return indices, None
    if not -rows <= padding_idx < rows:
        facts = {"padding_idx": padding_idx, "rows": rows}
        raise InputError("embedding.padding_idx", name=name, last=rows - 1, **facts)
    return indices, padding_idx % rows


def as_indices(name: str, input: ArrayLike, what: str = "input") -> Indices:
    """Return integers, as numpy where the values are known."""
    indices = np.asarray(input) if is_concrete(input) else jnp.asarray(input)
    if not jnp.issubdtype(indices.dtype, jnp.integer):
        raise InputTypeError("indices", name=name, what=what, dtype=indices.dtype)
    return indices


def _check_range(name: str, indices: Indices, rows: int) -> None:
    """Name the worst index out of range, where the values are known."""
    if not isinstance(indices, np.ndarray) or indices.size == 0:
        return
    low, high = int(indices.min()), int(indices.max())
    if low < 0 or high >= rows:
        worst = low if -low > high - rows + 1 else high
        raise InputError(
            "embedding.index", name=name, index=worst, rows=rows, last=rows - 1
        )


@jax.custom_jvp
def scale_gradient(x: Array, scale: Array) -> Array:
    """Return `x`, whose gradient is multiplied by `scale`."""
    return x


@scale_gradient.defjvp
def _scale_gradient_jvp(
    primals: tuple[Array, Array], tangents: tuple[Array, Array]
) -> tuple[Array, Array]:
    return primals[0], tangents[0] * jnp.broadcast_to(primals[1], primals[0].shape)


@jax.custom_jvp
def _put_value(x: Array, value: Array) -> Array:
    """Return `value` with the gradient of `x`."""
    return value


@_put_value.defjvp
def _put_value_jvp(
    primals: tuple[Array, Array], tangents: tuple[Array, Array]
) -> tuple[Array, Array]:
    return primals[1], tangents[0]
