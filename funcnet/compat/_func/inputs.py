"""Checks of the transforms' arguments, with PyTorch's messages."""

from collections.abc import Callable, Sequence
from typing import Any

from funcnet.compat._core.annotations import Dims
from funcnet.compat._tensor.tensor import Tensor

Function = Callable[..., Any]


def name_of(func: Function) -> str:
    """Return the name of a function for messages."""
    return getattr(func, "__name__", None) or repr(func)


def named_after(result: Function, func: Function) -> Function:
    """Copy the name and the documentation of a function to its transform."""
    for attribute in ("__name__", "__qualname__", "__doc__", "__module__"):
        if isinstance(getattr(func, attribute, None), str):
            setattr(result, attribute, getattr(func, attribute))
    result.__wrapped__ = func  # type: ignore[attr-defined]
    return result


def argument_indices(argnums: Dims, count: int) -> tuple[int, ...]:
    """Return the indices of the arguments by which to differentiate.

    Raises:
        RuntimeError: `argnums` is neither an integer nor a tuple of different ones, or
            there are no such arguments.
    """
    indices = argnums if isinstance(argnums, tuple) else (argnums,)
    if not all(isinstance(n, int) for n in indices):
        raise RuntimeError(
            f"argnums must be int or Tuple[int, ...], got: {type(argnums)}"
        )
    if not indices:
        raise RuntimeError("argnums must be non-empty")
    for n in indices:
        if not -count <= n < count:
            raise RuntimeError(f"Got argnum={n}, but only {count} positional inputs")
    result = tuple([n % count for n in indices])
    if len(set(result)) < len(result):
        raise RuntimeError(f"argnums elements must be unique, got {argnums}")
    return result


def check_differentiable(leaves: Sequence[Any]) -> None:
    """Raise unless all leaves are floating-point or complex tensors."""
    for x in leaves:
        if not isinstance(x, Tensor):
            raise ValueError(
                f"Thing passed to transform API must be Tensor, got {type(x)}"
            )
        if not x._spec.dtype.is_inexact:
            raise RuntimeError(
                "only Tensors of floating point dtype can require gradients"
            )


def with_aux(result: object, what: str) -> tuple[Any, Any]:
    """Split a result into the output and the auxiliary one."""
    if not (isinstance(result, tuple) and len(result) == 2):
        raise RuntimeError(
            f"{what}: output of function f should be a tuple: (output, aux) if has_aux "
            "is True"
        )
    return result


def check_outputs(leaves: Sequence[Any], what: str) -> None:
    """Raise unless the outputs of a function are tensors, at least one."""
    if not leaves:
        raise RuntimeError(
            f"{what}: Expected f to be a function that has non-empty output (got "
            f"output = {list(leaves)})"
        )
    for x in leaves:
        if not isinstance(x, Tensor):
            raise RuntimeError(
                f"{what}: expected f(*primals) to return only tensors, got unsupported "
                f"type {type(x)}"
            )
