"""Indexing of data that lie on the host, where numpy is at once done with it.

A data set that is indexed in a loop must not enter a program as a whole, and a loop
that fills a tensor element by element must not become a program of a thousand steps.
"""

from typing import Any

import numpy as np

from funcnet.compat._core.context import is_grad_recorded
from funcnet.compat._core.conversion import converted
from funcnet.compat._ops.index.bounds import host_values
from funcnet.compat._tensor.recording import ScalarInput
from funcnet.compat._tensor.tensor import Tensor, from_array, like


def numbers_on_host(x: Tensor) -> np.ndarray | None:
    """The numbers of a tensor, to be read at once, if they are known on the host.

    None where a gradient is recorded.
    """
    if x.requires_grad and is_grad_recorded():
        return None
    host = x._storage.host
    data = x._numpy_view(host) if host is not None else x._value().array
    return data if isinstance(data, np.ndarray) else None


def read_on_host(x: Tensor, arrays: tuple[Any, ...]) -> Tensor | None:
    """`x[arrays]` if all numbers are known on the host and no gradient is recorded."""
    data, index = numbers_on_host(x), _numbers(arrays)
    if index is None or data is None:
        return None
    shared = x._storage.host is not None
    return from_array(data[index], x.device) if shared else like(x, data[index])


def write_on_host(x: Tensor, arrays: tuple[Any, ...], value: Any) -> bool:
    """Do `x[arrays] = value` if all numbers are known on the host; tell whether."""
    storage, index = x._storage, _numbers(arrays)
    if storage.host is None and type(storage.value.array) is not np.ndarray:
        return False
    if index is None or any(y is not None and y._grad_fn for y in (x, x._base)):
        return False
    if type(value) is ScalarInput:
        number = np.asarray(value.value)
    elif value._numpy_data() is None or (value.requires_grad and is_grad_recorded()):
        return False
    else:
        number = value._numpy_data()
    if number.dtype.kind == "c" and not x.dtype.is_complex:
        return False
    memory = storage.share()
    shown = x._numpy_view(memory)
    if not (shown.flags.writeable and np.may_share_memory(shown, memory)):
        return False
    with np.errstate(invalid="ignore"):
        shown[index] = converted(number, x.dtype)
    x._count_write()
    return True


def _numbers(arrays: tuple[Any, ...]) -> tuple[Any, ...] | None:
    """An index of numpy, of an array or None for each dimension, if it is known."""
    result: list[Any] = []
    for part in arrays:
        values: Any = slice(None) if part is None else host_values(part)
        if values is None:
            return None
        is_mask = part is not None and values.dtype == np.uint8
        result.append(values.astype(bool) if is_mask else values)
    return tuple(result) or (...,)
