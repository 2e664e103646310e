"""Reading, and computing checksums, on other cores."""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self, TypeVar

_SMALL = 2**16  # bytes for which another thread is not worth its while

T = TypeVar("T")


class Background:
    """Runs jobs on other threads; a context at whose end none is running."""

    def __init__(self) -> None:
        self.pool: ThreadPoolExecutor | None = None

    def run(self, job: Callable[[], T], size: int) -> Callable[[], T]:
        """Begin with a job on `size` bytes; the result waits until it is done."""
        if size < _SMALL:
            return self._at_once(job)
        if self.pool is None:
            self.pool = ThreadPoolExecutor(min(8, os.cpu_count() or 1))
        try:
            later: Future[T] = self.pool.submit(job)
        except RuntimeError:  # the interpreter ends, and starts no thread any more
            return self._at_once(job)
        return later.result

    def _at_once(self, job: Callable[[], T]) -> Callable[[], T]:
        result = job()
        return lambda: result

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self.pool is not None:
            self.pool.shutdown(cancel_futures=True)
