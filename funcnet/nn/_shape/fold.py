"""Layers between images and columns of their blocks."""

from dataclasses import dataclass

from funcnet import functional as F
from funcnet.nn._function import FunctionLayer
from funcnet.nn._spatial import IntOrTuple, normalize

__all__ = ["Fold", "Unfold"]


@dataclass(frozen=True, repr=False)
class Fold(FunctionLayer, function=F.fold):
    """Fold: sum sliding blocks into images (col2im); equals `torch.nn.Fold`.

    Input `(batch, channels * kernel elements, blocks)`, the batch optional; output
    `(batch, channels, *output_size)`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Fold(4, 2, stride=2).apply({}, {}, jnp.ones((1, 12, 4)))[0].shape
        (1, 3, 4, 4)
    """

    output_size: IntOrTuple
    kernel_size: IntOrTuple
    dilation: IntOrTuple = 1
    padding: IntOrTuple = 0
    stride: IntOrTuple = 1

    def __post_init__(self) -> None:
        normalize(self, 2, "output_size", "kernel_size", "dilation", "stride")
        normalize(self, 2, "padding", least=0)


@dataclass(frozen=True, repr=False)
class Unfold(FunctionLayer, function=F.unfold):
    """Unfold: the sliding blocks of images as columns; equals `torch.nn.Unfold`.

    Input `(batch, channels, height, width)`, the batch optional; output `(batch,
    channels * kernel elements, blocks)`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Unfold(2, stride=2).apply({}, {}, jnp.ones((1, 3, 4, 4)))[0].shape
        (1, 12, 4)
    """

    kernel_size: IntOrTuple
    dilation: IntOrTuple = 1
    padding: IntOrTuple = 0
    stride: IntOrTuple = 1

    def __post_init__(self) -> None:
        normalize(self, 2, "kernel_size", "dilation", "stride")
        normalize(self, 2, "padding", least=0)
