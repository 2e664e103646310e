"""Tensors in memory that processes share.

The numbers live in a file without a name, which is mapped by each process that has
been sent its descriptor; it goes when the last one lets go of it.
"""

import mmap
import os
import tempfile
from multiprocessing.reduction import DupFd, ForkingPickler
from typing import Any

import numpy as np

from funcnet.compat._core.conversion import in_memory
from funcnet.compat._core.device import CPU, resolve_device
from funcnet.compat._core.dtype import dtype as DType
from funcnet.compat._core.strides import Layout
from funcnet.compat._tensor.attributes import fields_of, user_attributes
from funcnet.compat._tensor.storage import Storage
from funcnet.compat._tensor.tensor import Tensor, from_array


class _Memory(mmap.mmap):
    """A piece of shared memory that knows the descriptor of its file."""

    descriptor: int

    def __new__(cls, descriptor: int, size: int) -> Any:
        result = super().__new__(cls, descriptor, size)
        result.descriptor = descriptor
        return result

    def __del__(self) -> None:
        os.close(self.descriptor)


def _new_memory(size: int) -> _Memory:
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create("tensor")
    else:
        descriptor, path = tempfile.mkstemp()
        os.unlink(path)
    os.ftruncate(descriptor, max(size, 1))
    return _Memory(descriptor, max(size, 1))


def memory_of(storage: Storage) -> _Memory | None:
    """The shared memory that a storage lies in, if it does."""
    holder: Any = storage.host
    while isinstance(holder, np.ndarray):
        holder = holder.base
    if isinstance(holder, memoryview):
        holder = holder.obj
    return holder if isinstance(holder, _Memory) else None


def share(x: Tensor) -> Tensor:
    """Move the memory of a tensor, and of its views, to where processes share it."""
    storage = x._storage
    if storage.value.spec.device is not CPU or memory_of(storage) is not None:
        return x
    values = np.asarray(storage.array())
    memory = _new_memory(values.nbytes)
    view: np.ndarray = np.ndarray(values.shape, values.dtype, memory)
    view[...] = values
    storage.adopt(view)
    storage.content_version += 1
    return x


def is_shared(x: Tensor) -> bool:
    """Return whether a tensor lies in memory that processes share."""
    return memory_of(x._storage) is not None


def reduced(x: Tensor) -> Any:
    """What goes to another process: the memory's descriptor, and the view of it.

    Raises:
        RuntimeError: the tensor is in the gradient graph.
    """
    if x.requires_grad and not x.is_leaf:
        raise RuntimeError(
            "Cowardly refusing to serialize non-leaf tensor which requires_grad, since "
            "autograd does not support crossing process boundaries.  If you just want "
            "to transfer the data, call detach() on the tensor before serializing "
            "(e.g., putting it on the queue)."
        )
    facts = (type(x), x.dtype, bool(x.requires_grad), user_attributes(x))
    if x.device is not CPU:
        return _rebuilt_copy, (*facts, in_memory(x.dtype, x._array()), str(x.device))
    share(x)
    memory = memory_of(x._storage)
    assert memory is not None, "it was just moved there"
    return _rebuilt, (*facts, DupFd(memory.descriptor), len(memory), x._layout())


def _rebuilt(
    cls: type,
    dtype: DType,
    requires_grad: bool,
    attributes: dict[str, Any],
    handle: Any,
    size: int,
    layout: Layout,
) -> Any:
    descriptor = handle.detach()
    memory = _Memory(descriptor, size)
    step = dtype.itemsize
    seen: np.ndarray = np.ndarray(
        *(layout.shape, dtype.numpy, memory, layout.offset * step),
        [stride * step for stride in layout.stride],
    )
    result = _with_attributes(cls, from_array(seen), requires_grad, attributes)
    result._storage.adopt(seen)
    return result


def _rebuilt_copy(
    cls: type,
    dtype: DType,
    requires_grad: bool,
    attributes: dict[str, Any],
    values: np.ndarray,
    device_name: str,
) -> Any:
    del dtype
    return _with_attributes(
        cls, from_array(values, resolve_device(device_name)), requires_grad, attributes
    )


def _with_attributes(
    cls: type, tensor: Tensor, requires_grad: bool, attributes: dict[str, Any]
) -> Any:
    if cls is not Tensor:
        result: Any = object.__new__(cls)
        fields_of(result).update(fields_of(tensor))
        tensor = result
    tensor._requires_grad = requires_grad
    fields_of(tensor).update(attributes)
    return tensor


ForkingPickler.register(Tensor, reduced)
