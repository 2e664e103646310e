"""Copies of tensors: `copy`, `deepcopy`, pickles."""

from copy import deepcopy
from typing import Any

import numpy as np

from funcnet.compat._core.annotations import ShapeLike
from funcnet.compat._core.conversion import in_memory
from funcnet.compat._core.device import META, resolve_device
from funcnet.compat._engine.graph import Value
from funcnet.compat._engine.op import tensor_spec
from funcnet.compat._ops.registry import register
from funcnet.compat._ops.tensor_methods.subclasses import as_class
from funcnet.compat._tensor.attributes import fields_of, user_attributes
from funcnet.compat._tensor.storage import Storage
from funcnet.compat._tensor.tensor import Tensor, from_array, wrap
from funcnet.compat._tensor.views import alias


@register("Tensor.__copy__", overridable=False)
def _copy(self: Tensor) -> Tensor:
    """Another tensor of the same memory, a leaf of the gradient graph."""
    result: Tensor = _as(type(self), alias(self), self.requires_grad)
    fields_of(result).update(user_attributes(self))
    return _mark_like(result, self)


def _as(cls: type, tensor: Tensor, requires_grad: bool) -> Any:
    """A tensor as an object of its subclass."""
    result = as_class(tensor, cls)
    result._requires_grad = requires_grad
    return result


def _mark_like(result: Tensor, x: Tensor) -> Tensor:
    """Mark a copy as a parameter or buffer where the tensor is marked so."""
    if x._is_param:
        result._is_param = True
    if x._is_buffer:
        result._is_buffer = True
    return result


@register("Tensor.__deepcopy__")
def _deepcopy(self: Tensor, memo: dict[int, Any]) -> Tensor:
    """A copy with its own memory, and its own `grad`; of leaves only.

    Tensors that share memory and are copied together share the memory of their copies.
    """
    result = memo.get(id(self))
    if result is not None:
        return result
    if not self.is_leaf:
        raise RuntimeError(
            "Only Tensors created explicitly by the user (graph leaves) support the "
            "deepcopy protocol at the moment.  If you were attempting to deepcopy a "
            "module, this may be because of a torch.nn.utils.weight_norm usage, see "
            "https://github.com/pytorch/pytorch/pull/103001"
        )
    copied: Tensor = _as(type(self), alias(self), self.requires_grad)
    storage = memo.get(id(self._storage))
    if storage is None:
        # Values never change: the copy holds the same one until either is written.
        storage = memo[id(self._storage)] = Storage(self._storage.read())
    copied._show(storage, copied._steps, copied._cached)
    copied._counter = None
    memo[id(self)] = copied
    if self._grad is not None:
        copied._grad = deepcopy(self._grad, memo)
    fields_of(copied).update(deepcopy(user_attributes(self), memo))
    return _mark_like(copied, self)


@register("Tensor.__reduce_ex__")
def _reduce(self: Tensor, protocol: int) -> Any:
    """What a pickle keeps: numbers, dtype, device, whether gradients are wanted."""
    if self._spec.device is META:
        facts: tuple[Any, ...] = (type(self), self._spec.shape, self.dtype)
        rest = (self.requires_grad,)
        return _restored_meta, (*facts, *rest), user_attributes(self) or None
    values = in_memory(self.dtype, self._array())
    facts = (type(self), values, str(self.device), self.requires_grad)
    return _restored, facts, user_attributes(self) or None


def _restored_meta(cls: type, shape: ShapeLike, dtype: Any, requires_grad: bool) -> Any:
    return _as(cls, wrap(Value(tensor_spec(tuple(shape), dtype, META))), requires_grad)


def _restored(cls: type, values: np.ndarray, device: str, requires_grad: bool) -> Any:
    return _as(cls, from_array(values, resolve_device(device)), requires_grad)
