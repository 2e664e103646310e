"""Programs compiled by a thread beside the one that runs the script."""

import queue
import threading
from typing import Any, Final

import jax

from funcnet.compat._core.device import computing, device
from funcnet.compat._engine.program import Program
from funcnet.compat._engine.trace import Trace


class Compilation:
    """A program that is being compiled, or waits for it."""

    def __init__(self, on: device, program: Program, types: list[Any]) -> None:
        self._on, self._program, self._types = on, program, types
        self._done = threading.Event()

    def run(self) -> None:
        """Compile; an error comes again where the program runs."""
        try:
            with computing(self._on), jax.enable_x64(True):
                self._program.run.lower(*self._types).compile()  # type: ignore[attr-defined]
        except Exception:
            return
        finally:
            self._done.set()

    def wait(self) -> None:
        """Wait until it is compiled."""
        self._done.wait()


_waiting: Final[queue.SimpleQueue[Compilation]] = queue.SimpleQueue()
_started = threading.Lock()
_thread: threading.Thread | None = None


def compile_later(on: device, program: Program, trace: Trace) -> Compilation:
    """Let the thread compile the program of a trace."""
    global _thread
    types = [
        *[spec.struct for spec in program.buffers],
        *[leaf.spec.struct for leaf in trace.leaves],
    ]
    compilation = Compilation(on, program, types)
    with _started:
        if _thread is None or not _thread.is_alive():
            # A script that ends does not wait for it.
            _thread = threading.Thread(target=_work, name="compile", daemon=True)
            _thread.start()
    _waiting.put(compilation)
    return compilation


def _work() -> None:
    while True:
        _waiting.get().run()
