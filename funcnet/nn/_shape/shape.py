"""Layers that change the shape alone."""

from collections.abc import Sequence
from dataclasses import dataclass

from funcnet import functional as F
from funcnet._types import Array
from funcnet.nn._function import FunctionLayer

__all__ = ["Flatten", "Unflatten"]


@dataclass(frozen=True, repr=False)
class Flatten(FunctionLayer, function=F.flatten):
    """Flatten the dimensions `start_dim` to `end_dim`; equals `torch.nn.Flatten`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Flatten().apply({}, {}, jnp.ones((2, 1, 28, 28)))[0].shape
        (2, 784)
    """

    start_dim: int = 1
    end_dim: int = -1


@dataclass(frozen=True, repr=False)
class Unflatten(FunctionLayer):
    """Unflatten dimension `dim` to `unflattened_size`; equals `torch.nn.Unflatten`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Unflatten(1, (3, 4)).apply({}, {}, jnp.ones((2, 12)))[0].shape
        (2, 3, 4)
    """

    dim: int
    unflattened_size: Sequence[int]

    def __post_init__(self) -> None:
        object.__setattr__(self, "unflattened_size", tuple(self.unflattened_size))

    def forward(self, x: Array) -> Array:
        return F.unflatten(x, self.dim, self.unflattened_size)
