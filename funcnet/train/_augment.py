"""Random augmentations of a batch, for the compiled step."""

import jax
import jax.numpy as jnp

from funcnet._check import check_floating, check_rank
from funcnet._types import Array, Key


def random_shift(key: Key, images: Array, pixels: float) -> Array:
    """Shift each image by its own random distance, with linear interpolation.

    Each move is a product with two small matrices, which suits images of a few dozen
    pixels.

    Args:
        images: `(batch, channels, height, width)`, floating point; zeros move in.
        pixels: the largest distance in each direction, a fraction of a pixel or more.

    Raises:
        InputError: the images have other dimensions.
        InputTypeError: they are not floating point.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> random_shift(jax.random.key(0), jnp.ones((2, 1, 8, 8)), 0.5).shape
        (2, 1, 8, 8)
    """
    check_rank("random_shift", images, (4,), "(batch, channels, height, width)")
    check_floating("random_shift", images)
    batch, _, height, width = images.shape
    shifts = jax.random.uniform(
        key, (2, batch), images.dtype, minval=-pixels, maxval=pixels
    )
    rows, columns = (
        _shift_matrices(shifts[0], height),
        _shift_matrices(shifts[1], width),
    )
    return rows @ images @ columns.mT


def _shift_matrices(shifts: Array, size: int) -> Array:
    """Matrices `(batch, 1, size, size)` that shift and interpolate a line of pixels."""
    positions = jnp.arange(size, dtype=shifts.dtype)
    distances = jnp.subtract.outer(positions, positions)  # (to, from)
    distances = shifts[:, None, None, None] + distances[None, None]
    return jnp.maximum(0, 1 - jnp.abs(distances))
