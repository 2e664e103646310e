"""Streams and events: a device runs its programs in the order of recording."""

import time
from typing import Self

import jax

from funcnet.compat._core.annotations import DeviceLike
from funcnet.compat._core.device import CPU, resolve_device
from funcnet.compat._engine import executor
from funcnet.compat._messages.keyword_errors import explains_keywords


def synchronize() -> None:
    """Run all pending operations and wait for them."""
    executor.run_pending()
    jax.effects_barrier()
    for array in jax.live_arrays():
        array.block_until_ready()


class Stream:
    """Stream of work, as `torch.Stream`; a device has only one here."""

    def __init__(
        self, device: DeviceLike | None = None, priority: int = 0, **others: object
    ) -> None:
        del others
        self.device = resolve_device(device) if device is not None else CPU
        self.priority = priority
        self.stream_id = 0

    def query(self) -> bool:
        """Run all pending operations, wait for them, and return True."""
        synchronize()
        return True

    def synchronize(self) -> None:
        """Run all pending operations and wait for them."""
        synchronize()

    def record_event(self, event: "Event | None" = None) -> "Event":
        """Record an event at which all work so far is done."""
        event = event or Event(enable_timing=True)
        event.record(self)
        return event

    def wait_event(self, event: "Event") -> None:
        """Do nothing: work runs in the order of recording."""

    def wait_stream(self, stream: "Stream") -> None:
        """Do nothing: work runs in the order of recording."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        return

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Stream) and other.device == self.device

    def __hash__(self) -> int:
        return hash(self.device)

    def __repr__(self) -> str:
        return f"torch.Stream device={self.device}, stream_id={self.stream_id}"


@explains_keywords
class StreamContext:
    """Select a stream for a `with` block, as `torch.cuda.stream`; there is one only."""

    def __init__(self, stream: Stream | None) -> None:
        self.stream = stream

    def __enter__(self) -> None:
        return

    def __exit__(self, *error: object) -> None:
        return


@explains_keywords
class Event:
    """Point in time, as `torch.Event`: when the work before it was done.

    To record one waits for that work, so that `elapsed_time` says how long it took.
    """

    def __init__(
        self,
        device: DeviceLike | None = None,
        *,
        enable_timing: bool = False,
        blocking: bool = False,
        interprocess: bool = False,
    ) -> None:
        del blocking, interprocess
        self.device = resolve_device(device) if device is not None else CPU
        self._timing = enable_timing
        self._time: float | None = None

    def record(self, stream: Stream | None = None) -> None:
        """Run all pending operations, wait for them, and store the time."""
        del stream
        synchronize()
        self._time = time.perf_counter()

    def elapsed_time(self, end_event: "Event") -> float:
        """Return the milliseconds from this event to another."""
        if not (self._timing and end_event._timing):
            raise ValueError(
                "Both events must be created with argument 'enable_timing=True'."
            )
        if self._time is None or end_event._time is None:
            raise ValueError(
                "Both events must be recorded before calculating elapsed time."
            )
        return (end_event._time - self._time) * 1e3

    def query(self) -> bool:
        """Return True: `record` has waited for the work."""
        return True

    def synchronize(self) -> None:
        """Do nothing: `record` has waited for the work."""

    def wait(self, stream: Stream | None = None) -> None:
        """Do nothing: `record` has waited for the work."""
