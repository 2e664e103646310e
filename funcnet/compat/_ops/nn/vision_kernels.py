"""Images as PyTorch's kernels have them: modes are numbers, sizes come with scales."""

from collections.abc import Sequence
from typing import Any, Final

from funcnet._types import Array
from funcnet.compat._core.annotations import Scalar
from funcnet.compat._core.strides import ResultStrides
from funcnet.compat._ops.checks import as_tuple
from funcnet.compat._ops.nn.vision import grid_sample, interpolate, pad
from funcnet.compat._ops.registry import recorded, register, register_kernel
from funcnet.compat._tensor.tensor import Tensor
from funcnet.functional._vision.interpolate import resize


@register("constant_pad_nd", method=False, out=True)
def constant_pad_nd(input: Tensor, pad: Sequence[int], value: Scalar = 0) -> Tensor:
    """`torch.nn.functional.pad` with a number, as `torch.constant_pad_nd`."""
    result: Tensor = _pad(input, pad, "constant", value)
    return result


_pad: Final = pad

# --- sampling at the points of a grid ------------------------------------------------

_MODES: Final = ("bilinear", "nearest", "bicubic")
_PADDINGS: Final = ("zeros", "border", "reflection")


def _grid_sampler(name: str, ndim: int | None) -> None:
    def sampler(
        input: Tensor,
        grid: Tensor,
        interpolation_mode: int,
        padding_mode: int,
        align_corners: bool,
    ) -> Tensor:
        if ndim not in (None, input.ndim):
            raise RuntimeError(
                f"grid_sampler(): expected {ndim}D input and grid with same number of "
                f"dimensions, but got input with sizes {list(input.shape)} and grid "
                f"with sizes {list(grid.shape)}"
            )
        mode = _chosen("interpolation_mode", interpolation_mode, _MODES)
        padding = _chosen("padding_mode", padding_mode, _PADDINGS)
        return grid_sample(input, grid, mode, padding, bool(align_corners))

    doc = (
        f"`torch.nn.functional.grid_sample` as `torch.{name}`.\n\n"
        "The mode is 0 for bilinear, 1 for nearest, 2 for bicubic; the padding is 0\n"
        "for zeros, 1 for the border, 2 for reflection."
    )
    register(name, method=False, doc=doc)(sampler)


def _chosen(argument: str, number: int, names: tuple[str, ...]) -> str:
    if number not in range(len(names)):
        known = ", ".join(f"{i} ({name})" for i, name in enumerate(names))
        raise RuntimeError(
            f"grid_sampler(): {argument} is {number}, which is none of {known}."
        )
    return names[number]


for _name, _ndim in (
    ("grid_sampler", None),
    ("grid_sampler_2d", 4),
    ("grid_sampler_3d", 5),
):
    _grid_sampler(_name, _ndim)

# --- resizing ------------------------------------------------------------------------


@recorded("upsample", strides=ResultStrides.CHANNELS_LAST)
def _resize(input: Array, *settings: Any) -> Any:
    return resize(input, *settings)


def _upsample(name: str, mode: str, dims: int, antialias: bool = False) -> None:
    """Register a kernel of `interpolate` in one mode.

    It takes a size, and scales that are only used to find where pixels come from; or
    in the overload `vec` one of a size and `scale_factors`.
    """
    letters = "dhw"[3 - dims :] if dims > 1 else ""
    scale_names = [f"scales_{letter}" for letter in letters] or ["scales"]
    corners_name = [] if "nearest" in mode else ["align_corners"]
    names = [*corners_name, *scale_names]

    def upsample(
        input: Tensor, output_size: Any, *settings: Any, **named: Any
    ) -> Tensor:
        given = dict(zip(names, settings, strict=False)) | named
        corners = given.pop("align_corners", None)
        factors = given.pop("scale_factors", None)
        scales = [given.get(scale) for scale in scale_names]
        if isinstance(scales[0], list | tuple):
            factors, scales = scales[0], [None] * dims
        if output_size is None or not any(scales):
            shape = (output_size, factors, mode, corners, None, antialias)
            return interpolate(input, *shape)
        sizes = as_tuple(output_size)
        result: Tensor = _resize(input, sizes, scales, mode, bool(corners), antialias)
        return result

    register_kernel(name)(upsample)


for _name, _mode, _count in (
    ("upsample_linear1d", "linear", 1),
    ("upsample_bilinear2d", "bilinear", 2),
    ("upsample_bicubic2d", "bicubic", 2),
    ("upsample_trilinear3d", "trilinear", 3),
    *[(f"upsample_nearest{d}d", "nearest", d) for d in (1, 2, 3)],
    *[(f"_upsample_nearest_exact{d}d", "nearest-exact", d) for d in (1, 2, 3)],
):
    _upsample(_name, _mode, _count)
for _mode in ("bilinear", "bicubic"):
    _upsample(f"_upsample_{_mode}2d_aa", _mode, 2, antialias=True)
