"""Servers of workers, as the main process sees them."""

import atexit
import contextlib
import functools
import os
import socket
import subprocess
import sys
import threading
import weakref
from collections.abc import Sequence
from typing import Any, Protocol

from funcnet._errors import InputError
from funcnet.data._workers._channel import Channel, ClosedError
from funcnet.data._workers._info import HEAVY, OFTEN_USED

_START = (
    "import sys; sys.path[:] = sys.argv[4:]; "
    "from funcnet.data._workers._server import main; "
    "main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3].split())"
)
# Workers compute on their own processor each, and leave the accelerator alone.
_ENVIRONMENT = {
    "JAX_PLATFORMS": "cpu",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
_servers: dict[tuple[str, ...], "Client"] = {}
_lock = threading.Lock()


class Closable(Protocol):
    """Something with workers that can be closed."""

    def close(self) -> None: ...


class Client:
    """Starts a server that has imported some modules, and sends it requests."""

    def __init__(self, modules: Sequence[str]) -> None:
        self.owner = os.getpid()
        mine, other = socket.socketpair()
        path = [folder or os.getcwd() for folder in sys.path]
        self.modules = modules
        wanted = " ".join([*self._also_used(), *modules])
        arguments = [str(other.fileno()), str(self.owner), wanted, *path]
        with other:
            # In a process group of its own, Ctrl-C is for the main process alone.
            self.process = subprocess.Popen(
                [sys.executable, *_flags(), "-c", _START, *arguments],
                env=os.environ | _ENVIRONMENT,
                stdin=subprocess.DEVNULL,
                pass_fds=[other.fileno()],
                process_group=0,
            )
        self._channel = Channel(mine)
        self._lock = threading.Lock()
        # What has workers of this server, to be closed before it.
        self.users: weakref.WeakSet[Closable] = weakref.WeakSet()

    def is_usable(self) -> bool:
        """Return whether the server runs, and was started by this very process."""
        return self.owner == os.getpid() and self.process.poll() is None

    def fork(self, number: int) -> tuple[int, Channel]:
        """A new worker: its process, and the channel to it."""
        mine, other = socket.socketpair()
        context = {
            "environ": dict(os.environ) | _ENVIRONMENT,
            "path": list(sys.path),
            "argv": list(sys.argv),
            "folder": os.getcwd(),
            "number": number,
            "modules": self._also_used(),
        }
        with other:
            process: int = self._ask(("fork", context), [other.fileno()])
        return process, Channel(mine)

    def status(self, process: int) -> int | None:
        """The exit status of a worker that ended, negative for a signal."""
        try:
            status: int | None = self._ask(("status", process))
            return status
        except RuntimeError:
            return None

    def end(self, processes: Sequence[int], *, now: bool = False) -> None:
        """End these workers."""
        message = ("end", list(processes), 0.0) if now else ("end", list(processes))
        with self._lock, contextlib.suppress(ClosedError):
            self._channel.send(message)

    def stop(self) -> None:
        """End the server and its workers."""
        for user in list(self.users):
            user.close()
        self._channel.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(2)

    def _also_used(self) -> list[str]:
        """Modules that all workers import, without the heavy ones of other servers."""
        heavy = [name for name in HEAVY if name not in self.modules]
        return [
            name
            for name in OFTEN_USED
            if name in sys.modules and not name.startswith(tuple(heavy))
        ]

    def _ask(self, message: tuple[Any, ...], files: Sequence[int] = ()) -> Any:
        try:
            with self._lock:
                self._channel.send(message, files)
                return self._channel.receive()[0]
        except ClosedError:
            status = self.process.poll()
            raise RuntimeError(
                "The process that DataLoader workers are forked from has ended "
                f"(pid {self.process.pid}, exit status {status})."
            ) from None


def server(modules: Sequence[str] = ()) -> Client:
    """Return the server that has imported these modules; start it if needed.

    Raises:
        InputError: this system cannot fork.
    """
    if not hasattr(os, "fork"):
        raise InputError(
            f"DataLoader: worker processes need os.fork, which {sys.platform} "
            "does not have. "
            "Use num_workers=0."
        )
    key = tuple(modules)
    with _lock:
        result = _servers.get(key)
        if result is None or not result.is_usable():
            result = _servers[key] = Client(key)
        return result


@functools.cache
def _flags() -> list[str]:
    """The options that this interpreter was started with."""
    return subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined]


@atexit.register
def _stop_all() -> None:
    for client in _servers.values():
        if client.is_usable():
            client.stop()
