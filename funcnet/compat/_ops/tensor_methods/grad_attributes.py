"""A tensor's place in the gradient graph: leaf or not, its data, its gradient."""

import warnings
from typing import Any

import numpy as np

from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._core.context import thread
from funcnet.compat._messages.suggestions import outside
from funcnet.compat._ops.registry import register, register_attribute
from funcnet.compat._ops.tensor_methods.cells import flat, strided
from funcnet.compat._tensor.base import TensorBase
from funcnet.compat._tensor.storage import Counter
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.compat._tensor.transform_levels import refuse_inside
from funcnet.compat._tensor.views import detached

_FUNCTIONAL = " (or perhaps using torch.autograd.functional.* APIs)"


def _can_differentiate(x: Tensor) -> bool:
    return x.dtype.is_floating_point or x.dtype.is_complex


@register("Tensor.requires_grad_")
def requires_grad_(self: Tensor, requires_grad: bool = True) -> Tensor:
    """Say whether gradients reach this tensor, as `Tensor.requires_grad_`."""
    refuse_inside("Tensor.requires_grad_()", _FUNCTIONAL)
    return set_requires_grad(self, requires_grad)


def set_requires_grad(self: Tensor, requires_grad: bool = True) -> Tensor:
    """The same, also for what is made inside a function that is transformed."""
    if requires_grad and not self.dtype.is_inexact:
        raise RuntimeError(
            "only Tensors of floating point and complex dtype can require gradients"
        )
    if not requires_grad and self._grad_fn is not None:
        raise RuntimeError(
            "you can only change requires_grad flags of leaf variables. If you want "
            "to use a computed variable in a subgraph that doesn't require "
            "differentiation use var_no_grad = var.detach()."
        )
    if requires_grad and self._storage.is_inference and not thread.context.inference:
        raise RuntimeError(
            "Setting requires_grad=True on inference tensor outside InferenceMode is "
            "not allowed."
        )
    self._requires_grad = bool(requires_grad) and self._grad_fn is None
    return self


register_attribute(
    "requires_grad", vars(TensorBase)["requires_grad"].fget, requires_grad_
)


@register("detach")
def detach(input: Tensor) -> Tensor:
    """The same memory, outside the gradient graph, as `Tensor.detach`."""
    return detached(input)


@register("detach_")
def detach_(input: Tensor) -> Tensor:
    """Take this tensor out of the gradient graph, as `Tensor.detach_`."""
    if input._base is not None:
        raise RuntimeError("Can't detach views in-place. Use detach() instead.")
    input._set_grad_fn(None)
    input._requires_grad = False
    return input


def _word(dtype: Any) -> str:
    """How PyTorch's C++ calls a type: "long int"."""
    words = {"Long": "long int", "Byte": "unsigned char", "Short": "short int"}
    return words.get(dtype.type_name, dtype.type_name.lower())


@register("Tensor.set_")
def set_(
    self: Tensor,
    source: Tensor | None = None,
    storage_offset: int = 0,
    size: ShapeLike | None = None,
    stride: ShapeLike | None = None,
) -> Tensor:
    """Make this tensor show other memory, of a tensor or storage, as `Tensor.set_`."""
    dtype = self._spec.dtype
    if source is None:
        source = from_array(np.zeros(0, dtype.numpy), self.device)
    if not isinstance(source, Tensor) or size is not None:
        cell = source._storage if isinstance(source, Tensor) else source._cell
        theirs = getattr(source, "dtype", dtype)
        if theirs is not dtype:
            raise RuntimeError(
                f"Expected a Storage of type {_word(dtype)} or an UntypedStorage, but "
                f"got type {theirs.type_name} for argument 1 'storage'"
            )
        source = (
            flat(cell, dtype)
            if size is None
            else strided(cell, dtype, size, stride, storage_offset)
        )
    self._count_apart()
    self._show_same(source)
    return self


def data(self: Tensor) -> Tensor:
    """The same memory outside the gradient graph, which sees no writes to it."""
    result: Tensor = detach(self)
    result._counter = Counter()
    return result


def _set_data(self: Tensor, new: Any) -> None:
    if not isinstance(new, Tensor):
        raise TypeError(
            f"Variable data has to be a tensor, but got {type(new).__name__}"
        )
    if self.requires_grad and not new.dtype.is_inexact:
        raise RuntimeError(
            "data set to a tensor that requires gradients must be floating point or "
            "complex dtype"
        )
    set_(self, new)


register_attribute("data", data, _set_data)


def _get_grad(self: Tensor) -> Tensor | None:
    if self._grad is None and self._grad_fn is not None and not self._retains_grad:
        warnings.warn(
            "The .grad attribute of a Tensor that is not a leaf Tensor is being "
            "accessed. Its .grad attribute won't be populated during "
            "autograd.backward(). If you indeed want the .grad field to be populated "
            "for a non-leaf Tensor, use .retain_grad() on the non-leaf Tensor. If you "
            "access the non-leaf Tensor by mistake, make sure you access the leaf "
            "Tensor instead.",
            UserWarning,
            stacklevel=outside(),
        )
    return self._grad


def _set_grad(self: Tensor, grad: Any) -> None:
    if grad is not None:
        _check_grad(self, grad)
    self._grad = grad


def _check_grad(x: Tensor, grad: Any) -> None:
    if not isinstance(grad, Tensor):
        raise TypeError(
            "assigned grad expected to be a Tensor or None but got grad of type "
            f"{type(grad).__name__}"
        )
    if grad is x:
        raise RuntimeError("can't assign Variable as its own grad")
    if grad._spec.shape != x._spec.shape:
        raise RuntimeError(
            "attempting to assign a gradient of size "
            f"'{list(grad._spec.shape)}' to a tensor of size '{list(x._spec.shape)}'. "
            "Please ensure that the gradient and the tensor are the same size"
        )
    if grad.dtype is not x.dtype:
        names = [tensor.dtype.type_name for tensor in (grad, x)]
        raise RuntimeError(
            f"attempting to assign a gradient with dtype '{names[0]}' to a tensor with "
            f"grad_dtype '{names[1]}'. The gradient must match the tensor's dtype."
        )
    if grad.device != x.device:
        raise RuntimeError(
            f"attempting to assign a gradient with device '{grad.device}' to a tensor "
            f"with device '{x.device}'."
        )


register_attribute("grad", _get_grad, _set_grad)
register("Tensor._is_view")(lambda self: self._base is not None)
