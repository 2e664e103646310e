"""What was compiled and run, and where the time of the process went.

JAX says how long it traced, lowered and compiled, in the thread that did it; the rooms
that run programs say how long they took. Times are exclusive: a program that compiles
when it runs first has only the rest of its time as running.
"""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import jax

_EVENTS: Final = {
    "/jax/core/compile/jaxpr_trace_duration": "tracing",
    "/jax/core/compile/jaxpr_to_mlir_module_duration": "lowering",
    "/jax/core/compile/backend_compile_duration": "compiling",
}
_CACHE_HIT: Final = "/jax/compilation_cache/cache_hits"
_MOST_SPANS: Final = 4096


@dataclass
class Counts:
    """How often programs were met, compiled and run.

    Attributes:
        programs: structures of recordings that are different.
        compiles: programs that were given to XLA.
        cache_hits: compilations that the cache on disk had.
        runs: uses of programs, in either tier.
        interpreted: those in which it was interpreted.
    """

    programs: int = 0
    compiles: int = 0
    cache_hits: int = 0
    runs: int = 0
    interpreted: int = 0


counts: Final = Counts()

seconds: Final[dict[str, float]] = dict.fromkeys(
    ("tracing", "lowering", "compiling", "interpreting", "running", "waiting"), 0.0
)
background_seconds: Final = dict.fromkeys(("tracing", "lowering", "compiling"), 0.0)


class _Thread(threading.local):
    """The spans of a thread that may lie inside one that has not ended yet.

    Numbers in two lists: pairs of them would be work for the collector of garbage.
    """

    def __init__(self) -> None:
        self.starts: list[float] = []
        self.durations: list[float] = []
        self.seconds = seconds


_thread: Final = _Thread()
_lock: Final = threading.Lock()


def work_in_background() -> None:
    """Count the time of this thread apart."""
    _thread.seconds = background_seconds


@contextlib.contextmanager
def spent(activity: str) -> Iterator[None]:
    """Count the time inside, without that which is counted as something else."""
    start = time.perf_counter()
    try:
        yield
    finally:
        add(activity, start)


def add(activity: str, start: float) -> None:
    """Count the time since `start`, without that which is counted already."""
    duration = time.perf_counter() - start
    own = duration
    state = _thread.__dict__  # once, not for each field
    starts, durations = state["starts"], state["durations"]
    while starts and starts[-1] >= start:
        starts.pop()
        own -= durations.pop()
    starts.append(start)
    durations.append(duration)
    if len(starts) > _MOST_SPANS:
        del starts[: _MOST_SPANS // 2], durations[: _MOST_SPANS // 2]
    if own > 0.0:
        of_activity = state["seconds"]
        with _lock:
            of_activity[activity] = of_activity.get(activity, 0.0) + own


def _on_duration(event: str, duration_secs: float, **about: str | int) -> None:
    activity = _EVENTS.get(event)
    if activity is not None:
        add(activity, time.perf_counter() - duration_secs)


def _on_event(event: str, **about: str | int) -> None:
    if event == _CACHE_HIT:
        counts.cache_hits += 1


jax.monitoring.register_event_duration_secs_listener(_on_duration)
jax.monitoring.register_event_listener(_on_event)
