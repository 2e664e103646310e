"""Affine layers."""

import math
from dataclasses import dataclass
from typing import Any

import jax

from funcnet import functional as F
from funcnet._types import Array, Key, Params, State
from funcnet.nn._base import Layer, ParametricLayer
from funcnet.nn._initial import uniform

__all__ = ["Bilinear", "Identity", "Linear"]


@dataclass(frozen=True, repr=False)
class Identity(Layer):
    """Identity; equals `torch.nn.Identity`."""

    def compute(self, params: Params, x: Any) -> Any:
        return x


@dataclass(frozen=True, repr=False)
class Linear(ParametricLayer):
    """Linear layer: `x @ weight.T + bias`; equals `torch.nn.Linear`.

    Params: `weight` `(out_features, in_features)`, `bias` `(out_features,)`, both drawn
    from U(-b, b) with `b = 1 / sqrt(in_features)`.

    Input `(*, in_features)`, output `(*, out_features)`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.Linear(3, 4)
        >>> params, state = layer.init(jax.random.key(0))
        >>> layer.apply(params, state, jnp.ones((2, 3)))[0].shape
        (2, 4)
    """

    in_features: int
    out_features: int
    bias: bool = True

    def init(self, key: Key) -> tuple[Params, State]:
        weight_key, bias_key = jax.random.split(key)
        bound = 1 / math.sqrt(self.in_features) if self.in_features > 0 else 0.0
        shape = (self.out_features, self.in_features)
        params = {"weight": uniform(weight_key, shape, bound, self.dtype)}
        if self.bias:
            params["bias"] = uniform(bias_key, shape[:1], bound, self.dtype)
        return params, {}

    def compute(self, params: Params, x: Array) -> Array:
        return F.linear(x, params["weight"], params.get("bias"))


@dataclass(frozen=True, repr=False)
class Bilinear(ParametricLayer):
    """Bilinear layer: `y[k] = x1 @ weight[k] @ x2 + bias[k]`; `torch.nn.Bilinear`.

    Params: `weight` `(out_features, in1_features, in2_features)`, `bias`
    `(out_features,)`, both from U(-b, b) with `b = 1 / sqrt(in1_features)`.

    Inputs `(*, in1_features)` and `(*, in2_features)`, output `(*, out_features)`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.Bilinear(2, 3, 4)
        >>> params, state = layer.init(jax.random.key(0))
        >>> layer.apply(params, state, jnp.ones((5, 2)), jnp.ones((5, 3)))[0].shape
        (5, 4)
    """

    in1_features: int
    in2_features: int
    out_features: int
    bias: bool = True

    def init(self, key: Key) -> tuple[Params, State]:
        weight_key, bias_key = jax.random.split(key)
        bound = 1 / math.sqrt(self.in1_features)
        shape = (self.out_features, self.in1_features, self.in2_features)
        params = {"weight": uniform(weight_key, shape, bound, self.dtype)}
        if self.bias:
            params["bias"] = uniform(bias_key, shape[:1], bound, self.dtype)
        return params, {}

    def compute(self, params: Params, x1: Array, x2: Array) -> Array:
        return F.bilinear(x1, x2, params["weight"], params.get("bias"))
