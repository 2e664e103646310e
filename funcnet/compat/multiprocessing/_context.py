"""Start methods of processes, and multiprocessing's factories."""

import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.context import BaseContext
from typing import Any, Final

_NEED_CONTEXT: Final = (
    *("Array", "Barrier", "BoundedSemaphore", "Condition", "Event", "JoinableQueue"),
    *("Lock", "Manager", "Pipe", "Pool", "Queue", "RLock", "RawArray", "RawValue"),
    *("Semaphore", "SimpleQueue", "Value"),
)
_PRELOADED: Final = "funcnet.compat.multiprocessing"


def _default() -> str:
    forks = "forkserver" in multiprocessing.get_all_start_methods()
    return "forkserver" if forks and sys.platform != "darwin" else "spawn"


def get_start_method(allow_none: bool = False) -> str | None:
    """Return the start method: "forkserver" by default, and not "fork"."""
    chosen = multiprocessing.get_start_method(allow_none=True)
    return chosen or (None if allow_none else _chosen())


def set_start_method(method: str | None, force: bool = False) -> None:
    """Set the start method, as Python's function of the same name."""
    multiprocessing.set_start_method(method, force)


def get_context(method: str | None = None) -> BaseContext:
    """Return Python's context of a start method, by default of the one that is set."""
    return multiprocessing.get_context(method or _chosen())


def _chosen() -> str:
    """Return the start method, which cannot be set any more, as in Python."""
    method = multiprocessing.get_start_method(allow_none=True)
    if method is None:
        method = _default()
        multiprocessing.set_start_method(method)
        if method == "forkserver":
            # Not the script itself, which may compute: its copies could not.
            multiprocessing.set_forkserver_preload([_PRELOADED])
    return method


class Process(multiprocessing.Process):
    """Process, as `torch.multiprocessing.Process`."""

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802 - Python's name
        cls: Any = get_context().Process  # type: ignore[attr-defined]
        return cls._Popen(process_obj)


def bound() -> dict[str, Callable[..., Any]]:
    """Return Python's factories of queues, pools, locks and values."""

    def made(name: str) -> Callable[..., Any]:
        def make(*args: object, **kwargs: object) -> Any:
            return getattr(get_context(), name)(*args, **kwargs)

        make.__name__ = make.__qualname__ = name
        make.__doc__ = f"`multiprocessing.{name}` in the chosen context."
        return make

    return {name: made(name) for name in _NEED_CONTEXT}


# --- how tensors go -------------------------------------------------------------------

_STRATEGIES: Final = {"file_descriptor", "file_system"}
_strategy = ["file_descriptor"]


def get_all_sharing_strategies() -> set[str]:
    """Return the names that `set_sharing_strategy` takes."""
    return set(_STRATEGIES)


def get_sharing_strategy() -> str:
    """Return the strategy that was set; file descriptors are used in any case."""
    return _strategy[0]


def set_sharing_strategy(new_strategy: str) -> None:
    """Set the strategy; file descriptors are used in any case."""
    if new_strategy not in _STRATEGIES:
        raise AssertionError(
            f"invalid sharing strategy {new_strategy!r}, expected one of {_STRATEGIES}"
        )
    _strategy[0] = new_strategy
