"""Names for regions in a trace, as `torch.cuda.nvtx`: those of JAX's profiler."""

import contextlib
from collections.abc import Iterator
from typing import Any

import jax

_open: list[Any] = []


def range_push(msg: str) -> int:
    """Begin a region; return its depth."""
    region = jax.profiler.TraceAnnotation(msg)
    region.__enter__()
    _open.append(region)
    return len(_open) - 1


def range_pop() -> int:
    """End the region that was begun last; return its depth."""
    if not _open:
        return -1
    _open.pop().__exit__(None, None, None)
    return len(_open)


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
