"""Norms with running statistics: batch norm, and what instance norm shares."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

import jax.numpy as jnp

from funcnet import functional as F
from funcnet._check import check_rank
from funcnet._types import Array, Key, Params, State
from funcnet.nn._base import ParametricLayer
from funcnet.nn._norm.norm import affine_params, check_channels

__all__ = ["BatchNorm1d", "BatchNorm2d", "BatchNorm3d", "SyncBatchNorm"]


class RunningNorm(ParametricLayer):
    """A norm that can keep running statistics, and normalise with them.

    Params: `weight`, ones, and `bias`, zeros, both `(num_features,)`; neither without
    `affine`. State: `running_mean`, zeros, `running_var`, ones, and
    `num_batches_tracked`; none without `track_running_stats`.
    """

    num_features: int
    eps: float
    affine: bool
    track_running_stats: bool
    bias: bool

    layout: ClassVar[str]
    _function: ClassVar[Callable[..., tuple[Array, Array | None, Array | None]]]

    def init(self, key: Key) -> tuple[Params, State]:
        shape = (self.num_features,)
        params = affine_params(shape, self.dtype, self.affine, self.bias)
        if not self.track_running_stats:
            return params, {}
        state = {
            "running_mean": jnp.zeros(shape, self.dtype),
            "running_var": jnp.ones(shape, self.dtype),
            "num_batches_tracked": jnp.zeros((), int),
        }
        return params, state

    def apply(
        self,
        params: Params,
        state: State,
        x: Array,
        *,
        key: Key | None = None,
        train: bool = False,
    ) -> tuple[Array, State]:
        batch = self._checked(x)
        check_channels(type(self).__name__, "num_features", batch, self.num_features)
        y, mean, var = self._function(
            batch,
            state.get("running_mean"),
            state.get("running_var"),
            params.get("weight"),
            params.get("bias"),
            train or not self.track_running_stats,
            self._new_weight(state),
            self.eps,
        )
        y = y.reshape(x.shape)
        if not (train and self.track_running_stats):
            return y, state
        count = self._next_count(state)
        new = {"running_mean": mean, "running_var": var, "num_batches_tracked": count}
        return y, new

    def _checked(self, x: Array) -> Array:
        """The input with a batch dimension; raise if its rank is wrong."""
        raise NotImplementedError

    def _new_weight(self, state: State) -> float | Array:
        """The weight of the new batch in the running statistics."""
        raise NotImplementedError

    def _next_count(self, state: State) -> Array:
        """The number of batches, this one included."""
        raise NotImplementedError


@dataclass(frozen=True, repr=False)
class _BatchNorm(RunningNorm):
    num_features: int
    eps: float = 1e-5
    momentum: float | None = 0.1
    affine: bool = True
    track_running_stats: bool = True
    bias: bool = field(default=True, kw_only=True)

    ranks: ClassVar[tuple[int, ...]]
    _function = staticmethod(F.batch_norm)

    def _checked(self, x: Array) -> Array:
        check_rank(type(self).__name__, x, self.ranks, self.layout)
        return x

    def _new_weight(self, state: State) -> float | Array:
        if self.momentum is not None:
            return self.momentum
        if not self.track_running_stats:
            return 0.0
        # Without momentum all batches weigh the same.
        return 1 / self._next_count(state).astype(jnp.float32)

    def _next_count(self, state: State) -> Array:
        return state["num_batches_tracked"] + 1


class BatchNorm1d(_BatchNorm):
    """Batch normalization of features or sequences; equals `torch.nn.BatchNorm1d`.

    Input and output `(batch, num_features)` or `(batch, num_features, length)`. In
    training the batch's statistics are used and the running ones in the state move
    towards them; otherwise the running ones are used.

    Params: `weight`, ones, and `bias`, zeros, both `(num_features,)`; neither without
    `affine`. State: `running_mean`, zeros, `running_var`, ones, both `(num_features,)`,
    and the integer `num_batches_tracked`; none without `track_running_stats`.

    Args:
        num_features: the number of channels.
        eps: added to the variance.
        momentum: the weight of the new batch in the running statistics; None weighs
            all batches the same.
        affine: scale and shift by parameters.
        track_running_stats: without, the batch's statistics are used always.
        bias: shift, where `affine`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.BatchNorm1d(1)
        >>> params, state = layer.init(jax.random.key(0))
        >>> x = jnp.array([[1.0], [3.0]])
        >>> y, state = layer.apply(params, state, x, train=True)
        >>> y.round().tolist(), int(state["num_batches_tracked"])
        ([[-1.0], [1.0]], 1)

    Source: Ioffe and Szegedy, "Batch Normalization" (2015),
    https://arxiv.org/abs/1502.03167
    """

    ranks = (2, 3)
    layout = "(batch, channels) or (batch, channels, length)"


class BatchNorm2d(_BatchNorm):
    """Batch normalization of images; equals `torch.nn.BatchNorm2d`.

    Input and output `(batch, num_features, height, width)`; for all else see
    `BatchNorm1d`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.BatchNorm2d(3)
        >>> params, state = layer.init(jax.random.key(0))
        >>> y, state = layer.apply(params, state, jnp.ones((2, 3, 4, 4)), train=True)
        >>> y.shape, state["running_var"].shape
        ((2, 3, 4, 4), (3,))
    """

    ranks = (4,)
    layout = "(batch, channels, height, width)"


class BatchNorm3d(_BatchNorm):
    """Batch normalization of volumes; equals `torch.nn.BatchNorm3d`.

    Input and output `(batch, num_features, depth, height, width)`; for all else see
    `BatchNorm1d`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.BatchNorm3d(3)
        >>> params, state = layer.init(jax.random.key(0))
        >>> layer.apply(params, state, jnp.ones((2, 3, 4, 4, 4)))[0].shape
        (2, 3, 4, 4, 4)
    """

    ranks = (5,)
    layout = "(batch, channels, depth, height, width)"


class SyncBatchNorm(_BatchNorm):
    """Batch normalization over all devices.

    Equals `torch.nn.SyncBatchNorm`. Under `jax.jit` an array sharded over devices is
    one array, so its statistics are those of the whole batch: this is batch norm for
    inputs `(batch, num_features, *)` of 2 to 5 dimensions.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.SyncBatchNorm(3)
        >>> params, state = layer.init(jax.random.key(0))
        >>> layer.apply(params, state, jnp.ones((2, 3)))[0].shape
        (2, 3)
    """

    ranks = (2, 3, 4, 5)
    layout = "(batch, channels, *)"
