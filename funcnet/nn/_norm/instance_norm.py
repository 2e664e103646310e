"""Instance norm."""

from dataclasses import dataclass, field
from typing import ClassVar

import jax.numpy as jnp

from funcnet import functional as F
from funcnet._check import check_rank
from funcnet._types import Array, Key, Params, State
from funcnet.nn._base import ParametricLayer
from funcnet.nn._norm.batch_norm import initial_statistics
from funcnet.nn._norm.norm import affine_params, check_channels


@dataclass(frozen=True, repr=False)
class _InstanceNorm(ParametricLayer):
    """Instance norm of inputs with the rank of the subclass."""

    num_features: int
    eps: float = 1e-5
    momentum: float = 0.1
    affine: bool = False
    track_running_stats: bool = False
    bias: bool = field(default=True, kw_only=True)

    layout: ClassVar[str]
    rank: ClassVar[int]

    def init(self, key: Key) -> tuple[Params, State]:
        shape = (self.num_features,)
        params = affine_params(shape, self.dtype, self.affine, self.bias)
        if not self.track_running_stats:
            return params, {}
        return params, initial_statistics(self.num_features, self.dtype)

    def apply(
        self,
        params: Params,
        state: State,
        x: Array,
        *,
        key: Key | None = None,
        train: bool = False,
    ) -> tuple[Array, State]:
        name = type(self).__name__
        check_rank(name, x, (self.rank - 1, self.rank), self.layout)
        batch = x if x.ndim == self.rank else jnp.expand_dims(x, 0)
        check_channels(name, "num_features", batch, self.num_features)
        y, mean, var = F.instance_norm(
            batch,
            state.get("running_mean"),
            state.get("running_var"),
            params.get("weight"),
            params.get("bias"),
            train or not self.track_running_stats,
            self.momentum,
            self.eps,
        )
        y = y.reshape(x.shape)
        if not (train and self.track_running_stats):
            return y, state
        # As in PyTorch, whose instance norm never counts its batches.
        return y, {**state, "running_mean": mean, "running_var": var}


class InstanceNorm1d(_InstanceNorm):
    """Normalise each channel of each sample; equals `torch.nn.InstanceNorm1d`.

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
    """Normalise each channel of each sample; equals `torch.nn.InstanceNorm2d`.

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
    """Normalise each channel of each sample; equals `torch.nn.InstanceNorm3d`.

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
