"""What is set while numpy computes: threads of BLAS, warnings, and freed memory.

BLAS is held to one thread. Its threads wait for each other actively: beside another
process a product of (768, 128) and (128, 512) takes 9 ms with two of them and 0.7 with
one. Large computations are shared among threads by `parallel.py`.
"""

import contextlib
import ctypes
import functools
import importlib
import os
import sys
from collections.abc import Callable
from typing import Any, Final

import numpy as np

_PREFIXES: Final = ("scipy_openblas_", "openblas_")
_SUFFIXES: Final = ("64_", "_64", "")


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


BLAS: Final = _functions_of_blas()
"""What gets and sets the threads of BLAS, or None."""

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_LARGEST: Final = 32 << 20  # the most that glibc takes
_KEPT: Final = 512 << 20


@functools.cache
def _keep_freed_memory() -> None:
    """Have glibc use freed memory again, unless the environment says otherwise.

    By default it gives each large array back to the system, and the next one is
    cleared by the system page by page: a fifth of the time of a step over arrays of
    20 MB. With another C library nothing is changed.
    """
    settings = ("MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_", "GLIBC_TUNABLES")
    if sys.platform != "linux" or any(name in os.environ for name in settings):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return
    if mallopt(_MMAP_THRESHOLD, _LARGEST):
        mallopt(_TRIM_THRESHOLD, _KEPT)


class Computing:
    """Inside, numpy warns of no infinity, and BLAS takes one thread."""

    __slots__ = ("_errors", "_threads")

    def __enter__(self) -> None:
        _keep_freed_memory()
        self._errors = np.errstate(all="ignore")
        self._errors.__enter__()
        if BLAS is not None:
            self._threads = BLAS[0]()
            if self._threads > 1:
                BLAS[1](1)

    def __exit__(self, *error: object) -> None:
        if BLAS is not None and self._threads > 1:
            BLAS[1](self._threads)
        self._errors.__exit__(None, None, None)
