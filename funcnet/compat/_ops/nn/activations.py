"""Activations: `funcnet.functional`'s, some of them with `inplace`."""

from functools import partial
from typing import Any, Final

import jax.numpy as jnp

from funcnet import functional as F
from funcnet._types import Array
from funcnet.compat._core.strides import ResultStrides
from funcnet.compat._ops.nn.inplace import native_operation, with_inplace_argument
from funcnet.compat._ops.promote import floating, is_integral
from funcnet.compat._ops.registry import (
    FUNCTIONS,
    elementwise,
    operation,
    recorded,
    register,
)
from funcnet.functional._activation import activation, rectifier
from funcnet.functional._activation.rectifier import check_limits

_STRIDES: Final = ResultStrides.ELEMENTWISE
_recorded: Final = partial(recorded, strides=_STRIDES)

native_operation("hardshrink", "hardshrink", "Tensor.hardshrink", strides=_STRIDES)

for _name in ("elu", "hardsigmoid", "hardswish", "leaky_relu", "mish", "silu"):
    with_inplace_argument(_name, _recorded(f"nn.functional.{_name}")(getattr(F, _name)))


@_recorded("nn.functional.relu")
def relu(input: Array) -> Any:
    """Compute `max(input, 0)`, as `torch.nn.functional.relu`."""
    return jnp.maximum(input, 0) if is_integral(input) else F.relu(input)


@_recorded("nn.functional.relu6")
def relu6(input: Array) -> Any:
    """Compute `min(max(input, 0), 6)`, as `torch.nn.functional.relu6`."""
    return jnp.clip(input, 0, 6) if is_integral(input) else F.relu6(input)


@_recorded("nn.functional.hardtanh")
def hardtanh(input: Array, min_val: float = -1.0, max_val: float = 1.0) -> Any:
    """Clip to `min_val .. max_val`, as `torch.nn.functional.hardtanh`."""
    if is_integral(input):
        check_limits(min_val, max_val)
        return jnp.clip(input, int(min_val), int(max_val))
    return F.hardtanh(input, min_val, max_val)


@_recorded("nn.functional.threshold")
def threshold(input: Array, threshold: float, value: float) -> Any:
    """Keep what is above `threshold`, as `torch.nn.functional.threshold`."""
    if is_integral(input):
        return jnp.where(input > threshold, input, int(value))
    return F.threshold(input, threshold, value)


with_inplace_argument("relu6", relu6)
with_inplace_argument("hardtanh", hardtanh)

# Functions of `torch` and methods besides.
for _name, _function in (
    ("relu", relu),
    ("threshold", threshold),
    ("celu", _recorded("nn.functional.celu")(F.celu)),
    ("selu", _recorded("nn.functional.selu")(F.selu)),
):
    register(_name)(_function)
    with_inplace_argument(_name, _function, f"{_name}_", f"Tensor.{_name}_")


@elementwise("nn.functional.softsign")
def softsign(input: Array) -> Any:
    """Compute `x / (1 + |x|)`, as `torch.nn.functional.softsign`."""
    return F.softsign(floating(input))


@elementwise("nn.functional.tanhshrink")
def tanhshrink(input: Array) -> Any:
    """Compute `x - tanh(x)`, as `torch.nn.functional.tanhshrink`."""
    return F.tanhshrink(floating(input))


@operation(
    "nn.functional.prelu",
    *("prelu", "Tensor.prelu"),
    method=False,
    strides=ResultStrides.AS_FIRST_INPUT,
)
def prelu(input: Array, weight: Array) -> Any:
    """Multiply negative elements by `weight`, as `torch.nn.functional.prelu`."""
    return F.prelu(input, weight)


# Those that have no line above are the native functions as they are: a new activation
# of `funcnet.functional` is one of `torch.nn.functional`.
_OF_TORCH = ("sigmoid", "tanh", "rrelu")  # which are elementwise operations, or draw
for _name in (*activation.__all__, *rectifier.__all__):
    if _name not in _OF_TORCH and f"nn.functional.{_name}" not in FUNCTIONS:
        native_operation(
            _name,
            strides=ResultStrides.AS_FIRST_INPUT if _name == "glu" else _STRIDES,
        )
