"""What the functions on `(batch, channels, *spatial)` arrays share."""

from collections.abc import Sequence
from typing import TypeAlias

import jax.numpy as jnp
import numpy as np
from jax import lax

from funcnet._check import check_rank
from funcnet._errors import InputError
from funcnet._types import Array

IntOrTuple: TypeAlias = int | Sequence[int]
"""One number for every spatial dimension, or one for each."""

_AXES = {1: "length", 2: "height, width", 3: "depth, height, width"}


def to_tuple(
    name: str, what: str, value: IntOrTuple, dims: int, least: int = 1
) -> tuple[int, ...]:
    """Return `value` as one number per spatial dimension, none below `least`."""
    values = tuple(value) if isinstance(value, Sequence) else (value,)
    if len(values) == 1:
        values *= dims
    if len(values) != dims or not all(map(is_integer, values)):
        facts = {"value": value, "dims": dims, "axes": _AXES[dims]}
        raise InputError("spatial.count", name=name, what=what, **facts)
    if min(values) < least:
        facts = {"value": value, "numbers": values, "least": least}
        raise InputError("spatial.least", name=name, what=what, **facts)
    return tuple(int(number) for number in values)


def is_integer(value: object) -> bool:
    """Return whether a setting is an integer, of Python's or of numpy's."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def add_batch(name: str, x: Array, dims: int) -> tuple[Array, bool]:
    """Return `x` as `(batch, channels, *spatial)`, and whether it had a batch."""
    layout = f"(batch, channels, {_AXES[dims]}), the batch optional"
    check_rank(name, x, (dims + 1, dims + 2), layout)
    batched = x.ndim == dims + 2
    return (x if batched else jnp.expand_dims(x, 0)), batched


def drop_batch(x: Array, batched: bool) -> Array:
    """Undo `add_batch`."""
    return x if batched else jnp.squeeze(x, 0)


def widened(x: Array) -> Array:
    """Return `x` in a type to add up in: PyTorch sums half precision in float32."""
    return x.astype(jnp.float32) if x.dtype.itemsize < 4 else x


def spatial_pad(
    x: Array, pads: Sequence[tuple[int, int]], value: float | int = 0
) -> Array:
    """Pad the trailing dimensions with `value`; negative amounts cut off."""
    if all(pair == (0, 0) for pair in pads):
        return x
    from_lead = [(0, 0, 0)] * (x.ndim - len(pads))
    return lax.pad(x, x.dtype.type(value), from_lead + [(*p, 0) for p in pads])
