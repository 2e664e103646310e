"""Regions of feature maps: the pooling of `torchvision.ops`, functions and modules."""

from collections.abc import Sequence
from typing import Any, ClassVar

from funcnet.compat._core.annotations import PerDim
from funcnet.compat._ops.registry import recorded
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.modules.utils import _pair
from funcnet.compat.torchvision.ops._utils import (
    check_roi_boxes_shape,
    convert_boxes_to_roi_format,
    in_full_precision,
)
from funcnet.functional.ops import regions

_ALIGN = recorded("roi_align")(regions.roi_align)
_POOL = recorded("roi_pool")(regions.roi_pool)
_PS_ALIGN = recorded("ps_roi_align")(regions.ps_roi_align)
_PS_POOL = recorded("ps_roi_pool")(regions.ps_roi_pool)

Boxes = Tensor | Sequence[Tensor]


def roi_align(
    input: Tensor,
    boxes: Boxes,
    output_size: PerDim,
    spatial_scale: float = 1.0,
    sampling_ratio: int = -1,
    aligned: bool = False,
) -> Tensor:
    """Average bilinear samples in the bins of regions: `torchvision.ops.roi_align`.

    Args:
        input: `(batch, channels, height, width)`.
        boxes: `(regions, 5)`, the image's index and corners; or corners for each image.
        output_size: bins, `(height, width)`.
        spatial_scale: from corners to pixels of the input.
        sampling_ratio: samples in a bin along each dimension; -1 takes as many as it
            has pixels.
        aligned: whether centres of pixels are at 0.5, 1.5, ... in the boxes.
    """
    settings = _pair(output_size), float(spatial_scale), int(sampling_ratio)
    result: Tensor = in_full_precision(
        _ALIGN, input, _rois(boxes), *settings, bool(aligned)
    )
    return result


def roi_pool(
    input: Tensor, boxes: Boxes, output_size: PerDim, spatial_scale: float = 1.0
) -> Tensor:
    """Take the maxima of the bins of regions, as `torchvision.ops.roi_pool`."""
    return roi_pool_with_places(input, boxes, output_size, spatial_scale)[0]


def roi_pool_with_places(
    input: Tensor, boxes: Boxes, output_size: PerDim, spatial_scale: float
) -> tuple[Tensor, Tensor]:
    """The maxima, and where in its image each stands: `y * width + x`, or -1."""
    settings = _pair(output_size), float(spatial_scale)
    result: tuple[Tensor, Tensor] = in_full_precision(
        _POOL, input, _rois(boxes), *settings
    )
    return result


def ps_roi_align(
    input: Tensor,
    boxes: Boxes,
    output_size: PerDim,
    spatial_scale: float = 1.0,
    sampling_ratio: int = -1,
) -> Tensor:
    """`roi_align` with channels for each bin, as `torchvision.ops.ps_roi_align`."""
    settings = _pair(output_size), float(spatial_scale), int(sampling_ratio)
    _check_bins(input, settings[0])
    result: Tensor = in_full_precision(_PS_ALIGN, input, _rois(boxes), *settings)
    return result


def ps_roi_pool(
    input: Tensor, boxes: Boxes, output_size: PerDim, spatial_scale: float = 1.0
) -> Tensor:
    """Average pixels, with channels for each bin, as `torchvision.ops.ps_roi_pool`."""
    settings = _pair(output_size), float(spatial_scale)
    _check_bins(input, settings[0])
    result: Tensor = in_full_precision(_PS_POOL, input, _rois(boxes), *settings)
    return result


def _rois(boxes: Boxes) -> Tensor:
    check_roi_boxes_shape(boxes)
    if isinstance(boxes, Tensor):
        return boxes
    return convert_boxes_to_roi_format(boxes)


def _check_bins(input: Tensor, bins: tuple[int, ...]) -> None:
    if input.shape[1] % (bins[0] * bins[1]):
        raise RuntimeError(
            "input channels must be a multiple of pooling height * pooling width"
        )


class _Pooling(Module):
    """What the modules share: they hold the settings of a function."""

    fields: ClassVar[tuple[str, ...]] = ("output_size", "spatial_scale")

    def __init__(self, output_size: PerDim, spatial_scale: float) -> None:
        super().__init__()
        self.output_size = output_size
        self.spatial_scale = spatial_scale

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)}" for name in self.fields)
        return f"{type(self).__name__}({shown})"


class RoIPool(_Pooling):
    """`roi_pool` with its settings, as `torchvision.ops.RoIPool`."""

    def forward(self, input: Tensor, rois: Boxes) -> Any:
        """Pool the regions."""
        return roi_pool(input, rois, self.output_size, self.spatial_scale)


class PSRoIPool(_Pooling):
    """`ps_roi_pool` with its settings, as `torchvision.ops.PSRoIPool`."""

    def forward(self, input: Tensor, rois: Boxes) -> Any:
        """Pool the regions."""
        return ps_roi_pool(input, rois, self.output_size, self.spatial_scale)


class PSRoIAlign(_Pooling):
    """`ps_roi_align` with its settings, as `torchvision.ops.PSRoIAlign`."""

    fields: ClassVar[tuple[str, ...]] = (
        *("output_size", "spatial_scale", "sampling_ratio"),
    )

    def __init__(
        self, output_size: PerDim, spatial_scale: float, sampling_ratio: int
    ) -> None:
        super().__init__(output_size, spatial_scale)
        self.sampling_ratio = sampling_ratio

    def forward(self, input: Tensor, rois: Boxes) -> Any:
        """Pool the regions."""
        scale, ratio = self.spatial_scale, self.sampling_ratio
        return ps_roi_align(input, rois, self.output_size, scale, ratio)


class RoIAlign(PSRoIAlign):
    """`roi_align` with its settings, as `torchvision.ops.RoIAlign`."""

    fields = (*PSRoIAlign.fields, "aligned")

    def __init__(
        self,
        output_size: PerDim,
        spatial_scale: float,
        sampling_ratio: int,
        aligned: bool = False,
    ) -> None:
        super().__init__(output_size, spatial_scale, sampling_ratio)
        self.aligned = aligned

    def forward(self, input: Tensor, rois: Boxes) -> Any:
        """Pool the regions."""
        settings = self.output_size, self.spatial_scale, self.sampling_ratio
        return roi_align(input, rois, *settings, self.aligned)
