"""What all losses share: old spellings of `reduction`, and sizes that differ."""

import functools
import inspect
import warnings
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

import jax.numpy as jnp

from funcnet import functional as F
from funcnet._types import Array
from funcnet.compat._core.shapes import check_broadcast_all
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.promote import promoted
from funcnet.compat._ops.registry import recorded, register
from funcnet.compat._tensor.tensor import Tensor

Function: TypeAlias = Callable[..., Any]

LEGACY = ("size_average", "reduce")

Check: TypeAlias = Callable[[Tensor, Tensor, dict[str, Any]], None]
"""Looks at input, target and all arguments of each call, before it is recorded."""


def loss(
    name: str,
    check: Check | None = None,
    legacy: tuple[str, ...] = ("reduction", "reduction"),
) -> Callable[[Function], Function]:
    """Register a function of arrays as the loss `torch.nn.functional.NAME`.

    Args:
        name: the loss.
        check: raises or warns before the call is recorded.
        legacy: before which arguments PyTorch has `size_average` and `reduce`, which
            are understood as `reduction`; empty where it has not.
    """

    def enter(run: Function) -> Function:
        call = recorded(f"nn.functional.{name}")(run)
        signature = _with_legacy(inspect.signature(run), legacy)
        names = tuple(signature.parameters)
        first_legacy = min(map(names.index, LEGACY[: len(legacy)]), default=len(names))
        first_two = frozenset(names[:2])

        @functools.wraps(run)
        def public(*args: Any, **kwargs: Any) -> Tensor:
            if (
                len(args) > first_legacy
                or "size_average" in kwargs
                or "reduce" in kwargs
            ):
                args, kwargs = (), _modern(signature.bind(*args, **kwargs).arguments)
            if check is warn_of_sizes and len(args) > 1:  # most losses; faster
                check(args[0], args[1], kwargs)
            elif check is not None:
                bound = dict(zip(names, args, strict=False)) | kwargs
                if bound.keys() >= first_two:
                    check(bound[names[0]], bound[names[1]], bound)
            result: Tensor = call(*args, **kwargs)
            return result

        public.__signature__ = signature  # type: ignore[attr-defined]
        return register(f"nn.functional.{name}")(public)

    return enter


def native_loss(
    name: str, prepare: Callable[..., Iterable[Any]], inputs: int = 2, **options: Any
) -> Function:
    """Register `funcnet.functional`'s loss of this name, on prepared inputs.

    Args:
        name: the loss.
        prepare: what PyTorch does to the inputs that the native function refuses.
        inputs: how many of the arguments are inputs; the others are settings.
        **options: those of `loss`.
    """
    native = getattr(F, name)
    signature = inspect.signature(native)

    def run(*args: object, **kwargs: object) -> Any:
        bound = signature.bind(*args, **kwargs)
        settings = bound.arguments
        given = [settings.pop(key) for key in [*settings][:inputs]]
        return native(*prepare(*given), **settings)

    first, _, _ = (native.__doc__ or "").partition("\n")
    run.__doc__ = f"{first}\n\nAs `torch.nn.functional.{name}`."
    run.__name__ = run.__qualname__ = name
    run.__signature__ = signature  # type: ignore[attr-defined]
    return loss(name, **options)(run)


def _with_legacy(
    signature: inspect.Signature, legacy: tuple[str, ...]
) -> inspect.Signature:
    """The signature with `size_average` and `reduce` before the arguments named."""
    parameters = []
    for parameter in signature.parameters.values():
        for old, index in zip(LEGACY, legacy, strict=False):
            if parameter.name == index:
                result = inspect.Parameter(
                    old, parameter.kind, default=None, annotation=bool | None
                )
                parameters.append(result)
        parameters.append(parameter)
    return signature.replace(parameters=parameters)


def _modern(arguments: dict[str, Any]) -> dict[str, Any]:
    """The arguments of a call with `reduction` in place of the two old ones."""
    reduction = legacy_reduction(*[arguments.pop(key, None) for key in LEGACY])
    return arguments if reduction is None else arguments | {"reduction": reduction}


def legacy_reduction(size_average: bool | None, reduce: bool | None) -> str | None:
    """The reduction that the two old arguments mean, with a warning; None for none."""
    if size_average is None and reduce is None:
        return None
    averaged = size_average is None or size_average
    summed = "mean" if averaged else "sum"
    reduction = summed if reduce is None or reduce else "none"
    warnings.warn(
        "size_average and reduce args will be deprecated, please use "
        f"reduction='{reduction}' instead.",
        UserWarning,
        stacklevel=outside(),
    )
    return reduction


def warn_of_sizes(input: Tensor, target: Tensor, arguments: dict[str, Any]) -> None:
    """Warn where broadcasting would pair elements that do not belong together."""
    if target._spec.shape != input._spec.shape:
        warnings.warn(
            f"Using a target size ({target.shape}) that is different to the input size "
            f"({input.shape}). This will likely lead to incorrect results due to "
            "broadcasting. Please ensure they have the same size.",
            UserWarning,
            stacklevel=outside(),
        )


def as_given(*arrays: Array) -> tuple[Array, ...]:
    """Arrays of which the native function takes what PyTorch's takes."""
    return arrays


def matched(*arrays: Array) -> list[Any]:
    """Arrays promoted to one dtype and broadcast to one shape."""
    check_broadcast_all(x.shape for x in arrays)
    return list(jnp.broadcast_arrays(*promoted(*arrays)))


def target_first(input: Array, target: Array) -> tuple[Any, Any]:
    """The same of two; where they do not go together the target is named first."""
    target, input = matched(target, input)
    return input, target


def expanded(*arrays: Array) -> list[Any]:
    """The same, but what has no dimensions has its say in the dtype, once broadcast."""
    check_broadcast_all(x.shape for x in arrays)
    return promoted(*jnp.broadcast_arrays(*arrays))
