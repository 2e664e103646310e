"""Sliding windows: their number along each axis, and slices through them."""

import math
from typing import NamedTuple

from jax import lax

from funcnet._errors import Facts, InputError
from funcnet._types import Array
from funcnet.functional._spatial import IntOrTuple, to_tuple


class Window(NamedTuple):
    """The windows along one axis; `before` and `after` are its padding."""

    kernel: int
    stride: int
    dilation: int
    before: int
    after: int
    outputs: int


def read(x: Array, axis: int, start: int, count: int, stride: int = 1) -> Array:
    """Slice `count` positions of an axis, `stride` apart."""
    stop = start + (count - 1) * stride + 1
    return lax.slice_in_dim(x, start, stop, stride, axis)


def pool_windows(
    name: str,
    shape: tuple[int, ...],
    kernel_size: IntOrTuple,
    stride: IntOrTuple | None,
    padding: IntOrTuple = 0,
    dilation: IntOrTuple = 1,
    ceil_mode: bool = False,
) -> list[Window]:
    """Return the windows of a pool, one entry for each spatial dimension.

    `shape` is that of the input, `(batch, channels, *spatial)`.
    """
    sizes = shape[2:]
    dims = len(sizes)
    kernels = to_tuple(name, "kernel_size", kernel_size, dims)
    if stride is None or stride == ():  # PyTorch itself passes () on for None
        stride = kernels
    strides = to_tuple(name, "stride", stride, dims)
    paddings = to_tuple(name, "padding", padding, dims, 0)
    dilations = to_tuple(name, "dilation", dilation, dims)
    windows = []
    for size, k, s, p, d in zip(
        sizes, kernels, strides, paddings, dilations, strict=True
    ):
        span = d * (k - 1) + 1
        if p > span // 2:
            facts: Facts = {
                "pad": p,
                "half": span // 2,
                "kernel_size": k,
                "dilation": d,
            }
            raise InputError("pool.padding", name=name, **facts)
        outputs = _count(size, span, s, p, ceil_mode)
        needed = (outputs - 1) * s + span
        windows.append(Window(k, s, d, p, max(0, needed - size - p), outputs))
    if min(window.outputs for window in windows) < 1:
        outputs_of_all = tuple(window.outputs for window in windows)
        facts = {"input": shape, "kernel_size": kernels, "output": outputs_of_all}
        raise InputError("pool.no_output", name=name, **facts)
    return windows


def _count(size: int, span: int, stride: int, padding: int, ceil_mode: bool) -> int:
    """Return how many windows fit; PyTorch's rule for the last, partial one."""
    steps = (size + 2 * padding - span) / stride
    count = (math.ceil(steps) if ceil_mode else math.floor(steps)) + 1
    # A window must begin inside the input or its left padding.
    if ceil_mode and (count - 1) * stride >= size + padding:
        count -= 1
    return count
