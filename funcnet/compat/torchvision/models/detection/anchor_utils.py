"""Anchors, as `torchvision.models.detection.anchor_utils`."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._core import dtype as _dtypes
from funcnet.compat._core.annotations import DeviceLike, DType
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.torchvision.models.detection.image_list import ImageList, on_host


class AnchorGenerator(nn.Module):
    """Boxes of some sizes and shapes around each pixel of feature maps.

    Args:
        sizes: sides of squares, for each map.
        aspect_ratios: height over width, for each map.
    """

    cell_anchors: list[Tensor]

    def __init__(
        self,
        sizes: Any = ((128, 256, 512),),
        aspect_ratios: Any = ((0.5, 1.0, 2.0),),
    ) -> None:
        super().__init__()
        if not isinstance(sizes[0], list | tuple):
            sizes = tuple((size,) for size in sizes)
        if not isinstance(aspect_ratios[0], list | tuple):
            aspect_ratios = (aspect_ratios,) * len(sizes)
        self.sizes = sizes
        self.aspect_ratios = aspect_ratios
        self.cell_anchors = [
            self.generate_anchors(*pair)
            for pair in zip(sizes, aspect_ratios, strict=False)
        ]

    def generate_anchors(
        self,
        scales: Sequence[float],
        aspect_ratios: Sequence[float],
        dtype: DType = _dtypes.float32,
        device: DeviceLike = "cpu",
    ) -> Tensor:
        """Return boxes around 0, `(shapes * sizes, 4)`, with whole numbers."""
        sides = torch.as_tensor(scales, dtype=dtype, device=device)
        tall = torch.as_tensor(aspect_ratios, dtype=dtype, device=device).sqrt()
        width = ((1 / tall)[:, None] * sides[None]).view(-1)
        height = (tall[:, None] * sides[None]).view(-1)
        boxes = torch.stack([-width, -height, width, height], 1) / 2
        result: Tensor = boxes.round()
        return result

    def set_cell_anchors(self, dtype: DType, device: DeviceLike) -> None:
        """Convert the boxes around 0."""
        converted = [one.to(dtype=dtype, device=device) for one in self.cell_anchors]
        self.cell_anchors = converted

    def num_anchors_per_location(self) -> list[int]:
        """How many boxes there are around a pixel of each map."""
        pairs = zip(self.sizes, self.aspect_ratios, strict=False)
        return [len(sizes) * len(ratios) for sizes, ratios in pairs]

    def grid_anchors(
        self, grid_sizes: Sequence[Sequence[int]], strides: Sequence[Any]
    ) -> list[Tensor]:
        """Return the boxes of each map, pixel by pixel.

        Args:
            grid_sizes: `(height, width)` of each map.
            strides: pixels of the image from one of the map to the next, of each map.
        """
        assert len(grid_sizes) == len(strides) == len(self.cell_anchors), (
            "Anchors should be Tuple[Tuple[int]] because each feature map could "
            "potentially have different sizes and aspect ratios. There needs to be a "
            "match between the number of feature maps passed and the number of sizes / "
            "aspect ratios specified."
        )
        grids = zip(grid_sizes, strides, self.cell_anchors, strict=True)
        return [self._around(size, stride, boxes) for size, stride, boxes in grids]

    @staticmethod
    def _around(size: Sequence[int], stride: Any, boxes: Tensor) -> Tensor:
        values = on_host(boxes)
        y, x = (
            np.arange(count) * int(step)
            for count, step in zip(size, stride, strict=True)
        )
        moves = np.stack(np.broadcast_arrays(x, y[:, None], x, y[:, None]), -1)
        moved = moves.reshape(-1, 1, 4).astype(values.dtype) + values
        result: Tensor = torch.from_numpy(moved.reshape(-1, 4)).to(boxes.device)
        return result

    def forward(
        self, image_list: ImageList, feature_maps: Sequence[Tensor]
    ) -> list[Tensor]:
        """Return the boxes of all maps, for each image the same."""
        grids = [tuple(one.shape[-2:]) for one in feature_maps]
        height, width = image_list.tensors.shape[-2:]
        strides = [(height // rows, width // columns) for rows, columns in grids]
        first = feature_maps[0]
        self.set_cell_anchors(first.dtype, first.device)
        boxes = torch.cat(self.grid_anchors(grids, strides))
        return [boxes] * len(image_list.image_sizes)


class DefaultBoxGenerator(nn.Module):
    """The default boxes of SSD.

    Args:
        aspect_ratios: width over height besides squares, for each map.
        min_ratio, max_ratio: shares of the image that sides of squares have, in the
            first and last map.
        scales: these shares themselves, one more than there are maps.
        steps: pixels of the image for one of each map; by default its size says so.
        clip: let no side be longer than the image.

    Source: Liu et al. (2015), https://arxiv.org/abs/1512.02325
    """

    def __init__(
        self,
        aspect_ratios: Sequence[Sequence[int]],
        min_ratio: float = 0.15,
        max_ratio: float = 0.9,
        scales: Sequence[float] | None = None,
        steps: Sequence[int] | None = None,
        clip: bool = True,
    ) -> None:
        super().__init__()
        if steps is not None and len(aspect_ratios) != len(steps):
            raise ValueError("aspect_ratios and steps should have the same length")
        self.aspect_ratios = aspect_ratios
        self.steps = steps
        self.clip = clip
        count = len(aspect_ratios)
        if scales is not None:
            self.scales = scales
        elif count > 1:
            between = max_ratio - min_ratio
            shares = [min_ratio + between * k / (count - 1.0) for k in range(count)]
            self.scales = [*shares, 1.0]
        else:
            self.scales = [min_ratio, max_ratio]
        self._wh_pairs = self._generate_wh_pairs(count)

    def _generate_wh_pairs(
        self,
        num_outputs: int,
        dtype: DType = _dtypes.float32,
        device: DeviceLike = "cpu",
    ) -> list[Tensor]:
        result = []
        for scale, following, ratios in zip(
            self.scales, self.scales[1:], self.aspect_ratios[:num_outputs], strict=False
        ):
            larger = math.sqrt(scale * following)
            pairs = [[scale, scale], [larger, larger]]
            for ratio in ratios:
                root = math.sqrt(ratio)
                wide = [scale * root, scale / root]
                pairs += [wide, wide[::-1]]
            result.append(torch.as_tensor(pairs, dtype=dtype, device=device))
        return result

    def num_anchors_per_location(self) -> list[int]:
        """How many boxes there are around a pixel of each map."""
        return [2 + 2 * len(ratios) for ratios in self.aspect_ratios]

    def _grid_default_boxes(
        self,
        grid_sizes: Sequence[Sequence[int]],
        image_size: Sequence[int],
        dtype: DType = _dtypes.float32,
    ) -> Tensor:
        """Centres and sizes of all boxes, as shares of the image."""
        boxes = []
        for k, (rows, columns) in enumerate(grid_sizes):
            counts = (rows, columns)
            if self.steps is not None:
                counts = tuple(size / self.steps[k] for size in image_size)  # type: ignore[assignment]
            y, x = (
                ((torch.arange(n) + 0.5) / count).to(dtype)
                for n, count in zip((rows, columns), counts, strict=True)
            )
            pairs = (
                self._wh_pairs[k].clamp(min=0, max=1)
                if self.clip
                else self._wh_pairs[k]
            )
            centres = torch.stack(torch.meshgrid(x, y, indexing="xy"), -1)
            shape = (rows, columns, len(pairs), 2)
            both = [centres[:, :, None].expand(shape), pairs.expand(shape)]
            boxes.append(torch.cat(both, -1).reshape(-1, 4))
        result: Tensor = torch.cat(boxes)
        return result

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{name}={getattr(self, name)}"
            for name in ("aspect_ratios", "clip", "scales", "steps")
        )
        return f"{type(self).__name__}({shown})"

    def forward(
        self, image_list: ImageList, feature_maps: Sequence[Tensor]
    ) -> list[Tensor]:
        """Return the boxes of all maps as corners, for each image the same."""
        grids = [tuple(one.shape[-2:]) for one in feature_maps]
        size = image_list.tensors.shape[-2:]
        first = feature_maps[0]
        boxes = self._grid_default_boxes(grids, size, first.dtype).to(first.device)
        scale = torch.tensor([size[1], size[0]], device=first.device)
        half = 0.5 * boxes[:, 2:]
        corners = [(boxes[:, :2] - half) * scale, (boxes[:, :2] + half) * scale]
        return [torch.cat(corners, -1)] * len(image_list.image_sizes)
