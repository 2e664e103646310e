"""Losses of yes-or-no targets: binary cross entropy and its multi-label kin."""

import jax.numpy as jnp
import numpy as np

from funcnet._check import check_same_dtype, is_concrete
from funcnet._errors import InputError
from funcnet._precision import upcast
from funcnet._types import Array, ArrayLike
from funcnet.functional._activation.logistic import log1p_exp
from funcnet.functional._derivative import with_slopes
from funcnet.functional._loss.reduction import (
    check_same_shape,
    expand,
    matched_arrays,
    poison,
    real_arrays,
    reduce,
)

__all__ = [
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "multilabel_soft_margin_loss",
    "soft_margin_loss",
]


def binary_cross_entropy(
    input: ArrayLike,
    target: ArrayLike,
    weight: ArrayLike | None = None,
    reduction: str = "mean",
) -> Array:
    """Binary cross entropy of probabilities.

    Equals `torch.nn.functional.binary_cross_entropy`: logarithms are cut off at -100.
    `binary_cross_entropy_with_logits` is more accurate and takes what comes before the
    sigmoid.

    Args:
        input: probabilities, 0 to 1, any shape, floating point.
        target: 0 to 1, the same shape and dtype.
        weight: how much each element counts; broadcast to the input's shape.
        reduction: "mean" (over all elements, with weights too), "sum" or "none".

    Returns:
        A scalar, or the input's shape with reduction "none".

    Raises:
        InputError: the shapes differ, an input or target is not in 0 to 1 (in a trace,
            where values are not known, the result is NaN instead), or the reduction is
            unknown.
        InputTypeError: the dtypes differ, or are not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> p, y = jnp.array([0.5, 0.5]), jnp.array([0.0, 1.0])
        >>> float(binary_cross_entropy(p, y)).__round__(4)
        0.6931
    """
    name = "binary_cross_entropy"
    known = {"input": input, "target": target}
    _check_probabilities(name, **known)
    (input,) = real_arrays(name, input=input)
    target = jnp.asarray(target)
    check_same_dtype(name, input=input, target=target)
    check_same_shape(name, input=input, target=target)
    loss = bernoulli(upcast(input), upcast(target)).astype(input.dtype)
    loss = poison(loss, (target < 0) | (target > 1))
    return reduce(name, _weigh(name, loss, weight), reduction)


def binary_cross_entropy_with_logits(
    input: ArrayLike,
    target: ArrayLike,
    weight: ArrayLike | None = None,
    reduction: str = "mean",
    pos_weight: ArrayLike | None = None,
) -> Array:
    """Binary cross entropy of logits: of `sigmoid(input)`, accurately.

    Equals `torch.nn.functional.binary_cross_entropy_with_logits`.

    Args:
        input: logits, any shape, floating point.
        target: 0 to 1, the same shape and dtype.
        weight: how much each element counts; broadcast to the input's shape.
        reduction: "mean" (over all elements, with weights too), "sum" or "none".
        pos_weight: how much the positive part of a target counts; broadcast to the
            input's shape, so `(classes,)` with `(batch, classes)` logits.

    Returns:
        A scalar, or the input's shape with reduction "none".

    Raises:
        InputError: the shapes do not fit, or the reduction is unknown.
        InputTypeError: the dtypes differ, or are not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> x, y = jnp.array([0.0, 0.0]), jnp.array([0.0, 1.0])
        >>> float(binary_cross_entropy_with_logits(x, y)).__round__(4)
        0.6931
    """
    name = "binary_cross_entropy_with_logits"
    input, target = matched_arrays(name, input=input, target=target)
    surprise = log1p_exp(-input)  # -log p of a yes
    if pos_weight is not None:
        _, factor = real_arrays(name, input=input, pos_weight=pos_weight)
        factor = expand(name, "pos_weight", factor, input.shape)
        surprise = ((factor - 1) * target + 1) * surprise
    loss = (1 - target) * input + surprise
    return reduce(name, _weigh(name, loss, weight), reduction)


def multilabel_soft_margin_loss(
    input: ArrayLike,
    target: ArrayLike,
    weight: ArrayLike | None = None,
    reduction: str = "mean",
) -> Array:
    """Multi-label soft margin loss.

    It is the binary cross entropy of logits, averaged over the classes.

    Equals `torch.nn.functional.multilabel_soft_margin_loss`.

    Args:
        input: logits, `(*, classes)`, floating point.
        target: 0 or 1 for each class, the same shape; integers or the input's dtype.
        weight: how much each class counts; broadcast to the input's shape.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or `(*,)` with reduction "none".

    Raises:
        InputError: the shapes do not fit, or the reduction is unknown.
        InputTypeError: the input is not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> x, y = jnp.zeros((1, 2)), jnp.array([[0, 1]])
        >>> float(multilabel_soft_margin_loss(x, y)).__round__(4)
        0.6931
    """
    name = "multilabel_soft_margin_loss"
    input, target = with_small_target(name, input, target)
    if input.ndim == 0:
        raise InputError("loss.no_classes", name=name, layout="(*, classes)")
    loss = (1 - target) * input + log1p_exp(-input)
    return reduce(name, jnp.mean(_weigh(name, loss, weight), -1), reduction)


def soft_margin_loss(
    input: ArrayLike, target: ArrayLike, reduction: str = "mean"
) -> Array:
    """Soft margin loss, the logistic loss of signs.

    It is `log(1 + exp(-target * input))`, for targets -1 and 1.

    Equals `torch.nn.functional.soft_margin_loss`.

    Args:
        input: any shape, floating point.
        target: -1 or 1, the same shape; integers or the input's dtype.
        reduction: "mean", "sum" or "none".

    Returns:
        A scalar, or the input's shape with reduction "none".

    Raises:
        InputError: the shapes differ, or the reduction is unknown.
        InputTypeError: the input is not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> float(soft_margin_loss(jnp.zeros(2), jnp.array([-1, 1]))).__round__(4)
        0.6931
    """
    name = "soft_margin_loss"
    input, target = with_small_target(name, input, target)
    return reduce(name, log1p_exp(-target * input), reduction)


def with_small_target(
    name: str, input: ArrayLike, target: ArrayLike
) -> tuple[Array, Array]:
    """Return input and target, of one shape; integer targets in the input's dtype."""
    (input,) = real_arrays(name, input=input)
    target = jnp.asarray(target)
    if jnp.issubdtype(target.dtype, jnp.integer):
        target = target.astype(input.dtype)
    real_arrays(name, input=input, target=target)
    check_same_shape(name, input=input, target=target)
    return input, target


def _log(p: Array) -> Array:
    return jnp.maximum(jnp.log(p), jnp.asarray(-100, p.dtype))


def _log1m(p: Array) -> Array:
    return jnp.maximum(jnp.log1p(-p), jnp.asarray(-100, p.dtype))


def _slope(loss: Array, p: Array, y: Array) -> Array:
    """PyTorch's gradient: large where p is 0 or 1 and y is not.

    The cut-off logarithm by itself would have none.
    """
    return (p - y) / jnp.maximum((1 - p) * p, jnp.asarray(1e-12, p.dtype))


bernoulli = with_slopes(
    lambda p, y: -y * _log(p) - (1 - y) * _log1m(p),
    _slope,
    lambda loss, p, y: jnp.log1p(-p) - jnp.log(p),
)
"""The cross entropy of a yes of probability `p`, element by element."""


def _weigh(name: str, loss: Array, weight: ArrayLike | None) -> Array:
    """Multiply by the weight, broadcast to the loss's shape."""
    if weight is None:
        return loss
    loss, weight = real_arrays(name, input=loss, weight=weight)
    return loss * expand(name, "weight", weight, loss.shape)


def _check_probabilities(name: str, **arrays: ArrayLike) -> None:
    """Raise where values that are known are not in 0 to 1."""
    for what, x in arrays.items():
        if is_concrete(x):
            values = np.asarray(x)
            wrong = values[(values < 0) | (values > 1)]
            if wrong.size:
                worst = float(wrong[np.argmax(np.abs(wrong))])
                raise InputError("loss.probability", name=name, what=what, value=worst)
