"""Functions of `torch.nn.functional` that are native ones, or take `inplace`."""

import inspect
from collections.abc import Callable
from typing import Any

from funcnet import functional as F
from funcnet.compat._ops.keywords import argument_names, canonical_kwargs
from funcnet.compat._ops.registry import operation, register, register_inplace
from funcnet.compat._ops.writing import check_writable, copy_into


def native_operation(name: str, *others: str, **options: Any) -> Callable[..., Any]:
    """Register `funcnet.functional.NAME` as `torch.nn.functional.NAME`.

    Args:
        name: of the function in both.
        others: names it has besides; see `registry.operation`, also for the options.
    """
    path = f"nn.functional.{name}"
    public = operation(path, *others, method=False, **options)(getattr(F, name))
    first, _, _ = (public.__doc__ or "").partition("\n")
    public.__doc__ = f"{first}\n\nAs `torch.{path}`."
    return public


def with_inplace_argument(
    name: str, function: Callable[..., Any], *written: str
) -> Callable[..., Any]:
    """Register a function with the argument `inplace`, and the form that writes.

    Args:
        name: as `torch.nn.functional.NAME`, and `NAME_`.
        function: of tensors, without that argument.
        written: where the form that writes is besides: "relu_", "Tensor.relu_".
    """
    names = argument_names(function)
    known = frozenset((*names, "inplace"))

    def public(*args: Any, **kwargs: Any) -> Any:
        kwargs = canonical_kwargs(name, kwargs, known)
        inplace = kwargs.pop("inplace", False)
        if len(args) > len(names):
            *args, inplace = args  # type: ignore[assignment]
        if not inplace:
            return function(*args, **kwargs)
        x = args[0] if args else kwargs["input"]
        check_writable(x)
        return copy_into(x, function(*args, **kwargs))

    signature = inspect.signature(function)
    last = inspect.Parameter(
        "inplace", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=False
    )
    public.__signature__ = signature.replace(  # type: ignore[attr-defined]
        parameters=[*signature.parameters.values(), last]
    )
    register_inplace(f"nn.functional.{name}_", *written)(function)
    return register(f"nn.functional.{name}", doc=function.__doc__ or "")(public)
