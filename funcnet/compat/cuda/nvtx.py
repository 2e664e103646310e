"""Names for regions in a trace, as `torch.cuda.nvtx`: those of JAX's profiler."""

import contextlib
import threading
from collections.abc import Iterator
from typing import Any

import jax


class _Regions(threading.local):
    """The regions that are open in a thread, the innermost last."""

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
    """End the region that was begun last; return its depth."""
    if not _regions.open:
        return -1
    _regions.open.pop().__exit__(None, None, None)
    return len(_regions.open)


def mark(msg: str) -> None:
    """Name a point: a region without an end to wait for."""
    range_push(msg)
    range_pop()


@contextlib.contextmanager
def range(msg: str, *args: object, **kwargs: object) -> Iterator[None]:
    """Name a region in a `with` block or a function that is decorated."""
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
