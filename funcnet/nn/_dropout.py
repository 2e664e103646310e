"""Random zeroing of elements and channels."""

from dataclasses import dataclass

from funcnet import functional as F
from funcnet._errors import InputError
from funcnet.nn._function import RandomFunctionLayer

__all__ = [
    "AlphaDropout",
    "Dropout",
    "Dropout1d",
    "Dropout2d",
    "Dropout3d",
    "FeatureAlphaDropout",
]


@dataclass(frozen=True, repr=False)
class _DropoutLayer(RandomFunctionLayer):
    """A layer that drops with probability `p` in training."""

    p: float = 0.5

    def __post_init__(self) -> None:
        if not 0 <= self.p <= 1:
            raise InputError("dropout.p", name=type(self).__name__, p=self.p)

    def draws(self, train: bool) -> bool:
        return train and 0 < self.p < 1


class Dropout(_DropoutLayer, function=F.dropout):
    """Dropout of elements with probability `p`; equals `torch.nn.Dropout`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.Dropout(0.5)
        >>> layer.apply({}, {}, jnp.ones(4))[0].tolist()
        [1.0, 1.0, 1.0, 1.0]
        >>> key = jax.random.key(0)
        >>> y, _ = layer.apply({}, {}, jnp.ones(100), key=key, train=True)
        >>> sorted(set(y.tolist()))
        [0.0, 2.0]
    """


class Dropout1d(_DropoutLayer, function=F.dropout1d):
    """Dropout of the channels of sequences; equals `torch.nn.Dropout1d`.

    Input `(batch, channels, length)` or `(channels, length)`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> x, key = jnp.ones((9, 2)), jax.random.key(0)
        >>> y, _ = nn.Dropout1d(0.5).apply({}, {}, x, key=key, train=True)
        >>> sorted(set(y.sum(1).tolist()))
        [0.0, 4.0]
    """


class Dropout2d(_DropoutLayer, function=F.dropout2d):
    """Dropout of the channels of images; equals `torch.nn.Dropout2d`.

    Input `(batch, channels, height, width)`; three dimensions are
    `(batch, channels, length)`, as there.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> x, key = jnp.ones((3, 4, 2, 2)), jax.random.key(0)
        >>> y, _ = nn.Dropout2d(0.5).apply({}, {}, x, key=key, train=True)
        >>> sorted(set(y.sum((2, 3)).ravel().tolist()))
        [0.0, 8.0]
    """


class Dropout3d(_DropoutLayer, function=F.dropout3d):
    """Dropout of the channels of volumes; equals `torch.nn.Dropout3d`.

    Input `(batch, channels, depth, height, width)`; the batch may be missing.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> x, key = jnp.ones((9, 2, 1, 1)), jax.random.key(0)
        >>> y, _ = nn.Dropout3d(0.5).apply({}, {}, x, key=key, train=True)
        >>> sorted(set(y.sum((1, 2, 3)).tolist()))
        [0.0, 4.0]
    """


class AlphaDropout(_DropoutLayer, function=F.alpha_dropout):
    """Alpha dropout, to SELU's lower limit; equals `torch.nn.AlphaDropout`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.AlphaDropout(0.5).apply({}, {}, jnp.ones(2))[0].tolist()
        [1.0, 1.0]
    """


class FeatureAlphaDropout(_DropoutLayer, function=F.feature_alpha_dropout):
    """Alpha dropout of channels; equals `torch.nn.FeatureAlphaDropout`.

    Input `(batch, channels, *)`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> nn.FeatureAlphaDropout(0.5).apply({}, {}, jnp.ones((1, 2)))[0].tolist()
        [[1.0, 1.0]]
    """
