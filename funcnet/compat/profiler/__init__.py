"""Profiler, as `torch.profiler`.

Events are the regions that a script names with `record_function`, its steps, and the
compilations and runs of programs, by the wall clock. The operations in a program are
fused by XLA and have no times of their own; `jax.profiler.trace(folder)` shows more.

Example:
    >>> import funcnet.compat as torch
    >>> from funcnet.compat.profiler import profile, record_function
    >>> with profile() as prof:
    ...     with record_function("product"):
    ...         y = (torch.ones(4, 4) @ torch.ones(4, 4)).sum().item()
    >>> [event.key for event in prof.key_averages() if event.key == "product"]
    ['product']
"""

from funcnet.compat._messages.refused import refused
from funcnet.compat._messages.unsupported import missing
from funcnet.compat._profiling.averages import EventList, FunctionEventAvg
from funcnet.compat.profiler._profile import (
    ProfilerAction,
    ProfilerActivity,
    kineto_available,
    profile,
    record_function,
    schedule,
    supported_activities,
    tensorboard_trace_handler,
)

DeviceType = None
_KinetoProfile = profile
globals().update(
    refused(
        "profiler",
        "the graph of a program is shown by torch.fx, or by jax.make_jaxpr of "
        "torch.pure(module)",
        "ExecutionTraceObserver",
    )
)


def __getattr__(name: str) -> object:
    return missing(name, globals(), "profiler")


__all__ = [
    "DeviceType",
    "EventList",
    "FunctionEventAvg",
    "ProfilerAction",
    "ProfilerActivity",
    "kineto_available",
    "profile",
    "record_function",
    "schedule",
    "supported_activities",
    "tensorboard_trace_handler",
]
