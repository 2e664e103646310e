"""Pinned memory, as `torch.utils.data._utils.pin_memory`."""

from collections.abc import Mapping, Sequence
from typing import Any

from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._tensor.tensor import Tensor
from funcnet.data._loader.torch_rules import mapping_like, sequence_like


def pin_memory(data: object, device: DeviceLike | None = None) -> Any:
    """Pin the members of a batch that have `pin_memory()`, in containers, too.

    A tensor stays as it is: JAX has no memory of the host to pin.
    """
    if isinstance(data, Tensor | str | bytes):
        return data
    if isinstance(data, Mapping):
        return mapping_like(
            data, lambda: {key: pin_memory(data[key], device) for key in data}
        )
    if isinstance(data, tuple) and hasattr(data, "_fields"):
        return type(data)(*(pin_memory(part, device) for part in data))
    if isinstance(data, tuple):
        return [pin_memory(part, device) for part in data]
    if isinstance(data, Sequence):
        return sequence_like(data, lambda: (pin_memory(x, device) for x in data))
    return data.pin_memory() if hasattr(data, "pin_memory") else data
