"""The CPU as a device, as `torch.cpu`."""

from funcnet.compat._core.annotations import DeviceLike
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


def set_device(device: DeviceLike) -> None:
    """Accepted: there is one CPU."""


def current_stream(device: DeviceLike | None = None) -> Stream:
    """The one stream of the CPU."""
    return Stream("cpu")


def synchronize(device: DeviceLike | None = None) -> None:
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
