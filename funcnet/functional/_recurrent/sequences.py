"""Sequences of unequal lengths in one array."""

from collections.abc import Sequence
from typing import TypeAlias

import jax
import jax.numpy as jnp
import numpy as np

from funcnet._check import check_choice, is_concrete
from funcnet._errors import InputError, InputTypeError
from funcnet._types import Array

__all__ = ["pad_sequence", "unpad_sequence"]

Lengths: TypeAlias = Array | np.ndarray | Sequence[int]
"""The length of each sequence of a batch."""


def pad_sequence(
    sequences: Sequence[Array],
    batch_first: bool = False,
    padding_value: float = 0.0,
    padding_side: str = "right",
) -> Array:
    """Stack sequences, filling the short ones; `torch.nn.utils.rnn.pad_sequence`.

    Args:
        sequences: arrays `(length, *)` that differ in their lengths only.
        batch_first: give `(batch, time, *)` and not `(time, batch, *)`.
        padding_value: what to fill with.
        padding_side: "right", after the end, or "left", before the start.

    Raises:
        InputError: there is no sequence, or they differ in more than the length.

    Example:
        >>> import jax.numpy as jnp
        >>> pad_sequence([jnp.ones(2), jnp.ones(3)], batch_first=True).tolist()
        [[1.0, 1.0, 0.0], [1.0, 1.0, 1.0]]
    """
    check_choice("pad_sequence", "padding_side", padding_side, ("left", "right"))
    arrays = [jnp.asarray(x) for x in sequences]
    if not arrays or len({(x.ndim, x.shape[1:], x.dtype) for x in arrays}) > 1:
        result = ", ".join(f"{x.dtype} {x.shape}" for x in arrays) or "none"
        raise InputError("sequences.pad", name="pad_sequence", found=result)
    longest = max(len(x) for x in arrays)

    def pad(x: Array) -> Array:
        missing = longest - len(x)
        ends = (0, missing) if padding_side == "right" else (missing, 0)
        return jnp.pad(
            x, [ends] + [(0, 0)] * (x.ndim - 1), constant_values=padding_value
        )

    return jnp.stack([pad(x) for x in arrays], axis=0 if batch_first else 1)


def unpad_sequence(
    padded_sequences: Array, lengths: Sequence[int], batch_first: bool = False
) -> list[Array]:
    """Take the sequences out of an array; `torch.nn.utils.rnn.unpad_sequence`.

    Args:
        padded_sequences: `(time, batch, *)`, or `(batch, time, *)` with `batch_first`.
        lengths: the length of each sequence, known numbers: shapes depend on them.

    Raises:
        InputError: there is not one length from 0 to `time` for each sequence.

    Example:
        >>> import jax.numpy as jnp
        >>> [x.tolist() for x in unpad_sequence(jnp.ones((3, 2)), [2, 3])]
        [[1.0, 1.0], [1.0, 1.0, 1.0]]
    """
    x = padded_sequences if batch_first else jnp.swapaxes(padded_sequences, 0, 1)
    wanted = [int(n) for n in lengths]
    if len(wanted) != len(x) or not all(0 <= n <= x.shape[1] for n in wanted):
        batch, time = x.shape[:2]
        facts = {"lengths": wanted, "padded": padded_sequences.shape}
        raise InputError(
            "sequences.unpad", name="unpad_sequence", batch=batch, time=time, **facts
        )
    return [row[:n] for row, n in zip(x, wanted, strict=True)]


def check_lengths(name: str, lengths: Lengths, time: int, batch: int) -> Array:
    """Return lengths as integers `(batch,)`, each in `1 .. time` if it is known."""
    if not isinstance(lengths, jax.Array):
        lengths = np.asarray(lengths)
    if not jnp.issubdtype(lengths.dtype, jnp.integer):
        raise InputTypeError("sequences.dtype", name=name, dtype=lengths.dtype)
    if lengths.shape != (batch,):
        facts = {"lengths": lengths.shape, "batch": batch}
        raise InputError("sequences.count", name=name, **facts)
    if is_concrete(lengths):
        for wrong in (int(np.min(lengths)), int(np.max(lengths))):
            if not 1 <= wrong <= time:
                raise InputError("sequences.length", name=name, length=wrong, time=time)
    return jnp.asarray(lengths)


def within(lengths: Array, time: int) -> Array:
    """Return which steps lie inside each sequence: `(time, batch, 1)`."""
    steps = jnp.arange(time, dtype=lengths.dtype)
    return jnp.expand_dims(jnp.expand_dims(steps, 1) < jnp.expand_dims(lengths, 0), -1)


def flip_within(x: Array, lengths: Array) -> Array:
    """Reverse each sequence of `(time, batch, *)`, leaving what follows its end."""
    steps = jnp.expand_dims(jnp.arange(len(x), dtype=lengths.dtype), 1)
    ends = jnp.expand_dims(lengths, 0)
    sources = jnp.where(steps < ends, ends - 1 - steps, steps)  # (time, batch)
    return x[sources, jnp.expand_dims(jnp.arange(x.shape[1]), 0)]


def last_within(x: Array, lengths: Array) -> Array:
    """Take the last step of each sequence of `(time, batch, features)`."""
    steps = jnp.expand_dims(jnp.arange(len(x), dtype=lengths.dtype), 1)
    is_last = steps == jnp.expand_dims(lengths - 1, 0)
    return jnp.where(jnp.expand_dims(is_last, -1), x, 0).sum(0)


def or_nan(y: Array, lengths: Array, time: int) -> Array:
    """Return `y`, `(*, batch, features)`, NaN for lengths outside of `1 .. time`."""
    possible = (lengths >= 1) & (lengths <= time)  # (batch,)
    possible = possible.reshape(*[1] * (y.ndim - 2), -1, 1)
    return jnp.where(possible, y, jnp.nan)
