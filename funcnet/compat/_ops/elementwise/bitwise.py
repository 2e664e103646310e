"""Logic: of truth values, and of the bits of integers."""

from collections.abc import Callable
from typing import Any

import jax.numpy as jnp

from funcnet._types import Array
from funcnet.compat._core.annotations import Operand
from funcnet.compat._ops.checks import check_broadcast, two_tensors, type_name
from funcnet.compat._ops.promote import is_integral, promoted
from funcnet.compat._ops.registry import elementwise


@elementwise("logical_not", inplace=True)
def logical_not(input: Array) -> Any:
    """Test where an element is 0 or false, as `torch.logical_not`."""
    return jnp.logical_not(input)


def _logical(name: str, run: Callable[..., Any], what: str) -> Any:
    def function(input: Array, other: Operand) -> Any:
        check_broadcast(input, other)
        return run(input, other)

    return elementwise(
        name,
        inplace=True,
        validate=two_tensors(name),
        doc=f"Test where {what} is not 0, as `torch.{name}`.",
    )(function)


logical_and = _logical("logical_and", jnp.logical_and, "each of the two elements")
logical_or = _logical("logical_or", jnp.logical_or, "one of the two elements")
logical_xor = _logical(
    "logical_xor", jnp.logical_xor, "exactly one of the two elements"
)


def _integral(name: str, *operands: Operand) -> list[Any]:
    result = promoted(*operands)
    if not is_integral(result[0]):
        raise NotImplementedError(
            f"\"{name}_cpu\" not implemented for '{type_name(result[0])}'"
        )
    return result


@elementwise("bitwise_not", inplace=True)
def bitwise_not(input: Array) -> Any:
    """Turn each bit over, or each truth value, as `torch.bitwise_not`."""
    (x,) = _integral("bitwise_not", input)
    return ~x


def _bitwise(name: str, run: Callable[..., Any], what: str) -> Any:
    def function(input: Array, other: Operand) -> Any:
        return run(*_integral(name, input, other))

    return elementwise(
        name, scalars_as_inputs=True, inplace=True, doc=f"{what}, as `torch.{name}`."
    )(function)


bitwise_and = _bitwise("bitwise_and", jnp.bitwise_and, "Keep the bits that both have")
bitwise_or = _bitwise("bitwise_or", jnp.bitwise_or, "Join the bits of both")
bitwise_xor = _bitwise(
    "bitwise_xor", jnp.bitwise_xor, "Keep the bits that exactly one has"
)
bitwise_left_shift = _bitwise(
    "bitwise_left_shift", jnp.left_shift, "Shift the bits up by `other` places"
)
bitwise_right_shift = _bitwise(
    "bitwise_right_shift", jnp.right_shift, "Shift the bits down by `other` places"
)
