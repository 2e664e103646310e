"""The types that annotations of compat share and that name a tensor."""

from collections.abc import Sequence
from types import EllipsisType
from typing import Any, TypeAlias

import numpy as np

from funcnet.compat._core.annotations import Scalar
from funcnet.compat._tensor.tensor import Tensor

TensorLike: TypeAlias = Tensor | Scalar
"""A tensor, or a number that stands for one of no dimensions."""

TensorOrTensors: TypeAlias = Tensor | Sequence[Tensor]
"""One tensor or several."""

_Place: TypeAlias = (
    int | slice | EllipsisType | Tensor | Sequence[Any] | np.ndarray | None
)
Index: TypeAlias = _Place | tuple[_Place, ...]
"""What may stand in the brackets of `x[...]`."""
