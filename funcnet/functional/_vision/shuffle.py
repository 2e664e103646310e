"""Rearrangements of channels and pixels."""

import jax.numpy as jnp

from funcnet._errors import InputError
from funcnet._types import Array

__all__ = ["channel_shuffle", "pixel_shuffle", "pixel_unshuffle"]


def pixel_shuffle(input: Array, upscale_factor: int) -> Array:
    """Pixel shuffle: turn channels into pixels; `torch.nn.functional.pixel_shuffle`.

    Args:
        input: `(*, channels * r**2, height, width)` with `r = upscale_factor`.
        upscale_factor: by how much height and width grow.

    Returns:
        `(*, channels, height * r, width * r)`.

    Raises:
        InputError: `r**2` does not divide the channels, or there are fewer than three
            dimensions.

    Example:
        >>> import jax.numpy as jnp
        >>> pixel_shuffle(jnp.arange(4).reshape(4, 1, 1), 2).tolist()
        [[[0, 1], [2, 3]]]

    Source: Shi et al., "Real-Time Single Image and Video Super-Resolution" (2016),
    https://arxiv.org/abs/1609.05158
    """
    name, r = "pixel_shuffle", upscale_factor
    *lead, channels, height, width = _image_shape(name, input, "upscale_factor", r)
    if channels % r**2:
        facts = {"channels": channels, "factor": r}
        raise InputError("pixel_shuffle.channels", name=name, **facts)
    x = input.reshape(*lead, channels // r**2, r, r, height, width)
    n = len(lead)
    x = x.transpose(*range(n + 1), n + 3, n + 1, n + 4, n + 2)
    return x.reshape(*lead, channels // r**2, height * r, width * r)


def pixel_unshuffle(input: Array, downscale_factor: int) -> Array:
    """Pixel unshuffle: turn pixels into channels, undoing `pixel_shuffle`.

    Equals `torch.nn.functional.pixel_unshuffle`.

    Args:
        input: `(*, channels, height * r, width * r)` with `r = downscale_factor`.
        downscale_factor: by how much height and width shrink.

    Returns:
        `(*, channels * r**2, height, width)`.

    Raises:
        InputError: `r` does not divide height and width, or there are fewer than three
            dimensions.

    Example:
        >>> import jax.numpy as jnp
        >>> pixel_unshuffle(jnp.arange(4).reshape(1, 2, 2), 2).tolist()
        [[[0]], [[1]], [[2]], [[3]]]
    """
    name, r = "pixel_unshuffle", downscale_factor
    *lead, channels, height, width = _image_shape(name, input, "downscale_factor", r)
    if height % r or width % r:
        facts = {"height": height, "width": width, "factor": r}
        raise InputError("pixel_unshuffle.sizes", name=name, **facts)
    x = input.reshape(*lead, channels, height // r, r, width // r, r)
    n = len(lead)
    x = x.transpose(*range(n + 1), n + 2, n + 4, n + 1, n + 3)
    return x.reshape(*lead, channels * r**2, height // r, width // r)


def channel_shuffle(input: Array, groups: int) -> Array:
    """Shuffle channels: deal those of `groups` groups out in turn.

    Equals `torch.nn.functional.channel_shuffle`.

    Args:
        input: `(batch, channels, *)`.
        groups: the number of groups.

    Raises:
        InputError: `groups` does not divide the channels.

    Example:
        >>> import jax.numpy as jnp
        >>> channel_shuffle(jnp.arange(4).reshape(1, 4, 1), 2).ravel().tolist()
        [0, 2, 1, 3]

    Source: Zhang et al., "ShuffleNet" (2017), https://arxiv.org/abs/1707.01083
    """
    if input.ndim < 3:
        raise InputError(
            "channel_shuffle.rank", name="channel_shuffle", input=input.shape
        )
    batch, channels, *rest = input.shape
    if groups < 1 or channels % groups:
        facts = {"channels": channels, "groups": groups}
        raise InputError("channel_shuffle.groups", name="channel_shuffle", **facts)
    x = input.reshape(batch, groups, channels // groups, *rest)
    return jnp.swapaxes(x, 1, 2).reshape(input.shape)


def _image_shape(name: str, x: Array, what: str, factor: int) -> tuple[int, ...]:
    if x.ndim < 3:
        raise InputError("pixel_shuffle.rank", name=name, input=x.shape)
    if factor < 1:
        facts = {"what": what, "factor": factor}
        raise InputError("pixel_shuffle.factor", name=name, **facts)
    return x.shape
