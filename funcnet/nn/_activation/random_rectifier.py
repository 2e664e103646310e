"""Rectifiers whose slope is learned or drawn."""

from dataclasses import dataclass
from typing import Any, Self

import jax.numpy as jnp

from funcnet import functional as F
from funcnet._types import Array, DTypeLike, Key, Params, State
from funcnet.nn._base import ParametricLayer
from funcnet.nn._function import RandomFunctionLayer

__all__ = ["PReLU", "RReLU"]


@dataclass(frozen=True, repr=False, init=False)
class PReLU(ParametricLayer):
    """Parametric ReLU: `x` or `weight * x`; equals `torch.nn.PReLU`.

    Params: `weight` `(num_parameters,)`, filled with `init`: one slope, or one for each
    channel of `(batch, channels, *)`. The setting `init` stands under `initial`, for
    `init` is the method that makes the parameters.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.PReLU(init=0.5)
        >>> params, state = layer.init(jax.random.key(0))
        >>> layer.apply(params, state, jnp.array([-2.0, 2.0]))[0].tolist()
        [-1.0, 2.0]
    """

    num_parameters: int = 1
    initial: float = 0.25

    def __init__(
        self,
        num_parameters: int = 1,
        init: float = 0.25,
        *,
        dtype: DTypeLike = "float32",
    ) -> None:
        settings = {"num_parameters": num_parameters, "initial": init, "dtype": dtype}
        for name, value in settings.items():
            object.__setattr__(self, name, value)

    def settings(self) -> str:
        return super().settings().replace("initial=", "init=")

    def replace(self, **changes: Any) -> Self:
        settings = {"init": self.initial, "dtype": self.dtype}
        return type(self)(
            **{"num_parameters": self.num_parameters} | settings | changes
        )

    def init(self, key: Key) -> tuple[Params, State]:
        return {"weight": jnp.full(self.num_parameters, self.initial, self.dtype)}, {}

    def compute(self, params: Params, x: Array) -> Array:
        return F.prelu(x, params["weight"])


@dataclass(frozen=True, repr=False)
class RReLU(RandomFunctionLayer, function=F.rrelu):
    """Leaky ReLU with a slope from U(lower, upper); equals `torch.nn.RReLU`.

    Outside training the slope is `(lower + upper) / 2`.

    Example:
        >>> import jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.RReLU(0.25, 0.75)
        >>> layer.apply({}, {}, jnp.array([-2.0, 2.0]))[0].tolist()
        [-1.0, 2.0]
    """

    lower: float = 1 / 8
    upper: float = 1 / 3
