"""Losses of pairs and triplets."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp

from funcnet import functional as F
from funcnet._check import check_positive
from funcnet._types import Array
from funcnet.compat._ops.nn.loss_table import (
    loss,
    matched,
    native_loss,
    target_first,
)
from funcnet.compat._ops.registry import recorded, register
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor
from funcnet.functional._loss.reduction import reduce as reduce_losses


@loss("cosine_embedding_loss")
def cosine_embedding_loss(
    input1: Array,
    input2: Array,
    target: Array,
    margin: float = 0,
    reduction: str = "mean",
) -> Any:
    """Compare directions, as `torch.nn.functional.cosine_embedding_loss`."""
    if input1.ndim == input2.ndim:
        input1, input2 = matched(input1, input2)
    like, unlike = (
        F.cosine_embedding_loss(
            input1, input2, jnp.full_like(target, sign), margin, "none"
        )
        for sign in (1, -1)
    )
    # What is neither 1 nor -1 has no loss in PyTorch; the native function refuses it.
    loss = jnp.where(target == 1, like, jnp.where(target == -1, unlike, 0))
    return reduce_losses("cosine_embedding_loss", loss, reduction)


@loss("hinge_embedding_loss")
def hinge_embedding_loss(
    input: Array,
    target: Array,
    margin: float = 1.0,
    reduction: str = "mean",
) -> Any:
    """Compare distance and margin, as `torch.nn.functional.hinge_embedding_loss`."""
    input, target = target_first(input, target)
    like, unlike = (
        F.hinge_embedding_loss(input, jnp.full_like(target, sign), margin, "none")
        for sign in (1, -1)
    )
    # What is neither 1 nor -1 has both losses in PyTorch; the native function refuses.
    loss = jnp.where(target == -1, 0, like) + jnp.where(target == 1, 0, unlike)
    return reduce_losses("hinge_embedding_loss", loss, reduction)


def _of_one_rank(input1: Any, input2: Any, target: Any) -> list[Any]:
    if not input1.ndim == input2.ndim == target.ndim:
        raise RuntimeError(
            "margin_ranking_loss : All input tensors should have same dimension but "
            f"got sizes: input1: {Size(input1.shape)}, input2: {Size(input2.shape)}, "
            f"target: {Size(target.shape)} "
        )
    target, input1, input2 = matched(target, input1, input2)
    return [input1, input2, target]


native_loss("margin_ranking_loss", _of_one_rank, inputs=3)


def _check_triplet(*arrays: Array | Tensor) -> None:
    ranks = [x.ndim for x in arrays]
    if len(set(ranks)) > 1:
        raise RuntimeError(
            "The anchor, positive, and negative tensors are expected to have the same "
            f"number of dimensions, but got: anchor {ranks[0]}D, positive {ranks[1]}D, "
            f"and negative {ranks[2]}D inputs"
        )


def _matched_triplet(anchor: Any, positive: Any, negative: Any) -> list[Any]:
    _check_triplet(anchor, positive, negative)
    return matched(anchor, positive, negative)


_triplet_margin_loss = native_loss("triplet_margin_loss", _matched_triplet, inputs=3)


@recorded(
    "nn.functional.triplet_margin_with_distance_loss",
    grad_name="TripletMarginWithDistanceLossBackward0",
)
def _ranked(
    near: Array, far: Array, other: Array | None, margin: float, reduction: str
) -> Any:
    """The loss of distances; `other` is the one that `swap` adds, or None."""
    check_positive("triplet_margin_loss", "margin", margin)
    far = far if other is None else jnp.minimum(far, other)
    return F.margin_ranking_loss(far, near, jnp.ones_like(far), margin, reduction)


@register("nn.functional.triplet_margin_with_distance_loss")
def triplet_margin_with_distance_loss(
    anchor: Tensor,
    positive: Tensor,
    negative: Tensor,
    *,
    distance_function: Callable[[Tensor, Tensor], Tensor] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Tensor:
    """Compare two distances of the user's kind.

    As `torch.nn.functional.triplet_margin_with_distance_loss`.
    """
    if distance_function is None:
        settings: dict[str, Any] = {"margin": margin, "swap": swap}
        plain: Tensor = _triplet_margin_loss(
            anchor, positive, negative, **settings, reduction=reduction
        )
        return plain
    _check_triplet(anchor, positive, negative)
    near = distance_function(anchor, positive)
    far = distance_function(anchor, negative)
    other = distance_function(positive, negative) if swap else None
    result: Tensor = _ranked(near, far, other, margin, reduction)
    return result
