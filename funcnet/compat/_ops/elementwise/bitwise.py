"""Logic: of truth values, and of the bits of integers."""

from typing import Any

import jax.numpy as jnp

from funcnet.compat._ops.checks import check_broadcast, two_tensors, type_name
from funcnet.compat._ops.promote import is_integral, promoted
from funcnet.compat._ops.registry import op


@op("logical_not", inplace=True)
def logical_not(input: Any) -> Any:
    """Tell where an element is 0 or false, as `torch.logical_not`."""
    return jnp.logical_not(input)


def _logical(name: str, run: Any, what: str) -> None:
    def function(input: Any, other: Any) -> Any:
        check_broadcast(input, other)
        return run(input, other)

    function.__doc__ = f"Tell where {what} is not 0, as `torch.{name}`."
    op(name, inplace=True, before=two_tensors(name))(function)


_logical("logical_and", jnp.logical_and, "each of the two elements")
_logical("logical_or", jnp.logical_or, "one of the two elements")
_logical("logical_xor", jnp.logical_xor, "exactly one of the two elements")


def _integral(name: str, *operands: Any) -> list[Any]:
    found = promoted(*operands)
    if not is_integral(found[0]):
        raise NotImplementedError(
            f"\"{name}_cpu\" not implemented for '{type_name(found[0])}'"
        )
    return found


@op("bitwise_not", inplace=True)
def bitwise_not(input: Any) -> Any:
    """Turn each bit over, or each truth value, as `torch.bitwise_not`."""
    (x,) = _integral("bitwise_not", input)
    return ~x


def _bitwise(name: str, run: Any, what: str) -> None:
    def function(input: Any, other: Any) -> Any:
        return run(*_integral(name, input, other))

    function.__doc__ = f"{what}, as `torch.{name}`."
    op(name, numbers=True, inplace=True)(function)


_bitwise("bitwise_and", jnp.bitwise_and, "Keep the bits that both have")
_bitwise("bitwise_or", jnp.bitwise_or, "Join the bits of both")
_bitwise("bitwise_xor", jnp.bitwise_xor, "Keep the bits that exactly one has")
_bitwise("bitwise_left_shift", jnp.left_shift, "Shift the bits up by `other` places")
_bitwise(
    "bitwise_right_shift", jnp.right_shift, "Shift the bits down by `other` places"
)
