"""Initialisation as the networks write it: `init.normal_(layer.weight, std=0.01)`.

The functions of `funcnet.init`, for parameters of a model that is being initialised.
"""

from collections.abc import Callable
from typing import Any

from funcnet import init as _native


def _drawing(function: Callable[..., Any]) -> Callable[..., None]:
    def draw(parameter: Any, *args: Any, **options: Any) -> None:
        parameter.draw(function, *args, **options)

    draw.__doc__ = function.__doc__
    return draw


constant_ = _drawing(_native.constant)
kaiming_normal_ = _drawing(_native.kaiming_normal)
kaiming_uniform_ = _drawing(_native.kaiming_uniform)
normal_ = _drawing(_native.normal)
ones_ = _drawing(_native.ones)
trunc_normal_ = _drawing(_native.trunc_normal)
uniform_ = _drawing(_native.uniform)
xavier_normal_ = _drawing(_native.xavier_normal)
xavier_uniform_ = _drawing(_native.xavier_uniform)
zeros_ = _drawing(_native.zeros)
