"""Layers under modes and subclasses: each calls the function of tensors that it is.

A layer is recorded by its description otherwise, past the functions that ask
`__torch_function__`. Only once those ask is `NativeModule._run` given other code, which
computes from the module's attributes by functions.
"""

from collections.abc import Callable, Iterable
from typing import Any

from funcnet.compat._core import overriding as _overriding
from funcnet.compat._core.overriding import overriding, state
from funcnet.compat.nn._module.fusion import apply_in_a_row
from funcnet.compat.nn._module.native_module import NativeModule


def _asking(original: Callable[..., Any]) -> Callable[..., Any]:
    def called(
        module: Any, inputs: tuple[Any, ...], named: dict[str, Any] | None = None
    ) -> Any:
        named = named or {}
        found = [] if state.classes_off else overriding(_tensors(module, inputs, named))
        if state.all_off or not (found or state.modes):
            return original(module, inputs, named)
        if module._is_function():
            return module._formula(*inputs, **named)

        def computed(*inputs: object, **named: object) -> Any:
            return original(module, inputs, named)

        if not found:
            return computed(*inputs, **named)
        computed.__name__ = computed.__qualname__ = _kind(module).lower()
        result = _overriding.ask(computed, found, inputs, named)
        if result is NotImplemented:
            raise TypeError(
                f"no implementation found for '{computed.__name__}' on types that "
                f"implement __torch_function__: {[type(x) for x in found]}"
            )
        return result

    return called


def _tensors(module: Any, inputs: Iterable[Any], named: dict[str, Any]) -> list[Any]:
    return [*inputs, *named.values(), *module.__dict__["_parameters"].values()]


def _kind(module: Any) -> str:
    """The name of the class of PyTorch that a module is of."""
    for one in type(module).__mro__:
        if one.__module__.startswith("funcnet.compat.nn.modules."):
            return one.__name__
    return type(module).__name__


def _asking_row(original: Callable[..., Any]) -> Callable[..., Any]:
    """Call layers that follow each other one by one, if anyone is to be asked."""

    def called(modules: Iterable[Any], x: object) -> Any:
        layers = list(modules)
        asks = state.modes or any(overriding(_tensors(m, (x,), {})) for m in layers)
        if state.all_off or not asks:
            return original(layers, x)
        for layer in layers:
            x = layer(x)
        return x

    return called


_overriding.special.append((NativeModule._run, _asking))
_overriding.special.append((apply_in_a_row, _asking_row))
