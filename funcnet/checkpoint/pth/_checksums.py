"""Checksums, computed on other cores while the bytes are read or written."""

import os
import zlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Any, Self

import numpy as np

_SMALL = 2**16  # bytes for which another thread is not worth its while


class Checksums:
    """CRC-32 of many pieces; a context that ends when all are known."""

    def __init__(self) -> None:
        self.pool: ThreadPoolExecutor | None = None

    def start(self, data: bytes | memoryview | np.ndarray) -> Callable[[], int]:
        """Begin with a piece; the result waits until its checksum is known."""
        if len(data) < _SMALL:
            found = zlib.crc32(data)
            return lambda: found
        if self.pool is None:
            self.pool = ThreadPoolExecutor(min(4, os.cpu_count() or 1))
        later: Future[int] = self.pool.submit(zlib.crc32, data)
        return later.result

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> Any:
        if self.pool is not None:
            self.pool.shutdown(cancel_futures=True)
