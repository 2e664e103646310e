"""Softmax and its relatives."""

from dataclasses import dataclass

from funcnet import functional as F
from funcnet._check import check_rank
from funcnet._types import Array
from funcnet.nn._function import FunctionLayer

__all__ = ["LogSoftmax", "Softmax", "Softmax2d", "Softmin"]


@dataclass(frozen=True, repr=False)
class Softmax(FunctionLayer, function=F.softmax):
    """Softmax along `dim`; equals `torch.nn.Softmax`.

    Without `dim` PyTorch's old rule chooses it, with a warning.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Softmax(0).apply({}, {}, jnp.array([0.0, 0.0]))[0].tolist()
        [0.5, 0.5]
    """

    dim: int | None = None


@dataclass(frozen=True, repr=False)
class Softmin(FunctionLayer, function=F.softmin):
    """Softmin along `dim`: `softmax(-x)`; equals `torch.nn.Softmin`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Softmin(0).apply({}, {}, jnp.array([0.0, 0.0]))[0].tolist()
        [0.5, 0.5]
    """

    dim: int | None = None


@dataclass(frozen=True, repr=False)
class LogSoftmax(FunctionLayer, function=F.log_softmax):
    """Log-softmax along `dim`; equals `torch.nn.LogSoftmax`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.LogSoftmax(0).apply({}, {}, jnp.array([0.0]))[0].tolist()
        [0.0]
    """

    dim: int | None = None


class Softmax2d(FunctionLayer):
    """Softmax over the channels of images; equals `torch.nn.Softmax2d`.

    Input `(batch, channels, height, width)` or `(channels, height, width)`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.Softmax2d().apply({}, {}, jnp.array([[[0.0]], [[0.0]]]))[0].tolist()
        [[[0.5]], [[0.5]]]
    """

    def forward(self, x: Array) -> Array:
        layout = "(batch, channels, height, width) or (channels, height, width)"
        check_rank("Softmax2d", x, (3, 4), layout)
        return F.softmax(x, -3)
