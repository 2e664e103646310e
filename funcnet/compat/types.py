"""Types for annotations, as `torch.types`."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from funcnet.compat._core.device import device as _device_class
from funcnet.compat._core.dtype import dtype as _dtype_class
from funcnet.compat._core.memory_format import layout as _layout_class
from funcnet.compat._tensor.size import Size
from funcnet.compat._tensor.tensor import Tensor

Number: TypeAlias = int | float | bool
Device: TypeAlias = _device_class | str | int | None
Storage: TypeAlias = Any
FileLike: TypeAlias = Any

_TensorOrTensors: TypeAlias = Tensor | Sequence[Tensor]
_Number = (bool, int, float)
_size: TypeAlias = Size | list[int] | tuple[int, ...]
_dtype, _device, _layout = _dtype_class, _device_class, _layout_class
_int, _float, _bool, _complex = int, float, bool, complex


__all__ = [
    "Device",
    "FileLike",
    "Number",
    "Storage",
]
