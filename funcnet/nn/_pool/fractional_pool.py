"""Max-pooling over windows that vary at random."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from funcnet import functional as F
from funcnet._errors import InputError
from funcnet._types import Array, Key, Params, State
from funcnet.functional._pool.fractional_pool import to_ratios
from funcnet.nn._pool.pool import IndexedPool
from funcnet.nn._spatial import IntOrTuple, freeze, normalize

__all__ = ["FractionalMaxPool2d", "FractionalMaxPool3d"]


@dataclass(frozen=True, repr=False)
class _FractionalMaxPool(IndexedPool):
    kernel_size: IntOrTuple
    output_size: IntOrTuple | None = None
    output_ratio: float | Sequence[float] | None = None
    return_indices: bool = False

    dims: ClassVar[int]

    def __post_init__(self) -> None:
        name = type(self).__name__
        if (self.output_size is None) == (self.output_ratio is None):
            facts = {"output_size": self.output_size}
            raise InputError("fractional.one_of", name=name, **facts)
        if self.output_ratio is not None:
            to_ratios(name, self.output_ratio, self.dims)
        normalize(self, self.dims, "kernel_size", "output_size")
        freeze(self, "output_ratio")

    def draws(self, train: bool) -> bool:
        return True

    def apply(
        self,
        params: Params,
        state: State,
        x: Array,
        random_samples: Array | None = None,
        *,
        key: Key | None = None,
        train: bool = False,
    ) -> tuple[Any, State]:
        return self.forward(x, _random_samples=random_samples, key=key), state


class FractionalMaxPool2d(
    _FractionalMaxPool,
    function=F.fractional_max_pool2d,
    with_indices=F.fractional_max_pool2d_with_indices,
):
    """Apply 2D fractional max pooling; equals `torch.nn.FractionalMaxPool2d`.

    It draws in evaluation too, as in PyTorch: `apply` needs a key, or the random
    samples `(batch, channels, 2)` as a second input.

    Input `(batch, channels, height, width)`, the batch optional. The output has the
    size `output_size`, or that of the input times `output_ratio`; with
    `return_indices` it is the pair of maxima and their indices.

    Raises:
        InputError: not exactly one of `output_size` and `output_ratio` is given.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.FractionalMaxPool2d(2, output_ratio=0.7)
        >>> x = jnp.ones((1, 3, 10, 10))
        >>> layer.apply({}, {}, x, key=jax.random.key(0))[0].shape
        (1, 3, 7, 7)

    Source: Graham, "Fractional Max-Pooling" (2014), https://arxiv.org/abs/1412.6071
    """

    dims = 2


class FractionalMaxPool3d(
    _FractionalMaxPool,
    function=F.fractional_max_pool3d,
    with_indices=F.fractional_max_pool3d_with_indices,
):
    """Apply 3D fractional max pooling; equals `torch.nn.FractionalMaxPool3d`.

    As `FractionalMaxPool2d` with three spatial dimensions.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.FractionalMaxPool3d(2, output_size=3)
        >>> x = jnp.ones((1, 2, 6, 6, 6))
        >>> layer.apply({}, {}, x, key=jax.random.key(0))[0].shape
        (1, 2, 3, 3, 3)
    """

    dims = 3
