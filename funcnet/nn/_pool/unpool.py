"""Layers that put the maxima of a pooling back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from funcnet import functional as F
from funcnet._types import Array
from funcnet.nn._function import FunctionLayer
from funcnet.nn._spatial import IntOrTuple, normalize

__all__ = ["MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d"]


@dataclass(frozen=True, repr=False)
class _MaxUnpool(FunctionLayer):
    kernel_size: IntOrTuple
    stride: IntOrTuple | None = None
    padding: IntOrTuple = 0

    dims: ClassVar[int]

    def __post_init__(self) -> None:
        normalize(self, self.dims, "kernel_size", "stride")
        normalize(self, self.dims, "padding", least=0)

    def forward(
        self, x: Array, indices: Array, output_size: Sequence[int] | None = None
    ) -> Array:
        return super().forward(x, indices, output_size=output_size)


class MaxUnpool1d(_MaxUnpool, function=F.max_unpool1d):
    """Apply 1D max unpooling, undoing `MaxPool1d`; `torch.nn.MaxUnpool1d`.

    As `MaxUnpool2d` with one spatial dimension.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> pool = nn.MaxPool1d(2, return_indices=True)
        >>> (y, indices), _ = pool.apply({}, {}, jnp.ones((1, 1, 4)))
        >>> nn.MaxUnpool1d(2).apply({}, {}, y, indices)[0].shape
        (1, 1, 4)
    """

    dims = 1


class MaxUnpool2d(_MaxUnpool, function=F.max_unpool2d):
    """Apply 2D max unpooling, undoing `MaxPool2d`; `torch.nn.MaxUnpool2d`.

    Inputs: the maxima `(batch, channels, height, width)`, the batch optional, their
    indices, and optionally the spatial size of the output.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> pool = nn.MaxPool2d(2, return_indices=True)
        >>> (y, indices), _ = pool.apply({}, {}, jnp.ones((1, 1, 4, 4)))
        >>> nn.MaxUnpool2d(2).apply({}, {}, y, indices)[0].shape
        (1, 1, 4, 4)
    """

    dims = 2


class MaxUnpool3d(_MaxUnpool, function=F.max_unpool3d):
    """Apply 3D max unpooling, undoing `MaxPool3d`; `torch.nn.MaxUnpool3d`.

    As `MaxUnpool2d` with three spatial dimensions.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> pool = nn.MaxPool3d(2, return_indices=True)
        >>> (y, indices), _ = pool.apply({}, {}, jnp.ones((1, 1, 4, 4, 4)))
        >>> nn.MaxUnpool3d(2).apply({}, {}, y, indices)[0].shape
        (1, 1, 4, 4, 4)
    """

    dims = 3
