"""Dropout and randomised activations: each call draws with a key of its own."""

import inspect
import warnings
from collections.abc import Callable
from typing import Any

from funcnet import functional as F
from funcnet.compat._help import outside
from funcnet.compat._ops._functional._table import (
    publish,
    recorded,
    with_inplace,
)
from funcnet.compat._ops._table import FUNCTIONS, in_place
from funcnet.compat._random_key import key_of, next_key
from funcnet.compat._tensor import Tensor


def _drawn(name: str) -> Callable[..., Tensor]:
    """The recorded operation that draws, for when it has to."""
    native = getattr(F, name)

    def run(input: Any, seed: Any, counter: Any, *settings: Any) -> Any:
        x = input
        if name in _USUAL and x.ndim not in (3, *_USUAL[name]):
            x = x.reshape(*x.shape[:2], *[1] * (max(_USUAL[name]) - 3), -1)
        y = native(x, *settings, True, key=key_of(seed, counter))
        return y.reshape(input.shape)

    return recorded(name)(run)


_USUAL = {"dropout2d": (3, 4), "dropout3d": (4, 5)}


def _dropout(name: str, training: bool, in_torch: bool = False) -> None:
    """Enter a function of the dropout family; `training` is its default."""
    drawn, default = _drawn(name), training

    def public(input: Tensor, p: float = 0.5, training: bool = default) -> Tensor:
        if not 0 <= p <= 1:
            raise ValueError(
                f"dropout probability has to be between 0 and 1, but got {p}"
            )
        _check_rank(name, input.ndim)
        if not training or p == 0:
            return input
        return drawn(input, *next_key(), float(p))

    def low_level(input: Tensor, p: float, train: bool) -> Tensor:
        return public(input, p, train)

    public.__doc__ = f"{_first_line(name)} As `torch.nn.functional.{name}`."
    with_inplace(public, name, 3, False)
    if in_torch:
        FUNCTIONS[name] = low_level
        FUNCTIONS[name + "_"] = in_place(low_level, name + "_")


def _first_line(name: str) -> str:
    return (inspect.getdoc(getattr(F, name)) or "").partition("\n")[0]


def _check_rank(name: str, ndim: int) -> None:
    if name == "dropout1d" and ndim not in (2, 3):
        raise RuntimeError(
            f"dropout1d: Expected 2D or 3D input, but received a {ndim}D input. Note "
            "that dropout1d exists to provide channel-wise dropout on inputs with 1 "
            "spatial dimension, a channel dimension, and an optional batch dimension "
            "(i.e. 2D or 3D inputs)."
        )
    if name in _USUAL and ndim not in _USUAL[name]:
        warnings.warn(
            f"{name}: Received a {ndim}-D input to {name}, which is deprecated and "
            "will result in an error in a future release. To retain the behavior and "
            "silence this warning, please use dropout instead.",
            UserWarning,
            stacklevel=outside(),
        )
    elif name == "dropout2d" and ndim == 3:
        warnings.warn(
            "dropout2d: Received a 3D input to dropout2d and assuming that "
            "channel-wise 1D dropout behavior is desired - input is interpreted as "
            "shape (N, C, L), where C is the channel dim. Write dropout1d for it.",
            UserWarning,
            stacklevel=outside(),
        )


_dropout("dropout", True, in_torch=True)
_dropout("dropout1d", True)
_dropout("dropout2d", True)
_dropout("dropout3d", True)
_dropout("alpha_dropout", False, in_torch=True)
_dropout("feature_alpha_dropout", False, in_torch=True)

_RRELU = _drawn("rrelu")


@recorded("rrelu")
def _rrelu_mean(input: Any, lower: float, upper: float) -> Any:
    return F.rrelu(input, lower, upper)


def rrelu(
    input: Tensor, lower: float = 1 / 8, upper: float = 1 / 3, training: bool = False
) -> Tensor:
    """Multiply negatives by random slopes, as `torch.nn.functional.rrelu`."""
    if lower > upper:
        raise RuntimeError(
            "Lower bound should be less than or equal to the upper bound"
        )
    if not training:
        result: Tensor = _rrelu_mean(input, lower, upper)
        return result
    return _RRELU(input, *next_key(), lower, upper)


with_inplace(rrelu, "rrelu", 4, False)
publish("rrelu")(rrelu)
publish("rrelu_")(FUNCTIONS["nn.functional.rrelu_"])
