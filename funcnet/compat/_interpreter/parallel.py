"""Large computations in parts, which threads share.

BLAS itself is held to one thread meanwhile. Its threads wait for each other actively:
beside another process a product of (768, 128) and (128, 512) takes 9 ms with two of
them and 0.7 with one. How something is cut does not depend on the number of threads,
so that neither do its bits.
"""

import contextlib
import ctypes
import importlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import numpy as np

_PREFIXES: Final = ("scipy_openblas_", "openblas_")
_SUFFIXES: Final = ("64_", "_64", "")
_MOST_THREADS: Final = 16


def _functions_of_blas() -> tuple[Callable[[], int], Callable[[int], Any]] | None:
    """What gets and sets the threads of numpy's OpenBLAS; other BLAS: None."""
    module: Any = importlib.import_module("numpy.linalg._umath_linalg")
    try:
        library = ctypes.CDLL(module.__file__)
    except OSError:
        return None
    for prefix in _PREFIXES:
        for suffix in _SUFFIXES:
            with contextlib.suppress(AttributeError):
                return (
                    getattr(library, f"{prefix}get_num_threads{suffix}"),
                    getattr(library, f"{prefix}set_num_threads{suffix}"),
                )
    return None


_BLAS: Final = _functions_of_blas()
_THREADS: Final = min(
    _BLAS[0]() if _BLAS else os.cpu_count() or 1,
    len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else _MOST_THREADS,
    _MOST_THREADS,
)


class Computing:
    """Inside, numpy warns of no infinity, and BLAS takes one thread."""

    def __init__(self) -> None:
        self._errors = np.errstate(all="ignore")
        self._threads = 0

    def __enter__(self) -> None:
        self._errors.__enter__()
        if _BLAS is not None:
            self._threads = _BLAS[0]()
            if self._threads > 1:
                _BLAS[1](1)

    def __exit__(self, *error: object) -> None:
        if _BLAS is not None and self._threads > 1:
            _BLAS[1](self._threads)
        self._errors.__exit__(None, None, None)


_pool: ThreadPoolExecutor | None = None
_pool_process = 0


def each(function: Callable[[int], None], count: int) -> None:
    """Call a function with 0, 1, ..., count - 1, in any order, by several threads."""
    global _pool, _pool_process
    helpers = min(_THREADS, count) - 1
    if helpers < 1:
        for index in range(count):
            function(index)
        return
    if _pool is None or _pool_process != os.getpid():  # a fork has no threads
        _pool, _pool_process = ThreadPoolExecutor(_THREADS - 1, "numpy"), os.getpid()
    indices = iter(range(count))

    def work() -> None:
        with np.errstate(all="ignore"):
            for index in indices:
                function(index)

    futures = []
    with contextlib.suppress(RuntimeError):  # Python ends and starts no more threads
        futures = [_pool.submit(work) for _ in range(helpers)]
    try:
        work()
    finally:
        for future in futures:
            future.result()
