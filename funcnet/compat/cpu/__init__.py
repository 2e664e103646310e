"""The CPU as a device, as `torch.cpu`."""

import platform
from collections.abc import Mapping
from typing import Any

from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._profiling import streams as _streams
from funcnet.compat._profiling.streams import Event, Stream, StreamContext
from funcnet.compat.cpu import amp

stream = StreamContext


def is_available() -> bool:
    """Return True."""
    return True


def is_initialized() -> bool:
    """Return True."""
    return True


def device_count() -> int:
    """Return 1."""
    return 1


def current_device() -> str:
    """Return the CPU."""
    return "cpu"


def set_device(device: DeviceLike) -> None:
    """Do nothing: there is one CPU."""


def current_stream(device: DeviceLike | None = None) -> Stream:
    """Return the only stream of the CPU."""
    return Stream("cpu")


def synchronize(device: DeviceLike | None = None) -> None:
    """Run all pending operations and wait for them."""
    _streams.synchronize()


def get_capabilities() -> Mapping[str, Any]:
    """Return what the processor can do, by PyTorch's names; True where it can.

    Example:
        >>> import funcnet.compat as torch
        >>> "architecture" in torch.cpu.get_capabilities()
        True
    """
    try:
        with open("/proc/cpuinfo") as file:
            lines = [x for x in file if x.startswith(("flags", "Features"))]
    except OSError:
        lines = []
    flags = lines[0].partition(":")[2].split() if lines else []
    named = {_NAMES.get(one, one): True for one in flags}
    return {"architecture": platform.machine(), **named}


_NAMES = {"fma": "fma3", "pni": "sse3"}


__all__ = [
    "Event",
    "Stream",
    "StreamContext",
    "amp",
    "current_device",
    "current_stream",
    "device_count",
    "get_capabilities",
    "is_available",
    "is_initialized",
    "set_device",
    "stream",
    "synchronize",
]
