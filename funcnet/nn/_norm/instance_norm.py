"""Instance norm."""

from dataclasses import dataclass, field
from typing import ClassVar

import jax.numpy as jnp

from funcnet import functional as F
from funcnet._check import check_rank
from funcnet._types import Array, State
from funcnet.nn._norm.batch_norm import RunningNorm

__all__ = ["InstanceNorm1d", "InstanceNorm2d", "InstanceNorm3d"]


@dataclass(frozen=True, repr=False)
class _InstanceNorm(RunningNorm):
    num_features: int
    eps: float = 1e-5
    momentum: float = 0.1
    affine: bool = False
    track_running_stats: bool = False
    bias: bool = field(default=True, kw_only=True)

    rank: ClassVar[int]
    _function = staticmethod(F.instance_norm)

    def _checked(self, x: Array) -> Array:
        check_rank(type(self).__name__, x, (self.rank - 1, self.rank), self.layout)
        return x if x.ndim == self.rank else jnp.expand_dims(x, 0)

    def _new_weight(self, state: State) -> float:
        return self.momentum

    def _next_count(self, state: State) -> Array:
        return state["num_batches_tracked"]  # PyTorch's never counts its batches


class InstanceNorm1d(_InstanceNorm):
    """Instance normalization of sequences; equals `torch.nn.InstanceNorm1d`.

    Input and output `(batch, num_features, length)`; the batch may be missing.

    Params: `weight`, ones, and `bias`, zeros, both `(num_features,)`, with `affine`.
    State, with `track_running_stats`: `running_mean`, zeros, `running_var`, ones, and
    `num_batches_tracked`, which stays 0 as in PyTorch; outside training the running
    statistics are used then.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.InstanceNorm1d(1)
        >>> layer.apply({}, {}, jnp.array([[[1.0, 3.0]]]))[0].round().tolist()
        [[[-1.0, 1.0]]]

    Source: Ulyanov et al., "Instance Normalization" (2016),
    https://arxiv.org/abs/1607.08022
    """

    rank = 3
    layout = "(batch, channels, length) or (channels, length)"


class InstanceNorm2d(_InstanceNorm):
    """Instance normalization of images; equals `torch.nn.InstanceNorm2d`.

    Input and output `(batch, num_features, height, width)`, the batch may be missing;
    for all else see `InstanceNorm1d`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.InstanceNorm2d(3).apply({}, {}, jnp.ones((2, 3, 4, 4)))[0].shape
        (2, 3, 4, 4)
    """

    rank = 4
    layout = "(batch, channels, height, width) or (channels, height, width)"


class InstanceNorm3d(_InstanceNorm):
    """Instance normalization of volumes; equals `torch.nn.InstanceNorm3d`.

    Input and output `(batch, num_features, depth, height, width)`, the batch may be
    missing; for all else see `InstanceNorm1d`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.InstanceNorm3d(3).apply({}, {}, jnp.ones((2, 3, 4, 4, 4)))[0].shape
        (2, 3, 4, 4, 4)
    """

    rank = 5
    layout = "(batch, channels, depth, height, width), the batch may be missing"
