"""Checks of arguments that many functions share."""

import math
from typing import Any, NoReturn

import jax
import jax.numpy as jnp

from funcnet._errors import InputError, InputTypeError
from funcnet._types import Array, ArrayLike


def check_rank(name: str, x: ArrayLike, ranks: tuple[int, ...], layout: str) -> None:
    """Raise unless `x` has one of `ranks` dimensions; `layout` says what they mean."""
    if jnp.ndim(x) not in ranks:
        wanted = " or ".join(str(rank) for rank in ranks)
        raise InputError(
            f"{name}: input has shape {jnp.shape(x)}, {jnp.ndim(x)} dimensions; "
            f"it must have {wanted}: {layout}."
        )


def check_floating(name: str, x: Array, what: str = "input") -> None:
    """Raise unless `x` holds floating-point (or complex) numbers."""
    if not jnp.issubdtype(x.dtype, jnp.inexact):
        raise InputTypeError(
            f"{name}: {what} has dtype {x.dtype}, a floating-point dtype is needed. "
            f"Convert it first: {what}.astype(jnp.float32) (and scale images to 0..1)."
        )


def check_same_dtype(name: str, **arrays: Array | None) -> None:
    """Raise unless all given arrays have one dtype, as PyTorch demands."""
    dtypes = {what: x.dtype for what, x in arrays.items() if x is not None}
    if len(set(dtypes.values())) > 1:
        found = ", ".join(f"{what} {dtype}" for what, dtype in dtypes.items())
        raise InputTypeError(
            f"{name}: all arrays must have the same dtype, got {found}. "
            "Cast with .astype()."
        )


def check_choice(name: str, what: str, value: Any, choices: tuple[Any, ...]) -> None:
    """Raise unless `value` is one of `choices`."""
    if value not in choices:
        wanted = ", ".join(repr(choice) for choice in choices)
        raise InputError(f"{name}: {what} is {value!r}, it must be one of {wanted}.")


def check_in_range(
    name: str, what: str, value: float, low: float, high: float = math.inf
) -> None:
    """Raise unless `low <= value <= high`."""
    if not low <= value <= high:
        wanted = f"at least {low}" if high == math.inf else f"{low} to {high}"
        raise InputError(f"{name}: {what} is {value}, it must be {wanted}.")


def check_positive(name: str, what: str, value: float) -> None:
    """Raise unless `value > 0`."""
    if not value > 0:
        raise InputError(f"{name}: {what} is {value}, it must be greater than 0.")


def missing_key(name: str) -> NoReturn:
    """Raise the error of a function that must draw and got no key."""
    raise InputError(
        f"{name} draws random numbers and got no key. "
        "Pass one: key=jax.random.key(0), a new one for each step."
    )


def is_concrete(x: Any) -> bool:
    """Tell whether the values of `x` can be looked at now (it is no tracer)."""
    return not isinstance(x, jax.core.Tracer)
