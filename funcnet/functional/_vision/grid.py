"""Sampling of images at arbitrary points."""

import itertools
import math
from collections.abc import Sequence

import jax
import jax.numpy as jnp
import numpy as np

from funcnet._check import check_choice, check_floating, check_rank, check_same_dtype
from funcnet._errors import InputError
from funcnet._types import Array
from funcnet.functional._spatial import widened
from funcnet.functional._vision.resample import CUBIC_SLOPE, cubic_far, cubic_near

__all__ = ["affine_grid", "grid_sample"]

Tap = tuple[Array, Array, Array]
"""Position along an axis, weight, and whether the position exists."""


def grid_sample(
    input: Array,
    grid: Array,
    mode: str = "bilinear",
    padding_mode: str = "zeros",
    align_corners: bool | None = None,
) -> Array:
    """Sample images at the points of a grid; equals `torch.nn.functional.grid_sample`.

    Args:
        input: `(batch, channels, height, width)`, or with a depth before the height.
        grid: `(batch, out_height, out_width, 2)`, the points as (x, y); or `(batch,
            out_depth, out_height, out_width, 3)`, as (x, y, z). -1 and 1 are the edges
            of the image. NaN counts as -1 in the padding modes that leave no outside,
            and gives NaN (with mode "nearest" 0) in "zeros".
        mode: "bilinear" (for volumes: trilinear), "nearest", or for images "bicubic".
        padding_mode: what is outside of the image: "zeros", its "border", or its
            "reflection".
        align_corners: whether -1 and 1 are the centres of the outer pixels, not their
            edges; None means False.

    Returns:
        `(batch, channels, *grid.shape[1:-1])`.

    Raises:
        InputError: shapes disagree, or a mode is not known.
        InputTypeError: the dtypes differ, or are not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> image = jnp.array([[[[1.0, 2.0], [3.0, 4.0]]]])
        >>> grid_sample(image, jnp.zeros((1, 1, 1, 2))).item()
        2.5

    Source: Jaderberg et al., "Spatial Transformer Networks" (2015),
    https://arxiv.org/abs/1506.02025
    """
    _check_grid(input, grid, mode, padding_mode)
    x, points = widened(input), widened(grid)
    sizes = x.shape[2:]
    taps = []
    for i, size in enumerate(sizes):
        coordinate = points[..., len(sizes) - 1 - i]  # x is the last axis
        at = _to_pixels(coordinate, size, bool(align_corners))
        taps.append(_taps(at, size, mode, padding_mode, bool(align_corners)))
    total = jnp.zeros((*x.shape[:2], *grid.shape[1:-1]), x.dtype)
    for combination in itertools.product(*taps):
        total += _read(x, combination)
    return total.astype(input.dtype)


def affine_grid(
    theta: Array, size: Sequence[int], align_corners: bool | None = None
) -> Array:
    """Return the grid that `grid_sample` needs for an affine map of images.

    Equals `torch.nn.functional.affine_grid`.

    Args:
        theta: `(batch, 2, 3)` matrices for images, `(batch, 3, 4)` for volumes.
        size: the shape of the output images, `(batch, channels, *spatial)`.
        align_corners: as in `grid_sample`.

    Returns:
        `(batch, *spatial, 2)`, or 3 for volumes.

    Raises:
        InputError: `theta` and `size` do not fit together.
        InputTypeError: `theta` is not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> theta = jnp.array([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]])
        >>> affine_grid(theta, (1, 1, 1, 2)).tolist()
        [[[[-0.5, 0.0], [0.5, 0.0]]]]
    """
    check_floating("affine_grid", theta, "theta")
    dims = len(size) - 2
    if dims not in (2, 3) or theta.shape != (size[0], dims, dims + 1):
        facts = {"theta": theta.shape, "size": tuple(size)}
        raise InputError("affine_grid.shapes", name="affine_grid", **facts)
    if min(size) < 1:
        raise InputError("affine_grid.empty", name="affine_grid", size=tuple(size))
    spatial = tuple(size[2:])
    lines = [_centres(n, bool(align_corners), theta) for n in spatial]
    axes = jnp.meshgrid(*lines, indexing="ij")[::-1]  # x first
    base = jnp.stack([*axes, jnp.ones(spatial, theta.dtype)], -1)
    # The coordinates are few and must be exact: no reduced-precision products.
    return jnp.einsum("...k,njk->n...j", base, theta, precision="highest")


def _centres(count: int, align_corners: bool, theta: Array) -> Array:
    if count == 1:
        return jnp.zeros(1, theta.dtype)
    # At the identity, where networks begin, the points lie on the pixels: which
    # neighbours they have is decided by the last bit. So these are PyTorch's bits.
    wide = np.dtype(np.float64 if theta.dtype == np.float64 else np.float32)
    step = float(np.asarray(2 / (count - 1), wide))
    steps = np.arange(count) * step
    ends = np.where(np.arange(count) < count // 2, -1 + steps, 1 - steps[::-1])
    line = ends.astype(wide)
    if not align_corners:
        line = line * np.asarray(count - 1, wide) / np.asarray(count, wide)
    return jnp.asarray(line, theta.dtype)


def _check_grid(x: Array, grid: Array, mode: str, padding_mode: str) -> None:
    name = "grid_sample"
    check_rank(name, x, (4, 5), "(batch, channels, [depth,] height, width)")
    check_floating(name, x)
    check_same_dtype(name, input=x, grid=grid)
    modes = ("bilinear", "nearest", "bicubic")
    check_choice(name, "mode", mode, modes if x.ndim == 4 else modes[:2])
    check_choice(name, "padding_mode", padding_mode, ("zeros", "border", "reflection"))
    dims = x.ndim - 2
    if grid.ndim != x.ndim or grid.shape[0] != x.shape[0] or grid.shape[-1] != dims:
        depth = "out_depth, " if dims == 3 else ""
        facts = {"input": x.shape, "grid": grid.shape, "dims": dims}
        raise InputError("grid_sample.grid", name=name, depth=depth, **facts)
    if min(x.shape[2:]) < 1:
        raise InputError("empty", name=name, input=x.shape)


def _to_pixels(coordinate: Array, size: int, align_corners: bool) -> Array:
    """Map -1..1 to pixel positions; pixel centres have whole numbers."""
    if align_corners:
        return (coordinate + 1) / 2 * (size - 1)
    return ((coordinate + 1) * size - 1) / 2


def _taps(
    at: Array, size: int, mode: str, padding_mode: str, align_corners: bool
) -> list[Tap]:
    """Return the pixels along one axis that a point mixes, and their weights."""
    if mode == "bicubic":
        left = jnp.floor(at)
        weights = _cubic_weights(at - left)
        inside = [
            _bring_inside(left + k, size, padding_mode, align_corners)
            for k in range(-1, 3)
        ]
        return [_tap(p, w, size) for p, w in zip(inside, weights, strict=True)]
    at = _bring_inside(at, size, padding_mode, align_corners)
    if mode == "nearest":
        return [_tap(jnp.round(at), jnp.ones_like(at), size)]
    left = jnp.floor(at)
    part = at - left
    return [_tap(left, 1 - part, size), _tap(left + 1, part, size)]


def _tap(position: Array, weight: Array, size: int) -> Tap:
    exists = (position >= 0) & (position <= size - 1)  # never for NaN
    index = jnp.where(exists, position, 0).astype(int)
    return index, weight, exists


def _cubic_weights(part: Array) -> list[Array]:
    """Weigh the four neighbours of a point that lies `part` after the second."""
    slope = CUBIC_SLOPE
    return [
        cubic_far(part + 1, slope),
        cubic_near(part, slope),
        cubic_near(1 - part, slope),
        cubic_far(2 - part, slope),
    ]


def _bring_inside(
    at: Array, size: int, padding_mode: str, align_corners: bool
) -> Array:
    if padding_mode == "zeros":
        return at
    if padding_mode == "reflection":
        at = _reflect(at, size, align_corners)
    # Written so that the edges themselves have no gradient, as in PyTorch.
    inside = (at > 0) & (at < size - 1)
    return jnp.where(inside, at, jnp.where(at > 0, size - 1, 0))


def _reflect(at: Array, size: int, align_corners: bool) -> Array:
    """Fold the line at both edges: at the outer centres, or half a pixel further."""
    low, span = (0.0, size - 1) if align_corners else (-0.5, size)
    if span == 0:
        return jnp.zeros_like(at)
    distance = jnp.where(at < low, low - at, at - low)
    turns = jnp.floor(distance / span)
    rest = jnp.fmod(distance, span)
    return jnp.where(jnp.fmod(turns, 2) == 0, rest, span - rest) + low


def _read(x: Array, taps: Sequence[Tap]) -> Array:
    """Return the weighted pixel that one tap of each axis chooses."""
    batch, channels, *sizes = x.shape
    flat, weight, exists = taps[0]
    for (index, factor, there), size in zip(taps[1:], sizes[1:], strict=True):
        flat, weight, exists = flat * size + index, weight * factor, exists & there
    indices = flat.reshape(batch, math.prod(flat.shape[1:]))
    planes = x.reshape(batch, channels, math.prod(sizes))
    pixels = jax.vmap(lambda plane, at: plane.take(at, 1, mode="clip"))(planes, indices)
    pixels = pixels.reshape(batch, channels, *flat.shape[1:])
    chosen = jnp.where(jnp.expand_dims(exists, 1), pixels, 0)
    return chosen * jnp.expand_dims(weight, 1)
