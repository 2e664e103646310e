"""Resizing of images, sequences and volumes."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import jax.numpy as jnp
import numpy as np

from funcnet._check import check_floating
from funcnet._errors import InputError
from funcnet._types import Array
from funcnet.functional._pool.adaptive_pool import (
    adaptive_avg_pool1d,
    adaptive_avg_pool2d,
    adaptive_avg_pool3d,
)
from funcnet.functional._spatial import IntOrTuple, to_tuple, widened
from funcnet.functional._vision.resample import (
    FILTERS,
    Axis,
    Table,
    antialiased,
    cubic,
    linear,
    nearest,
    resample,
)

__all__ = ["interpolate", "upsample", "upsample_bilinear", "upsample_nearest"]

Scale: TypeAlias = float | Sequence[float]

_DIMS = {
    "nearest": (1, 2, 3),
    "nearest-exact": (1, 2, 3),
    "area": (1, 2, 3),
    "linear": (1,),
    "bilinear": (2,),
    "trilinear": (3,),
    "bicubic": (2,),
    "lanczos": (2,),
}
_AREA = {1: adaptive_avg_pool1d, 2: adaptive_avg_pool2d, 3: adaptive_avg_pool3d}


def interpolate(
    input: Array,
    size: IntOrTuple | None = None,
    scale_factor: Scale | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
    recompute_scale_factor: bool | None = None,
    antialias: bool = False,
) -> Array:
    """Interpolate to `size` or by `scale_factor`; `torch.nn.functional.interpolate`.

    Args:
        input: `(batch, channels, *spatial)` with one to three spatial dimensions.
        size: the spatial shape of the output; or
        scale_factor: by how much each dimension grows.
        mode: "nearest" (the neighbour to the left), "nearest-exact", "linear" (three
            dimensions), "bilinear", "bicubic", "lanczos" (four), "trilinear" (five),
            "area" (averages over regions).
        align_corners: whether the outer pixels' centres, not their edges, coincide;
            only for the linear and cubic modes.
        recompute_scale_factor: whether to find sources by the ratio of the sizes, not
            by the `scale_factor` given.
        antialias: whether to average what a shrunk pixel covers; for "bilinear",
            "bicubic" and "lanczos" (which needs it).

    Returns:
        `(batch, channels, *size)`.

    Raises:
        InputError: the mode does not suit the rank, not exactly one of `size` and
            `scale_factor` is given, or an option does not go with the mode.
        InputTypeError: the input is not floating point and the mode is not nearest.

    Example:
        >>> import jax.numpy as jnp
        >>> interpolate(jnp.array([[[1.0, 2.0]]]), scale_factor=2).tolist()
        [[[1.0, 1.0, 2.0, 2.0]]]
        >>> interpolate(jnp.array([[[1.0, 2.0]]]), 4, mode="linear").tolist()
        [[[1.0, 1.25, 1.75, 2.0]]]
    """
    _check_mode(input, mode, align_corners, antialias)
    dims = input.ndim - 2
    sizes, scales = _sizes(input.shape[2:], size, scale_factor)
    if recompute_scale_factor and size is not None:
        raise InputError("interpolate.recompute", name="interpolate", size=size)
    if recompute_scale_factor:
        scales = [None] * dims
    return resize(input, sizes, scales, mode, bool(align_corners), antialias)


def resize(
    input: Array,
    sizes: Sequence[int],
    scales: Sequence[float | None],
    mode: str,
    align_corners: bool,
    antialias: bool,
) -> Array:
    """Interpolate `(batch, channels, *spatial)` to `sizes`.

    Args:
        input, mode, align_corners, antialias: as in `interpolate`, already checked.
        sizes: the spatial shape of the output.
        scales: by how much each dimension is said to grow, where not by the sizes.
    """
    dims = len(sizes)
    if min(*input.shape[2:], *sizes) < 1:
        facts = {"input": input.shape[2:], "output": tuple(sizes)}
        raise InputError("interpolate.empty", name="interpolate", **facts)
    if mode == "area":
        return _AREA[dims](input, sizes)
    x = input if mode.startswith("nearest") else widened(input)
    # The last axis last: it is the slow one, and in shrinking there is least left.
    for i in range(dims):
        n, outputs = x.shape[2 + i], sizes[i]
        if n == outputs and scales[i] in (None, 1):
            continue
        step = _step(n, outputs, scales[i], align_corners, x.dtype)
        axis = Axis(n, outputs, step, align_corners)
        x = resample(x, 2 + i, _table(mode, axis, antialias))
    return x.astype(input.dtype)


def upsample(
    input: Array,
    size: IntOrTuple | None = None,
    scale_factor: Scale | None = None,
    mode: str = "nearest",
    align_corners: bool | None = None,
) -> Array:
    """Resize; an older name of `interpolate`, as `torch.nn.functional.upsample`.

    Example:
        >>> import jax.numpy as jnp
        >>> upsample(jnp.ones((1, 1, 2, 2)), scale_factor=3).shape
        (1, 1, 6, 6)
    """
    return interpolate(input, size, scale_factor, mode, align_corners)


def upsample_nearest(
    input: Array, size: IntOrTuple | None = None, scale_factor: Scale | None = None
) -> Array:
    """Resize to the nearest neighbour; `torch.nn.functional.upsample_nearest`.

    Example:
        >>> import jax.numpy as jnp
        >>> upsample_nearest(jnp.ones((1, 1, 2, 2)), scale_factor=3).shape
        (1, 1, 6, 6)
    """
    return interpolate(input, size, scale_factor, "nearest")


def upsample_bilinear(
    input: Array, size: IntOrTuple | None = None, scale_factor: Scale | None = None
) -> Array:
    """Resize bilinearly, aligning corners; `torch.nn.functional.upsample_bilinear`.

    Example:
        >>> import jax.numpy as jnp
        >>> upsample_bilinear(jnp.array([[[[1.0, 3.0]]]]), (1, 3)).tolist()
        [[[[1.0, 2.0, 3.0]]]]
    """
    return interpolate(input, size, scale_factor, "bilinear", align_corners=True)


def _check_mode(
    x: Array, mode: str, align_corners: bool | None, antialias: bool
) -> None:
    name = "interpolate"
    if mode not in _DIMS:
        wanted = ", ".join(map(repr, _DIMS))
        facts = {"mode": mode, "wanted": wanted, "ndim": x.ndim}
        raise InputError("interpolate.mode", name=name, **facts)
    ranks = tuple(dims + 2 for dims in _DIMS[mode])
    if x.ndim not in ranks:
        wanted = " or ".join(map(str, ranks))
        facts = {"shape": x.shape, "ndim": x.ndim, "mode": mode, "wanted": wanted}
        raise InputError("interpolate.rank", name=name, **facts)
    if mode in ("nearest", "nearest-exact", "area") and align_corners is not None:
        raise InputError("interpolate.align_corners", name=name, mode=mode)
    if antialias and mode not in FILTERS:
        facts = {"mode": mode, "wanted": ", ".join(FILTERS)}
        raise InputError("interpolate.antialias", name=name, **facts)
    if mode == "lanczos" and (not antialias or align_corners):
        raise InputError("interpolate.lanczos", name=name, mode=mode)
    if not mode.startswith("nearest"):
        check_floating(name, x)


def _sizes(
    shape: tuple[int, ...], size: IntOrTuple | None, scale_factor: Scale | None
) -> tuple[tuple[int, ...], list[float | None]]:
    """Return the spatial output shape, and the scale of each axis if it was given."""
    dims = len(shape)
    if (size is None) == (scale_factor is None):
        facts = {"size": size, "scale_factor": scale_factor}
        raise InputError("interpolate.one_of", name="interpolate", **facts)
    if size is not None:
        if isinstance(size, Sequence) and len(size) not in (1, dims):
            facts = {"size": size, "dims": dims, "input": shape}
            raise InputError("interpolate.sizes", name="interpolate", **facts)
        return to_tuple("interpolate", "size", size, dims), [None] * dims
    given: Any = scale_factor
    scales = list(given) if isinstance(given, Sequence) else [given] * dims
    if len(scales) != dims:
        facts = {"scale_factor": scale_factor, "dims": dims, "input": shape}
        raise InputError("interpolate.scales", name="interpolate", **facts)
    sizes = tuple(int(n * scale) for n, scale in zip(shape, scales, strict=True))
    return sizes, scales


def _step(
    size: int, outputs: int, scale: float | None, align_corners: bool, dtype: Any
) -> np.floating:
    """Return the distance of two outputs' sources, in the precision of PyTorch."""
    number = np.float64 if dtype == jnp.float64 else np.float32
    if align_corners:
        return number(size - 1) / number(outputs - 1) if outputs > 1 else number(0)
    return number(1 / scale) if scale else number(size) / number(outputs)


def _table(mode: str, axis: Axis, antialias: bool) -> Table:
    if mode.startswith("nearest"):
        return nearest(axis, exact=mode == "nearest-exact")
    if antialias:
        return antialiased(axis, mode)
    return cubic(axis) if mode == "bicubic" else linear(axis)
