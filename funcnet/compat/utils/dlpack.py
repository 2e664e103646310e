"""Exchange of tensors with other libraries, as `torch.utils.dlpack`."""

import enum
from typing import Any

from funcnet.compat._ops.tensor_methods.dlpack import from_dlpack
from funcnet.compat._tensor.tensor import Tensor


def to_dlpack(tensor: Tensor) -> Any:
    """Return a capsule for another library, as `torch.utils.dlpack.to_dlpack`."""
    return tensor.__dlpack__()


class DLDeviceType(enum.IntEnum):
    """Kinds of devices, by their numbers in DLPack."""

    kDLCPU = 1  # noqa: N815 - DLPack's names
    kDLCUDA = 2  # noqa: N815
    kDLCUDAHost = 3  # noqa: N815
    kDLOpenCL = 4  # noqa: N815
    kDLVulkan = 7  # noqa: N815
    kDLMetal = 8  # noqa: N815
    kDLVPI = 9  # noqa: N815
    kDLROCM = 10  # noqa: N815
    kDLROCMHost = 11  # noqa: N815
    kDLExtDev = 12  # noqa: N815
    kDLCUDAManaged = 13  # noqa: N815
    kDLOneAPI = 14  # noqa: N815
    kDLWebGPU = 15  # noqa: N815
    kDLHexagon = 16  # noqa: N815
    kDLMAIA = 17  # noqa: N815


__all__ = [
    "DLDeviceType",
    "from_dlpack",
    "to_dlpack",
]
