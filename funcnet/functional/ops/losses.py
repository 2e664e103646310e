"""Losses of detectors: of boxes that should overlap, and of rare classes."""

import jax.numpy as jnp

from funcnet._errors import InputError
from funcnet._types import Array
from funcnet.functional._loss.binary import binary_cross_entropy_with_logits
from funcnet.functional.ops.boxes import columns, shape_angle, shape_penalty


def sigmoid_focal_loss(
    inputs: Array,
    targets: Array,
    alpha: float = 0.25,
    gamma: float = 2,
    reduction: str = "none",
) -> Array:
    """Focal loss of independent classes; equals `torchvision.ops.sigmoid_focal_loss`.

    Args:
        inputs: logits, any shape.
        targets: of the same shape and dtype, 1 for the class and 0 for others.
        alpha: how much the class counts, others count `1 - alpha`; -1 weighs nothing.
        gamma: how much less what is predicted well counts.
        reduction: "none", "mean" or "sum".

    Raises:
        InputError: `alpha` is outside 0..1 and not -1, or the reduction is unknown.

    Example:
        >>> import jax.numpy as jnp
        >>> targets = jnp.array([1.0, 0.0])
        >>> loss = sigmoid_focal_loss(jnp.zeros(2), targets, reduction="sum")
        >>> round(float(loss), 4)
        0.1733

    Source: Lin et al. (2017), https://arxiv.org/abs/1708.02002
    """
    name = "sigmoid_focal_loss"
    if not 0 <= alpha <= 1 and alpha != -1:
        raise InputError("focal.alpha", name=name, alpha=alpha)
    entropy = binary_cross_entropy_with_logits(inputs, targets, reduction="none")
    share = 1 / (1 + jnp.exp(-inputs))
    hit = share * targets + (1 - share) * (1 - targets)
    loss = entropy * (1 - hit) ** gamma
    if alpha >= 0:
        loss = (alpha * targets + (1 - alpha) * (1 - targets)) * loss
    return _reduced(name, loss, reduction)


def generalized_box_iou_loss(
    boxes1: Array, boxes2: Array, reduction: str = "none", eps: float = 1e-7
) -> Array:
    """One less generalized IoU: as `torchvision.ops.generalized_box_iou_loss`.

    Args:
        boxes1, boxes2: `(*, 4)`, corners.
        reduction: "none", "mean" or "sum"; the mean of no boxes is 0.
        eps: added to what divides.

    Raises:
        InputError: the reduction is unknown.
    """
    boxes1, boxes2 = _floats(boxes1), _floats(boxes2)
    intersection, union = _overlap(boxes1, boxes2)
    width, height = _enclosing(boxes1, boxes2)
    area = width * height
    loss = 1 - (intersection / (union + eps) - (area - union) / (area + eps))
    return _reduced("generalized_box_iou_loss", loss, reduction)


def distance_box_iou_loss(
    boxes1: Array, boxes2: Array, reduction: str = "none", eps: float = 1e-7
) -> Array:
    """One less distance IoU: as `torchvision.ops.distance_box_iou_loss`.

    Arguments and errors are those of `generalized_box_iou_loss`.
    """
    boxes1, boxes2 = _floats(boxes1), _floats(boxes2)
    loss, _ = _distance_loss(boxes1, boxes2, eps)
    return _reduced("distance_box_iou_loss", loss, reduction)


def complete_box_iou_loss(
    boxes1: Array, boxes2: Array, reduction: str = "none", eps: float = 1e-7
) -> Array:
    """One less complete IoU: as `torchvision.ops.complete_box_iou_loss`.

    Arguments and errors are those of `generalized_box_iou_loss`.
    """
    boxes1, boxes2 = _floats(boxes1), _floats(boxes2)
    loss, iou = _distance_loss(boxes1, boxes2, 1e-7)
    penalty = shape_penalty(shape_angle(boxes2), shape_angle(boxes1), iou, eps)
    return _reduced("complete_box_iou_loss", loss + penalty, reduction)


def _distance_loss(boxes1: Array, boxes2: Array, eps: float) -> tuple[Array, Array]:
    intersection, union = _overlap(boxes1, boxes2)
    iou = intersection / (union + eps)
    width, height = _enclosing(boxes1, boxes2)
    diagonal = width**2 + height**2 + eps
    first, second = columns(boxes1), columns(boxes2)
    apart = [
        (first[i] + first[i + 2]) / 2 - (second[i] + second[i + 2]) / 2 for i in (0, 1)
    ]
    return 1 - iou + (apart[0] ** 2 + apart[1] ** 2) / diagonal, iou


def _overlap(boxes1: Array, boxes2: Array) -> tuple[Array, Array]:
    """The areas of intersection and union, box by box."""
    first, second = columns(boxes1), columns(boxes2)
    width, height = (
        jnp.minimum(first[i + 2], second[i + 2]) - jnp.maximum(first[i], second[i])
        for i in (0, 1)
    )
    shared = jnp.where((width > 0) & (height > 0), width * height, 0)
    areas = [(c - a) * (d - b) for a, b, c, d in (first, second)]
    return shared, areas[0] + areas[1] - shared


def _enclosing(boxes1: Array, boxes2: Array) -> tuple[Array, Array]:
    first, second = columns(boxes1), columns(boxes2)
    width, height = (
        jnp.maximum(first[i + 2], second[i + 2]) - jnp.minimum(first[i], second[i])
        for i in (0, 1)
    )
    return width, height


def _floats(boxes: Array) -> Array:
    wide = boxes.dtype in (jnp.float32, jnp.float64)
    return boxes if wide else boxes.astype(jnp.float32)


def _reduced(name: str, loss: Array, reduction: str) -> Array:
    if reduction == "none":
        return loss
    if reduction == "sum":
        return loss.sum()
    if reduction != "mean":
        raise InputError("ops.reduction", name=name, reduction=reduction)
    return loss.mean() if loss.size else 0 * loss.sum()
