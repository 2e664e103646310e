"""`torch.overrides`: `__torch_function__` of other classes is not asked here."""

from collections.abc import Callable, Iterable
from typing import Any

from funcnet.compat._ops._table import FUNCTIONS, METHODS
from funcnet.compat._tensor import Tensor


def is_tensor_like(inp: Any) -> bool:
    """Tell whether it is a tensor, or says it is like one."""
    return isinstance(inp, Tensor) or hasattr(inp, "__torch_function__")


def has_torch_function(relevant_args: Iterable[Any]) -> bool:
    """No: functions here ask no argument to compute them instead."""
    return False


has_torch_function_unary = has_torch_function_variadic = has_torch_function


def handle_torch_function(
    public_api: Callable[..., Any], relevant_args: Iterable[Any], *args: Any, **kw: Any
) -> Any:
    """Call the function itself."""
    return public_api(*args, **kw)


def is_tensor_method_or_property(func: Callable[..., Any]) -> bool:
    """Tell whether it is a method of tensors."""
    return any(found is func for found in (*METHODS.values(), *vars(Tensor).values()))


def resolve_name(f: Callable[..., Any]) -> str | None:
    """The name under which a function is known here."""
    for name, found in FUNCTIONS.items():
        if found is f:
            return f"torch.{name}"
    for name, found in METHODS.items():
        if found is f:
            return f"torch.Tensor.{name}"
    return None


__all__ = [
    "handle_torch_function",
    "has_torch_function",
    "is_tensor_like",
    "is_tensor_method_or_property",
    "resolve_name",
]
