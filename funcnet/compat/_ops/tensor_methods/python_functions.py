"""Functions of Python numbers on each element, as `apply_`, `map_` and `map2_`."""

from collections.abc import Callable
from typing import Any

import numpy as np

from funcnet.compat._engine.graph import constant
from funcnet.compat._ops.create.constructors import type_name
from funcnet.compat._ops.registry import register
from funcnet.compat._ops.writing import check_writable
from funcnet.compat._tensor.tensor import Tensor


def _apply(
    name: str, x: Tensor, others: list[Tensor], call: Callable[..., Any]
) -> Tensor:
    """Write into a tensor what the function gives for its elements and the others'."""
    for tensor in (x, *others):
        if tensor.requires_grad:
            raise RuntimeError(
                f"Can't call {name}() on Variable that requires grad. Use "
                f"var.detach().{name}() instead."
            )
    if x.device.type != "cpu":
        raise TypeError(f"{name} is only implemented on CPU tensors")
    for index, tensor in enumerate(others):
        if tensor.dtype is not x.dtype:
            argument = "other" if len(others) == 1 else "xy"[index]
            raise TypeError(
                f"{name}: expected {type_name(x.dtype)} for '{argument}' (got "
                f"{type_name(tensor.dtype)})"
            )
    if not callable(call):
        raise TypeError(f"{type(call).__name__!r} object is not callable")
    check_writable(x)
    dtype = x.dtype
    arrays = [
        np.broadcast_to(np.asarray(tensor._array()), x._spec.shape).reshape(-1).tolist()
        for tensor in (x, *others)
    ]
    result = [_number(call(*parts), dtype) for parts in zip(*arrays, strict=True)]
    array = np.array(result).reshape(x._spec.shape).astype(dtype.numpy)
    x._write(constant(array, x.device))
    return x


def _number(value: Any, dtype: Any) -> Any:
    if isinstance(value, str) or not hasattr(value, "__float__"):
        if isinstance(value, complex) and dtype.is_complex:
            return value
        raise TypeError(f"must be real number, not {type(value).__name__}")
    if dtype.is_inexact:
        return float(value)
    return int(value)


@register("Tensor.apply_")
def apply_(self: Tensor, callable: Callable[[Any], Any]) -> Tensor:
    """Replace each element by what a function gives for it, as `Tensor.apply_`.

    Slow, as in PyTorch: the function is called for each element.
    """
    return _apply("apply_", self, [], callable)


@register("Tensor.map_")
def map_(self: Tensor, tensor: Tensor, callable: Callable[..., Any]) -> Tensor:
    """Replace each element by a function of it and of another tensor's element."""
    return _apply("map_", self, [tensor], callable)


@register("Tensor.map2_")
def map2_(self: Tensor, x: Tensor, y: Tensor, callable: Callable[..., Any]) -> Tensor:
    """Replace each element by a function of it and of elements of two tensors."""
    return _apply("map2_", self, [x, y], callable)
