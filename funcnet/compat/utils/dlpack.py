"""Exchange of tensors with other libraries, as `torch.utils.dlpack`."""

from typing import Any

from funcnet.compat._ops.tensor_methods.dlpack import from_dlpack
from funcnet.compat._tensor.tensor import Tensor


def to_dlpack(tensor: Tensor) -> Any:
    """Return a capsule for another library, as `torch.utils.dlpack.to_dlpack`."""
    return tensor.__dlpack__()


__all__ = ["from_dlpack", "to_dlpack"]
