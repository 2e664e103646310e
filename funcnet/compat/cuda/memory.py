"""Memory of GPUs, as `torch.cuda.memory`: statistics of XLA's allocator."""

import os
from collections import OrderedDict
from typing import Any

from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.device import device as Device
from funcnet.compat._core.device import gpus, jax_device, resolve_device
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._messages.suggestions import tell_once

_NAMES = {
    "allocated_bytes.all.current": "bytes_in_use",
    "allocated_bytes.all.peak": "peak_bytes_in_use",
    "allocation.all.allocated": "num_allocs",
    "reserved_bytes.all.current": "pool_bytes",
    "reserved_bytes.all.peak": "peak_pool_bytes",
}
_KEPT = (
    "JAX keeps the peak of memory since the process began: it cannot be reset, and "
    "max_memory_allocated() goes on to tell the greatest of all."
)


def _stats(device: DeviceLike | None) -> dict[str, int]:
    where = f"cuda:{device}" if isinstance(device, int) else device or "cuda"
    return dict(jax_device(resolve_device(Device(where))).memory_stats() or {})


def _one(device: DeviceLike | None, name: str) -> int:
    """Return a statistic of the allocator; 0 without a GPU, as in PyTorch."""
    return int(_stats(device).get(name, 0)) if gpus() else 0


def empty_cache() -> None:
    """Do nothing: XLA looks after its memory itself."""


def memory_allocated(device: DeviceLike | None = None) -> int:
    """Return the number of bytes in use on a GPU; 0 without one."""
    return _one(device, "bytes_in_use")


def max_memory_allocated(device: DeviceLike | None = None) -> int:
    """Return the peak number of bytes in use on a GPU; 0 without one."""
    return _one(device, "peak_bytes_in_use")


def memory_reserved(device: DeviceLike | None = None) -> int:
    """Return the number of bytes reserved on a GPU; 0 without one."""
    return _one(device, "pool_bytes") or memory_allocated(device)


def max_memory_reserved(device: DeviceLike | None = None) -> int:
    """Return the peak number of bytes reserved on a GPU; 0 without one."""
    return _one(device, "peak_pool_bytes") or max_memory_allocated(device)


memory_cached, max_memory_cached = memory_reserved, max_memory_reserved


def memory_stats(device: DeviceLike | None = None) -> OrderedDict[str, int]:
    """Return the allocator's statistics, under PyTorch's names; empty without a GPU."""
    result = _stats(device) if gpus() else {}
    named = [(name, result[ours]) for name, ours in _NAMES.items() if ours in result]
    return OrderedDict(named)


def host_memory_stats() -> OrderedDict[str, int]:
    """Return an empty dictionary: host memory is not pinned."""
    return OrderedDict()


def mem_get_info(device: DeviceLike | None = None) -> tuple[int, int]:
    """Return the free and the total number of bytes that JAX may use of a GPU."""
    result = _stats(device)
    total = int(result.get("bytes_limit", 0))
    return total - int(result.get("bytes_in_use", 0)), total


@explains_keywords
def memory_summary(device: DeviceLike | None = None, abbreviated: bool = False) -> str:
    """Format the allocator's statistics as a table."""
    rows = [f"{name:<32}{count:>16}" for name, count in _stats(device).items()]
    return "\n".join(["Memory of the GPU, as XLA counts it", *rows])


def memory_snapshot(*args: object, **kwargs: object) -> Any:
    """Raise NotImplementedError: XLA keeps no list of blocks."""
    raise NotImplementedError(
        "XLA keeps no list of memory blocks. jax.profiler.save_device_memory_profile("
        "path) writes what lies on the GPU."
    )


def reset_peak_memory_stats(device: DeviceLike | None = None) -> None:
    """Warn that the peak cannot be reset."""
    _stats(device)
    tell_once(_KEPT)


reset_max_memory_allocated = reset_max_memory_cached = reset_peak_memory_stats


def reset_accumulated_memory_stats(device: DeviceLike | None = None) -> None:
    """Warn that the statistics cannot be reset."""
    reset_peak_memory_stats(device)


@explains_keywords
def set_per_process_memory_fraction(
    fraction: float, device: DeviceLike | None = None
) -> None:
    """Raise NotImplementedError: JAX reads an environment variable when it starts."""
    raise NotImplementedError(
        "JAX takes its memory when it starts: set the environment variable "
        f"XLA_PYTHON_CLIENT_MEM_FRACTION={fraction} before the script."
    )


def memory_stats_as_nested_dict(device: DeviceLike | None = None) -> dict[str, Any]:
    """Return the statistics by the parts of their names; empty without a GPU."""
    result: dict[str, Any] = {}
    for name, count in memory_stats(device).items():
        *parts, last = name.split(".")
        inner = result
        for part in parts:
            inner = inner.setdefault(part, {})
        inner[last] = count
    return result


def host_memory_stats_as_nested_dict() -> dict[str, Any]:
    """Return an empty dictionary: host memory is not pinned."""
    return {}


def reset_peak_host_memory_stats() -> None:
    """Do nothing: host memory is not pinned."""


def reset_accumulated_host_memory_stats() -> None:
    """Do nothing: host memory is not pinned."""


def caching_allocator_enable(value: bool = True) -> None:
    """Accepted: XLA looks after its memory."""


def get_allocator_backend() -> str:
    """Return "xla", which looks after the memory."""
    return "xla"


def get_per_process_memory_fraction(device: DeviceLike | None = None) -> float:
    """Return the part of a GPU's memory that JAX may use; without a GPU, raise."""
    resolve_device(Device("cuda" if device is None else device))
    return float(os.environ.get("XLA_PYTHON_CLIENT_MEM_FRACTION", "0.75"))


def list_gpu_processes(device: DeviceLike | None = None) -> str:
    """Return what to type instead: `nvidia-smi`."""
    return "nvidia-smi lists the processes on GPUs"


__all__ = [
    "caching_allocator_enable",
    "empty_cache",
    "get_allocator_backend",
    "get_per_process_memory_fraction",
    "host_memory_stats",
    "host_memory_stats_as_nested_dict",
    "list_gpu_processes",
    "max_memory_allocated",
    "max_memory_cached",
    "max_memory_reserved",
    "mem_get_info",
    "memory_allocated",
    "memory_cached",
    "memory_reserved",
    "memory_snapshot",
    "memory_stats",
    "memory_stats_as_nested_dict",
    "memory_summary",
    "reset_accumulated_host_memory_stats",
    "reset_accumulated_memory_stats",
    "reset_max_memory_allocated",
    "reset_max_memory_cached",
    "reset_peak_host_memory_stats",
    "reset_peak_memory_stats",
    "set_per_process_memory_fraction",
]
