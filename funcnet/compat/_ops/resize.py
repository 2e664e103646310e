"""Another shape for a tensor, over the memory that it has."""

import numpy as np

from funcnet.compat._core.conversion import in_memory
from funcnet.compat._core.strides import contiguous
from funcnet.compat._engine.graph import constant
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.storage import Storage
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat._tensor.view_ops import AS_STRIDED, Step


def resize(x: Tensor, shape: tuple[int, ...]) -> None:
    """Make a tensor show a shape from where it begins in its memory.

    Where they do not fit there, it gets memory of its own. No other tensor changes.
    """
    x._count_write()
    offset, size, storage = x._layout().offset, Size(shape).numel(), x._storage
    memory = storage.value.spec
    fits = offset + size <= Size(memory.shape).numel() and memory.dtype is x.dtype
    if fits:
        steps = (Step(AS_STRIDED, (shape, contiguous(shape).stride, offset)),)
        x._base = None
        x._show(storage, steps)
        x._refresh_view()
        return
    if storage.host is not None:
        raise RuntimeError("Trying to resize storage that is not resizable")
    old = in_memory(x.dtype, x._array()).reshape(-1)
    new = np.zeros(size, old.dtype)
    new[: old.size] = old[:size]
    x._count_apart()
    x._show(Storage(constant(new.reshape(shape), x.device)))
