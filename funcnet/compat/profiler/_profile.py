"""The profiler and its schedules."""

import contextlib
import enum
import json
import os
import socket
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NoReturn, Self

from funcnet.compat._profiling import events as _events
from funcnet.compat._profiling.averages import EventList
from funcnet.compat._profiling.streams import synchronize
from funcnet.compat.autograd.profiler import record_function


class ProfilerActivity(enum.Enum):
    """Activities to record; programs are recorded with any of them."""

    CPU = 0
    XPU = 1
    CUDA = 2
    MTIA = 3
    HPU = 4
    PrivateUse1 = 5


class ProfilerAction(enum.Enum):
    """Action of a step."""

    NONE = 0
    WARMUP = 1
    RECORD = 2
    RECORD_AND_SAVE = 3


def kineto_available() -> bool:
    """Return False: Kineto is not used."""
    return False


def supported_activities() -> set[ProfilerActivity]:
    """Return the CPU, measured by wall-clock time."""
    return {ProfilerActivity.CPU}


def schedule(
    *,
    wait: int,
    warmup: int,
    active: int,
    repeat: int = 0,
    skip_first: int = 0,
    skip_first_wait: int = 0,
) -> Callable[[int], ProfilerAction]:
    """Make a schedule of waiting, warm-up and recording, as in PyTorch.

    Args:
        wait, warmup, active: how many steps of each.
        repeat: how often; without end for zero.
        skip_first: steps before.
        skip_first_wait: nonzero to leave out the first wait.
    """
    if wait < 0 or warmup < 0 or active <= 0 or repeat < 0 or skip_first < 0:
        raise AssertionError("Invalid profiler schedule arguments")

    def action(step: int) -> ProfilerAction:
        if step < 0:
            raise AssertionError(f"Step must be non-negative. Got {step}.")
        if step < skip_first:
            return ProfilerAction.NONE
        step -= skip_first
        if skip_first_wait != 0:
            step += wait
        cycle = wait + warmup + active
        if repeat > 0 and step // cycle >= repeat:
            return ProfilerAction.NONE
        place = step % cycle
        if place < wait:
            return ProfilerAction.NONE
        if place < wait + warmup:
            return ProfilerAction.WARMUP
        last = place == cycle - 1
        return ProfilerAction.RECORD_AND_SAVE if last else ProfilerAction.RECORD

    return action


def tensorboard_trace_handler(
    dir_name: str, worker_name: str | None = None, use_gzip: bool = False
) -> Callable[["profile"], None]:
    """Return an `on_trace_ready` function that writes each trace into a folder."""

    def write(prof: "profile") -> None:
        Path(dir_name).mkdir(parents=True, exist_ok=True)
        name = worker_name or f"{socket.gethostname()}_{os.getpid()}"
        file = f"{name}.{time.time_ns()}.pt.trace.json" + ".gz" * use_gzip
        prof.export_chrome_trace(os.path.join(dir_name, file))

    return write


class profile(contextlib.ContextDecorator):  # noqa: N801 - PyTorch's name
    """Profiler, as `torch.profiler.profile`.

    Args:
        schedule: what each step does, see `schedule`; by default all is recorded.
        on_trace_ready: is called with this profiler when a recording is complete.
        activities, record_shapes, profile_memory, with_stack, with_flops, with_modules:
            accepted; shapes, memory and stacks are not recorded.
    """

    def __init__(
        self,
        *,
        activities: Iterable[ProfilerActivity] | None = None,
        schedule: Callable[[int], ProfilerAction] | None = None,
        on_trace_ready: Callable[..., Any] | None = None,
        record_shapes: bool = False,
        profile_memory: bool = False,
        with_stack: bool = False,
        with_flops: bool = False,
        with_modules: bool = False,
        experimental_config: object = None,
        execution_trace_observer: object = None,
        acc_events: bool = False,
        use_cuda: bool | None = None,
        custom_trace_id_callback: object = None,
        post_processing_timeout_s: float | None = None,
    ) -> None:
        self.activities = set(activities or supported_activities())
        self._scheduled = schedule
        self._schedule = schedule or (lambda step: ProfilerAction.RECORD)
        self.on_trace_ready = on_trace_ready
        self.step_num = 0
        self.current_action = self._schedule(0)
        self._recorder: _events.Recorder | None = None
        self._taken: list[_events.Event] = []
        self._step: Any = None
        self._notes: dict[str, Any] = {}

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def start(self) -> None:
        """Begin with step 0."""
        self._follow(self.current_action)

    def stop(self) -> None:
        """End the recording."""
        self._end_step()
        if self._recorder is not None:
            self._take()
            if self.on_trace_ready is not None:
                self.on_trace_ready(self)

    def step(self) -> None:
        """Mark the end of a training step."""
        self._end_step()
        before = self.current_action
        self.step_num += 1
        self.current_action = self._schedule(self.step_num)
        if before is ProfilerAction.RECORD_AND_SAVE and self._recorder is not None:
            self._take()
            if self.on_trace_ready is not None:
                self.on_trace_ready(self)
        self._follow(self.current_action)

    def _follow(self, action: ProfilerAction) -> None:
        records = action in (ProfilerAction.RECORD, ProfilerAction.RECORD_AND_SAVE)
        if records and self._recorder is None:
            synchronize()  # what was recorded before is no part of it
            self._recorder = _events.Recorder()
            self._recorder.start()
        if records and self._scheduled is not None:
            name = f"ProfilerStep#{self.step_num}"
            self._step = _events.begin(name, "user_annotation")

    def _end_step(self) -> None:
        _events.end(self._step)
        self._step = None

    def _take(self) -> None:
        assert self._recorder is not None, "it records"
        synchronize()
        self._recorder.stop()
        self._taken, self._recorder = self._recorder.events, None

    # --- what was recorded ------------------------------------------------------------

    def events(self) -> EventList:
        """Return the events, in the order of time."""
        return EventList(sorted(self._taken, key=lambda one: one.start))

    def key_averages(
        self,
        group_by_input_shape: bool = False,
        group_by_stack_n: int = 0,
        group_by_overload_name: bool = False,
    ) -> EventList:
        """Return the events averaged by name, with `table()`."""
        return EventList.averages(self._taken)

    def export_chrome_trace(self, path: str) -> None:
        """Write the events in Chrome's trace format, compressed for ".gz"."""
        _events.write_trace(self._taken, path, self._notes)

    def export_stacks(self, path: str, metric: str = "self_cpu_time_total") -> NoReturn:
        """Raise NotImplementedError: stacks are not recorded."""
        raise NotImplementedError(
            "torch.profiler.profile.export_stacks: stacks are not recorded; Python's "
            "cProfile has them."
        )

    def export_memory_timeline(self, path: str, device: str | None = None) -> NoReturn:
        """Raise NotImplementedError: memory is XLA's."""
        raise NotImplementedError(
            "torch.profiler.profile.export_memory_timeline: XLA manages the memory; "
            "see jax.profiler.save_device_memory_profile(path)."
        )

    def add_metadata(self, key: str, value: str) -> None:
        """Add a text to the trace."""
        self._notes[key] = value

    def add_metadata_json(self, key: str, value: str) -> None:
        """Add a value, given as JSON, to the trace."""
        self._notes[key] = json.loads(value)

    preset_metadata_json = add_metadata_json

    def toggle_collection_dynamic(
        self, enable: bool, activities: Iterable[Any]
    ) -> None:
        """Pause or resume the recording."""
        if self._recorder is not None:
            self._recorder.start() if enable else self._recorder.stop()


__all__ = ["profile", "record_function"]
