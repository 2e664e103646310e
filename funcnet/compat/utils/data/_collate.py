"""Samples into batches, as `torch.utils.data.default_collate`."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from funcnet.compat import _dtypes
from funcnet.compat._ops import FUNCTIONS
from funcnet.compat._tensor import Tensor, from_array


def default_collate(batch: Sequence[Any]) -> Any:
    """Stack tensors, arrays and numbers; go into tuples, lists and dicts."""
    first = batch[0]
    if isinstance(first, Tensor):
        if any(x.requires_grad for x in batch):
            return FUNCTIONS["stack"](list(batch))
        return from_array(np.stack([np.asarray(x._array()) for x in batch]))
    if isinstance(first, np.ndarray):
        if first.dtype.kind in "SUO":
            raise TypeError(_UNKNOWN.format(first.dtype))
        return from_array(np.stack(list(batch)))
    if isinstance(first, np.generic):
        return from_array(np.array(batch))
    if isinstance(first, bool | int):
        kind = np.bool_ if isinstance(first, bool) else np.int64
        return from_array(np.array(batch, kind))
    if isinstance(first, float):
        return from_array(np.array(batch, _dtypes.float64.numpy))
    if isinstance(first, str | bytes):
        return list(batch)
    if isinstance(first, Mapping):
        made = {
            key: default_collate([sample[key] for sample in batch]) for key in first
        }
        return type(first)(made) if type(first) is not dict else made  # type: ignore[call-arg]
    if isinstance(first, tuple) and hasattr(first, "_fields"):
        columns = zip(*batch, strict=True)
        return type(first)(*[default_collate(column) for column in columns])
    if isinstance(first, Sequence):
        if any(len(sample) != len(first) for sample in batch):
            raise RuntimeError("each element in list of batch should be of equal size")
        return [default_collate(column) for column in zip(*batch, strict=True)]
    raise TypeError(_UNKNOWN.format(type(first)))


_UNKNOWN = (
    "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or "
    "lists; found {}"
)


def default_convert(data: Any) -> Any:
    """Make tensors of arrays, in tuples, lists and dicts, too."""
    if isinstance(data, np.ndarray) and data.dtype.kind not in "SUO":
        return FUNCTIONS["as_tensor"](data)
    if isinstance(data, Mapping):
        return {key: default_convert(value) for key, value in data.items()}
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*[default_convert(value) for value in data])
    if isinstance(data, tuple | list):
        return type(data)([default_convert(value) for value in data])
    return data
