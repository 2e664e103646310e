"""Losses of detectors, as `torchvision.ops`."""

from collections.abc import Callable
from typing import Any

from funcnet.compat._ops.registry import recorded
from funcnet.compat._tensor.tensor import Tensor
from funcnet.functional.ops import losses

_FOCAL = recorded("sigmoid_focal_loss")(losses.sigmoid_focal_loss)
_GENERALIZED = recorded("generalized_box_iou_loss")(losses.generalized_box_iou_loss)
_DISTANCE = recorded("distance_box_iou_loss")(losses.distance_box_iou_loss)
_COMPLETE = recorded("complete_box_iou_loss")(losses.complete_box_iou_loss)


def sigmoid_focal_loss(
    inputs: Tensor,
    targets: Tensor,
    alpha: float = 0.25,
    gamma: float = 2,
    reduction: str = "none",
) -> Tensor:
    """Focal loss of independent classes, as `torchvision.ops.sigmoid_focal_loss`.

    Args:
        inputs: logits.
        targets: of the same shape, 1 for the class and 0 for others.
        alpha: how much the class counts; -1 weighs nothing.
        gamma: how much less what is predicted well counts.
        reduction: "none", "mean" or "sum".
    """
    if not 0 <= alpha <= 1 and alpha != -1:
        raise ValueError(
            f"Invalid alpha value: {alpha}. alpha must be in the range [0,1] or -1 for "
            "ignore."
        )
    return _run(_FOCAL, inputs, targets, alpha, gamma, reduction=reduction)


def generalized_box_iou_loss(
    boxes1: Tensor, boxes2: Tensor, reduction: str = "none", eps: float = 1e-7
) -> Tensor:
    """One less generalized IoU, as `torchvision.ops.generalized_box_iou_loss`."""
    return _run(_GENERALIZED, boxes1, boxes2, reduction=reduction, eps=eps)


def distance_box_iou_loss(
    boxes1: Tensor, boxes2: Tensor, reduction: str = "none", eps: float = 1e-7
) -> Tensor:
    """One less distance IoU, as `torchvision.ops.distance_box_iou_loss`."""
    return _run(_DISTANCE, boxes1, boxes2, reduction=reduction, eps=eps)


def complete_box_iou_loss(
    boxes1: Tensor, boxes2: Tensor, reduction: str = "none", eps: float = 1e-7
) -> Tensor:
    """One less complete IoU, as `torchvision.ops.complete_box_iou_loss`."""
    return _run(_COMPLETE, boxes1, boxes2, reduction=reduction, eps=eps)


def _run(loss: Callable[..., Any], *args: Any, reduction: str, **settings: Any) -> Any:
    if reduction not in ("none", "mean", "sum"):
        raise ValueError(
            f"Invalid Value for arg 'reduction': '{reduction} \n Supported reduction "
            "modes: 'none', 'mean', 'sum'"
        )
    return loss(*args, reduction=reduction, **settings)
