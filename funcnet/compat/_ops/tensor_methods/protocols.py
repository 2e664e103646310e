"""What Python and numpy ask of a tensor: its text, number, elements and array."""

import functools
from collections.abc import Iterator
from typing import Any

import numpy as np

from funcnet.compat._core.context import thread
from funcnet.compat._core.device import META
from funcnet.compat._messages.suggestions import did_you_mean
from funcnet.compat._ops.create.creation import from_numpy
from funcnet.compat._ops.registry import METHODS, register
from funcnet.compat._tensor import printing as _print
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.transform_levels import IN_CONTROL_FLOW, refuse_mapped

for _function in (_print.set_printoptions, _print.get_printoptions):
    register(_function.__name__, method=False, overridable=False)(_function)

# --- text ---------------------------------------------------------------------------


@register("Tensor.__repr__")
def _repr(self: Tensor, *, tensor_contents: object = None) -> str:
    """The tensor as PyTorch prints it."""
    return _print.text(self)


@register("Tensor.__format__")
def _format(self: Tensor, spec: str) -> str:
    """The number of a tensor without dimensions, formatted; others as `str`."""
    if not self._spec.shape and type(self) is Tensor and not self.is_meta:
        return format(self.item(), spec)
    return object.__format__(self, spec)


@register("Tensor.__getattr__", overridable=False)
def _missing(self: Tensor, name: str) -> Any:
    """Say which attribute was probably meant; called only for names that fail."""
    if hasattr(type(self), name):  # a property that raised AttributeError itself
        return object.__getattribute__(self, name)
    raise AttributeError(
        f"{type(self).__name__!r} object has no attribute {name!r}" + _nearest(name),
        name=name,
    )


@functools.lru_cache(256)
def _nearest(name: str) -> str:
    # Libraries ask for private names all the time, and want no advice.
    near = "" if name.startswith("_") else did_you_mean(name, dir(Tensor))
    return near and f".{near}"


# --- one number ---------------------------------------------------------------------


@register("Tensor.__bool__")
def _bool(self: Tensor) -> bool:
    """Whether the one element is not zero."""
    if thread.context.levels:
        refuse_mapped(self, IN_CONTROL_FLOW)
    if self._spec.device is META:
        raise RuntimeError("Tensor.item() cannot be called on meta tensors")
    array = self._array()
    if array.size != 1:
        what = "more than one value" if array.size else "no values"
        raise RuntimeError(f"Boolean value of Tensor with {what} is ambiguous")
    return bool(array)


def _number(x: Tensor) -> Any:
    if x.shape.numel() != 1:
        raise ValueError("only one element tensors can be converted to Python scalars")
    return x.item()


def _real_number(x: Tensor, kind: str) -> Any:
    value = _number(x)
    if isinstance(value, complex):
        if value.imag:
            raise RuntimeError(
                f"value cannot be converted to type {kind} without overflow"
            )
        return value.real
    return value


@register("Tensor.__int__")
def _int(self: Tensor) -> int:
    """The one element as an integer, rounded towards zero."""
    return int(_real_number(self, "int64_t"))


@register("Tensor.__float__")
def _float(self: Tensor) -> float:
    """The one element as a floating-point number."""
    return float(_real_number(self, "double"))


@register("Tensor.__complex__")
def _complex(self: Tensor) -> complex:
    """The one element as a complex number."""
    return complex(_number(self))


@register("Tensor.__index__")
def _index(self: Tensor) -> int:
    """The one integer, for `range`, for indexing lists."""
    dtype = self.dtype
    if self.shape.numel() != 1 or dtype.is_inexact:
        raise TypeError(
            "only integer tensors of a single element can be converted to an index"
        )
    return int(_number(self))


# --- elements -----------------------------------------------------------------------


@register("Tensor.__len__")
def _len(self: Tensor) -> int:
    """The size of the first dimension."""
    shape = self._spec.shape
    if not shape:
        raise TypeError("len() of a 0-d tensor")
    return shape[0]


@register("Tensor.__iter__", overridable=False)
def _iter(self: Tensor) -> Iterator[Tensor]:
    """The parts along the first dimension."""
    if not self._spec.shape:
        raise TypeError("iteration over a 0-d tensor")
    return iter(self.unbind(0))


@register("Tensor.__reversed__")
def _reversed(self: Tensor) -> Tensor:
    """The tensor with its first dimension turned round."""
    return METHODS["flip"](self, 0) if self._spec.shape else self


# --- numpy --------------------------------------------------------------------------


@register("Tensor.__array__")
def _array(self: Tensor, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
    """The numbers for numpy, in the tensor's own memory if `dtype` and `copy` allow."""
    shared: np.ndarray = METHODS["numpy"](self)
    if dtype is None or shared.dtype == dtype:
        return shared.copy() if copy else shared
    if copy is False:
        raise ValueError(
            "Unable to avoid copy while creating an array as requested: the tensor has "
            f"{self.dtype}, asked for is {np.dtype(dtype)}."
        )
    return shared.astype(dtype)


@register("Tensor.__array_wrap__")
def _array_wrap(
    self: Tensor, array: np.ndarray, context: object = None, return_scalar: bool = False
) -> Tensor:
    """What a function of numpy gives, as a tensor; PyTorch makes uint8 of booleans."""
    del context, return_scalar
    array = np.asarray(array)
    return from_numpy(array.astype(np.uint8) if array.dtype == bool else array)
