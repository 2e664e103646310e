"""Activations: `funcnet.functional`'s, some of them with `inplace`."""

import inspect
from typing import Any

import jax.numpy as jnp

from funcnet import functional as F
from funcnet.compat._ops.nn.registry import function, mirror, with_inplace
from funcnet.compat._ops.promote import floating, is_integral
from funcnet.compat._ops.registry import METHODS

_PLAIN = {
    "gelu": (),
    "glu": (),
    "hardshrink": ("hardshrink",),
    "logsigmoid": (),
    "softplus": (),
    "softshrink": (),
}
for _name, _others in _PLAIN.items():
    _public = mirror(_name, *_others)
    if _others:
        METHODS[_name] = _public

_IN_PLACE = ("celu", "elu", "hardsigmoid", "hardswish", "leaky_relu", "mish", "selu")
_IN_TORCH = ("celu", "selu")
for _name in (*_IN_PLACE, "silu"):
    _public = mirror(_name)
    _count = len(inspect.signature(getattr(F, _name)).parameters)
    with_inplace(_public, _name, _count, _name in _IN_TORCH)


@function("relu")
def relu(input: Any) -> Any:
    """Compute `max(input, 0)`, as `torch.nn.functional.relu`."""
    return jnp.maximum(input, 0) if is_integral(input) else F.relu(input)


@function("relu6")
def relu6(input: Any) -> Any:
    """Compute `min(max(input, 0), 6)`, as `torch.nn.functional.relu6`."""
    return jnp.clip(input, 0, 6) if is_integral(input) else F.relu6(input)


@function("hardtanh")
def hardtanh(input: Any, min_val: float = -1.0, max_val: float = 1.0) -> Any:
    """Clip to `min_val .. max_val`, as `torch.nn.functional.hardtanh`."""
    if min_val > max_val:
        raise ValueError("min_val cannot be greater than max_val")
    if is_integral(input):
        return jnp.clip(input, int(min_val), int(max_val))
    return F.hardtanh(input, min_val, max_val)


@function("threshold")
def threshold(input: Any, threshold: float, value: float) -> Any:
    """Keep what is above `threshold`, as `torch.nn.functional.threshold`."""
    if is_integral(input):
        return jnp.where(input > threshold, input, int(value))
    return F.threshold(input, threshold, value)


with_inplace(relu, "relu", 1, True)
with_inplace(relu6, "relu6", 1, False)
with_inplace(hardtanh, "hardtanh", 3, False)
with_inplace(threshold, "threshold", 3, True)


@function("softsign")
def softsign(input: Any) -> Any:
    """Compute `x / (1 + |x|)`, as `torch.nn.functional.softsign`."""
    return F.softsign(floating(input))


@function("tanhshrink")
def tanhshrink(input: Any) -> Any:
    """Compute `x - tanh(x)`, as `torch.nn.functional.tanhshrink`."""
    return F.tanhshrink(floating(input))


@function("prelu", "prelu")
def prelu(input: Any, weight: Any) -> Any:
    """Multiply negative elements by `weight`, as `torch.nn.functional.prelu`."""
    return F.prelu(input, weight)


METHODS["prelu"] = prelu
