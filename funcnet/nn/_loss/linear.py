"""A linear layer and the cross entropy of its output, in one."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from funcnet import functional as F
from funcnet._check import check_choice, check_in_range
from funcnet._errors import InputError
from funcnet._types import Array, ArrayLike, DTypeLike
from funcnet.nn._linear import Linear
from funcnet.nn._loss.base import Weights, as_array, as_tuples
from funcnet.nn._model import Model

__all__ = ["LinearCrossEntropyLoss"]


class LinearCrossEntropyLoss(Model):
    """Linear layer with cross entropy: `cross_entropy(linear(input), target)`.

    Equals `torch.nn.LinearCrossEntropyLoss`. With `options` the logits are never held
    all at once, see `funcnet.functional.linear_cross_entropy`.

    Params: `linear.weight` `(classes * prod(out_features), in_features)` and with
    `bias=True` `linear.bias`, drawn as `Linear` draws them.

    Input `(batch, in_features)`; targets are class indices `(batch, *out_features)` or
    probabilities `(batch, classes, *out_features)`.

    Args:
        in_features: the size of each sample.
        num_classes: the number of classes.
        out_features: spatial dimensions of the output.
        bias: whether the linear layer has a bias.
        reduction: "mean", "sum" or "none".
        weight: how much each class counts, a sequence or an array of numbers.
        ignore_index: elements with this label count nothing; -100 unless given.
        label_smoothing: the share, 0 to 1, of the uniform distribution in the target.
        options: how to cut the batch into chunks.
        dtype: the dtype of the parameters.

    Raises:
        InputError: an unknown reduction, label_smoothing that is not 0 to 1, or a
            number of weights that is not the number of classes.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.LinearCrossEntropyLoss(3, 4)
        >>> params, state = layer.init(jax.random.key(0))
        >>> x, y = jnp.zeros((2, 3)), jnp.array([0, 3])
        >>> float(layer.apply(params, state, x, y)[0]).__round__(4)
        1.3863
    """

    def __init__(
        self,
        in_features: int,
        num_classes: int,
        *,
        out_features: Sequence[int] = (),
        bias: bool = False,
        reduction: str = "mean",
        weight: Weights | None = None,
        ignore_index: int | None = None,
        label_smoothing: float = 0.0,
        options: F.LinearCrossEntropyOptions | None = None,
        dtype: DTypeLike = "float32",
    ) -> None:
        name = "LinearCrossEntropyLoss"
        check_choice(name, "reduction", reduction, ("none", "mean", "sum"))
        check_in_range(name, "label_smoothing", label_smoothing, 0, 1)
        if weight is not None and np.shape(weight) != (num_classes,):
            facts = {"input": (num_classes,), "weight": np.shape(weight)}
            raise InputError("labels.weight", name=name, classes=num_classes, **facts)
        self.num_classes = num_classes
        self.out_features = tuple(out_features)
        self.bias = bias
        self.reduction = reduction
        self.weight = None if weight is None else as_tuples(name, "weight", weight)
        self.ignore_index = ignore_index
        self.label_smoothing = label_smoothing
        self.options = options
        rows = num_classes * math.prod(self.out_features)
        self.linear: Any = Linear(in_features, rows, bias, dtype=dtype)

    def forward(self, input: ArrayLike, target: ArrayLike) -> Array:
        shape = (self.num_classes, *self.out_features)
        return F.linear_cross_entropy(
            input,
            self.linear.weight.reshape(*shape, -1),
            target,
            linear_bias=self.linear.bias.reshape(shape) if self.bias else None,
            weight=as_array(self.weight, input),
            reduction=self.reduction,
            ignore_index=self.ignore_index,
            label_smoothing=self.label_smoothing,
            options=self.options,
        )
