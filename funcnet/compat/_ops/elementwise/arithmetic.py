"""Arithmetic of two operands: sums, products, quotients, remainders."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from funcnet._types import Array
from funcnet.compat._core.annotations import Operand
from funcnet.compat._engine.deferred_errors import check_no_zero
from funcnet.compat._ops.checks import two_tensors
from funcnet.compat._ops.index.bounds import host_values
from funcnet.compat._ops.promote import is_integral, promoted, promoted_floating
from funcnet.compat._ops.registry import elementwise
from funcnet.compat._tensor.tensor import Tensor
from funcnet.functional._derivative import quotient, with_slopes


@elementwise("add", scalars_as_inputs=True, inplace=True)
def add(input: Array, other: Operand, *, alpha: Operand = 1) -> Any:
    """Compute `input + alpha * other`, as `torch.add`."""
    x, y = promoted(input, other)
    if x.dtype == jnp.bool_:
        return x | y
    return x + y if type(alpha) is int else x + _as(alpha, y) * y


@elementwise("sub", "subtract", scalars_as_inputs=True, inplace=True)
def sub(input: Array, other: Operand, *, alpha: Operand = 1) -> Any:
    """Compute `input - alpha * other`, as `torch.sub`."""
    _check_no_bool(input, other)
    x, y = promoted(input, other)
    return x - y if type(alpha) is int else x - _as(alpha, y) * y


@elementwise("rsub", scalars_as_inputs=True)
def rsub(input: Array, other: Operand, *, alpha: Operand = 1) -> Any:
    """Compute `other - alpha * input`, as `torch.rsub`."""
    _check_no_bool(input, other)
    x, y = promoted(input, other)
    return y - _as(alpha, x) * x


def _check_no_bool(*operands: Operand) -> None:
    result = [jnp.asarray(x).dtype == jnp.bool_ for x in operands]
    if all(result):
        raise RuntimeError(
            "Subtraction, the `-` operator, with two bool tensors is not supported. "
            "Use the `^` or `logical_xor()` operator instead."
        )
    if any(result):
        raise RuntimeError(
            "Subtraction, the `-` operator, with a bool tensor is not supported. If "
            "you are trying to invert a mask, use the `~` or `logical_not()` operator "
            "instead."
        )


def check_divisor(
    input: Any, other: Any, *, rounding_mode: str | None = "floor"
) -> None:
    """Raise for integers that are divided by a zero: now, or once that is computed."""
    if rounding_mode is None or _is_inexact(input) or _is_inexact(other):
        return
    divisor = host_values(other) if isinstance(other, Tensor) else np.asarray(other)
    if divisor is None:
        check_no_zero(other._value(), _of_zero)
    elif not divisor.all():
        raise _of_zero(0)


def _of_zero(_: int) -> Exception:
    return RuntimeError("ZeroDivisionError")


def _is_inexact(x: Any) -> bool:
    if isinstance(x, Tensor):
        return x._spec.dtype.is_inexact
    return isinstance(x, float | complex) or np.asarray(x).dtype.kind in "fc"


def _as(number: Operand, like: Array) -> Any:
    return jnp.asarray(number).astype(like.dtype)


@elementwise("mul", "multiply", scalars_as_inputs=True, inplace=True)
def mul(input: Array, other: Operand) -> Any:
    """Compute `input * other`, as `torch.mul`."""
    x, y = promoted(input, other)
    return x & y if x.dtype == jnp.bool_ else x * y


@elementwise(
    *("div", "divide"),
    scalars_as_inputs=True,
    inplace=True,
    validate=lambda input, other, *, rounding_mode=None: check_divisor(
        input, other, rounding_mode=rounding_mode
    ),
)
def div(input: Array, other: Operand, *, rounding_mode: str | None = None) -> Any:
    """Compute `input / other`, as `torch.div`: rounded if `rounding_mode` says so."""
    if rounding_mode is None:
        return quotient(*promoted_floating(input, other))
    # The gradient of a rounded number is 0.
    x, y = (jax.lax.stop_gradient(part) for part in promoted(input, other))
    if rounding_mode == "floor":
        return _floored(x, y)
    if rounding_mode != "trunc":
        raise RuntimeError(
            "div expected rounding_mode to be one of None, 'trunc', or 'floor' but "
            f"found '{rounding_mode}'"
        )
    x, y = jnp.broadcast_arrays(x, y)
    return jax.lax.div(x, y) if is_integral(x) else jnp.trunc(x / y)


@elementwise(
    "true_divide", scalars_as_inputs=True, inplace=True, grad_name="DivBackward0"
)
def true_divide(input: Array, other: Operand) -> Any:
    """Compute `input / other`, as `torch.true_divide`."""
    return quotient(*promoted_floating(input, other))


@elementwise(
    "floor_divide",
    scalars_as_inputs=True,
    inplace=True,
    differentiable=False,
    validate=check_divisor,
)
def floor_divide(input: Array, other: Operand) -> Any:
    """Compute the greatest integer below `input / other`, as `torch.floor_divide`."""
    return _floored(*promoted(input, other))


def _floored(x: Array, y: Array) -> Any:
    if is_integral(x):
        return jnp.floor_divide(x, y)
    # JAX gives NaN for a quotient by zero, where it is infinite.
    return jnp.where(y == 0, x / y, jnp.floor_divide(x, jnp.where(y == 0, 1, y)))


@elementwise("remainder", scalars_as_inputs=True, inplace=True, validate=check_divisor)
def remainder(input: Array, other: Operand) -> Any:
    """Compute `input % other` with the sign of `other`, as `torch.remainder`."""
    return jnp.remainder(*promoted(input, other))


@elementwise("fmod", scalars_as_inputs=True, inplace=True, validate=check_divisor)
def fmod(input: Array, other: Operand) -> Any:
    """Compute `input % other` with the sign of `input`, as `torch.fmod`."""
    return jnp.fmod(*promoted(input, other))


@elementwise("addcmul", scalars_as_inputs=True, inplace=True)
def addcmul(input: Array, tensor1: Array, tensor2: Array, *, value: Operand = 1) -> Any:
    """Compute `input + value * tensor1 * tensor2`, as `torch.addcmul`."""
    x, y, z = promoted(input, tensor1, tensor2)
    return x + _as(value, x) * y * z


@elementwise("addcdiv", scalars_as_inputs=True, inplace=True)
def addcdiv(input: Array, tensor1: Array, tensor2: Array, *, value: Operand = 1) -> Any:
    """Compute `input + value * tensor1 / tensor2`, as `torch.addcdiv`."""
    x, y, z = promoted(input, tensor1, tensor2)
    if is_integral(y) and is_integral(z):
        raise RuntimeError(
            "Integer division with addcdiv is no longer supported, and in a future "
            "release addcdiv will perform a true division of tensor1 and tensor2. "
            "Write torch.div(tensor1, tensor2) * value + input."
        )
    return x + _as(value, x) * quotient(y, z)


def _between(x: Array, y: Array, weight: Array) -> Any:
    near, far = x + weight * (y - x), y - (y - x) * (1 - weight)
    return jnp.where(abs(weight) < 0.5, near, far)


between = with_slopes(
    _between,
    lambda result, x, y, weight: 1 - weight,
    lambda result, x, y, weight: weight,
    lambda result, x, y, weight: y - x,
)


@elementwise("lerp", scalars_as_inputs=True, inplace=True)
def lerp(input: Array, end: Operand, weight: Array) -> Any:
    """Compute `input + weight * (end - input)`, as `torch.lerp`."""
    return between(*promoted(input, end, weight))


@elementwise("gcd", inplace=True, inplace_function=True, validate=two_tensors("gcd"))
def gcd(input: Array, other: Operand) -> Any:
    """Compute the greatest common divisor, as `torch.gcd`."""
    return jnp.gcd(*promoted(input, other))


@elementwise("lcm", inplace=True, inplace_function=True, validate=two_tensors("lcm"))
def lcm(input: Array, other: Operand) -> Any:
    """Compute the least common multiple, as `torch.lcm`."""
    return jnp.lcm(*promoted(input, other))
