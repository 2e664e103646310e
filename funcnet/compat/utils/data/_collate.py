"""Samples into batches of tensors, as `torch.utils.data.default_collate`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from funcnet import data
from funcnet.compat._ops import FUNCTIONS
from funcnet.compat._tensor import Tensor, from_array


def default_collate(batch: Sequence[Any]) -> Any:
    """Stack tensors, arrays and numbers; go into tuples, lists and dicts."""
    if _stays(batch[0]):
        return _stacked(batch)
    return as_tensors(data.default_collate(batch))


def as_tensors(batch: Any) -> Any:
    """A collated batch with tensors for its arrays, and lists for its tuples."""
    return _mapped(batch, from_array)


def default_convert(data: Any) -> Any:
    """Make tensors of arrays, in tuples, lists and dicts, too."""
    return _mapped(data, FUNCTIONS["as_tensor"])


def _mapped(data: Any, made: Callable[[Any], Any]) -> Any:
    if isinstance(data, np.ndarray | np.generic):
        return data if data.dtype.kind in "SUO" else made(data)
    if isinstance(data, Mapping):
        parts = {key: _mapped(value, made) for key, value in data.items()}
        try:
            return type(data)(parts)  # type: ignore[call-arg]
        except TypeError:  # its class wants something else, as defaultdict does
            return parts
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*[_mapped(value, made) for value in data])
    if isinstance(data, tuple | list):
        return [_mapped(value, made) for value in data]
    return data


def _stays(sample: Any) -> bool:
    """Whether a sample has a tensor that wants gradients, or lies on a GPU."""
    if isinstance(sample, Mapping):
        return any(map(_stays, sample.values()))
    if isinstance(sample, tuple | list):
        return any(map(_stays, sample))
    return isinstance(sample, Tensor) and (
        sample.requires_grad or sample.device.type != "cpu"
    )


def _stacked(batch: Sequence[Any]) -> Any:
    """A batch whose tensors lie where they are, and remember what they are made of."""
    first = batch[0]
    if isinstance(first, Tensor):
        return FUNCTIONS["stack"](list(batch))
    if isinstance(first, Mapping):
        return {key: default_collate([x[key] for x in batch]) for key in first}
    columns = [default_collate(column) for column in zip(*batch, strict=True)]
    return type(first)(*columns) if hasattr(first, "_fields") else columns
