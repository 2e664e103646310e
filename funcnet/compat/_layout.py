"""Shapes in memory: strides and offsets of views, in elements."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided


class Layout(NamedTuple):
    """Where the elements of a view lie in the memory of its base."""

    shape: tuple[int, ...]
    stride: tuple[int, ...]
    offset: int = 0

    def of(self, memory: np.ndarray) -> np.ndarray:
        """The elements of this layout in an array's memory, shared with it."""
        flat = memory.reshape(-1)
        steps = tuple(step * memory.itemsize for step in self.stride)
        if not flat.size:
            return flat.reshape(self.shape)
        return as_strided(flat[self.offset :], self.shape, steps)


@functools.lru_cache(4096)
def contiguous(shape: tuple[int, ...]) -> Layout:
    """The layout of a tensor that is not a view."""
    stride, count = [], 1
    for size in reversed(shape):
        stride.append(count)
        count *= max(size, 1)
    return Layout(shape, tuple(reversed(stride)))


def is_contiguous(layout: Layout) -> bool:
    """Tell whether the elements lie one behind the other."""
    if 0 in layout.shape:
        return True
    wanted = contiguous(layout.shape).stride
    return all(
        size == 1 or found == step
        for size, found, step in zip(layout.shape, layout.stride, wanted, strict=True)
    )


def after(
    layout: Layout, look: Callable[..., Any], settings: tuple[Any, ...]
) -> Layout:
    """The layout of a view of something of this layout; ValueError if there is none."""
    memory = np.empty(1, np.int8)
    start = memory.__array_interface__["data"][0]
    result = look(as_strided(memory, layout.shape, layout.stride), *settings)
    place = result.__array_interface__["data"][0] - start if result.size else 0
    return Layout(result.shape, result.strides, layout.offset + place)
