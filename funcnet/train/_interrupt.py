"""Ctrl-C as a request, so that a step and its bookkeeping are completed."""

import signal
import threading
from types import FrameType
from typing import Any, Self


class Interrupt:
    """While the context is open, the first Ctrl-C only sets `requested`.

    The second raises `KeyboardInterrupt`. Outside the main thread, where Python
    delivers no signals, nothing is changed.
    """

    requested = False

    def __enter__(self) -> Self:
        self._main = threading.current_thread() is threading.main_thread()
        if self._main:
            self._before: Any = signal.signal(signal.SIGINT, self._request)
        return self

    def __exit__(self, *exception: object) -> None:
        if self._main:
            signal.signal(signal.SIGINT, self._before)

    def _request(self, number: int, frame: FrameType | None) -> None:
        if self.requested:
            raise KeyboardInterrupt
        self.requested = True
