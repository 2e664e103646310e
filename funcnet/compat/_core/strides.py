"""Shapes in memory: strides and offsets of views, in elements."""

import enum
import functools
from typing import NamedTuple

import numpy as np
from numpy.lib.stride_tricks import as_strided


class ResultStrides(enum.IntEnum):  # whose members are hashed without Python's code
    """Which strides PyTorch's result of an operation has, by those of its inputs.

    `_tensor/memory_order.py` computes them. An operation declares it where it is
    registered; results are contiguous where it does not.
    """

    CONTIGUOUS = enum.auto()
    VIEW = enum.auto()
    """As the step of the view leads from those of its input."""
    ELEMENTWISE = enum.auto()
    """As the inputs lie together."""
    AS_FIRST_INPUT = enum.auto()
    AS_LAST_INPUT = enum.auto()
    """Of a layer, whose parameters come first."""
    CHANNELS_LAST = enum.auto()
    """Channels last where they are in the first input, of four or five dimensions."""
    CHANNELS_LAST_OF_LAST = enum.auto()
    """The same of a layer."""
    TIME_FIRST = enum.auto()
    """Of layers that compute with the time before the batch, whatever they return."""
    ATTENTION = enum.auto()
    """As the queries lie, unless weights are dropped."""


class Layout(NamedTuple):
    """Where the elements of a view lie in the memory of its base."""

    shape: tuple[int, ...]
    stride: tuple[int, ...]
    offset: int = 0

    def blank(self, dtype: np.dtype | type = np.int8) -> np.ndarray:
        """An array of this layout without the memory for it: read-only."""
        memory = np.empty(1, dtype)
        steps = tuple([step * memory.itemsize for step in self.stride])
        return strided(memory, self.shape, steps)


def strided(
    x: np.ndarray,
    shape: tuple[int, ...],
    strides: tuple[int, ...],
    writeable: bool = True,
) -> np.ndarray:
    """What `as_strided` of numpy gives, also of eight bits that are not numpy's own."""
    if x.dtype.itemsize == 1:
        bits = as_strided(x.view(np.uint8), shape, strides, writeable=writeable)
        return bits.view(x.dtype)
    return as_strided(x, shape, strides, writeable=writeable)


@functools.lru_cache(4096)
def contiguous(shape: tuple[int, ...]) -> Layout:
    """The layout of a tensor that is not a view."""
    stride, count = [], 1
    for size in reversed(shape):
        stride.append(count)
        count *= max(size, 1)
    return Layout(shape, tuple(reversed(stride)))


def is_contiguous(layout: Layout) -> bool:
    """Return whether the elements lie one behind the other."""
    if 0 in layout.shape:
        return True
    wanted = contiguous(layout.shape).stride
    return all(
        size == 1 or result == step
        for size, result, step in zip(layout.shape, layout.stride, wanted, strict=True)
    )


def layout_in(memory: np.ndarray, shown: np.ndarray) -> Layout:
    """Where the elements of an array lie in the memory of another, in elements."""
    stride = [step // shown.itemsize for step in shown.strides]
    for dim in range(shown.ndim - 1, -1, -1):
        # A dimension of one element: numpy gives 0 to a new one, PyTorch what follows.
        if shown.shape[dim] == 1 and not stride[dim]:
            inner = dim + 1 < shown.ndim
            stride[dim] = shown.shape[dim + 1] * stride[dim + 1] if inner else 1
    if not shown.size:
        return Layout(shown.shape, tuple(stride))
    start, address = (x.__array_interface__["data"][0] for x in (memory, shown))
    return Layout(shown.shape, tuple(stride), (address - start) // shown.itemsize)
