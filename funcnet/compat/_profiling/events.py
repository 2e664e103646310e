"""Wall-clock times of named regions and of the programs in them.

An event is a region that a script names, a compilation, or the run of a program; the
operations in a program have no times of their own, as XLA fuses them.
"""

import gzip
import json
import os
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import jax

from funcnet.compat._core.device import device
from funcnet.compat._engine import executor
from funcnet.compat._engine.trace import Trace
from funcnet.compat._tiers import policy


@dataclass
class Event:
    """Time interval in microseconds; `inner` is spent in events inside of it."""

    name: str
    kind: str
    start: float
    end: float = 0.0
    thread: int = 0
    inner: float = 0.0
    args: dict[str, Any] = field(default_factory=dict)

    @property
    def duration(self) -> float:
        return self.end - self.start


class Recorder:
    """Recorder of the events between `start` and `stop`."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def start(self) -> None:
        _recorders.append(self)
        _watch(True)

    def stop(self) -> None:
        if self in _recorders:
            _recorders.remove(self)
        _watch(bool(_recorders))


_recorders: Final[list[Recorder]] = []
_open = threading.local()


def now() -> float:
    """Return the microseconds of a monotonic clock."""
    return time.perf_counter_ns() / 1000


def begin(name: str, kind: str, **args: object) -> Event | None:
    """Begin an event; return None without a recorder."""
    if not _recorders:
        return None
    event = Event(name, kind, now(), thread=threading.get_ident(), args=args)
    _stack().append(event)
    return event


def end(event: Event | None) -> None:
    """End an event."""
    if event is None:
        return
    event.end = now()
    stack = _stack()
    while stack and stack.pop() is not event:
        pass  # events that were left open inside
    if stack:
        stack[-1].inner += event.duration
    for one in _recorders:
        one.events.append(event)


def _stack() -> list[Event]:
    if not hasattr(_open, "stack"):
        _open.stack = []
    return _open.stack


def write_trace(events: list[Event], path: str, notes: dict[str, Any]) -> None:
    """Write events in Chrome's trace format, compressed for ".gz"."""
    shown = [
        {
            "ph": "X",
            "cat": event.kind,
            "name": event.name,
            "pid": os.getpid(),
            "tid": event.thread,
            "ts": event.start,
            "dur": event.duration,
            "args": event.args,
        }
        for event in sorted(events, key=lambda event: event.start)
    ]
    text = json.dumps({"schemaVersion": 1, **notes, "traceEvents": shown})
    if path.endswith(".gz"):
        with gzip.open(path, "wt") as file:
            file.write(text)
    else:
        Path(path).write_text(text)


def _watch(yes: bool) -> None:
    """Time each program to its end, while there is a recorder."""
    executor.hooks.run = _timed if yes else policy.run


_numbers: dict[Any, int] = {}


def _timed(on: device, trace: Trace, results: Sequence[int], may_donate: bool) -> None:
    values = [trace.values[index] for index in results]
    compiles = executor.counts.compiles
    key = (tuple(trace.steps), tuple(results), on)
    number = _numbers.setdefault(key, len(_numbers))
    operations = [node.call.op.name for node in trace.nodes]
    event = begin(f"program {number}", "program", operations=operations)
    policy.run(on, trace, results, may_donate)
    jax.block_until_ready([value.array for value in values])
    if event is not None:
        if executor.counts.compiles > compiles:
            event.name = f"compile and run program {number}"
            event.kind = "compile"
        event.args["operations"] = len(operations)
        event.args["of"] = ", ".join(dict.fromkeys(operations))[:200]
    end(event)
