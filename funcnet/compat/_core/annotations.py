"""The types that annotations of compat share, except those that name a tensor.

`None` is never part of one: a parameter that may be left out says so itself.
"""

from collections.abc import Sequence
from typing import TypeAlias, TypedDict

import jax
import numpy as np

from funcnet.compat._core.device import device
from funcnet.compat._core.dtype import dtype
from funcnet.compat._core.memory_format import layout, memory_format

Scalar: TypeAlias = bool | int | float | complex
"""A Python number."""

Operand: TypeAlias = jax.Array | np.ndarray | np.generic | Scalar
"""What the function of an operation computes with: an array, or a number."""

Dims: TypeAlias = int | Sequence[int]
"""One dimension or several, counted from the end where negative."""

PerDim: TypeAlias = int | Sequence[int]
"""One number for all spatial dimensions, or one for each."""

ShapeLike: TypeAlias = Sequence[int]
"""The sizes of all dimensions: a `torch.Size`, a tuple or a list."""

DType: TypeAlias = dtype
"""`torch.dtype`, where `dtype` is the name of the parameter, too."""

DeviceLike: TypeAlias = device | str | int
"""A device, its name, or the index of a GPU."""


class FactoryKwargs(TypedDict):
    """Where a tensor that is made lies, and what it holds: `zeros(3, **kwargs)`."""

    device: DeviceLike | None
    dtype: DType | None


Layout: TypeAlias = layout
"""`torch.layout`, where `layout` is the name of the parameter, too."""

MemoryFormat: TypeAlias = memory_format
"""`torch.memory_format`, where `memory_format` is the name of the parameter, too."""

Tree: TypeAlias = object
"""A nest of containers as `torch.utils._pytree` takes it; a leaf may be anything."""
