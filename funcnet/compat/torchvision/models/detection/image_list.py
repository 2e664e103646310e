"""Images of different sizes in one tensor, as `torchvision.models.detection`."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

import funcnet.compat as torch
from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._tensor.tensor import Tensor
from funcnet.functional.ops import suppression

Sizes = Sequence[tuple[int, int]]
Targets = Sequence[dict[str, Tensor]]
Backbone: TypeAlias = Any
"""A module from images to feature maps, with the attributes that its use asks for."""
Head: TypeAlias = Any
"""A module, or None where there is no such head."""
Weights: TypeAlias = Any
"""Weights of an enumeration, their name, or None."""


class ImageList:
    """A batch of images that were filled up to one size.

    Attributes:
        tensors: `(batch, channels, height, width)`.
        image_sizes: `(height, width)` of each image, without what was added.
    """

    def __init__(self, tensors: Tensor, image_sizes: list[tuple[int, int]]) -> None:
        self.tensors = tensors
        self.image_sizes = image_sizes

    def to(self, device: DeviceLike) -> "ImageList":
        """The same images on a device."""
        return ImageList(self.tensors.to(device), self.image_sizes)


# --- on the host: which boxes are kept depends on their values -----------------------


def on_host(x: Tensor) -> np.ndarray:
    """The values of a tensor, computed now."""
    return np.asarray(x.detach().numpy(force=True))


def as_index(places: np.ndarray, like: Tensor) -> Tensor:
    """An index that the host has chosen, on the device of a tensor."""
    result: Tensor = torch.from_numpy(places.astype(np.int64)).to(like.device)
    return result


def highest(scores: np.ndarray, most: int) -> np.ndarray:
    """The places of the highest scores, in order; of equal ones the first is first."""
    count = len(scores)
    order = count - 1 - np.argsort(scores[::-1], kind="stable")[::-1]
    return order[:most]


def suppressed(
    boxes: np.ndarray, scores: np.ndarray, classes: np.ndarray, threshold: float
) -> np.ndarray:
    """The places of the boxes that `batched_nms` keeps."""
    return suppression.batched_nms(boxes, scores, classes, threshold)


def check_targets(targets: Targets | None) -> None:
    """Raise AssertionError unless there are boxes `(n, 4)` for each image."""
    assert targets is not None, "targets should not be none when in training mode"
    for target in targets:
        boxes = target["boxes"]
        assert isinstance(boxes, Tensor), (
            f"Expected target boxes to be of type Tensor, got {type(boxes)}."
        )
        assert len(boxes.shape) == 2 and boxes.shape[-1] == 4, (  # noqa: PT018
            f"Expected target boxes to be a tensor of shape [N, 4], got {boxes.shape}."
        )


def check_sizes(targets: Targets | None) -> None:
    """Raise AssertionError where a box has no height or width."""
    for index, target in enumerate(targets or ()):
        boxes = on_host(target["boxes"])
        wrong = (boxes[:, 2:] <= boxes[:, :2]).any(1)
        if wrong.any():
            box = boxes[wrong.argmax()].tolist()
            raise AssertionError(
                "All bounding boxes should have positive height and width. Found "
                f"invalid box {box} for target at index {index}."
            )
