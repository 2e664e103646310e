"""The greater and the lesser of two, and what is clamped between bounds."""

from typing import Any

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._core.annotations import Operand
from funcnet.compat._ops.checks import two_tensors
from funcnet.compat._ops.promote import promoted
from funcnet.compat._ops.registry import elementwise
from funcnet.functional._derivative import with_slopes


@elementwise("maximum", validate=two_tensors("maximum"))
def maximum(input: Array, other: Operand) -> Any:
    """Take the greater of two elements, NaN if one is, as `torch.maximum`."""
    return jnp.maximum(*promoted(input, other))


@elementwise("minimum", validate=two_tensors("minimum"))
def minimum(input: Array, other: Operand) -> Any:
    """Take the lesser of two elements, NaN if one is, as `torch.minimum`."""
    return jnp.minimum(*promoted(input, other))


@elementwise("fmax", validate=two_tensors("fmax"))
def fmax(input: Array, other: Operand) -> Any:
    """Take the greater of two elements, rather than a NaN, as `torch.fmax`."""
    x, y = promoted(input, other)
    return jnp.where((x >= y) | (y != y), x, y)


@elementwise("fmin", validate=two_tensors("fmin"))
def fmin(input: Array, other: Operand) -> Any:
    """Take the lesser of two elements, rather than a NaN, as `torch.fmin`."""
    x, y = promoted(input, other)
    return jnp.where((x <= y) | (y != y), x, y)


@elementwise(
    *("clamp", "clip"),
    scalars_as_inputs=True,
    inplace=True,
    inplace_function=True,
    grad_name="ClampBackward1",  # PyTorch's 0 is that of bounds that are tensors
)
def clamp(input: Array, min: Any = None, max: Any = None) -> Any:
    """Keep the elements between two bounds, as `torch.clamp`.

    The gradient at a bound is the input's; where `min > max`, the result is `max`.
    """
    if min is None and max is None:
        raise RuntimeError(
            "torch.clamp: At least one of 'min' or 'max' must not be None"
        )
    if max is None:
        return _raised(*promoted(input, min))
    if min is None:
        return _lowered(*promoted(input, max))
    return _between(*promoted(input, min, max))


@elementwise("clamp_min", scalars_as_inputs=True, inplace=True, inplace_function=True)
def clamp_min(input: Array, min: Operand) -> Any:
    """Keep the elements from a bound on, as `torch.clamp_min`."""
    return _raised(*promoted(input, min))


@elementwise("clamp_max", scalars_as_inputs=True, inplace=True, inplace_function=True)
def clamp_max(input: Array, max: Operand) -> Any:
    """Keep the elements up to a bound, as `torch.clamp_max`."""
    return _lowered(*promoted(input, max))


def _cut(x: Array, low: float, high: float) -> Any:
    return jnp.minimum(jnp.maximum(x, low), high)


# A number at a bound is not cut, and has the gradient; NaN has none.
_raised = with_slopes(
    jnp.maximum,
    lambda result, x, low: x >= low,
    lambda result, x, low: x < low,
)
_lowered = with_slopes(
    jnp.minimum,
    lambda result, x, high: x <= high,
    lambda result, x, high: x > high,
)
_between = with_slopes(
    _cut,
    lambda result, x, low, high: (x >= low) & (x <= high),
    lambda result, x, low, high: (low < high) & (x < low),
    lambda result, x, low, high: (x > high) | (low > high),
)
