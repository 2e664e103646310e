"""`torch.autograd.profiler`: named regions, and the profiler in its old form."""

import contextlib
from typing import Any, NoReturn, Self

import jax

from funcnet.compat._messages.keyword_errors import explains_keywords
from funcnet.compat._profiling import events as _events
from funcnet.compat._profiling.streams import synchronize


@explains_keywords
class record_function(contextlib.ContextDecorator):  # noqa: N801 - PyTorch's name
    """Record a named region for `torch.profiler` and for traces of `jax.profiler`.

    While a profiler records, what is recorded inside is computed before the region
    ends, so that its time is that of the computation.
    """

    def __init__(self, name: str, args: str | None = None) -> None:
        self.name = name
        self.args = args
        self._region: Any = None
        self._event: _events.Event | None = None

    def __enter__(self) -> Self:
        self._event = _events.begin(self.name, "user_annotation")
        self._region = jax.profiler.TraceAnnotation(self.name)
        self._region.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        if self._event is not None:
            synchronize()
        self._region.__exit__(*error)
        _events.end(self._event)


class profile:  # noqa: N801
    """Profiler, as `torch.autograd.profiler.profile`."""

    def __init__(self, enabled: bool = True, **settings: object) -> None:
        self.enabled = enabled
        self._recorder = _events.Recorder()

    def __enter__(self) -> Self:
        if self.enabled:
            synchronize()
            self._recorder.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self.enabled:
            synchronize()
            self._recorder.stop()

    @property
    def function_events(self) -> Any:
        """The events."""
        return list(self._recorder.events)

    def key_averages(self, *args: object, **kwargs: object) -> Any:
        """Return the events averaged by name, with `table()`."""
        from funcnet.compat._profiling import averages

        return averages.EventList.averages(self._recorder.events)

    def total_average(self) -> Any:
        """Return the average over all events."""
        return self.key_averages().total_average()

    def table(self, *args: object, **kwargs: object) -> str:
        """Format the table of the events by name."""
        return str(self.key_averages().table(*args, **kwargs))

    def export_chrome_trace(self, path: str) -> None:
        """Write the events in Chrome's trace format."""
        _events.write_trace(self._recorder.events, path, {})


class _Emit:
    """Context that would mark operations for a tracer of GPUs."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        del args, kwargs

    def __enter__(self) -> NoReturn:
        raise NotImplementedError(
            "torch.autograd.profiler: a step is one program, whose operations are not "
            "marked one by one: trace it with jax.profiler.trace(folder)."
        )

    def __exit__(self, *error: object) -> None:
        return


class emit_nvtx(_Emit):  # noqa: N801
    """Raise when entered: operations are not marked one by one."""


class emit_itt(_Emit):  # noqa: N801
    """Raise when entered: operations are not marked one by one."""


def __getattr__(name: str) -> Any:
    if name in ("EventList", "FunctionEventAvg"):
        from funcnet.compat._profiling import averages

        return getattr(averages, name)
    from funcnet.compat._messages.unsupported import missing

    return missing(name, globals(), "autograd.profiler")


__all__ = [
    "emit_itt",
    "emit_nvtx",
    "profile",
    "record_function",
]
