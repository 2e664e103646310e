"""Streams and events of GPUs, as `torch.cuda.streams`."""

from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.device import gpus, resolve_device
from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._profiling import streams as _streams
from funcnet.compat._profiling.streams import StreamContext

stream = StreamContext


class Stream(_streams.Stream):
    """Stream of work on a GPU, which has only one here."""

    def __init__(
        self, device: DeviceLike | None = None, priority: int = 0, **others: object
    ) -> None:
        if not gpus():
            raise RuntimeError("torch.cuda.Stream requires CUDA support")
        super().__init__("cuda" if device is None else device, priority, **others)


@explains_keywords
class Event(_streams.Event):
    """Point in time on a GPU: when the work before it was done."""

    def __init__(
        self,
        enable_timing: bool = False,
        blocking: bool = False,
        interprocess: bool = False,
        external: bool = False,
    ) -> None:
        if not gpus():
            raise RuntimeError(
                "Tried to instantiate dummy base class Event: JAX has no GPU here. "
                "time.perf_counter() and y.numpy() measure on CPUs."
            )
        del blocking, interprocess, external
        super().__init__("cuda", enable_timing=enable_timing)


def current_stream(device: DeviceLike | None = None) -> Stream:
    """Return the only stream of a GPU."""
    return Stream(resolve_device("cuda" if device is None else device))


default_stream = current_stream


def set_stream(stream: Stream) -> None:
    """Do nothing: a GPU has one stream."""


__all__ = [
    "Event",
    "Stream",
    "current_stream",
    "default_stream",
    "set_stream",
    "stream",
]
