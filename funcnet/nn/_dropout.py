"""Random zeroing of elements and channels."""

from dataclasses import dataclass

from funcnet import functional as F
from funcnet._types import Array, Key, Params, State
from funcnet.nn._base import Layer


@dataclass(frozen=True, repr=False)
class Dropout(Layer):
    """Zero elements with probability `p` in training; equals `torch.nn.Dropout`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.Dropout(0.5)
        >>> layer.apply({}, {}, jnp.ones(4))[0].tolist()
        [1.0, 1.0, 1.0, 1.0]
    """

    p: float = 0.5

    def draws(self, train: bool) -> bool:
        return train and 0 < self.p < 1

    def apply(
        self,
        params: Params,
        state: State,
        x: Array,
        *,
        key: Key | None = None,
        train: bool = False,
    ) -> tuple[Array, State]:
        return F.dropout(x, self.p, train, key=key), state
