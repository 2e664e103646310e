"""Images: interpolation, sampling at points, patches and shuffles."""

import warnings
from collections.abc import Sequence
from typing import Any

from funcnet import functional as F
from funcnet._types import Array
from funcnet.compat._core.annotations import Operand, PerDim, ShapeLike
from funcnet.compat._core.strides import ResultStrides
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.nn.inplace import native_operation
from funcnet.compat._ops.registry import operation, recorded, register
from funcnet.compat._tensor.tensor import Tensor

native_operation(
    "channel_shuffle",
    *("channel_shuffle", "native_channel_shuffle"),
    "nn.functional.native_channel_shuffle",
    strides=ResultStrides.CHANNELS_LAST,
)
native_operation("fold")
native_operation("unfold")


native_operation("pixel_shuffle", "pixel_shuffle", strides=ResultStrides.CHANNELS_LAST)
native_operation(
    "pixel_unshuffle", "pixel_unshuffle", strides=ResultStrides.CHANNELS_LAST
)


@recorded("nn.functional.interpolate", strides=ResultStrides.CHANNELS_LAST)
def _interpolate(input: Array, *settings: Any) -> Any:
    return F.interpolate(input, *settings)


@register("nn.functional.interpolate")
def interpolate(
    input: Tensor,
    size: PerDim | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """Resize `(batch, channels, *spatial)`, as `torch.nn.functional.interpolate`."""
    result: Tensor = _interpolate(
        *(input, size, scale_factor, mode),
        *(align_corners, recompute_scale_factor, antialias),
    )
    return result


def _deprecated(name: str) -> None:
    warnings.warn(
        f"`nn.functional.{name}` is deprecated. Use `nn.functional.interpolate` "
        "instead.",
        UserWarning,
        stacklevel=outside(),
    )


@register("nn.functional.upsample")
def upsample(
    input: Tensor,
    size: ShapeLike | None = None,
    scale_factor: float | Sequence[float] | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
) -> Tensor:
    """The old name of `interpolate`."""
    _deprecated("upsample")
    return interpolate(input, size, scale_factor, mode, align_corners)


@register("nn.functional.upsample_nearest")
def upsample_nearest(
    input: Tensor,
    size: ShapeLike | None = None,
    scale_factor: float | Sequence[float] | None = None,
) -> Tensor:
    """The old name of `interpolate` with mode "nearest"."""
    _deprecated("upsample_nearest")
    return interpolate(input, size, scale_factor, "nearest")


@register("nn.functional.upsample_bilinear")
def upsample_bilinear(
    input: Tensor,
    size: ShapeLike | None = None,
    scale_factor: float | Sequence[float] | None = None,
) -> Tensor:
    """The old name of `interpolate` with mode "bilinear" and `align_corners`."""
    _deprecated("upsample_bilinear")
    return interpolate(input, size, scale_factor, "bilinear", True)


def _corners(name: str, align_corners: bool | None) -> bool:
    if align_corners is None:
        warnings.warn(
            "Default grid_sample and affine_grid behavior has changed to "
            "align_corners=False since 1.3.0. Please specify align_corners=True if the "
            f"old behavior is desired. See the documentation of {name} for details.",
            UserWarning,
            stacklevel=outside(),
        )
    return bool(align_corners)


@recorded("nn.functional.grid_sample")
def _grid_sample(
    input: Array, grid: Array, mode: str, padding: str, corners: bool
) -> Any:
    return F.grid_sample(input, grid, mode, padding, corners)


@register("nn.functional.grid_sample")
def grid_sample(
    input: Tensor,
    grid: Tensor,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: bool | None = None,
) -> Tensor:
    """Sample an image at the points of a grid, as `torch.nn.functional.grid_sample`."""
    corners = _corners("grid_sample", align_corners)
    result: Tensor = _grid_sample(input, grid, mode, padding_mode, corners)
    return result


@recorded("nn.functional.affine_grid")
def _affine_grid(theta: Array, size: ShapeLike, corners: bool) -> Any:
    return F.affine_grid(theta, size, corners)


@register("nn.functional.affine_grid")
def affine_grid(
    theta: Tensor, size: ShapeLike, align_corners: bool | None = None
) -> Tensor:
    """Make the grid of an affine map, as `torch.nn.functional.affine_grid`."""
    corners = _corners("grid_sample", align_corners)
    result: Tensor = _affine_grid(theta, tuple(size), corners)
    return result


@operation("nn.functional.pad", strides=ResultStrides.CHANNELS_LAST)
def pad(
    input: Array,
    pad: Sequence[int],
    mode: str = "constant",
    value: Operand | None = None,
) -> Any:
    """Pad the last dimensions, `(before, after)` from the last one on.

    As `torch.nn.functional.pad`; negative numbers cut off.
    """
    return F.pad(input, pad, mode, value)
