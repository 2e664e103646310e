"""Layers as the networks write them: those of `funcnet.nn`, and PyTorch's spellings.

A body says `nn.ReLU(inplace=True)` because compat's tensors can be written in place;
arrays cannot, and here the word means nothing.
"""

from typing import Any

import funcnet.nn as _nn
from funcnet.nn import *  # noqa: F403

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


def __getattr__(name: str) -> Any:
    raise AttributeError(f"funcnet.nn has no {name}")
