"""Hinge losses: rankings, distances and classes that must win by a margin."""

import jax.numpy as jnp

from funcnet._check import check_choice, check_rank
from funcnet._errors import InputError
from funcnet._types import Array, ArrayLike
from funcnet.functional._loss.binary import with_small_target
from funcnet.functional._loss.labels import as_labels, class_weights, outside, pick
from funcnet.functional._loss.reduction import (
    check_same_shape,
    check_signs,
    clamp_at_zero,
    matched_arrays,
    poison,
    real_arrays,
    reduce,
)

__all__ = [
    "hinge_embedding_loss",
    "margin_ranking_loss",
    "multi_margin_loss",
    "multilabel_margin_loss",
]


def margin_ranking_loss(
    input1: ArrayLike,
    input2: ArrayLike,
    target: ArrayLike,
    margin: float = 0,
    reduction: str = "mean",
) -> Array:
    """Compute the margin ranking loss.

    It is `max(0, -target * (input1 - input2) + margin)`.

    Equals `torch.nn.functional.margin_ranking_loss`.

    Args:
        input1: scores, any shape, floating point.
        input2: scores, the same shape and dtype.
        target: 1 where input1 must be the larger, -1 where input2; the same shape,
            integers or the input's dtype.
        margin: by how much it must be larger.
        reduction: "mean", "sum" or "none".

    Result and errors are those of `soft_margin_loss`.

    Example:
        >>> import jax.numpy as jnp
        >>> x, y = jnp.array([1.0, 2.0]), jnp.array([0.0, 5.0])
        >>> margin_ranking_loss(x, y, jnp.array([1, 1]), reduction="none").tolist()
        [0.0, 3.0]
    """
    name = "margin_ranking_loss"
    input1, input2 = matched_arrays(name, input1=input1, input2=input2)
    input1, target = with_small_target(name, input1, target)
    loss = clamp_at_zero(-target * (input1 - input2) + margin)
    return reduce(name, loss, reduction)


def hinge_embedding_loss(
    input: ArrayLike,
    target: ArrayLike,
    margin: float = 1.0,
    reduction: str = "mean",
) -> Array:
    """Compute the hinge embedding loss.

    It is the input where the target is 1, `max(0, margin - input)` where it is -1.

    Equals `torch.nn.functional.hinge_embedding_loss`.

    Args:
        input: distances, any shape, floating point.
        target: 1 for what is alike, -1 for what is not; the same shape, integers or
            the input's dtype.
        margin: the distance from which on unlike things cost nothing.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or the input's shape with reduction "none".

    Raises:
        InputError: the shapes differ, a target is neither 1 nor -1 (in a trace, where
            values are not known, the result is NaN instead), or the reduction is
            unknown.
        InputTypeError: the input is not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> x, y = jnp.array([0.25, 0.25]), jnp.array([1, -1])
        >>> hinge_embedding_loss(x, y, reduction="none").tolist()
        [0.25, 0.75]
    """
    name = "hinge_embedding_loss"
    bad = check_signs(name, target)
    input, target = with_small_target(name, input, target)
    loss = jnp.where(target == 1, input, clamp_at_zero(margin - input))
    return reduce(name, poison(loss, bad), reduction)


def multi_margin_loss(
    input: ArrayLike,
    target: ArrayLike,
    p: int = 1,
    margin: float = 1.0,
    weight: ArrayLike | None = None,
    reduction: str = "mean",
) -> Array:
    """Compute the multi-class hinge loss.

    It is the mean over the classes of `max(0, margin - x[target] + x[i]) ** p`.

    The target's own class counts 0. Equals `torch.nn.functional.multi_margin_loss`.

    Args:
        input: scores `(batch, classes)`, or `(classes,)`, floating point.
        target: class indices `(batch,)`, or `()`, integer.
        p: 1 or 2.
        margin: by how much the target's score must be the largest.
        weight: `(classes,)`, how much samples of each class count. The mean is over the
            batch all the same.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or the target's shape with reduction "none".

    Raises:
        InputError: shapes do not fit, a label is out of range (in a trace, where labels
            are not known, the result is NaN instead), or an unknown reduction.
        InputTypeError: the dtypes do not fit.

    Example:
        >>> import jax.numpy as jnp
        >>> x = jnp.array([[0.5, 0.0], [0.0, 2.0]])
        >>> multi_margin_loss(x, jnp.array([0, 1]), reduction="none").tolist()
        [0.25, 0.0]
    """
    name = "multi_margin_loss"
    check_choice(name, "p", p, (1, 2))
    (x,) = real_arrays(name, input=input)
    _check_matrix(name, x)
    labels = as_labels(name, "target", target)
    shape = labels.shape
    if shape != x.shape[:-1] and not (x.ndim <= 1 and shape == (1,)):
        shapes = {"input": x.shape, "target": shape, "wanted": x.shape[:-1]}
        raise InputError("multi_margin.target", name=name, **shapes)
    x = x.reshape(-1, x.shape[-1] if x.ndim else 1)  # (batch, classes)
    classes = x.shape[1]
    bad = outside(name, "target", labels, classes).reshape(-1)
    safe = jnp.where(bad, 0, labels.reshape(-1))
    gap = margin - jnp.expand_dims(pick(x, safe, 1), 1) + x
    other = jnp.expand_dims(jnp.arange(classes), 0) != jnp.expand_dims(safe, 1)
    gap = jnp.where(other & (gap > 0), gap, 0)
    loss = jnp.mean(gap**p, 1)
    if weight is not None:
        loss = loss * class_weights(name, x, classes, weight)[safe]
    return reduce(name, poison(loss, jnp.asarray(bad)).reshape(shape), reduction)


def multilabel_margin_loss(
    input: ArrayLike, target: ArrayLike, reduction: str = "mean"
) -> Array:
    """Compute the multi-label hinge loss.

    It is the hinge of every wanted class against every unwanted one.

    `sum over j wanted, i unwanted of max(0, 1 - (x[j] - x[i])) / classes`. Equals
    `torch.nn.functional.multilabel_margin_loss`.

    Args:
        input: scores `(batch, classes)`, or `(classes,)`, floating point.
        target: the indices of the wanted classes, integer, the same shape; what comes
            from the first -1 on is padding.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or `(batch,)` (`()`) with reduction "none".

    Raises:
        InputError: the shapes differ, a label is out of range (in a trace, where labels
            are not known, the result is NaN instead), or an unknown reduction.
        InputTypeError: the dtypes do not fit.

    Example:
        >>> import jax.numpy as jnp
        >>> x, y = jnp.array([0.5, 0.0]), jnp.array([0, -1])
        >>> float(multilabel_margin_loss(x, y))
        0.25
    """
    name = "multilabel_margin_loss"
    (x,) = real_arrays(name, input=input)
    _check_matrix(name, x)
    labels = as_labels(name, "target", target)
    check_same_shape(name, input=x, target=jnp.asarray(labels))
    batch, classes = x.shape[:-1], x.shape[-1] if x.ndim else 1
    bad = outside(name, "target", labels, classes, allowed=labels == -1)
    bad, labels = bad.reshape(-1, classes), labels.reshape(-1, classes)
    x = x.reshape(-1, classes)

    counts = jnp.cumsum(labels < 0, axis=1) == 0
    safe = jnp.where(counts & ~bad, labels, 0)
    index = jnp.reshape(jnp.arange(classes), (1, 1, -1))
    hit = (jnp.expand_dims(safe, 2) == index) & jnp.expand_dims(counts, 2)
    unwanted = ~jnp.any(hit, axis=1)  # (batch, i)
    wanted = jnp.take_along_axis(x, safe, axis=1, mode="promise_in_bounds")
    gap = 1 - jnp.expand_dims(wanted, 2) + jnp.expand_dims(x, 1)  # (batch, j, i)
    pairs = jnp.expand_dims(counts, 2) & jnp.expand_dims(unwanted, 1)
    loss = jnp.sum(jnp.where(pairs & (gap > 0), gap, 0), (1, 2)) / classes
    loss = poison(loss, jnp.any(jnp.asarray(bad), 1)).reshape(batch)
    return reduce(name, loss, reduction)


def _check_matrix(name: str, x: Array) -> None:
    """Raise unless `x` has scores of classes: `(batch, classes)` or `(classes,)`."""
    check_rank(name, x, (0, 1, 2), "(batch, classes) or (classes,)")
    if x.ndim and not x.shape[-1]:
        raise InputError("empty", name=name, input=x.shape)
