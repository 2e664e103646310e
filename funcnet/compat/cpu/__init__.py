"""The CPU as a device, as `torch.cpu`."""

from typing import Any

from funcnet.compat._profiling import streams as _streams
from funcnet.compat._profiling.streams import Event, Stream, StreamContext
from funcnet.compat.cpu import amp

stream = StreamContext


def is_available() -> bool:
    """Yes."""
    return True


def is_initialized() -> bool:
    """Yes."""
    return True


def device_count() -> int:
    """One, whatever its cores."""
    return 1


def current_device() -> str:
    """The CPU."""
    return "cpu"


def set_device(device: Any) -> None:
    """Accepted: there is one CPU."""


def current_stream(device: Any = None) -> Stream:
    """The one stream of the CPU."""
    return Stream("cpu")


def synchronize(device: Any = None) -> None:
    """Run what is recorded and wait for it."""
    _streams.synchronize()


__all__ = [
    "Event",
    "Stream",
    "StreamContext",
    "amp",
    "current_device",
    "current_stream",
    "device_count",
    "is_available",
    "is_initialized",
    "set_device",
    "stream",
    "synchronize",
]
