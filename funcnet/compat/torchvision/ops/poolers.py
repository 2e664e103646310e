"""Regions of a pyramid of feature maps, as `torchvision.ops.poolers`."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

import funcnet.compat as torch
from funcnet.compat import nn
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.torchvision.ops._regions import roi_align
from funcnet.compat.torchvision.ops._utils import convert_boxes_to_roi_format
from funcnet.compat.torchvision.ops.boxes import box_area


class LevelMapper:
    """Choose a level of a pyramid for each region, by its size.

    Args:
        k_min: the first level.
        k_max: the last one.
        canonical_scale: the side of a region that belongs to `canonical_level`.
        canonical_level: twice that side belongs to the next level.
        eps: added before rounding down.
    """

    def __init__(
        self,
        k_min: int,
        k_max: int,
        canonical_scale: int = 224,
        canonical_level: int = 4,
        eps: float = 1e-6,
    ) -> None:
        self.k_min = k_min
        self.k_max = k_max
        self.s0 = canonical_scale
        self.lvl0 = canonical_level
        self.eps = eps

    def __call__(self, boxlists: Sequence[Tensor]) -> Tensor:
        """Return the level of each box, counted from the first."""
        side = torch.cat([box_area(boxes) for boxes in boxlists]).sqrt()
        level = torch.floor(self.lvl0 + torch.log2(side / self.s0) + self.eps)
        level = level.clamp(min=self.k_min, max=self.k_max)
        result: Tensor = level.to(torch.int64) - self.k_min
        return result


def initLevelMapper(  # noqa: N802 - its name there
    k_min: int,
    k_max: int,
    canonical_scale: int = 224,
    canonical_level: int = 4,
    eps: float = 1e-6,
) -> LevelMapper:
    """Make a `LevelMapper`."""
    return LevelMapper(k_min, k_max, canonical_scale, canonical_level, eps)


def _convert_to_roi_format(boxes: Sequence[Tensor]) -> Tensor:
    return convert_boxes_to_roi_format(boxes)


def _infer_scale(feature: Tensor, original_size: Sequence[int]) -> float:
    """The power of two that is nearest to the map's height over the image's."""
    return float(2.0 ** round(math.log2(feature.shape[-2] / original_size[0])))


def _setup_scales(
    features: Sequence[Tensor],
    image_shapes: Sequence[tuple[int, int]],
    canonical_scale: int,
    canonical_level: int,
) -> tuple[list[float], LevelMapper]:
    if not image_shapes:
        raise ValueError("images list should not be empty")
    largest = [max(sizes) for sizes in zip(*image_shapes, strict=True)]
    scales = [_infer_scale(feature, largest) for feature in features]
    ends = [int(-math.log2(scales[at])) for at in (0, -1)]
    sizes = {"canonical_scale": canonical_scale, "canonical_level": canonical_level}
    return scales, initLevelMapper(*ends, **sizes)


def _filter_input(
    x: Mapping[str, Tensor], featmap_names: Sequence[str]
) -> list[Tensor]:
    return [feature for name, feature in x.items() if name in featmap_names]


def _multiscale_roi_align(
    x_filtered: Sequence[Tensor],
    boxes: Sequence[Tensor],
    output_size: Sequence[int],
    sampling_ratio: int,
    scales: Sequence[float] | None,
    mapper: LevelMapper | None,
) -> Tensor:
    """`roi_align` of each region in the map of its level."""
    if scales is None or mapper is None:
        raise ValueError("scales and mapper should not be None")
    rois = convert_boxes_to_roi_format(boxes)
    size = tuple(output_size)
    if len(x_filtered) == 1:
        return roi_align(x_filtered[0], rois, size, scales[0], sampling_ratio)
    levels = mapper(boxes).numpy(force=True)
    order, parts = [np.zeros(0, np.int64)], []
    for level, (feature, scale) in enumerate(zip(x_filtered, scales, strict=True)):
        places = np.flatnonzero(levels == level)
        if len(places):
            order.append(places)
            chosen = rois[torch.from_numpy(places).to(rois.device)]
            parts.append(roi_align(feature, chosen, size, scale, sampling_ratio))
    if not parts:
        return roi_align(x_filtered[0], rois, size, scales[0], sampling_ratio)
    back = torch.from_numpy(np.argsort(np.concatenate(order)))
    result: Tensor = torch.cat(parts)[back.to(rois.device)]
    return result


class MultiScaleRoIAlign(nn.Module):
    """`roi_align` on a pyramid, as `torchvision.ops.MultiScaleRoIAlign`.

    Args:
        featmap_names: the maps that are used.
        output_size: bins, a number or `(height, width)`.
        sampling_ratio: as in `roi_align`.
        canonical_scale, canonical_level: as in `LevelMapper`.
    """

    scales: list[float] | None
    map_levels: LevelMapper | None

    def __init__(
        self,
        featmap_names: list[str],
        output_size: int | Sequence[int],
        sampling_ratio: int,
        *,
        canonical_scale: int = 224,
        canonical_level: int = 4,
    ) -> None:
        super().__init__()
        if isinstance(output_size, int):
            output_size = (output_size, output_size)
        self.featmap_names = featmap_names
        self.sampling_ratio = sampling_ratio
        self.output_size = tuple(output_size)
        self.scales = None
        self.map_levels = None
        self.canonical_scale = canonical_scale
        self.canonical_level = canonical_level

    def forward(
        self,
        x: Mapping[str, Tensor],
        boxes: Sequence[Tensor],
        image_shapes: Sequence[tuple[int, int]],
    ) -> Any:
        """Return `(regions, channels, *output_size)`.

        Args:
            x: feature maps by name.
            boxes: corners for each image.
            image_shapes: `(height, width)` of each image, before it was filled up.
        """
        maps = _filter_input(x, self.featmap_names)
        if self.scales is None or self.map_levels is None:
            canonical = self.canonical_scale, self.canonical_level
            self.scales, self.map_levels = _setup_scales(maps, image_shapes, *canonical)
        settings = self.output_size, self.sampling_ratio, self.scales
        return _multiscale_roi_align(maps, boxes, *settings, self.map_levels)

    def __repr__(self) -> str:
        return (
            f"{type(self).__name__}(featmap_names={self.featmap_names}, "
            f"output_size={self.output_size}, sampling_ratio={self.sampling_ratio})"
        )
