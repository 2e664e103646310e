"""Keyword arguments of operations: today's names, and which one was meant."""

import inspect
from collections.abc import Callable
from typing import Any, Final

from funcnet.compat._messages.suggestions import did_you_mean

_NUMPY_NAMES: Final = {
    "axis": "dim",
    "keepdims": "keepdim",
    "x": "input",
    "x1": "input",
    "x2": "other",
}
"""What NumPy calls arguments, which PyTorch's operations take too."""


def argument_names(function: Callable[..., Any]) -> tuple[str, ...]:
    """The names of a function's arguments, sooner than by `inspect.signature`."""
    function = inspect.unwrap(function)
    declared = getattr(function, "__signature__", None)
    if declared is not None:
        return tuple(declared.parameters)
    code = function.__code__
    return code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]


def canonical_kwargs(
    name: str, kwargs: dict[str, Any], known: frozenset[str]
) -> dict[str, Any]:
    """Keyword arguments under PyTorch's names for them.

    Args:
        name: the function's, for errors.
        kwargs: as they were given.
        known: the names that the function takes.

    Raises:
        TypeError: one is not known; it says which was probably meant.
    """
    if known.issuperset(kwargs):
        return kwargs
    return {_canonical(name, key, known): value for key, value in kwargs.items()}


def _canonical(name: str, key: str, known: frozenset[str]) -> str:
    result = key if key in known else _NUMPY_NAMES.get(key, key)
    if result not in known:
        raise TypeError(
            f"{name}() got an unexpected keyword argument {key!r}."
            f"{did_you_mean(key, known)}"
        )
    return result
