"""The parts of an input that a kernel sees, and their products with it."""

import functools
import math
from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from funcnet.compat._interpreter.parallel import each

_BLOCK: Final = 5 << 19
"""The bytes of a block of patches: 31 ms for 64 channels on (32, 32, 32), all patches
at once take 54."""

_SUMS: Final = 4
"""So many sums over channels are taken apart."""


class Patches:
    """The part of an input that each position of a kernel sees.

    Args:
        sizes: of the spatial dimensions of the input.
        kernel, strides, pads, dilations: of the windows; pads may be negative.
        counts: the number of positions in each dimension.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        kernel: Sequence[int],
        strides: Sequence[int],
        pads: Sequence[tuple[int, int]],
        dilations: Sequence[int],
        counts: Sequence[int],
    ) -> None:
        self.kernel, self.strides, self.dilations = kernel, strides, dilations
        self.counts = tuple(counts)
        self.before = [max(low, 0) for low, _ in pads]
        self.crop = [max(-low, 0) for low, _ in pads]
        # No more is padded than the last window reads.
        self.length = [
            (count - 1) * stride + (size - 1) * dilation + 1 if count else 0
            for count, stride, size, dilation in zip(
                counts, strides, kernel, dilations, strict=True
            )
        ]
        self.padded = any(
            before or crop + length > size
            for before, crop, length, size in zip(
                self.before, self.crop, self.length, sizes, strict=True
            )
        )

    def of_last(self, x: np.ndarray) -> Any:
        """Of `(batch, *spatial, channels)`: `(batch, *counts, *kernel, channels)`."""
        return self._windows(self._padded(x))

    def product(self, x: np.ndarray, weight: np.ndarray) -> Any:
        """The correlation with `(*kernel, in, out)`.

        A block of patches is made and multiplied at a time, so that it stays in cache.
        """
        outputs = weight.shape[-1]
        matrix = weight.reshape(-1, outputs)
        result = np.empty((x.shape[0], *self.counts, outputs), x.dtype)
        bytes_of_one = math.prod(self.counts) * matrix.shape[0] * x.itemsize
        whole = bytes_of_one <= _BLOCK
        parts: list[tuple[slice, ...]]
        if not whole:
            x = self._padded(x)
            rows = max(1, _BLOCK * self.counts[0] // bytes_of_one)
            parts = [
                (slice(one, one + 1), slice(row, row + rows))
                for one in range(x.shape[0])
                for row in range(0, self.counts[0], rows)
            ]
        else:
            size = max(1, _BLOCK // max(bytes_of_one, 1))
            parts = [(slice(one, one + size),) for one in range(0, x.shape[0], size)]

        def multiply(index: int) -> None:
            part = parts[index]
            if whole:
                columns = self.of_last(x[part])
            else:
                columns = self._windows(x[part[0]])[:, part[1]]
            np.matmul(
                columns.reshape(-1, matrix.shape[0]),
                matrix,
                out=result[part].reshape(-1, outputs),
            )

        each(multiply, len(parts))
        return result

    def product_by_channel(self, x: np.ndarray, weight: np.ndarray) -> Any:
        """The same, for fewer positions than the kernel has elements.

        Patches of a block of channels are made and multiplied at a time.
        """
        channels, outputs = weight.shape[-2:]
        dims = len(self.counts)
        order = (2 * dims + 1, *range(dims + 1, 2 * dims + 1), *range(1, dims + 1), 0)
        weight = np.moveaxis(weight, -2, 0)  # (in, *kernel, out)
        columns = math.prod(self.counts) * x.shape[0]
        bytes_of_one = math.prod(self.kernel) * columns * x.itemsize
        size = max(1, _BLOCK // max(bytes_of_one, 1))
        starts = range(0, channels, size)
        sums: list[Any] = [None] * max(1, min(_SUMS, len(starts)))
        if not starts:
            sums[0] = np.zeros((outputs, columns), x.dtype)

        def add_up(index: int) -> None:
            for start in starts[index :: len(sums)]:
                part = slice(start, start + size)
                patches = self.of_last(x[..., part]).transpose(order)
                product = weight[part].reshape(-1, outputs).T @ (
                    patches.reshape(-1, columns)
                )
                sums[index] = product if sums[index] is None else sums[index] + product

        each(add_up, len(sums))
        result = functools.reduce(np.add, sums)
        return result.reshape(outputs, *self.counts, x.shape[0]).swapaxes(0, -1)

    def _padded(self, x: np.ndarray) -> Any:
        x = x[(slice(None), *[slice(crop, None) for crop in self.crop])]
        if not self.padded:
            return x
        shape = (x.shape[0], *self.length, x.shape[-1])
        # The gradient of a weight comes with the channels as batch.
        if x.strides[0] < x.strides[-1]:
            whole = np.zeros(shape[-1:] + shape[1:-1] + shape[:1], x.dtype)
            whole = whole.swapaxes(0, -1)
        else:
            whole = np.zeros(shape, x.dtype)
        target, source = [], []
        for before, size, length in zip(
            self.before, x.shape[1:-1], self.length, strict=True
        ):
            stop = min(before + size, length)
            target.append(slice(before, max(stop, before)))
            source.append(slice(0, max(stop - before, 0)))
        whole[(slice(None), *target)] = x[(slice(None), *source)]
        return whole

    def _windows(self, x: np.ndarray) -> Any:
        batch, *spatial, channel = x.strides
        shape = (x.shape[0], *self.counts, *self.kernel, x.shape[-1])
        steps = (
            batch,
            *[step * by for step, by in zip(spatial, self.strides, strict=True)],
            *[step * by for step, by in zip(spatial, self.dilations, strict=True)],
            channel,
        )
        return np.lib.stride_tricks.as_strided(x, shape, steps, writeable=False)
