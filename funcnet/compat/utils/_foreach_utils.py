"""Lists of tensors by device and dtype, as `torch.utils._foreach_utils`."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from funcnet.compat._core.annotations import DType
from funcnet.compat._core.device import device as Device
from funcnet.compat._tensor.tensor import Tensor

Lists: TypeAlias = list[list[Tensor | None]]


def _group_tensors_by_device_and_dtype(
    tensorlistlist: Sequence[Sequence[Tensor | None]], with_indices: bool = False
) -> dict[tuple[Device, DType], tuple[Lists, list[int]]]:
    """Part lists of tensors by the device and dtype of the first list's tensors."""
    result: dict[tuple[Any, Any], tuple[Lists, list[int]]] = {}
    for index, first in enumerate(tensorlistlist[0]):
        if first is None:
            continue
        lists, indices = result.setdefault(
            (first.device, first.dtype), ([[] for _ in tensorlistlist], [])
        )
        for into, tensors in zip(lists, tensorlistlist, strict=True):
            if tensors:
                into.append(tensors[index])
        if with_indices:
            indices.append(index)
    return result


def _get_foreach_kernels_supported_devices() -> list[str]:
    """Return none: a step is one program, whose parts need not be put together."""
    return []


_get_fused_kernels_supported_devices = _get_foreach_kernels_supported_devices


def _device_has_foreach_support(device: Device) -> bool:
    return False


def _has_foreach_support(tensors: Sequence[Tensor], device: Device) -> bool:
    return False


__all__: list[str] = []
