"""Modules on several devices, as `torch.nn.parallel`.

One process computes on one device: a wrapped module runs where it lies, under the names
that it has in PyTorch. Arrays are spread over devices by `funcnet.distributed`.
"""

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat.nn.parallel._data_parallel import DataParallel, data_parallel
from funcnet.compat.nn.parallel._distributed import DistributedDataParallel
from funcnet.compat.nn.parallel._pieces import (
    gather,
    parallel_apply,
    replicate,
    scatter,
    scatter_kwargs,
)

DistributedDataParallelCPU = DistributedDataParallel
show_as(f"{__name__}.distributed", {"DistributedDataParallel": DistributedDataParallel})
show_as(
    f"{__name__}.scatter_gather",
    {"gather": gather, "scatter": scatter, "scatter_kwargs": scatter_kwargs},
)

__all__ = [
    "DataParallel",
    "DistributedDataParallel",
    "data_parallel",
    "gather",
    "parallel_apply",
    "replicate",
    "scatter",
    "scatter_kwargs",
]
