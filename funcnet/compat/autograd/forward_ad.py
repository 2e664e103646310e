"""Forward-mode differentiation with dual tensors, as `torch.autograd.forward_ad`."""

import functools
from collections.abc import Callable
from typing import Any, NamedTuple

from funcnet.compat._autograd.forward_mode import ForwardLevel
from funcnet.compat._core.context import thread
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._tensor.tensor import Tensor


class UnpackedDualTensor(NamedTuple):
    """Pair of a tensor and its tangent, None without one."""

    primal: Any
    tangent: Any


def enter_dual_level() -> int:
    """Enter a dual level; return its number."""
    context = thread.context
    if context.forward_level is not None:
        raise RuntimeError(
            "Nested forward mode AD is not supported at the moment. torch.func.jvp can "
            "be nested."
        )
    context.forward_level = ForwardLevel()
    context.forward_level.enter()
    return 0


def exit_dual_level(*, level: int | None = None) -> None:
    """Exit a dual level; its tangents are dropped."""
    context = thread.context
    if level not in (None, 0) or context.forward_level is None:
        raise RuntimeError(
            "Trying to exit a forward AD level that was not the last one that was "
            "created. This is not supported."
        )
    context.forward_level.leave()
    context.forward_level = None


class dual_level:  # noqa: N801 - PyTorch's name
    """Dual level in a `with` block or a decorated function.

    Equals `torch.autograd.forward_ad.dual_level`; the tangents are gone at its end.

    Example:
        >>> import funcnet.compat as torch
        >>> import funcnet.compat.autograd.forward_ad as fwAD
        >>> x, v = torch.tensor([1.0, 2.0]), torch.tensor([1.0, 0.0])
        >>> with fwAD.dual_level():
        ...     y = fwAD.make_dual(x, v) ** 3
        ...     print(fwAD.unpack_dual(y).tangent)
        tensor([3., 0.])
    """

    def __enter__(self) -> int:
        return enter_dual_level()

    def __exit__(self, *error: object) -> None:
        exit_dual_level()

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def wrapped(*args: object, **kwargs: object) -> Any:
            with self:
                return function(*args, **kwargs)

        return wrapped


@explains_keywords
def make_dual(tensor: Tensor, tangent: Tensor, *, level: int | None = None) -> Any:
    """Make a dual tensor, as `forward_ad.make_dual`.

    What is computed from it has a tangent, too: the Jacobian times this one.
    """
    open_level: ForwardLevel | None = thread.context.forward_level
    if open_level is None:
        raise RuntimeError(
            "Trying to create a dual Tensor for forward AD but no level exists, make "
            "sure to enter_dual_level() first."
        )
    _check_level(level)
    for name, x in (("primal", tensor), ("tangent", tangent)):
        if not (x.is_floating_point() or x.is_complex()):
            raise ValueError(
                f"Expected {name} to be floating point or complex, but got: {x.dtype}"
            )
    if tensor.shape != tangent.shape:
        raise RuntimeError(
            "Expected tangent to have the same shape as the primal: "
            f"{list(tangent.shape)} is not {list(tensor.shape)}."
        )
    if tensor.dtype is not tangent.dtype:
        raise RuntimeError(
            "Expected tangent to have the same dtype as the primal: "
            f"{tangent.dtype} is not {tensor.dtype}."
        )
    dual = open_level.primal(tensor)
    open_level.set_tangent(dual._value(), tangent)
    return dual


@explains_keywords
def unpack_dual(tensor: Tensor, *, level: int | None = None) -> UnpackedDualTensor:
    """Unpack a dual tensor, as `forward_ad.unpack_dual`."""
    open_level: ForwardLevel | None = thread.context.forward_level
    if open_level is None:
        return UnpackedDualTensor(tensor, None)
    _check_level(level)
    tangent = open_level.of(tensor._value())
    return UnpackedDualTensor(open_level.primal(tensor), tangent)


def _check_level(level: int | None) -> None:
    if level not in (None, 0):
        raise RuntimeError(f"There is no forward AD level {level}: it is level 0.")


__all__ = [
    "UnpackedDualTensor",
    "dual_level",
    "enter_dual_level",
    "exit_dual_level",
    "make_dual",
    "unpack_dual",
]
