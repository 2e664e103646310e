"""PyTorch's words for resizing, sampling and shuffling images."""

from typing import Final

from funcnet.compat._messages.words.types import Facts, Told, Words

_MODES: Final = (
    "nearest | linear | bilinear | bicubic | trilinear | lanczos | area | nearest-exact"
)
_NEEDS: Final = {"linear": 3, "bilinear": 4, "bicubic": 4, "trilinear": 5}


def _rank(facts: Facts) -> Told:
    ndim, mode = facts["ndim"], facts["mode"]
    if ndim in (3, 4, 5) and mode in _NEEDS and (ndim, mode) != (3, "bicubic"):
        return NotImplementedError, (
            f"Got {ndim}D input, but {mode} mode needs {_NEEDS[mode]}D input"
        )
    return NotImplementedError, (
        f"Input Error: Only 3D, 4D and 5D input Tensors supported (got {ndim}D) for "
        f"the modes: {_MODES} (got {{mode}})"
    )


def _antialias(facts: Facts) -> Told:
    return ValueError, (
        "Anti-alias option is restricted to bilinear, bicubic, and lanczos modes and "
        "requires a 4-D tensor as input"
    )


def _one_of(facts: Facts) -> Told:
    if facts["size"] is None:
        return ValueError, "either size or scale_factor should be defined"
    return ValueError, "only one of size or scale_factor should be defined"


def _sizes(facts: Facts) -> Told:
    return ValueError, (
        "Input and output must have the same number of spatial dimensions, but got "
        f"input with spatial dimensions of {facts['input']} and output size of "
        f"{tuple(facts['size'])}. Please provide input tensor in (N, C, d1, d2, "
        "...,dK) format and output size in (o1, o2, ...,oK) format."
    )


def _scales(facts: Facts) -> Told:
    return ValueError, (
        "Input and scale_factor must have the same number of spatial dimensions, but "
        f"got input with spatial dimensions of {facts['input']} and scale_factor of "
        f"shape {tuple(facts['scale_factor'])}. Please provide input tensor in (N, C, "
        "d1, d2, ...,dK) format and scale_factor in (s1, s2, ...,sK) format."
    )


def _empty(facts: Facts) -> Told:
    names = "DHW"[-len(facts["input"]) :]
    given, output = (
        ", ".join(f"{name}: {n}" for name, n in zip(names, sizes, strict=True))
        for sizes in (facts["input"], facts["output"])
    )
    return RuntimeError, (
        "Input and output sizes should be greater than 0, but got input "
        f"({given}) output ({output})"
    )


def _affine_shapes(facts: Facts) -> Told:
    size, theta = tuple(facts["size"]), facts["theta"]
    if len(size) not in (4, 5):
        return NotImplementedError, (
            "affine_grid only supports 4D and 5D sizes, for 2D and 3D affine "
            f"transforms, respectively. Got size {size}."
        )
    dims = len(size) - 2
    if len(theta) == 3 and theta[1:] == [dims, dims + 1]:
        return RuntimeError, (
            "Expected size for first two dimensions of batch2 tensor to be: "
            f"[{size[0]}, {dims + 1}] but got: [{theta[0]}, {dims + 1}]."
        )
    return ValueError, (
        f"Expected a batch of {dims}D affine matrices of shape Nx{dims}x{dims + 1} for "
        f"size {size}. Got torch.Size({theta})."
    )


def _affine_empty(facts: Facts) -> Told:
    return ValueError, (
        f"Expected non-zero, positive output size. Got {tuple(facts['size'])}"
    )


def _grid(facts: Facts) -> Told:
    x, grid = facts["input"], facts["grid"]
    sizes = f"but got input with sizes {x} and grid with sizes {grid}"
    if len(x) != len(grid):
        return RuntimeError, (
            f"grid_sampler(): expected {len(x)}D input and grid with same number of "
            f"dimensions, {sizes}"
        )
    if x[0] != grid[0]:
        return RuntimeError, (
            f"grid_sampler(): expected grid and input to have same batch size, {sizes}"
        )
    return RuntimeError, (
        "grid_sampler(): expected grid to have size {dims} in last dimension, but got "
        "grid with sizes {grid}"
    )


def _grid_choice(facts: Facts) -> Told:
    if facts["value"] == "bicubic":
        return RuntimeError, (
            "grid_sampler(): bicubic interpolation only supports 4D input"
        )
    known = "'bilinear', 'nearest' or 'bicubic'"
    if facts["what"] == "padding_mode":
        known = "'zeros', 'border', or 'reflection'"
    return ValueError, (
        f"nn.functional.grid_sample(): expected {{what}} to be {known}, but got: "
        "'{value}'"
    )


def _grid_empty(facts: Facts) -> Told:
    dim = facts["input"].index(0, 2)
    return RuntimeError, (
        "grid_sampler(): expected input to have non-empty spatial dimensions, but "
        f"input has sizes {facts['input']} with dimension {dim} being empty"
    )


def _unshuffle(facts: Facts) -> Told:
    side, dim = ("height", -2) if facts["height"] % facts["factor"] else ("width", -1)
    return RuntimeError, (
        f"pixel_unshuffle expects {side} to be divisible by downscale_factor, but "
        f"input.size({dim})={facts[side]} is not divisible by {{factor}}"
    )


def _shuffle_channels(facts: Facts) -> Told:
    return RuntimeError, (
        "pixel_shuffle expects its input's 'channel' dimension to be divisible by the "
        f"square of upscale_factor, but input.size(-3)={facts['channels']} is not "
        f"divisible by {facts['factor'] ** 2}"
    )


def _shuffle_rank(facts: Facts) -> Told:
    return RuntimeError, (
        "{name} expects input to have at least 3 dimensions, but got input with "
        f"{len(facts['input'])} dimension(s)"
    )


def _groups(facts: Facts) -> Told:
    if facts["groups"] < 1:
        return RuntimeError, (
            "Number of groups to divide channels in must be positive. Value of "
            "groups:{groups}"
        )
    return RuntimeError, (
        "Number of channels must be divisible by groups. Got {channels} channels and "
        "{groups} groups."
    )


WORDS: Final[dict[str, Words]] = {
    "interpolate.mode": _rank,
    "interpolate.rank": _rank,
    "interpolate.align_corners": (
        ValueError,
        "align_corners option can only be set with the interpolating modes: linear | "
        "bilinear | bicubic | trilinear",
    ),
    "interpolate.antialias": _antialias,
    "interpolate.lanczos": _antialias,
    "interpolate.one_of": _one_of,
    "interpolate.sizes": _sizes,
    "interpolate.scales": _scales,
    "interpolate.recompute": (
        ValueError,
        "recompute_scale_factor is not meaningful with an explicit size.",
    ),
    "interpolate.empty": _empty,
    "interpolate/spatial.least": (
        RuntimeError,
        "Input and output sizes should be greater than 0, but got output {numbers}",
    ),
    "affine_grid.shapes": _affine_shapes,
    "affine_grid.empty": _affine_empty,
    "affine_grid/dtype.floating": (
        ValueError,
        "Expected theta to have floating point type, but got {dtype}",
    ),
    "grid_sample.grid": _grid,
    "grid_sample/choice": _grid_choice,
    "grid_sample/empty": _grid_empty,
    "grid_sample/rank": (
        RuntimeError,
        "grid_sampler(): expected 4D or 5D input and grid with same number of "
        "dimensions, but got input with sizes {shape}",
    ),
    "pixel_shuffle.rank": _shuffle_rank,
    "pixel_shuffle.factor": (
        RuntimeError,
        "{name} expects a positive {what}, but got {factor}",
    ),
    "pixel_shuffle.channels": _shuffle_channels,
    "pixel_unshuffle.sizes": _unshuffle,
    "channel_shuffle.rank": (
        RuntimeError,
        "channel_shuffle expects input with > 2 dims, but got input with sizes {input}",
    ),
    "channel_shuffle.groups": _groups,
}
