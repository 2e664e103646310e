"""Layers under modes and subclasses: each calls the function of tensors that it is.

A layer is recorded by its description otherwise, past the functions that call
`__torch_function__`. Once those do (`dispatch.active`), it computes from the module's
attributes by functions.
"""

from collections.abc import Iterable
from typing import Any

from funcnet._homes import home_of
from funcnet.compat._core.overriding import (
    NOT_OVERRIDDEN,
    call_overrides,
    overriding_args,
    state,
)


def ask_layer(module: Any, inputs: tuple[Any, ...], named: dict[str, Any]) -> Any:
    """Return what an override gives for a layer; `NOT_OVERRIDDEN` without one."""
    if state.all_off:
        return NOT_OVERRIDDEN
    overriders = (
        [] if state.classes_off else overriding_args(_tensors(module, inputs, named))
    )
    if not (overriders or state.modes):
        return NOT_OVERRIDDEN
    if module._is_function():
        return module._formula(*inputs, **named)
    if not overriders:
        return NOT_OVERRIDDEN

    def computed(*inputs: object, **named: object) -> Any:
        return module._run(inputs, named, asks=False)

    computed.__name__ = computed.__qualname__ = _class_name(module).lower()
    result = call_overrides(computed, overriders, inputs, named)
    if result is NotImplemented:
        raise TypeError(
            f"no implementation found for '{computed.__name__}' on types that "
            f"implement __torch_function__: {[type(x) for x in overriders]}"
        )
    return result


def asks_one_by_one(modules: Iterable[Any], x: object) -> bool:
    """Return whether layers that follow each other must be called one by one."""
    if state.all_off:
        return False
    return bool(
        state.modes
        or any(overriding_args(_tensors(layer, (x,), {})) for layer in modules)
    )


def _tensors(module: Any, inputs: Iterable[Any], named: dict[str, Any]) -> list[Any]:
    return [*inputs, *named.values(), *module.__dict__["_parameters"].values()]


def _class_name(module: Any) -> str:
    """The name of the class of PyTorch that a module is of."""
    for base in type(module).__mro__:
        if home_of(base).startswith("funcnet.compat.nn.modules."):
            return base.__name__
    return type(module).__name__
