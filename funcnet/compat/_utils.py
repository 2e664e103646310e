"""Helpers that packages use from `torch._utils`."""

import sys
import traceback
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from funcnet.compat._core.annotations import DeviceLike, DType, ShapeLike
from funcnet.compat._ops.create import creation
from funcnet.compat._ops.shape.joining import cat
from funcnet.compat._tensor.tensor import Tensor


def _flatten_dense_tensors(tensors: Sequence[Tensor]) -> Tensor:
    """Flatten tensors of one dtype and concatenate them."""
    if len(tensors) == 0:
        return creation.empty((0,))
    result: Tensor = cat([x.contiguous().view(-1) for x in tensors])
    return result


def _unflatten_dense_tensors(
    flat: Tensor, tensors: Iterable[Tensor]
) -> tuple[Tensor, ...]:
    """Split a vector into views of the shapes of tensors."""
    result, start = [], 0
    for x in tensors:
        count = x.numel()
        result.append(flat.narrow(0, start, count).view_as(x))
        start += count
    return tuple(result)


def _reorder_tensors_as(
    tensors: Sequence[Tensor], ordered_tensors: Iterable[Tensor]
) -> tuple[Tensor, ...]:
    """Reorder tensors like the dtypes of others."""
    by_type: dict[str, list[Tensor]] = defaultdict(list)
    for x in tensors:
        by_type[x.type()].append(x)
    sources = {kind: iter(group) for kind, group in by_type.items()}
    return tuple(next(sources[x.type()]) for x in ordered_tensors)


def _take_tensors(tensors: Iterable[Tensor], size_limit: int) -> Iterator[list[Tensor]]:
    """Group tensors of one type into chunks of about `size_limit` bytes."""
    waiting: dict[str, tuple[list[Tensor], int]] = {}
    for x in tensors:
        group, held = waiting.pop(x.type(), ([], 0))
        size = x.numel() * x.element_size()
        if held and held + size > size_limit:
            yield group
            group, held = [], 0
        waiting[x.type()] = ([*group, x], held + size)
    for group, _ in waiting.values():
        yield group


def _element_size(dtype: DType) -> int:
    """Return the number of bytes of an element of a dtype."""
    return int(np.dtype(dtype.numpy).itemsize)


class KeyErrorMessage(str):
    """Message that a KeyError shows with its line breaks."""

    def __repr__(self) -> str:
        return str(self)


class ExceptionWrapper:
    """Exception with its traceback as text, to be raised in another process."""

    def __init__(
        self, exc_info: tuple[Any, Any, Any] | None = None, where: str = "in background"
    ) -> None:
        result: tuple[Any, Any, Any] = exc_info or sys.exc_info()
        self.exc_type = result[0]
        self.exc_msg = "".join(traceback.format_exception(*result))
        self.where = where

    def reraise(self) -> None:
        """Raise the exception again, with the traceback that it had."""
        text = f"Caught {self.exc_type.__name__} {self.where}.\nOriginal {self.exc_msg}"
        if self.exc_type is KeyError:
            text = KeyErrorMessage(text)
        try:
            error = self.exc_type(text)
        except Exception:
            raise RuntimeError(text) from None
        raise error


class _ClassPropertyDescriptor:
    def __init__(
        self, get: Callable[..., Any], set: Callable[..., Any] | None = None
    ) -> None:
        self.get = get

    def __get__(self, instance: object, owner: type | None = None) -> Any:
        return self.get.__get__(instance, owner or type(instance))()


def classproperty(func: Any) -> Any:
    """Property of a class."""
    if not isinstance(func, classmethod | staticmethod):
        func = classmethod(func)
    return _ClassPropertyDescriptor(func)


def is_compiling() -> bool:
    """Return False: operations are recorded, not traced."""
    return False


def _get_device_index(
    device: DeviceLike, optional: bool = False, allow_cpu: bool = False
) -> int:
    """Return the index of a device."""
    if isinstance(device, int):
        return device
    if device is None and optional:
        return 0
    name = str(device)
    if name == "cpu":
        if allow_cpu:
            return -1
        raise ValueError(f"Expected a non cpu device, but got: {device}")
    return int(name.partition(":")[2] or 0)


def _rebuild_tensor(
    storage: Any, storage_offset: int, size: ShapeLike, stride: ShapeLike
) -> Any:
    """Rebuild a tensor from a storage, as pickles do."""
    empty = creation.empty(0, dtype=storage.dtype, device=storage.device)
    return empty.set_(storage, storage_offset, size, stride)


def _rebuild_tensor_v2(
    storage: Any,
    storage_offset: int,
    size: ShapeLike,
    stride: ShapeLike,
    requires_grad: bool,
    backward_hooks: object,
    metadata: object = None,
) -> Any:
    """Rebuild a tensor from a storage, with `requires_grad`."""
    del backward_hooks, metadata
    result = _rebuild_tensor(storage, storage_offset, size, stride)
    return result.requires_grad_(requires_grad)
