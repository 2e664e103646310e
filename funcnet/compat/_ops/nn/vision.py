"""Images: resizing, sampling at places, patches and shuffles."""

import warnings
from typing import Any

from funcnet import functional as F
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.nn.registry import function, mirror, publish, recorded
from funcnet.compat._tensor.tensor import Tensor

mirror(
    "channel_shuffle",
    *("channel_shuffle", "native_channel_shuffle"),
    "nn.functional.native_channel_shuffle",
)
mirror("fold")
mirror("unfold")


@function("pixel_shuffle", "pixel_shuffle")
def pixel_shuffle(input: Any, upscale_factor: int) -> Any:
    """Move channels into space, as `torch.nn.functional.pixel_shuffle`."""
    if input.ndim < 3:
        raise RuntimeError(
            "pixel_shuffle expects input to have at least 3 dimensions, but got input "
            f"with {input.ndim} dimension(s)"
        )
    if input.shape[-3] % upscale_factor**2:
        raise RuntimeError(
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by "
            f"the square of upscale_factor, but input.size(-3)={input.shape[-3]} is "
            f"not divisible by {upscale_factor**2}"
        )
    return F.pixel_shuffle(input, upscale_factor)


mirror("pixel_unshuffle", "pixel_unshuffle")


@recorded("interpolate")
def _interpolate(input: Any, *settings: Any) -> Any:
    return F.interpolate(input, *settings)


@publish("nn.functional.interpolate")
def interpolate(
    input: Tensor,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Tensor:
    """Resize `(batch, channels, *spatial)`, as `torch.nn.functional.interpolate`."""
    if size is None and scale_factor is None:
        raise ValueError("either size or scale_factor should be defined")
    if size is not None and scale_factor is not None:
        raise ValueError("only one of size or scale_factor should be defined")
    if mode in ("nearest", "area", "nearest-exact") and align_corners is not None:
        raise ValueError(
            "align_corners option can only be set with the interpolating modes: linear "
            "| bilinear | bicubic | trilinear"
        )
    spatial = list(input.shape[2:])
    for name, given in (("size", size), ("scale_factor", scale_factor)):
        if isinstance(given, tuple | list) and len(given) != len(spatial):
            which = "output size" if name == "size" else "scale_factor"
            raise ValueError(
                "Input and output must have the same number of spatial dimensions, but "
                f"got input with spatial dimensions of {spatial} and {which} of "
                f"{given}. Please provide input tensor in (N, C, d1, d2, ...,dK) "
                f"format and {which} in (o1, o2, ...,oK) format."
            )
    wanted = {"linear": 3, "bilinear": 4, "bicubic": 4, "trilinear": 5}.get(mode)
    if wanted is not None and input.ndim != wanted:
        raise NotImplementedError(
            f"Got {input.ndim}D input, but {mode} mode needs {wanted}D input"
        )
    found: Tensor = _interpolate(
        *(input, size, scale_factor, mode),
        *(align_corners, recompute_scale_factor, antialias),
    )
    return found


def _deprecated(name: str) -> None:
    warnings.warn(
        f"`nn.functional.{name}` is deprecated. Use `nn.functional.interpolate` "
        "instead.",
        UserWarning,
        stacklevel=outside(),
    )


@publish("nn.functional.upsample")
def upsample(
    input: Tensor,
    size: Any = None,
    scale_factor: Any = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
) -> Tensor:
    """The old name of `interpolate`."""
    _deprecated("upsample")
    return interpolate(input, size, scale_factor, mode, align_corners)


@publish("nn.functional.upsample_nearest")
def upsample_nearest(
    input: Tensor, size: Any = None, scale_factor: Any = None
) -> Tensor:
    """The old name of `interpolate` with mode "nearest"."""
    _deprecated("upsample_nearest")
    return interpolate(input, size, scale_factor, "nearest")


@publish("nn.functional.upsample_bilinear")
def upsample_bilinear(
    input: Tensor, size: Any = None, scale_factor: Any = None
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


@recorded("grid_sample")
def _grid_sample(input: Any, grid: Any, mode: str, padding: str, corners: bool) -> Any:
    return F.grid_sample(input, grid, mode, padding, corners)


@publish("nn.functional.grid_sample")
def grid_sample(
    input: Tensor,
    grid: Tensor,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: bool | None = None,
) -> Tensor:
    """Sample an image at the places of a grid, as `torch.nn.functional.grid_sample`."""
    for what, value, known in (
        ("mode", mode, ("bilinear", "nearest", "bicubic")),
        ("padding_mode", padding_mode, ("zeros", "border", "reflection")),
    ):
        if value not in known:
            names = ", ".join(f"'{one}'" for one in known[:-1])
            raise ValueError(
                f"nn.functional.grid_sample(): expected {what} to be {names} or "
                f"'{known[-1]}', but got: '{value}'"
            )
    corners = _corners("grid_sample", align_corners)
    found: Tensor = _grid_sample(input, grid, mode, padding_mode, corners)
    return found


@recorded("affine_grid")
def _affine_grid(theta: Any, size: Any, corners: bool) -> Any:
    return F.affine_grid(theta, size, corners)


@publish("nn.functional.affine_grid")
def affine_grid(theta: Tensor, size: Any, align_corners: bool | None = None) -> Tensor:
    """Make the grid of an affine map, as `torch.nn.functional.affine_grid`."""
    corners = _corners("grid_sample", align_corners)
    found: Tensor = _affine_grid(theta, tuple(size), corners)
    return found


@function("pad")
def pad(input: Any, pad: Any, mode: str = "constant", value: Any = None) -> Any:
    """Pad the last dimensions, `(before, after)` from the last one on.

    As `torch.nn.functional.pad`; negative numbers cut off.
    """
    if len(pad) % 2:
        raise RuntimeError("Padding length must be divisible by 2")
    if len(pad) > 2 * input.ndim:
        raise RuntimeError(
            "Padding length should be less than or equal to two times the input "
            f"dimension but got padding length {len(pad)} and input of dimension "
            f"{input.ndim}"
        )
    if mode not in ("constant", "reflect", "replicate", "circular"):
        raise NotImplementedError(f"Unrecognised padding mode {mode}")
    return F.pad(input, pad, mode, value)
