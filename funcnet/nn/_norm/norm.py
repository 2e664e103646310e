"""Norms within a sample, without running statistics."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import jax.numpy as jnp

from funcnet import functional as F
from funcnet._check import check_rank
from funcnet._errors import InputError
from funcnet._types import Array, DTypeLike, Key, Params, Shape, State
from funcnet.nn._base import ParametricLayer
from funcnet.nn._function import FunctionLayer

__all__ = ["CrossMapLRN2d", "GroupNorm", "LayerNorm", "LocalResponseNorm", "RMSNorm"]


@dataclass(frozen=True, repr=False)
class LayerNorm(ParametricLayer):
    """Layer normalization over the last dimensions; equals `torch.nn.LayerNorm`.

    Params, of `normalized_shape`: `weight`, ones, and `bias`, zeros; neither without
    `elementwise_affine`.

    Input and output `(*, *normalized_shape)`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.LayerNorm(2)
        >>> params, state = layer.init(jax.random.key(0))
        >>> layer.apply(params, state, jnp.array([[1.0, 3.0]]))[0].round().tolist()
        [[-1.0, 1.0]]
    """

    normalized_shape: int | Sequence[int]
    eps: float = 1e-5
    elementwise_affine: bool = True
    bias: bool = True

    def __post_init__(self) -> None:
        shape = _as_shape("LayerNorm", self.normalized_shape)
        object.__setattr__(self, "normalized_shape", shape)

    def init(self, key: Key) -> tuple[Params, State]:
        shape = _as_shape("LayerNorm", self.normalized_shape)
        return affine_params(shape, self.dtype, self.elementwise_affine, self.bias), {}

    def compute(self, params: Params, x: Array) -> Array:
        weight, bias = params.get("weight"), params.get("bias")
        return F.layer_norm(x, self.normalized_shape, weight, bias, self.eps)


@dataclass(frozen=True, repr=False)
class RMSNorm(ParametricLayer):
    """RMS normalization over the last dimensions; equals `torch.nn.RMSNorm`.

    Params: `weight`, ones of `normalized_shape`; none without `elementwise_affine`.

    Input and output `(*, *normalized_shape)`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.RMSNorm(2)
        >>> params, state = layer.init(jax.random.key(0))
        >>> layer.apply(params, state, jnp.array([[3.0, -3.0]]))[0].round().tolist()
        [[1.0, -1.0]]
    """

    normalized_shape: int | Sequence[int]
    eps: float | None = None
    elementwise_affine: bool = True

    def __post_init__(self) -> None:
        shape = _as_shape("RMSNorm", self.normalized_shape)
        object.__setattr__(self, "normalized_shape", shape)

    def init(self, key: Key) -> tuple[Params, State]:
        shape = _as_shape("RMSNorm", self.normalized_shape)
        return affine_params(shape, self.dtype, self.elementwise_affine, False), {}

    def compute(self, params: Params, x: Array) -> Array:
        weight = params.get("weight")
        return F.rms_norm(x, self.normalized_shape, weight, self.eps)


@dataclass(frozen=True, repr=False)
class GroupNorm(ParametricLayer):
    """Group normalization over groups of channels; equals `torch.nn.GroupNorm`.

    Params: `weight`, ones, and `bias`, zeros, both `(num_channels,)`; neither without
    `affine`.

    Input and output `(batch, num_channels, *)`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.GroupNorm(2, 4)
        >>> params, state = layer.init(jax.random.key(0))
        >>> x = jnp.array([[1.0, 3.0, 5.0, 7.0]])
        >>> layer.apply(params, state, x)[0].round().tolist()
        [[-1.0, 1.0, -1.0, 1.0]]
    """

    num_groups: int
    num_channels: int
    eps: float = 1e-5
    affine: bool = True
    bias: bool = field(default=True, kw_only=True)

    def __post_init__(self) -> None:
        if self.num_groups < 1 or self.num_channels % self.num_groups:
            facts = {"num_groups": self.num_groups, "num_channels": self.num_channels}
            raise InputError("norm.layer_groups", name="GroupNorm", **facts)

    def init(self, key: Key) -> tuple[Params, State]:
        shape = (self.num_channels,)
        return affine_params(shape, self.dtype, self.affine, self.bias), {}

    def compute(self, params: Params, x: Array) -> Array:
        check_channels("GroupNorm", "num_channels", x, self.num_channels)
        weight, bias = params.get("weight"), params.get("bias")
        return F.group_norm(x, self.num_groups, weight, bias, self.eps)


@dataclass(frozen=True, repr=False)
class LocalResponseNorm(FunctionLayer, function=F.local_response_norm):
    """Local response normalization over `size` neighbouring channels.

    Equals `torch.nn.LocalResponseNorm`. Input and output `(batch, channels, *)`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.LocalResponseNorm(2, alpha=2.0, beta=1.0)
        >>> (1 / layer.apply({}, {}, jnp.ones((1, 3, 1)))[0]).ravel().tolist()
        [2.0, 3.0, 3.0]
    """

    size: int
    alpha: float = 1e-4
    beta: float = 0.75
    k: float = 1.0


class CrossMapLRN2d(LocalResponseNorm):
    """Local response normalization of images; equals `torch.nn.CrossMapLRN2d`.

    Computes what `LocalResponseNorm` does; input `(batch, channels, height, width)`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.CrossMapLRN2d(1, alpha=1.0, beta=1.0)
        >>> layer.apply({}, {}, jnp.ones((1, 1, 1, 1)))[0].tolist()
        [[[[0.5]]]]
    """

    def forward(self, x: Array) -> Array:
        check_rank("CrossMapLRN2d", x, (4,), "(batch, channels, height, width)")
        return super().forward(x)


def affine_params(
    shape: Shape, dtype: DTypeLike, weight: bool, bias: bool
) -> dict[str, Array]:
    """Ones to scale with and zeros to shift with; no bias without a weight."""
    if not weight:
        return {}
    params = {"weight": jnp.ones(shape, dtype)}
    return params | {"bias": jnp.zeros(shape, dtype)} if bias else params


def check_channels(name: str, setting: str, x: Array, channels: int) -> None:
    """Raise unless dimension 1 of `x` is the layer's number of channels."""
    if x.ndim < 2 or x.shape[1] != channels:
        facts = {"input": x.shape, "channels": channels, "setting": setting}
        raise InputError("norm.channels", name=name, **facts)


def _as_shape(name: str, shape: int | Sequence[int]) -> Shape:
    shape = (shape,) if isinstance(shape, int) else tuple(shape)
    if not shape:
        raise InputError("norm.no_shape", name=name)
    return shape
