"""Large computations in parts, which threads share.

How something is cut does not depend on the number of threads, so that neither do its
bits.
"""

import contextlib
import math
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import numpy as np

from funcnet.compat._interpreter.computing import BLAS

_MOST_THREADS: Final = 16
_THREADS: Final = min(
    BLAS[0]() if BLAS else os.cpu_count() or 1,
    len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else _MOST_THREADS,
    _MOST_THREADS,
)

_FEW: Final = 8


def parts_of(result: np.ndarray, size: int) -> list[tuple[slice, ...]]:
    """Indices of parts that have about `size` elements, along one axis.

    Along the outermost in memory that is long enough.
    """
    shape = result.shape
    axes = sorted(range(len(shape)), key=lambda axis: -abs(result.strides[axis]))
    axis = next((axis for axis in axes if shape[axis] >= _FEW), None)
    if axis is None:
        axis = max(axes, key=shape.__getitem__)
    step = max(1, size * shape[axis] // max(1, math.prod(shape)))
    before = (slice(None),) * axis
    return [(*before, slice(i, i + step)) for i in range(0, shape[axis], step)]


_pool: ThreadPoolExecutor | None = None
_pool_process = 0


def each(function: Callable[[int], None], count: int, is_shared: bool = True) -> None:
    """Call a function with 0, 1, ..., count - 1, in any order, by several threads.

    By this one alone where it is not worth starting others, a tenth of a millisecond.
    """
    global _pool, _pool_process
    helpers = min(_THREADS, count) - 1 if is_shared else 0
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
