"""Tensors of one number where a function takes a number: `x.topk(k)` of a tensor `k`.

PyTorch reads such a number from the tensor. That is looked at only after a call has
failed, so that calls with numbers do not pay for it.
"""

import functools
import inspect
from collections.abc import Callable
from typing import Any, NamedTuple, get_args

from funcnet.compat._tensor.tensor import Tensor

_Given = tuple[tuple[Any, ...], dict[str, Any]]


class _Numbers(NamedTuple):
    """Which numbers a parameter takes in place of a tensor."""

    integers: bool
    floats: bool


def with_numbers(
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> _Given | None:
    """Arguments with numbers read from tensors, where the function wants numbers.

    None where there are no such tensors.
    """
    if not any(map(_may_hold, (*args, *kwargs.values()))):
        return None
    taken = _taken(function)
    try:
        bound = taken.bind(*args, **kwargs)
    except TypeError:
        return None
    changed = False
    for name, value in bound.arguments.items():
        wanted = _wanted(taken.parameters[name])
        if wanted is not None:
            bound.arguments[name] = read = _read(value, wanted)
            changed |= read is not value
    return (bound.args, bound.kwargs) if changed else None


def _may_hold(value: object) -> bool:
    return isinstance(value, Tensor | tuple | list)


@functools.cache
def _taken(function: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(function)


@functools.cache
def _wanted(parameter: inspect.Parameter) -> _Numbers | None:
    """The numbers that a parameter takes; None if it takes tensors."""
    kinds = _kinds(parameter.annotation)
    if any(issubclass(kind, Tensor) or kind.__name__ == "Array" for kind in kinds):
        return None
    anything = object in kinds
    result = _Numbers(anything or int in kinds, float in kinds)
    return result if any(result) else None


def _kinds(annotation: Any) -> set[type]:
    """The classes that an annotation names, also inside of others."""
    if annotation is Any:
        return {object}
    parts = get_args(annotation)
    if parts:
        return set().union(*map(_kinds, parts))
    is_class = (
        isinstance(annotation, type) and annotation is not inspect.Parameter.empty
    )
    return {annotation} if is_class else set()


def _read(value: Any, wanted: _Numbers) -> Any:
    if isinstance(value, Tensor):
        plain = value.ndim == 0 and not value.requires_grad and not value.is_complex()
        fits = wanted.floats if value.is_floating_point() else any(wanted)
        return value.item() if plain and fits else value
    if type(value) in (tuple, list) and any(isinstance(x, Tensor) for x in value):
        parts = [_read(x, wanted) for x in value]
        same = all(x is y for x, y in zip(parts, value, strict=True))
        return value if same else type(value)(parts)
    return value
