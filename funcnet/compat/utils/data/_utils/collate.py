"""Collation of samples to batches, as `torch.utils.data._utils.collate`."""

import re
from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, Sequence
from typing import Any, Final

import numpy as np

from funcnet.compat._core.conversion import in_memory
from funcnet.compat._ops.create.creation import as_tensor, tensor
from funcnet.compat._ops.shape.joining import stack
from funcnet.compat._tensor.tensor import Tensor, from_array
from funcnet.data._datasets.arrays import Allocate
from funcnet.data._loader.collate import ragged
from funcnet.data._loader.torch_rules import (
    TENSORS,
    UNKNOWN,
    as_it_is,
    collate,
    mapping_like,
    sequence_like,
)

np_str_obj_array_pattern: Final = re.compile(r"[SaUO]")
default_collate_err_msg_format: Final = UNKNOWN


def default_collate(batch: Sequence[Any]) -> Any:
    """Collate samples: stack tensors, arrays and numbers, in containers, too.

    Raises:
        TypeError: a sample is something else.
        RuntimeError: tensors of different shapes, lists of different lengths.

    Example:
        >>> default_collate([(1, "a"), (2, "b")])
        [tensor([1, 2]), ('a', 'b')]
    """
    return collate(batch, collate_fn_map=default_collate_fn_map)


def collate_tensor_fn(
    batch: Sequence[Tensor],
    *,
    collate_fn_map: dict[Any, Callable[..., Any]] | None = None,
) -> Any:
    """Stack tensors on their device, with their gradient."""
    result = _stacked(batch, None)
    return stack(list(batch)) if result is None else from_array(result)


def collate_numpy_array_fn(
    batch: Sequence[np.ndarray],
    *,
    collate_fn_map: dict[Any, Callable[..., Any]] | None = None,
) -> Any:
    """Stack arrays as tensors."""
    dtype = batch[0].dtype
    if np_str_obj_array_pattern.search(dtype.str) is not None:
        raise TypeError(UNKNOWN.format(dtype))
    tensors = [as_tensor(array) for array in batch]
    return collate(tensors, collate_fn_map=collate_fn_map)


def collate_numpy_scalar_fn(
    batch: Sequence[np.generic],
    *,
    collate_fn_map: dict[Any, Callable[..., Any]] | None = None,
) -> Any:
    """Make a tensor of numpy scalars."""
    return as_tensor(list(batch))


def collate_float_fn(
    batch: Sequence[float],
    *,
    collate_fn_map: dict[Any, Callable[..., Any]] | None = None,
) -> Any:
    """Make a float64 tensor of Python floats."""
    return tensor(list(batch), dtype=FLOAT)


def collate_int_fn(
    batch: Sequence[complex],
    *,
    collate_fn_map: dict[Any, Callable[..., Any]] | None = None,
) -> Any:
    """Make a tensor of Python integers; of the default dtype with a float."""
    return tensor(list(batch))


def collate_str_fn(
    batch: Sequence[str], *, collate_fn_map: dict[Any, Callable[..., Any]] | None = None
) -> Any:
    """Return the list, or tuple, of strings as it is."""
    return as_it_is(batch)


FLOAT: Final = from_array(np.zeros(1)).dtype

default_collate_fn_map: dict[Any, Callable[..., Any]] = {
    Tensor: collate_tensor_fn,
    np.ndarray: collate_numpy_array_fn,
    (np.bool_, np.number, np.object_): collate_numpy_scalar_fn,
    float: collate_float_fn,
    int: collate_int_fn,
    str: collate_str_fn,
    bytes: collate_str_fn,
}
_USUAL: Final = dict(default_collate_fn_map)


def is_usual() -> bool:
    """Return whether the table of collate functions is unchanged."""
    return default_collate_fn_map == _USUAL


def _stacked(batch: Sequence[Any], allocate: Allocate | None) -> np.ndarray | None:
    """Stack plain tensors on the host as an array; None for others."""
    first = batch[0]
    spec, are_plain = first._spec, True
    for index, x in enumerate(batch):
        if type(x) is Tensor and x._spec is spec and not x.requires_grad:
            continue  # as nearly all are; specs are equal only if they are the same
        if not isinstance(x, Tensor):
            return None
        if x._spec.shape != spec.shape:
            raise ragged(
                "stack expects each tensor to be equal size, but got "
                f"{list(first.shape)} at entry 0 and {list(x.shape)} at entry {index}",
                index,
            )
        are_plain = False
    if not are_plain or spec.device.type != "cpu":
        return None
    arrays = [in_memory(spec.dtype, x._array()) for x in batch]
    shape, dtype = (len(arrays), *arrays[0].shape), arrays[0].dtype
    result = allocate(shape, dtype) if allocate else np.empty(shape, dtype)
    for index, array in enumerate(arrays):
        result[index] = array
    return result


def _stacked_in_worker(batch: Sequence[Any], allocate: Allocate | None) -> Any:
    result = _stacked(batch, allocate)
    return stack(list(batch)) if result is None else result


TENSORS[Tensor] = _stacked_in_worker


# --- without putting together ---------------------------------------------------------


def default_convert(data: Any) -> Any:
    """Convert arrays to tensors, in containers, too."""
    cls = type(data)
    if isinstance(data, Tensor | str | bytes) and cls.__module__ != "numpy":
        return data
    if cls is np.bytes_:
        raise TypeError("new(): invalid data type 'numpy.bytes_'")
    if cls.__module__ == "numpy" and cls is not np.str_:
        if cls is np.ndarray and np_str_obj_array_pattern.search(data.dtype.str):
            return data
        return as_tensor(data)
    if isinstance(data, Mapping):
        return mapping_like(
            data, lambda: {key: default_convert(data[key]) for key in data}
        )
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return cls(*map(default_convert, data))
    if isinstance(data, tuple):
        return [default_convert(part) for part in data]
    if isinstance(data, Sequence) and cls is not np.str_:
        return sequence_like(data, lambda: map(default_convert, data))
    return data


def as_tensors(batch: object) -> Any:
    """Convert the arrays of a batch to tensors, in its own containers.

    A tuple is what was gathered whole, and becomes a list, but for one of strings.
    """
    if isinstance(batch, np.ndarray):
        return from_array(batch)
    if isinstance(batch, MutableMapping):
        for key in list(batch):
            batch[key] = as_tensors(batch[key])
    elif isinstance(batch, Mapping):
        return mapping_like(batch, lambda: {k: as_tensors(batch[k]) for k in batch})
    elif isinstance(batch, tuple) and hasattr(batch, "_fields"):
        return type(batch)(*map(as_tensors, batch))
    elif isinstance(batch, tuple):
        if not batch or isinstance(batch[0], str | bytes):
            return batch
        return [as_tensors(part) for part in batch]
    elif isinstance(batch, MutableSequence) and not isinstance(batch, bytearray):
        for index, part in enumerate(batch):
            batch[index] = as_tensors(part)
    elif isinstance(batch, Sequence) and not isinstance(batch, str | bytes):
        return sequence_like(batch, lambda: map(as_tensors, batch))
    return batch


__all__ = [
    "collate",
    "collate_float_fn",
    "collate_int_fn",
    "collate_numpy_array_fn",
    "collate_numpy_scalar_fn",
    "collate_str_fn",
    "collate_tensor_fn",
    "default_collate",
    "default_collate_err_msg_format",
    "default_collate_fn_map",
    "default_convert",
    "np_str_obj_array_pattern",
]
