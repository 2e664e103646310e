"""The accelerator, as `torch.accelerator`."""

from collections import OrderedDict
from typing import Any

from funcnet.compat import cuda
from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.device import device


def _check() -> None:
    if not cuda.is_available():
        raise RuntimeError(
            "Cannot access accelerator device when none is available. Ask "
            "torch.accelerator.is_available() first."
        )


def is_available() -> bool:
    """Return whether there is an accelerator."""
    return cuda.is_available()


def current_accelerator(check_available: bool = False) -> device | None:
    """Return the device of the accelerator, or None."""
    return device("cuda") if cuda.is_available() else None


def device_count() -> int:
    """Return the number of accelerators."""
    return cuda.device_count()


def current_device_index() -> int:
    """Return the index of the current device."""
    _check()
    return cuda.current_device()


current_device_idx = current_device_index


def set_device_index(index: DeviceLike) -> None:
    """Set the current device, which can only be the first one."""
    _check()
    cuda.set_device(index)


set_device_idx = set_device_index


class device_index(cuda.device):  # noqa: N801 - PyTorch's name
    """Select a device in a `with` block, which can only be the first one or None."""


def synchronize(device: DeviceLike | None = None) -> None:
    """Run all pending operations and wait for them."""
    _check()
    cuda.synchronize(device)


def current_stream(device: DeviceLike | None = None) -> Any:
    """Return the only stream of a device."""
    _check()
    return cuda.current_stream(device)


def set_stream(stream: Any) -> None:
    """Do nothing: a device has one stream."""
    _check()


def get_device_capability(device: DeviceLike | None = None) -> dict[str, Any]:
    """Return the dtypes that a device computes with."""
    _check()
    from funcnet.compat._core import dtype as _dtypes

    return {"supported_dtypes": set(_dtypes.ALL)}


def empty_cache() -> None:
    """Do nothing: XLA looks after its memory itself."""
    _check()


empty_host_cache = empty_cache


def memory_allocated(device_index: DeviceLike | None = None) -> int:
    """Return the number of bytes in use."""
    _check()
    return cuda.memory_allocated(device_index)


def max_memory_allocated(device_index: DeviceLike | None = None) -> int:
    """Return the peak number of bytes in use."""
    _check()
    return cuda.max_memory_allocated(device_index)


def memory_reserved(device_index: DeviceLike | None = None) -> int:
    """Return the number of bytes that the process has reserved."""
    _check()
    return cuda.memory_reserved(device_index)


def max_memory_reserved(device_index: DeviceLike | None = None) -> int:
    """Return the peak number of bytes that the process has reserved."""
    _check()
    return cuda.max_memory_reserved(device_index)


def memory_stats(device_index: DeviceLike | None = None) -> OrderedDict[str, int]:
    """Return the statistics of the allocator, under PyTorch's names."""
    _check()
    return cuda.memory_stats(device_index)


def get_memory_info(device_index: DeviceLike | None = None) -> tuple[int, int]:
    """Return the free and the total number of bytes that JAX may use."""
    _check()
    return cuda.mem_get_info(device_index)


def reset_peak_memory_stats(device_index: DeviceLike | None = None) -> None:
    """Warn that the peak cannot be reset."""
    _check()
    cuda.reset_peak_memory_stats(device_index)


reset_accumulated_memory_stats = reset_peak_memory_stats

__all__ = [
    "current_accelerator",
    "current_device_idx",
    "current_device_index",
    "current_stream",
    "device_count",
    "device_index",
    "empty_cache",
    "empty_host_cache",
    "get_device_capability",
    "get_memory_info",
    "is_available",
    "max_memory_allocated",
    "max_memory_reserved",
    "memory_allocated",
    "memory_reserved",
    "memory_stats",
    "reset_accumulated_memory_stats",
    "reset_peak_memory_stats",
    "set_device_idx",
    "set_device_index",
    "set_stream",
    "synchronize",
]
