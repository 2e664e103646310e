"""Losses that want a margin: between scores, classes, angles and distances."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from funcnet import functional as F
from funcnet._check import check_choice, check_positive
from funcnet._types import Array
from funcnet.nn._base import Layer
from funcnet.nn._loss.base import Loss, WeightedLoss, Weights

__all__ = [
    "CosineEmbeddingLoss",
    "HingeEmbeddingLoss",
    "MarginRankingLoss",
    "MultiLabelMarginLoss",
    "MultiMarginLoss",
    "TripletMarginLoss",
    "TripletMarginWithDistanceLoss",
]


@dataclass(frozen=True, repr=False)
class MarginRankingLoss(Loss, function=F.margin_ranking_loss):
    """Margin ranking loss: `max(0, -target * (input1 - input2) + margin)`.

    Equals `torch.nn.MarginRankingLoss`; targets are -1 or 1. See
    `funcnet.functional.margin_ranking_loss`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> loss = nn.MarginRankingLoss(margin=1.0)
        >>> float(loss(jnp.array([3.0]), jnp.array([2.5]), jnp.array([1])))
        0.5
    """

    margin: float = 0.0
    reduction: str = "mean"


@dataclass(frozen=True, repr=False)
class HingeEmbeddingLoss(Loss, function=F.hinge_embedding_loss):
    """Hinge embedding loss: small distances for target 1, large ones for -1.

    Equals `torch.nn.HingeEmbeddingLoss`; targets are -1 or 1. See
    `funcnet.functional.hinge_embedding_loss`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> loss = nn.HingeEmbeddingLoss(reduction="none")
        >>> loss(jnp.array([0.25, 0.25]), jnp.array([1, -1])).tolist()
        [0.25, 0.75]
    """

    margin: float = 1.0
    reduction: str = "mean"


@dataclass(frozen=True, repr=False)
class MultiMarginLoss(WeightedLoss, function=F.multi_margin_loss):
    """Multi-class hinge loss: the hinge of every other class's score.

    Equals `torch.nn.MultiMarginLoss`. Scores `(batch, classes)`, class indices
    `(batch,)`; `p` is 1 or 2; `weight` is one number for each class. See
    `funcnet.functional.multi_margin_loss`.

    Raises:
        InputError: an unknown reduction, or `p` is neither 1 nor 2.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> loss = nn.MultiMarginLoss()
        >>> float(loss(jnp.array([[0.5, 0.0]]), jnp.array([0])))
        0.25
    """

    p: int = 1
    margin: float = 1.0
    weight: Weights | None = None
    reduction: str = "mean"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("MultiMarginLoss", "p", self.p, (1, 2))


@dataclass(frozen=True, repr=False)
class MultiLabelMarginLoss(Loss, function=F.multilabel_margin_loss):
    """Multi-label hinge loss: each target class against every other class.

    Equals `torch.nn.MultiLabelMarginLoss`; targets hold the indices of the wanted
    classes, then -1. See `funcnet.functional.multilabel_margin_loss`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> loss = nn.MultiLabelMarginLoss()
        >>> float(loss(jnp.array([0.5, 0.0]), jnp.array([0, -1])))
        0.25
    """

    reduction: str = "mean"


@dataclass(frozen=True, repr=False)
class CosineEmbeddingLoss(Loss, function=F.cosine_embedding_loss):
    """Cosine embedding loss: similar vectors for target 1, dissimilar ones for -1.

    Equals `torch.nn.CosineEmbeddingLoss`; targets are -1 or 1. See
    `funcnet.functional.cosine_embedding_loss`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> loss = nn.CosineEmbeddingLoss(reduction="none")
        >>> loss(jnp.eye(2), jnp.eye(2), jnp.array([1, -1])).tolist()
        [0.0, 1.0]
    """

    margin: float = 0.0
    reduction: str = "mean"


@dataclass(frozen=True, repr=False)
class TripletMarginLoss(Loss, function=F.triplet_margin_loss):
    """Triplet margin loss: `max(0, d(anchor, positive) - d(anchor, negative) + m)`.

    Equals `torch.nn.TripletMarginLoss`; `d` is the p-norm of the difference, `m` is
    `margin`. See
    `funcnet.functional.triplet_margin_loss`.

    Raises:
        InputError: an unknown reduction, or `margin` is not positive.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> a, p, n = jnp.zeros((1, 1)), jnp.ones((1, 1)), 3 * jnp.ones((1, 1))
        >>> float(nn.TripletMarginLoss(margin=4.0)(a, p, n)).__round__(4)
        2.0
    """

    margin: float = 1.0
    p: float = 2.0
    eps: float = 1e-6
    swap: bool = False
    reduction: str = "mean"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive("TripletMarginLoss", "margin", self.margin)


@dataclass(frozen=True, repr=False)
class TripletMarginWithDistanceLoss(Loss, function=F.triplet_margin_with_distance_loss):
    """Triplet margin loss with any distance.

    Equals `torch.nn.TripletMarginWithDistanceLoss`. `distance_function` is a function
    of two arrays, or a layer without parameters such as `nn.PairwiseDistance()`. See
    `funcnet.functional.triplet_margin_with_distance_loss`.

    Raises:
        InputError: an unknown reduction, or `margin` is not positive.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> def manhattan(x, y):
        ...     return abs(x - y).sum(-1)
        >>> loss = nn.TripletMarginWithDistanceLoss(
        ...     distance_function=manhattan, margin=3.0)
        >>> a, p, n = jnp.zeros((1, 2)), jnp.ones((1, 2)), 2 * jnp.ones((1, 2))
        >>> float(loss(a, p, n))
        1.0
    """

    distance_function: Callable[[Array, Array], Array] | Layer | None = field(
        default=None, kw_only=True
    )
    margin: float = field(default=1.0, kw_only=True)
    swap: bool = field(default=False, kw_only=True)
    reduction: str = field(default="mean", kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        check_positive("TripletMarginWithDistanceLoss", "margin", self.margin)

    def forward(self, *inputs: Any, **named: Any) -> Array:
        distance = self.distance_function
        if isinstance(distance, Layer):
            named["distance_function"] = lambda x, y: distance.apply({}, {}, x, y)[0]
        return super().forward(*inputs, **named)
