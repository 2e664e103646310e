"""Softmax over many classes in clusters by frequency."""

from collections.abc import Sequence

import jax.numpy as jnp

from funcnet._errors import InputError
from funcnet._types import Array, ArrayLike
from funcnet.functional._activation.softmax import log_softmax
from funcnet.functional._linear import linear
from funcnet.functional._loss.labels import as_labels, outside, pick

Tails = Sequence[tuple[Array, Array]]


def adaptive_log_softmax(
    input: Array, head_weight: Array, head_bias: Array | None, tails: Tails
) -> Array:
    """Compute the log-probabilities of all classes.

    The head scores the most frequent classes and one entry for each cluster of the
    others; a cluster's scores come from its tail, through a narrow projection. PyTorch
    has this only as `torch.nn.AdaptiveLogSoftmaxWithLoss.log_prob`.

    Args:
        input: `(batch, features)`.
        head_weight: `(frequent + clusters, features)`.
        head_bias: `(frequent + clusters,)`.
        tails: for each cluster a projection `(width, features)` and its scores'
            weights `(classes_of_the_cluster, width)`.

    Returns:
        `(batch, classes)`.

    Example:
        >>> import jax.numpy as jnp
        >>> tail = jnp.ones((1, 2)), jnp.ones((3, 1))
        >>> y = adaptive_log_softmax(jnp.ones((1, 2)), jnp.ones((2, 2)), None, [tail])
        >>> jnp.exp(y).round(2).shape, round(float(jnp.exp(y).sum()), 4)
        ((1, 4), 1.0)

    Source: Grave et al., "Efficient softmax approximation for GPUs" (2016),
    https://arxiv.org/abs/1609.04309
    """
    head = log_softmax(linear(input, head_weight, head_bias), -1)
    frequent = head.shape[-1] - len(tails)
    parts = [head[..., :frequent]]
    for i, (projection, weight) in enumerate(tails):
        within = log_softmax(linear(linear(input, projection), weight), -1)
        cluster = head[..., frequent + i : frequent + i + 1]
        parts.append(within + jnp.broadcast_to(cluster, within.shape))
    return jnp.concatenate(parts, axis=-1)


def adaptive_log_softmax_with_loss(
    input: Array,
    target: ArrayLike,
    head_weight: Array,
    head_bias: Array | None,
    tails: Tails,
) -> tuple[Array, Array]:
    """Compute the targets' log-probabilities and the mean of their negatives.

    Equals the call of a `torch.nn.AdaptiveLogSoftmaxWithLoss`. All clusters are
    computed for all samples, for shapes cannot depend on the targets here; what is
    saved against a full softmax is the projections' width.

    Args:
        input: `(batch, features)`, or `(features,)`.
        target: classes, `(batch,)`, or `()`.
        head_weight: see `adaptive_log_softmax`; so are the others.

    Returns:
        `(output, loss)`, of the target's shape and a scalar.

    Raises:
        InputError: shapes do not fit, or a target is no class (in a trace, where
            values are not known, the result is NaN instead).

    Example:
        >>> import jax.numpy as jnp
        >>> tail = jnp.ones((1, 2)), jnp.ones((3, 1))
        >>> x, target = jnp.zeros((1, 2)), jnp.array([0])
        >>> head = jnp.ones((2, 2))
        >>> _, loss = adaptive_log_softmax_with_loss(x, target, head, None, [tail])
        >>> round(float(loss), 4)
        0.6931

    Source: Grave et al., "Efficient softmax approximation for GPUs" (2016),
    https://arxiv.org/abs/1609.04309
    """
    name = "adaptive_log_softmax_with_loss"
    if input.ndim not in (1, 2) or jnp.shape(target) != input.shape[:-1]:
        facts = {"input": input.shape, "target": jnp.shape(target)}
        raise InputError("adaptive_softmax.shapes", name=name, **facts)
    log_prob = adaptive_log_softmax(input, head_weight, head_bias, tails)
    classes = log_prob.shape[-1]
    labels = as_labels(name, "target", target)
    bad = jnp.asarray(outside(name, "target", labels, classes))
    picked = pick(log_prob, jnp.where(bad, 0, jnp.asarray(labels)), -1)
    output = jnp.where(bad, jnp.nan, picked)
    return output, -jnp.mean(output)
