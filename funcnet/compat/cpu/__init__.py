"""The CPU as a device, as `torch.cpu`."""

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
