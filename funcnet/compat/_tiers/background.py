"""Programs compiled by a thread beside the one that runs the script."""

import atexit
import queue
import threading
from typing import Any

import jax

from funcnet.compat._core.counts import spent, work_in_background
from funcnet.compat._core.device import device, on_device
from funcnet.compat._engine.program import Program


class Compilation:
    """A program that is being compiled, or waits for it."""

    def __init__(self, on: device, program: Program, types: list[Any]) -> None:
        self._on, self._program, self._types = on, program, types
        self._begun = threading.Lock()
        self._done = threading.Event()

    def run(self) -> None:
        """Compile unless that has begun; an error comes again where it runs."""
        if not self._begun.acquire(blocking=False):
            return
        try:
            with on_device(self._on), jax.enable_x64(True):
                self._program.run.lower(*self._types).compile()  # type: ignore[attr-defined]
        except Exception:
            return
        finally:
            self._done.set()

    def wait(self) -> None:
        """Wait until it is compiled, or compile it: the other thread may be busy.

        In a process that was forked nobody goes on with what had begun.
        """
        with spent("waiting"):
            self.run()
            while not self._done.wait(timeout=1):
                if _worker is None or not _worker.is_alive():
                    return


class _Worker:
    """A thread that compiles one program after the other.

    XLA's compiler cannot be interrupted, and must not run when the process ends: a
    script that ends waits for the program that is being compiled, and drops the others.
    """

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Compilation | None] = queue.SimpleQueue()
        self._ending = False
        self._thread = threading.Thread(target=self._work, name="compile", daemon=True)
        self._thread.start()
        atexit.register(self._end)

    def is_alive(self) -> bool:
        """Whether it works: not in a process that was forked."""
        return self._thread.is_alive()

    def add(self, compilation: Compilation) -> None:
        """Compile a program when the others are done."""
        self._waiting.put(compilation)

    def _work(self) -> None:
        work_in_background()
        while (compilation := self._waiting.get()) is not None and not self._ending:
            compilation.run()

    def _end(self) -> None:
        self._ending = True
        self._waiting.put(None)
        self._thread.join()


_lock = threading.Lock()
_worker: _Worker | None = None


def compile_later(on: device, program: Program, types: list[Any]) -> Compilation:
    """Let a thread compile a program for inputs of these types."""
    global _worker
    compilation = Compilation(on, program, types)
    with _lock:
        if _worker is None or not _worker.is_alive():
            _worker = _Worker()
        _worker.add(compilation)
    return compilation
