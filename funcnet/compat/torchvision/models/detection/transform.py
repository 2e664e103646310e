"""Images to batches and boxes back: `torchvision.models.detection.transform`."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import functional as F
from funcnet.compat.torchvision.models.detection.image_list import (
    ImageList,
    Sizes,
    Targets,
)
from funcnet.compat.torchvision.models.detection.roi_heads import paste_masks_in_image


class GeneralizedRCNNTransform(nn.Module):
    """Normalize images, resize them with their targets, and make one batch of them.

    Args:
        min_size: of the shorter side; of several one is drawn in training, and the last
            one counts otherwise.
        max_size: of the longer side.
        image_mean, image_std: of each channel.
        size_divisible: what must divide the sizes of a batch.
        fixed_size: `(width, height)` of all images, in place of the first two.
    """

    def __init__(
        self,
        min_size: int | Sequence[int],
        max_size: int,
        image_mean: Sequence[float],
        image_std: Sequence[float],
        size_divisible: int = 32,
        fixed_size: tuple[int, int] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__()
        self.min_size = min_size if isinstance(min_size, list | tuple) else (min_size,)
        self.max_size = max_size
        self.image_mean = image_mean
        self.image_std = image_std
        self.size_divisible = size_divisible
        self.fixed_size = fixed_size
        self._skip_resize = kwargs.pop("_skip_resize", False)

    def forward(
        self, images: Sequence[Tensor], targets: Targets | None = None
    ) -> tuple[ImageList, list[dict[str, Tensor]] | None]:
        """Return the batch, and the targets in its pixels."""
        resized = []
        changed = None if targets is None else [dict(target) for target in targets]
        for index, image in enumerate(images):
            if image.dim() != 3:
                raise ValueError(
                    "images is expected to be a list of 3d tensors of shape [C, H, W], "
                    f"got {image.shape}"
                )
            target = None if changed is None else changed[index]
            image, target = self.resize(self.normalize(image), target)
            resized.append(image)
            if changed is not None and target is not None:
                changed[index] = target
        sizes = [(image.shape[-2], image.shape[-1]) for image in resized]
        return ImageList(
            self.batch_images(resized, self.size_divisible), sizes
        ), changed

    def normalize(self, image: Tensor) -> Tensor:
        """Take the mean off, and divide by the standard deviation."""
        if not image.is_floating_point():
            raise TypeError(
                "Expected input images to be of floating type (in range [0, 1]), but "
                f"found type {image.dtype} instead"
            )
        kind: dict[str, Any] = {"dtype": image.dtype, "device": image.device}
        mean, std = (
            torch.as_tensor(one, **kind)[:, None, None]
            for one in (self.image_mean, self.image_std)
        )
        result: Tensor = (image - mean) / std
        return result

    def torch_choice(self, k: Sequence[int]) -> int:
        """Draw one of several."""
        return k[int(torch.empty(1).uniform_(0.0, float(len(k))).item())]

    def resize(
        self, image: Tensor, target: dict[str, Tensor] | None = None
    ) -> tuple[Tensor, dict[str, Tensor] | None]:
        """Resize an image and its target."""
        before = tuple(image.shape[-2:])
        if self.training and self._skip_resize:
            return image, target
        size = self.torch_choice(self.min_size) if self.training else self.min_size[-1]
        after = self._size(before, size)
        image = F.interpolate(image[None], after, mode="bilinear", align_corners=False)[
            0
        ]
        if target is None:
            return image, target
        if "masks" in target:
            masks = F.interpolate(target["masks"][:, None].float(), after)
            target["masks"] = masks[:, 0].byte()
        target["boxes"] = resize_boxes(target["boxes"], before, after)
        if "keypoints" in target:
            target["keypoints"] = resize_keypoints(target["keypoints"], before, after)
        return image, target

    def _size(self, size: Sequence[int], shorter: int) -> tuple[int, int]:
        if self.fixed_size is not None:
            return self.fixed_size[1], self.fixed_size[0]
        scale = min(shorter / min(size), self.max_size / max(size))
        height, width = (math.floor(float(one) * scale) for one in size)
        return height, width

    def max_by_axis(self, the_list: list[list[int]]) -> list[int]:
        """The greatest of each column."""
        return [max(column) for column in zip(*the_list, strict=True)]

    def batch_images(
        self, images: Sequence[Tensor], size_divisible: int = 32
    ) -> Tensor:
        """Fill images up with zeros, at the right and below."""
        largest = self.max_by_axis([list(image.shape) for image in images])
        channels, *sizes = largest
        height, width = (-(-size // size_divisible) * size_divisible for size in sizes)
        filled = [
            F.pad(
                image,
                (
                    *(0, width - image.shape[2], 0, height - image.shape[1]),
                    *(0, channels - image.shape[0]),
                ),
            )
            for image in images
        ]
        result: Tensor = torch.stack(filled)
        return result

    def postprocess(
        self,
        result: list[dict[str, Tensor]],
        image_shapes: Sizes,
        original_image_sizes: Sizes,
    ) -> list[dict[str, Tensor]]:
        """Bring detections back to the images' own pixels."""
        if self.training:
            return result
        for found, size, original in zip(
            result, image_shapes, original_image_sizes, strict=False
        ):
            found["boxes"] = resize_boxes(found["boxes"], size, original)
            if "masks" in found:
                found["masks"] = paste_masks_in_image(
                    found["masks"], found["boxes"], original
                )
            if "keypoints" in found:
                found["keypoints"] = resize_keypoints(
                    found["keypoints"], size, original
                )
        return result

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(\n"
            f"    Normalize(mean={self.image_mean}, std={self.image_std})\n"
            f"    Resize(min_size={self.min_size}, max_size={self.max_size}, "
            "mode='bilinear')\n)"
        )


def resize_keypoints(
    keypoints: Tensor, original_size: Sequence[int], new_size: Sequence[int]
) -> Tensor:
    """Move points `(*, 3)` with an image that is resized; the third number stays."""
    tall, wide = _ratios(original_size, new_size)
    factors = torch.tensor([wide, tall, 1.0], device=keypoints.device)
    result: Tensor = keypoints * factors.to(keypoints.dtype)
    return result


def resize_boxes(
    boxes: Tensor, original_size: Sequence[int], new_size: Sequence[int]
) -> Tensor:
    """Move boxes `(n, 4)` with an image that is resized."""
    tall, wide = _ratios(original_size, new_size)
    result: Tensor = boxes * torch.tensor([wide, tall, wide, tall], device=boxes.device)
    return result


def _ratios(original: Sequence[int], new: Sequence[int]) -> list[float]:
    """Of heights and widths, divided in float32 as there."""
    return [
        float(np.float32(after) / np.float32(before))
        for after, before in zip(new, original, strict=True)
    ]
