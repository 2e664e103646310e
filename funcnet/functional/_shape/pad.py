"""Padding."""

from collections.abc import Sequence
from typing import Any

import jax.numpy as jnp
from jax import lax

from funcnet._check import check_choice
from funcnet._errors import Facts, InputError, InputTypeError
from funcnet._types import Array
from funcnet.functional._spatial import is_integer

__all__ = ["pad"]

_MODES = {"reflect": "reflect", "replicate": "edge", "circular": "wrap"}  # NumPy's


def pad(
    input: Array, pad: Sequence[int], mode: str = "constant", value: Any = None
) -> Array:
    """Pad (with negative amounts crop) an array; `torch.nn.functional.pad`.

    Args:
        input: any shape; with a mode other than "constant" one, two or three spatial
            dimensions, channels and optionally a batch.
        pad: `(left, right)` of the last dimension, then `(top, bottom)` of the one
            before, and so on.
        mode: "constant" fills with `value`; "reflect" mirrors without repeating the
            edge; "replicate" repeats the edge; "circular" goes round.
        value: what "constant" fills with; 0 if None.

    Returns:
        `input` with each padded dimension enlarged by its two amounts.

    Raises:
        InputError: an odd number of amounts or too many; a mode that is not known, or
            a dimension too small for it; a cut that leaves nothing.

    Example:
        >>> import jax.numpy as jnp
        >>> pad(jnp.array([1, 2, 3]), (1, 2)).tolist()
        [0, 1, 2, 3, 0, 0]
        >>> pad(jnp.array([[1, 2, 3]]), (2, 1), mode="reflect").tolist()
        [[3, 2, 1, 2, 3, 2]]
    """
    check_choice("pad", "mode", mode, ("constant", *_MODES))
    amounts = _amounts(input, pad)
    for size, (before, after) in zip(input.shape, amounts, strict=True):
        if size + before + after < 0 or -before > size or -after > size:
            facts = {"pad": tuple(pad), "input": input.shape, "mode": mode}
            raise InputError("pad.cut", name="pad", **facts)
    if mode == "constant":
        fill = jnp.asarray(0 if value is None else value, input.dtype)
        return lax.pad(input, fill, [(*pair, 0) for pair in amounts])
    if value not in (None, 0):
        raise InputError("pad.value", name="pad", mode=mode, value=value)
    _check_extent(input, pad, amounts, mode)
    grow = [(max(before, 0), max(after, 0)) for before, after in amounts]
    cut = [(min(before, 0), min(after, 0), 0) for before, after in amounts]
    zero = jnp.zeros((), input.dtype)
    if mode == "circular":  # goes round what is left
        return jnp.pad(lax.pad(input, zero, cut), grow, mode="wrap")
    return lax.pad(jnp.pad(input, grow, mode=_MODES[mode]), zero, cut)


def _amounts(x: Array, pad: Sequence[int]) -> list[tuple[int, int]]:
    """Return `(before, after)` of each dimension, the first dimension first."""
    if not isinstance(pad, Sequence) or not all(map(is_integer, pad)):
        raise InputTypeError("pad.integers", name="pad", pad=pad)
    if len(pad) % 2 or len(pad) > 2 * x.ndim:
        facts = {"count": len(pad), "most": 2 * x.ndim, "input": x.shape}
        raise InputError("pad.count", name="pad", **facts)
    pairs = list(zip(pad[::2], pad[1::2], strict=True))
    return [(0, 0)] * (x.ndim - len(pairs)) + pairs[::-1]


def _check_extent(
    x: Array, pad: Sequence[int], amounts: list[tuple[int, int]], mode: str
) -> None:
    dims = len(pad) // 2
    ranks = (dims + 1, dims + 2)
    if dims not in (1, 2, 3) or x.ndim not in ranks:
        facts: Facts = {"mode": mode, "count": len(pad), "input": x.shape}
        raise InputError("pad.rank", name="pad", ranks=ranks, **facts)
    for dim in reversed(range(x.ndim)):
        size, pair = x.shape[dim], amounts[dim]
        grow = max(*pair, 0)
        # The mirror's edge is not repeated; a copy can go round once, what is cut off
        # first is not there to be copied.
        most = {
            "reflect": size - 1,
            "circular": size + min(*pair, 0),
            "replicate": grow if size else 0,
        }[mode]
        if grow > max(most, 0):
            facts = {
                "mode": mode,
                "input": x.shape,
                "ranks": ranks,
                "dim": dim,
                "size": size,
                "most": max(most, 0),
                "pair": pair,
            }
            raise InputError("pad.extent", name="pad", **facts)
