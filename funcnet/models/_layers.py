"""Layers as the networks write them: those of `funcnet.nn`, and PyTorch's spellings.

A body says `nn.ReLU(inplace=True)` because compat's tensors can be written in place;
arrays cannot, and here the word means nothing.
"""

from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp

import funcnet.nn as _nn
from funcnet._check import missing_key
from funcnet._errors import InputError
from funcnet._types import Array, Key, Params
from funcnet.nn import *  # noqa: F403
from funcnet.nn._function import RandomFunctionLayer

Module: Any = _nn.Model


def ReLU(inplace: bool = False) -> _nn.Layer:  # noqa: N802
    """Rectified linear unit."""
    return _nn.ReLU()


def ReLU6(inplace: bool = False) -> _nn.Layer:  # noqa: N802
    """Rectified linear unit with the upper limit 6."""
    return _nn.ReLU6()


def SiLU(inplace: bool = False) -> _nn.Layer:  # noqa: N802
    """Sigmoid linear unit."""
    return _nn.SiLU()


def Hardswish(inplace: bool = False) -> _nn.Layer:  # noqa: N802
    """Hard swish."""
    return _nn.Hardswish()


def Hardsigmoid(inplace: bool = False) -> _nn.Layer:  # noqa: N802
    """Hard sigmoid."""
    return _nn.Hardsigmoid()


def Dropout(p: float = 0.5, inplace: bool = False) -> _nn.Layer:  # noqa: N802
    """Dropout of elements."""
    return _nn.Dropout(p)


@dataclass(frozen=True, repr=False)
class StochasticDepth(RandomFunctionLayer):
    """Zero whole samples (or, with mode "batch", all) with probability `p`.

    Source: Huang et al., "Deep Networks with Stochastic Depth" (2016),
    https://arxiv.org/abs/1603.09382
    """

    p: float
    mode: str

    def __post_init__(self) -> None:
        if not 0 <= self.p <= 1:
            raise InputError("dropout.p", name="StochasticDepth", p=self.p)

    def draws(self, train: bool) -> bool:
        return train and 0 < self.p < 1

    def forward(self, input: Array, *, training: bool, key: Key | None) -> Array:
        if not training or self.p == 0:
            return input
        if self.p == 1:
            return jnp.zeros_like(input)
        count = input.shape[0] if self.mode == "row" else 1
        shape = (count, *[1] * (input.ndim - 1))
        if key is None:
            missing_key("StochasticDepth")
        kept = jax.random.bernoulli(key, 1 - self.p, shape)
        return input * (kept.astype(input.dtype) / (1 - self.p))


class LayerNorm2d(_nn.LayerNorm):
    """Layer norm over the channels of images."""

    def compute(self, params: Params, x: Array) -> Array:
        y = super().compute(params, jnp.transpose(x, (0, 2, 3, 1)))
        return jnp.transpose(y, (0, 3, 1, 2))


def __getattr__(name: str) -> Any:
    raise AttributeError(f"funcnet.nn has no {name}")
