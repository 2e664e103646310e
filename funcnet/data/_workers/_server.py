"""The process that workers are forked from: clean, without threads, quick to copy.

It is started as a fresh interpreter, imports what workers need and waits. It never
runs JAX, so that a fork of it is safe; that takes a few milliseconds, where a fresh
interpreter would import numpy again for each worker and each epoch.
"""

import contextlib
import ctypes
import gc
import importlib
import os
import select
import signal
import socket
import sys
import time
from typing import Any

from funcnet.data._workers._channel import Channel, ClosedError
from funcnet.data._workers._worker import work

_GRACE = 5.0  # seconds that a worker has to end by itself
_LAST_GRACE = 0.5  # the same when the main process is gone
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


class Server:
    """Fork workers on request; end, and end them, with the main process."""

    def __init__(self, end: socket.socket, main: int) -> None:
        self.channel, self.main = Channel(end), main
        self.running: dict[int, float] = {}  # process: when it is killed
        self.ended: dict[int, int] = {}  # process: its exit status

    def serve(self) -> None:
        """Do what the main process asks for, until it is gone."""
        while os.getppid() == self.main:
            wait = 0.05 if any(t < float("inf") for t in self.running.values()) else 1.0
            ready, _, _ = select.select([self.channel], [], [], wait)
            try:
                if ready:
                    self.channel.read()
                while (result := self.channel.received()) is not None:
                    (name, *arguments), files = result
                    getattr(self, f"on_{name}")(*arguments, *files)
            except ClosedError:
                break
            self.reap()
        self.finish()

    def on_fork(self, context: dict[str, Any], file: int) -> None:
        """Fork a worker that talks through a socket; answer with its number."""
        _import(context["modules"])
        server = os.getpid()
        process = os.fork()
        if process == 0:
            self.channel.close()
            _die_with(server)
            work(socket.socket(fileno=file), context)
        os.close(file)
        self.running[process] = float("inf")
        self.channel.send(process)

    def on_end(self, processes: list[int], grace: float = _GRACE) -> None:
        """Kill these workers unless they end by themselves soon."""
        for process in processes:
            if process in self.running:
                self.running[process] = time.monotonic() + grace
        if not grace:
            self.reap()

    def on_status(self, process: int) -> None:
        """Answer with the exit status of a worker that has just ended, if it has."""
        until = time.monotonic() + 1
        while process in self.running and time.monotonic() < until:
            self.reap()
            time.sleep(0.001)
        self.channel.send(self.ended.get(process))

    def reap(self) -> None:
        """Note who has ended, and kill whose time is over."""
        now = time.monotonic()
        for process, until in list(self.running.items()):
            if until <= now:
                _kill(process)
            with contextlib.suppress(ChildProcessError):
                result, status = os.waitpid(process, os.WNOHANG)
                if result:
                    del self.running[process]
                    self.ended[process] = os.waitstatus_to_exitcode(status)

    def finish(self) -> None:
        """End the workers with the main process."""
        until = time.monotonic() + _LAST_GRACE
        while self.running and time.monotonic() < until:
            self.reap()
            time.sleep(0.01)
        for process in self.running:
            _kill(process)


def _import(modules: list[str]) -> None:
    """Import what workers will need, once for all of them; where it fails, they say."""
    # What is imported stays: to look through it for garbage takes a tenth of the time,
    # and would make workers copy the memory that they share.
    gc.disable()
    for name in modules:
        if name not in sys.modules:
            with contextlib.suppress(Exception):
                importlib.import_module(name)
    gc.freeze()
    gc.enable()


def _kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def _die_with(server: int) -> None:
    """Be killed when the server is, which otherwise ends its workers itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    if os.getppid() != server:
        os._exit(1)


def main(end: int, parent: int, modules: list[str]) -> None:
    """Serve the process `parent` through the socket `end`."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the main process decides
    _import(["PIL.PngImagePlugin", "PIL.JpegImagePlugin", *modules])
    Server(socket.socket(fileno=end), parent).serve()
