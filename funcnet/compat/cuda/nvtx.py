"""Named regions for JAX's profiler, as `torch.cuda.nvtx`."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import jax


class _Regions(threading.local):
    """Open regions of a thread, the innermost last."""

    def __init__(self) -> None:
        self.open: list[Any] = []


_regions = _Regions()


def range_push(msg: str) -> int:
    """Begin a region; return its depth."""
    region = jax.profiler.TraceAnnotation(msg)
    region.__enter__()
    _regions.open.append(region)
    return len(_regions.open) - 1


def range_pop() -> int:
    """End the innermost region; return its depth."""
    if not _regions.open:
        return -1
    _regions.open.pop().__exit__(None, None, None)
    return len(_regions.open)


def mark(msg: str) -> None:
    """Mark a point in time."""
    range_push(msg)
    range_pop()


@contextlib.contextmanager
def range(msg: str, *args: object, **kwargs: object) -> Iterator[None]:
    """Name a region in a `with` block or a decorated function."""
    range_push(msg.format(*args, **kwargs))
    try:
        yield
    finally:
        range_pop()


__all__ = [
    "mark",
    "range",
    "range_pop",
    "range_push",
]
