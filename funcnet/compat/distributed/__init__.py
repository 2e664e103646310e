"""The group of one process, as `torch.distributed`.

A script that is started without a launcher, or by one with a single process, runs as it
does in PyTorch: its collectives are those of a group of one. Several processes are
refused by `init_process_group`; arrays are spread over devices by JAX itself, see
`funcnet.distributed`.

Example:
    >>> import funcnet.compat as torch
    >>> import funcnet.compat.distributed as dist
    >>> dist.is_initialized()
    False
    >>> dist.init_process_group("gloo", rank=0, world_size=1)
    >>> x = torch.ones(2)
    >>> dist.all_reduce(x)
    >>> x, dist.get_world_size()
    (tensor([1., 1.]), 1)
    >>> dist.destroy_process_group()
"""

from typing import Any

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.unsupported import missing
from funcnet.compat.distributed import _files, _functional
from funcnet.compat.distributed._collectives import (
    all_gather,
    all_gather_into_tensor,
    all_gather_object,
    all_reduce,
    all_to_all,
    all_to_all_single,
    barrier,
    broadcast,
    broadcast_object_list,
    gather,
    gather_object,
    monitored_barrier,
    reduce,
    reduce_scatter,
    reduce_scatter_tensor,
    scatter,
    scatter_object_list,
)
from funcnet.compat.distributed._group import (
    Backend,
    GroupMember,
    ProcessGroup,
    ReduceOp,
    destroy_process_group,
    get_backend,
    get_backend_config,
    get_global_rank,
    get_group_rank,
    get_node_local_rank,
    get_process_group_ranks,
    get_rank,
    get_world_size,
    group,
    init_process_group,
    is_available,
    is_backend_available,
    is_gloo_available,
    is_initialized,
    is_mpi_available,
    is_nccl_available,
    is_torchelastic_launched,
    is_ucc_available,
    is_xccl_available,
    new_group,
    new_subgroups,
    new_subgroups_by_enumeration,
    supports_complex,
)
from funcnet.compat.distributed._messages import (
    P2POp,
    batch_isend_irecv,
    irecv,
    isend,
    recv,
    recv_object_list,
    send,
    send_object_list,
)
from funcnet.compat.distributed._settings import (
    AllreduceCoalescedOptions,
    AllreduceOptions,
    AllToAllOptions,
    BackendConfig,
    BarrierOptions,
    BroadcastOptions,
    DebugLevel,
    DistBackendError,
    DistNetworkError,
    DistStoreError,
    GatherOptions,
    GroupName,
    QueueEmptyError,
    ReduceOptions,
    ReduceScatterOptions,
    ScatterOptions,
    all_reduce_coalesced,
    breakpoint,
    default_pg_timeout,
    get_debug_level,
    get_default_backend_for_device,
    get_pg_count,
    record_comm,
    reduce_op,
    set_debug_level,
    set_debug_level_from_env,
)
from funcnet.compat.distributed._stores import (
    DistError,
    FileStore,
    HashStore,
    PrefixStore,
    Store,
    TCPStore,
)
from funcnet.compat.distributed._work import Work

all_gather_coalesced = all_gather
all_gather_single = all_gather_into_tensor
reduce_scatter_single = reduce_scatter_tensor
_all_gather_base = all_gather_into_tensor
_reduce_scatter_base = reduce_scatter_tensor
globals().update(_files.SHOWN)


def _names() -> dict[str, Any]:
    public = {name: result for name, result in globals().items() if name in __all__}
    return public | {"_get_default_group": _default}


def _default() -> Any:
    """Return the default group; raise without one."""
    get_rank()
    return group.WORLD


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "distributed")


__all__ = [
    "AllToAllOptions",
    "AllreduceCoalescedOptions",
    "AllreduceOptions",
    "Backend",
    "BackendConfig",
    "BarrierOptions",
    "BroadcastOptions",
    "DebugLevel",
    "DistBackendError",
    "DistError",
    "DistNetworkError",
    "DistStoreError",
    "FileStore",
    "GatherOptions",
    "GroupMember",
    "GroupName",
    "HashStore",
    "P2POp",
    "PrefixStore",
    "ProcessGroup",
    "QueueEmptyError",
    "ReduceOp",
    "ReduceOptions",
    "ReduceScatterOptions",
    "ScatterOptions",
    "Store",
    "TCPStore",
    "Work",
    "all_gather",
    "all_gather_coalesced",
    "all_gather_into_tensor",
    "all_gather_object",
    "all_gather_single",
    "all_reduce",
    "all_reduce_coalesced",
    "all_to_all",
    "all_to_all_single",
    "barrier",
    "batch_isend_irecv",
    "breakpoint",
    "broadcast",
    "broadcast_object_list",
    "default_pg_timeout",
    "destroy_process_group",
    "gather",
    "gather_object",
    "get_backend",
    "get_backend_config",
    "get_debug_level",
    "get_default_backend_for_device",
    "get_global_rank",
    "get_group_rank",
    "get_node_local_rank",
    "get_pg_count",
    "get_process_group_ranks",
    "get_rank",
    "get_world_size",
    "group",
    "init_process_group",
    "irecv",
    "is_available",
    "is_backend_available",
    "is_gloo_available",
    "is_initialized",
    "is_mpi_available",
    "is_nccl_available",
    "is_torchelastic_launched",
    "is_ucc_available",
    "is_xccl_available",
    "isend",
    "monitored_barrier",
    "new_group",
    "new_subgroups",
    "new_subgroups_by_enumeration",
    "record_comm",
    "recv",
    "recv_object_list",
    "reduce",
    "reduce_op",
    "reduce_scatter",
    "reduce_scatter_single",
    "reduce_scatter_tensor",
    "scatter",
    "scatter_object_list",
    "send",
    "send_object_list",
    "set_debug_level",
    "set_debug_level_from_env",
    "supports_complex",
]

_files.show_files()
_functional.show_functions()
show_as(f"{__name__}.distributed_c10d", _names())
