"""`torch.overrides`: `__torch_function__` of classes, and modes that see all calls."""

import functools
import operator
import sys
from collections.abc import Callable, Iterable
from types import FunctionType
from typing import Any, Self

from funcnet.compat._core.overriding import (
    Mode,
    call_overrides,
    disabled_torch_function,
    dispatch,
    overrides_functions,
    overriding_args,
    state,
    torch_name,
)
from funcnet.compat._ops.registry import REGISTRY
from funcnet.compat._tensor.tensor import Tensor


@functools.cache
def get_overridable_functions() -> dict[Any, list[Callable[..., Any]]]:
    """Return the functions that `__torch_function__` can override, by module.

    Equals `torch.overrides.get_overridable_functions`.
    """
    torch = sys.modules[__package__]
    result: dict[Any, list[Callable[..., Any]]] = {}
    for entry in REGISTRY.values():
        if not entry.overridable or entry.alias_of:
            continue
        home = (
            operator.attrgetter(entry.path.rpartition(".")[0])(torch)
            if "." in entry.path
            else torch
        )
        public = entry.public
        if isinstance(public, property):
            steps: list[Any] = (
                [public.__get__]
                if public.fset is None
                else [public.__get__, public.__set__]
            )
            result.setdefault(home, []).extend(steps)
        elif isinstance(public, FunctionType):
            result.setdefault(home, []).append(public)
    return result


@functools.cache
def get_ignored_functions() -> set[Callable[..., Any]]:
    """Return the functions of `torch` that cannot be overridden."""
    return {
        entry.public
        for entry in REGISTRY.values()
        if not entry.overridable and "." not in entry.path
    }


def get_testing_overrides() -> dict[Callable[..., Any], Callable[..., Any]]:
    """Return, for each overridable function, one of its signature that gives -1.

    Equals `torch.overrides.get_testing_overrides`.
    """
    every = get_overridable_functions().values()
    return {one: lambda *args, **kwargs: -1 for group in every for one in group}


@functools.cache
def get_default_nowrap_functions() -> set[Callable[..., Any]]:
    """Return the functions whose results are not wrapped in the subclass."""
    return {vars(Tensor)["grad"].__get__}


def resolve_name(f: object) -> str | None:
    """Return the name of an overridable function: "torch.add"; None for others."""
    return torch_name(f)


def is_tensor_method_or_property(func: Callable[..., Any]) -> bool:
    """Return whether a function is a method or a property getter of tensors."""
    methods = get_overridable_functions()[Tensor]
    return func in methods or getattr(func, "__name__", "") == "__get__"


# --- asking, for functions of one's own ----------------------------------------------


def is_tensor_like(inp: object) -> bool:
    """Return whether an object is a tensor or has `__torch_function__`."""
    return isinstance(inp, Tensor) or hasattr(inp, "__torch_function__")


def has_torch_function(relevant_args: Iterable[Any]) -> bool:
    """Return whether an argument or a mode may override a function.

    Equals `torch.overrides.has_torch_function`.
    """
    if state.all_off:
        return False
    if state.modes:
        return True
    return not state.classes_off and any(
        overrides_functions(type(x)) for x in relevant_args
    )


def has_torch_function_unary(obj: object) -> bool:
    """Return `has_torch_function` of one argument."""
    return has_torch_function((obj,))


def has_torch_function_variadic(*args: object) -> bool:
    """Return `has_torch_function` of the arguments."""
    return has_torch_function(args)


def handle_torch_function(
    public_api: Callable[..., Any],
    relevant_args: Iterable[Any],
    *args: object,
    **kw: object,
) -> Any:
    """Call the override of a function by a mode or an argument, as in PyTorch.

    Example:
        >>> import funcnet.compat as torch
        >>> from funcnet.compat.overrides import (
        ...     handle_torch_function, has_torch_function_unary)
        >>> def twice(x):
        ...     if has_torch_function_unary(x):
        ...         return handle_torch_function(twice, (x,), x)
        ...     return x + x
        >>> class Loud:
        ...     @classmethod
        ...     def __torch_function__(cls, func, types, args=(), kwargs=None):
        ...         return f"asked for {func.__name__}"
        >>> twice(Loud())
        'asked for twice'

    Raises:
        TypeError: all of them give NotImplemented.
    """
    arguments = [] if state.classes_off else overriding_args(relevant_args)
    result = call_overrides(public_api, arguments, args, kw)
    if result is NotImplemented:
        name = f"{public_api.__module__}.{public_api.__name__}"
        kinds = [type(x) for x in arguments]
        mode = f" nor in mode {state.modes[-1]}" if state.modes else ""
        raise TypeError(
            f"no implementation found for '{name}' on types that implement "
            f"__torch_function__: {kinds}{mode}"
        )
    return result


def wrap_torch_function(
    dispatcher: Callable[..., Iterable[Any]],
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a function overridable by the arguments that `dispatcher` returns.

    Equals `torch.overrides.wrap_torch_function`, a decorator.
    """

    def inner(func: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(func)
        def wrapped(*args: object, **kwargs: object) -> Any:
            relevant = tuple(dispatcher(*args, **kwargs))
            if has_torch_function(relevant):
                return handle_torch_function(wrapped, relevant, *args, **kwargs)
            return func(*args, **kwargs)

        return wrapped

    return inner


class TorchFunctionMode(Mode):
    """Mode that intercepts all calls of PyTorch's functions in a `with` block.

    Equals `torch.overrides.TorchFunctionMode`: subclasses define
    `__torch_function__(self, func, types, args=(), kwargs=None)`, inside of which the
    mode is off. Modes can be nested; the innermost is asked first.

    Example:
        >>> import funcnet.compat as torch
        >>> class Names(torch.overrides.TorchFunctionMode):
        ...     def __torch_function__(self, func, types, args=(), kwargs=None):
        ...         print(torch.overrides.resolve_name(func))
        ...         return func(*args, **(kwargs or {}))
        >>> with Names():
        ...     x = torch.ones(2) + 1
        torch.ones
        torch.Tensor.add
    """

    inner: "TorchFunctionMode"

    def __init__(self) -> None:
        pass

    __torch_function__ = Mode._intercept

    def __enter__(self) -> Self:
        dispatch.activate()
        state.modes.append(self)
        return self

    def __exit__(self, *error: object) -> None:
        state.modes.pop()
        dispatch.deactivate()


class BaseTorchFunctionMode(TorchFunctionMode):
    """Mode that calls each function as it is."""

    __torch_function__ = disabled_torch_function  # calls the function itself


class enable_reentrant_dispatch:  # noqa: N801 - PyTorch's name
    """Context without effect: overrides are always re-entrant."""

    def __enter__(self) -> None:
        return

    def __exit__(self, *error: object) -> None:
        return


def redispatch_function(
    func: Callable[..., Any], types: object, args: Any, kwargs: Any
) -> Any:
    """Call a function inside `__torch_function__`, past the class that handles it."""
    state.classes_off += 1
    try:
        return func(*args, **(kwargs or {}))
    finally:
        state.classes_off -= 1


__all__ = [
    "BaseTorchFunctionMode",
    "TorchFunctionMode",
    "enable_reentrant_dispatch",
    "get_default_nowrap_functions",
    "get_ignored_functions",
    "get_overridable_functions",
    "get_testing_overrides",
    "handle_torch_function",
    "has_torch_function",
    "has_torch_function_unary",
    "has_torch_function_variadic",
    "is_tensor_like",
    "is_tensor_method_or_property",
    "redispatch_function",
    "resolve_name",
    "wrap_torch_function",
]
