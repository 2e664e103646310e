"""Cross entropy of a linear layer's output, without ever holding all its logits."""

import dataclasses
import math

import jax
import jax.numpy as jnp

from funcnet._check import (
    check_in_range,
    check_positive,
    check_rank,
    check_same_dtype,
)
from funcnet._errors import InputError
from funcnet._precision import upcast
from funcnet._types import Array, ArrayLike
from funcnet.functional._linear import linear
from funcnet.functional._loss.classification import (
    check_labels,
    cross_entropy,
    hard_losses,
)
from funcnet.functional._loss.labels import Labels, class_weights, outside
from funcnet.functional._loss.reduction import real_arrays, reduce

__all__ = ["LinearCrossEntropyOptions", "linear_cross_entropy"]


@dataclasses.dataclass(frozen=True)
class LinearCrossEntropyOptions:
    """How `linear_cross_entropy` cuts the batch into chunks.

    Equals `torch.nn.LinearCrossEntropyOptions`, less what steers PyTorch's autograd.
    Worth its time with many more classes than features, as at a language model's head.

    Args:
        batch_chunk_size: rows to a chunk.
        chunking_method: how to choose the rows to a chunk otherwise: "aspect_ratio"
            makes a chunk's logits as large as the whole input, "aspect_ratio:N" N times
            smaller; "auto" is "aspect_ratio:2"; None is one chunk.

    Raises:
        InputError: the size is not positive, or the method is unknown.

    Example:
        >>> LinearCrossEntropyOptions(batch_chunk_size=64).rows(1000, 512, 50_000)
        64
        >>> LinearCrossEntropyOptions().rows(1000, 512, 50_000)
        8
    """

    batch_chunk_size: int | None = None
    chunking_method: str | None = "auto"

    def __post_init__(self) -> None:
        size, method = self.batch_chunk_size, self.chunking_method
        name = "LinearCrossEntropyOptions"
        if size is not None:
            check_positive(name, "batch_chunk_size", size)
        kind, _, parts = (method or "auto").partition(":")
        ratio = kind == "aspect_ratio" and (parts or "1").isdigit()
        if method not in (None, "auto") and not (ratio and int(parts or 1) > 0):
            raise InputError("linear_cross_entropy.method", name=name, method=method)
        if size is not None and method not in (None, "auto"):
            raise InputError("linear_cross_entropy.both", name=name, method=method)

    def rows(self, batch: int, features: int, classes: int) -> int:
        """The number of rows to a chunk for these sizes."""
        if self.batch_chunk_size is not None:
            return max(1, min(self.batch_chunk_size, batch))
        if self.chunking_method is None:
            return max(1, batch)
        method = self.chunking_method.replace("auto", "aspect_ratio:2")
        parts = int(method.partition(":")[2] or 1)
        wanted = math.ceil(batch / max(1, math.ceil(classes / features)))
        power = 1 << max(wanted - 1, 0).bit_length()
        return max(1, min(power // parts, batch))


def linear_cross_entropy(
    input: ArrayLike,
    linear_weight: ArrayLike,
    target: ArrayLike,
    *,
    linear_bias: ArrayLike | None = None,
    weight: ArrayLike | None = None,
    reduction: str = "mean",
    ignore_index: int | None = None,
    label_smoothing: float = 0.0,
    options: LinearCrossEntropyOptions | None = None,
) -> Array:
    """Compute `cross_entropy(linear(input, linear_weight, linear_bias), target)`.

    Equals `torch.nn.functional.linear_cross_entropy`.

    Args:
        input: `(batch, features)`, or `(features,)`, floating point.
        linear_weight: `(classes, *spatial, features)`; without spatial dimensions if
            the input has no batch.
        target: class indices `(batch, *spatial)`, or probabilities
            `(batch, classes, *spatial)`.
        linear_bias: `(classes, *spatial)`.
        weight: `(classes,)`, how much each class counts.
        reduction: "mean", "sum" or "none".
        ignore_index: elements with this label count nothing; -100 unless given.
        label_smoothing: the share, 0 to 1, of the uniform distribution in the target.
        options: with them class indices without spatial dimensions are worked off in
            chunks, whose logits are computed once more for the gradient instead of
            being kept. They change nothing else.

    Returns:
        A scalar; with reduction "none" `(batch, *spatial)`.

    Raises:
        InputError, InputTypeError: as `linear` and `cross_entropy`.

    Example:
        >>> import jax.numpy as jnp
        >>> x, w, y = jnp.zeros((2, 3)), jnp.ones((4, 3)), jnp.array([0, 3])
        >>> float(linear_cross_entropy(x, w, y)).__round__(4)
        1.3863
    """
    name = "linear_cross_entropy"
    x, w, bias = _arguments(name, input, linear_weight, linear_bias)
    classes, *spatial, features = w.shape
    shape = (*x.shape[:-1], classes, *spatial)
    soft = jnp.shape(target) == shape
    if soft and ignore_index is not None:
        raise InputError("labels.ignore_index", name=name, ignore_index=ignore_index)
    ignored = -100 if ignore_index is None else ignore_index
    if options is None or soft or spatial or x.ndim == 1:
        flat = None if bias is None else bias.reshape(-1)
        logits = linear(x, w.reshape(-1, features), flat).reshape(shape)
        return cross_entropy(
            logits, target, weight, ignored, reduction, label_smoothing
        )
    rows = options.rows(x.shape[0], features, classes)
    labels = check_labels(name, shape, target, 1)
    check_in_range(name, "label_smoothing", label_smoothing, 0, 1)
    if weight is not None:
        weight = upcast(class_weights(name, x, classes, weight))
    loss, weights = _chunked(x, w, labels, bias, weight, ignored, label_smoothing, rows)
    return reduce(name, loss, reduction, weights).astype(x.dtype)


def _chunked(
    x: Array,
    w: Array,
    target: Labels,
    bias: Array | None,
    weight: Array | None,
    ignore_index: int,
    label_smoothing: float,
    rows: int,
) -> tuple[Array, Array]:
    """Compute the losses and their weights, `rows` rows at a time."""
    name = "linear_cross_entropy"
    # Labels that are known are looked at here; inside the loop they no longer are.
    outside(name, "target", target, w.shape[0], allowed=target == ignore_index)
    batch = x.shape[0]
    extra = -batch % rows

    @jax.checkpoint
    def chunk(part: tuple[Array, Array]) -> tuple[Array, Array]:
        x, labels = part
        logits = upcast(linear(x, w, bias))
        return hard_losses(name, logits, labels, weight, ignore_index, label_smoothing)

    x = jnp.pad(x, ((0, extra), (0, 0))).reshape(-1, rows, x.shape[1])
    labels = jnp.pad(jnp.asarray(target), (0, extra), constant_values=ignore_index)
    parts = jax.lax.map(chunk, (x, labels.reshape(-1, rows)))
    loss, weights = (part.reshape(-1)[:batch] for part in parts)
    return loss, weights


def _arguments(
    name: str,
    input: ArrayLike,
    linear_weight: ArrayLike,
    linear_bias: ArrayLike | None,
) -> tuple[Array, Array, Array | None]:
    """Return the linear layer's arrays, checked."""
    x, w = real_arrays(name, input=input, linear_weight=linear_weight)
    check_rank(name, x, (1, 2), "(batch, features) or (features,)")
    if w.ndim < 2 or (x.ndim == 1 and w.ndim > 2):
        shapes = {"input": x.shape, "weight": w.shape}
        raise InputError("linear_cross_entropy.weight", name=name, **shapes)
    if linear_bias is None:
        return x, w, None
    bias = jnp.asarray(linear_bias)
    check_same_dtype(name, input=x, linear_bias=bias)
    if bias.shape != w.shape[:-1]:
        shapes = {"bias": bias.shape, "weight": w.shape, "wanted": w.shape[:-1]}
        raise InputError("linear_cross_entropy.bias", name=name, **shapes)
    return x, w, bias
