"""What the transformations ask of their arguments, in PyTorch's words."""

from collections.abc import Callable, Sequence
from typing import Any

from funcnet.compat._core.annotations import Dims
from funcnet.compat._tensor.tensor import Tensor

Function = Callable[..., Any]


def name_of(func: Function) -> str:
    """What a function is called in messages."""
    return getattr(func, "__name__", None) or repr(func)


def named_after(made: Function, func: Function) -> Function:
    """Give what was made of a function its name and its documentation."""
    for attribute in ("__name__", "__qualname__", "__doc__", "__module__"):
        if isinstance(getattr(func, attribute, None), str):
            setattr(made, attribute, getattr(func, attribute))
    made.__wrapped__ = func  # type: ignore[attr-defined]
    return made


def places_of(argnums: Dims, count: int) -> tuple[int, ...]:
    """The places of the arguments by which to differentiate.

    Raises:
        RuntimeError: `argnums` is neither an integer nor a tuple of different ones, or
            there are no such arguments.
    """
    many = argnums if isinstance(argnums, tuple) else (argnums,)
    if not all(isinstance(n, int) for n in many):
        raise RuntimeError(
            f"argnums must be int or Tuple[int, ...], got: {type(argnums)}"
        )
    if not many:
        raise RuntimeError("argnums must be non-empty")
    for n in many:
        if not -count <= n < count:
            raise RuntimeError(f"Got argnum={n}, but only {count} positional inputs")
    result = tuple([n % count for n in many])
    if len(set(result)) < len(result):
        raise RuntimeError(f"argnums elements must be unique, got {argnums}")
    return result


def check_differentiable(leaves: Sequence[Any]) -> None:
    """Raise unless a function can be differentiated by all of these."""
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
    """The output of a function, and what it gives besides."""
    if not (isinstance(result, tuple) and len(result) == 2):
        raise RuntimeError(
            f"{what}: output of function f should be a tuple: (output, aux) if has_aux "
            "is True"
        )
    return result


def check_outputs(leaves: Sequence[Any], what: str) -> None:
    """Raise unless the outputs of a function are tensors, one at least."""
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
