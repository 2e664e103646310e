"""Checks of arguments that many functions share."""

import math
from typing import Any, NoReturn

import jax
import jax.numpy as jnp

from funcnet._errors import InputError, InputTypeError
from funcnet._types import Array, ArrayLike


def check_rank(
    name: str, x: ArrayLike, ranks: tuple[int, ...], layout: str, what: str = "input"
) -> None:
    """Raise unless `x` has one of `ranks` dimensions; `layout` says what they mean."""
    if jnp.ndim(x) not in ranks:
        wanted = " or ".join(str(rank) for rank in ranks)
        shape = tuple(jnp.shape(x))
        facts = {"shape": shape, "ndim": len(shape), "ranks": ranks, "wanted": wanted}
        raise InputError("rank", name=name, what=what, layout=layout, **facts)


def check_integer(name: str, what: str, value: object) -> None:
    """Raise unless `value` is an integer, one of Python's or of numpy's."""
    if not hasattr(value, "__index__"):
        type_name = type(value).__name__
        raise InputTypeError("integer", name=name, what=what, kind=type_name)


def check_dim(name: str, what: str, dim: int, x: ArrayLike) -> int:
    """Return a dimension of `x` counted from 0; raise if there is none.

    A number counts as a vector of one.
    """
    ndim = max(jnp.ndim(x), 1)
    check_integer(name, what, dim)
    if not -ndim <= dim < ndim:
        facts = {"what": what, "dim": dim, "ndim": ndim, "shape": jnp.shape(x)}
        raise InputError("dim", name=name, **facts)
    return dim % ndim


def check_floating(name: str, x: Array, what: str = "input") -> None:
    """Raise unless `x` holds floating-point (or complex) numbers."""
    if not jnp.issubdtype(x.dtype, jnp.inexact):
        raise InputTypeError("dtype.floating", name=name, what=what, dtype=x.dtype)


def check_same_dtype(name: str, **arrays: Array | None) -> None:
    """Raise unless all given arrays have one dtype, as PyTorch demands."""
    dtypes = {what: x.dtype for what, x in arrays.items() if x is not None}
    if len(set(dtypes.values())) > 1:
        listed = ", ".join(f"{what} {dtype}" for what, dtype in dtypes.items())
        raise InputTypeError("dtype.same", name=name, dtypes=dtypes, listed=listed)


def check_choice(name: str, what: str, value: Any, choices: tuple[Any, ...]) -> None:
    """Raise unless `value` is one of `choices`."""
    if value not in choices:
        wanted = ", ".join(repr(choice) for choice in choices)
        facts = {"value": value, "choices": choices, "wanted": wanted}
        raise InputError("choice", name=name, what=what, **facts)


def check_in_range(
    name: str, what: str, value: float, low: float, high: float = math.inf
) -> None:
    """Raise unless `low <= value <= high`."""
    if is_concrete(value) and not low <= value <= high:
        wanted = f"at least {low}" if high == math.inf else f"{low} to {high}"
        facts = {"value": value, "low": low, "high": high, "wanted": wanted}
        raise InputError("range", name=name, what=what, **facts)


def check_positive(name: str, what: str, value: float) -> None:
    """Raise unless `value > 0`."""
    if is_concrete(value) and not value > 0:
        raise InputError("positive", name=name, what=what, value=value)


def missing_key(name: str) -> NoReturn:
    """Raise the error of a function that must draw and got no key."""
    raise InputError("key", name=name)


def is_concrete(x: Any) -> bool:
    """Return whether the values of `x` can be read now (it is no tracer)."""
    return not isinstance(x, jax.core.Tracer)


def holds(condition: Any, otherwise: bool) -> bool:
    """Return whether a condition on a number holds, `otherwise` where it is traced.

    Who lets JAX trace a number sees to it that the formula for others is the right one.
    """
    return bool(condition) if is_concrete(condition) else otherwise
