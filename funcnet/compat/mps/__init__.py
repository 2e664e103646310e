"""Apple's GPUs, as `torch.mps` answers where there is none."""

from typing import Any, Final, NoReturn

from funcnet.compat._core.lazy_modules import show_as
from funcnet.compat._messages.unsupported import missing


def is_available() -> bool:
    """Return False."""
    return False


def device_count() -> int:
    """Return 0."""
    return 0


_KERNELS: Final = {
    "current_allocated_memory": "getCurrentAllocatedMemory",
    "driver_allocated_memory": "getDriverAllocatedMemory",
    "empty_cache": "emptyCache",
    "get_rng_state": "getDefaultGenerator",
    "manual_seed": "getDefaultGenerator",
    "recommended_max_memory": "getRecommendedMaxMemory",
    "seed": "getDefaultGenerator",
    "set_per_process_memory_fraction": "setMemoryFraction",
    "set_rng_state": "getDefaultGenerator",
    "synchronize": "deviceSynchronize",
}


def _none(name: str, kernel: str) -> Any:
    def refuse(*args: object, **kwargs: object) -> NoReturn:
        raise RuntimeError(f"Cannot execute {kernel}() without MPS backend.")

    refuse.__name__ = refuse.__qualname__ = name
    refuse.__doc__ = "Raise RuntimeError, as PyTorch does without a GPU of Apple's."
    return refuse


globals().update({name: _none(name, kernel) for name, kernel in _KERNELS.items()})


class Event:
    """An event of a GPU: to make one raises RuntimeError."""

    def __init__(self, enable_timing: bool = False) -> None:
        _none("Event", "acquireEvent")()


profiler = show_as(
    f"{__name__}.profiler",
    {
        "start": _none("start", "profilerStartTrace"),
        "stop": _none("stop", "profilerStopTrace"),
        "profile": _none("profile", "profilerStartTrace"),
    },
)


def __getattr__(name: str) -> Any:
    return missing(name, globals(), "mps")


__all__ = [*_KERNELS, "Event", "device_count", "is_available", "profiler"]
