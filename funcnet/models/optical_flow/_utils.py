"""Coordinates of pixels, and what is read and written at them."""

import numpy as np

from .._backend import Array, F, cat, on_device, permute

__all__ = ["grid_sample", "make_coords_grid", "upsample_flow"]


def grid_sample(
    img: Array,
    absolute_grid: Array,
    mode: str = "bilinear",
    align_corners: bool | None = None,
) -> Array:
    """Read images at coordinates that are counted in pixels.

    Args:
        img: `(batch, channels, height, width)`.
        absolute_grid: the coordinates, `(batch, rows, columns, 2)`: x, then y.
    """
    height, width = img.shape[-2:]
    x, y = absolute_grid[..., :1], absolute_grid[..., 1:]
    x = 2 * x / (width - 1) - 1
    if height > 1:
        y = 2 * y / (height - 1) - 1
    grid = cat([x, y], -1)
    return F.grid_sample(img, grid, mode=mode, align_corners=align_corners)


def coordinates(batch: int, height: int, width: int) -> np.ndarray:
    """The coordinates of all pixels, `(batch, 2, height, width)`: x, then y."""
    axes: list[np.ndarray] = [np.arange(n, dtype=np.float32) for n in (height, width)]
    y, x = np.meshgrid(*axes, indexing="ij")
    return np.tile(np.stack([x, y])[None], (batch, 1, 1, 1))


def make_coords_grid(batch_size: int, h: int, w: int, device: str = "cpu") -> Array:
    """The coordinates of all pixels, `(batch, 2, height, width)`: x, then y."""
    return on_device(coordinates(batch_size, h, w), device)


def upsample_flow(flow: Array, up_mask: Array | None = None, factor: int = 8) -> Array:
    """Enlarge a flow, and the numbers in it.

    Args:
        flow: `(batch, 2, height, width)`.
        up_mask: `(batch, 9 * factor ** 2, height, width)`: how each new pixel is mixed
            of the nine around it; bilinear without it.
    """
    batch, channels, height, width = flow.shape
    tall, wide = height * factor, width * factor
    if up_mask is None:
        return factor * F.interpolate(
            flow, size=(tall, wide), mode="bilinear", align_corners=True
        )
    mask = up_mask.reshape(batch, 1, 9, factor, factor, height, width)
    around = F.unfold(factor * flow, kernel_size=3, padding=1)
    around = around.reshape(batch, channels, 9, 1, 1, height, width)
    mixed = (F.softmax(mask, 2) * around).sum(2)
    return permute(mixed, (0, 1, 4, 2, 5, 3)).reshape(batch, channels, tall, wide)
