"""Settings that are one number, or one for each spatial dimension."""

from typing import Any

from funcnet.functional._spatial import IntOrTuple, to_tuple

__all__ = ["IntOrTuple", "freeze", "normalize", "per_dimension"]


def normalize(layer: Any, dims: int, *settings: str, least: int = 1) -> None:
    """Check settings of a frozen layer; make equal ones equal.

    A tuple of equal numbers becomes the number, so that `Conv2d(1, 2, (3, 3))` is
    `Conv2d(1, 2, 3)`. None, where a setting may be, stays.
    """
    for setting in settings:
        value = getattr(layer, setting)
        if value is not None:
            sizes = to_tuple(type(layer).__name__, setting, value, dims, least)
            value = sizes[0] if len(set(sizes)) == 1 else sizes
            object.__setattr__(layer, setting, value)


def freeze(layer: Any, *settings: str) -> None:
    """Make tuples of settings that were given as lists."""
    for setting in settings:
        value = getattr(layer, setting)
        if isinstance(value, list):
            object.__setattr__(layer, setting, tuple(value))


def per_dimension(value: Any, dims: int) -> tuple[int, ...]:
    """Return a normalised setting as one number for each dimension."""
    return value if isinstance(value, tuple) else (value,) * dims
