"""Functions in several processes, as `torch.multiprocessing.spawn`."""

import multiprocessing
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable
from multiprocessing import connection
from typing import Any

from funcnet.compat._messages.suggestions import outside


class ProcessException(Exception):  # noqa: N818 - PyTorch's name
    """Error of a process that has failed."""

    def __init__(self, msg: str, error_index: int, pid: int) -> None:
        super().__init__(msg)
        self.msg = msg
        self.error_index = error_index
        self.pid = pid

    def __reduce__(self) -> Any:
        return type(self), (self.msg, self.error_index, self.pid)


class ProcessRaisedException(ProcessException):
    """Error of a function that has raised in a process, with its traceback."""

    def __init__(self, msg: str, error_index: int, error_pid: int) -> None:
        super().__init__(msg, error_index, error_pid)


class ProcessExitedException(ProcessException):
    """Error of a process that was ended by a signal or with an exit code."""

    def __init__(
        self,
        msg: str,
        error_index: int,
        error_pid: int,
        exit_code: int,
        signal_name: str | None = None,
    ) -> None:
        super().__init__(msg, error_index, error_pid)
        self.exit_code = exit_code
        self.signal_name = signal_name

    def __reduce__(self) -> Any:
        facts = (self.msg, self.error_index, self.pid, self.exit_code)
        return type(self), (*facts, self.signal_name)


def _wrap(fn: Callable[..., Any], i: int, args: tuple[Any, ...], errors: Any) -> None:
    try:
        fn(i, *args)
    except KeyboardInterrupt:
        pass  # the parent was interrupted too
    except Exception:
        errors.send(traceback.format_exc())
        sys.exit(1)


class ProcessContext:
    """Processes that run together; the first failure terminates them all."""

    def __init__(self, processes: list[Any], errors: list[Any]) -> None:
        self.processes = processes
        self._errors = errors
        self.sentinels = {one.sentinel: i for i, one in enumerate(processes)}

    def pids(self) -> list[int]:
        """Return the ids of the processes."""
        return [int(one.pid) for one in self.processes]

    def join(
        self, timeout: float | None = None, grace_period: float | None = None
    ) -> bool:
        """Wait until a process ends; return True when all have succeeded.

        Args:
            timeout: seconds to wait.
            grace_period: seconds that the others have to end when one has failed.

        Raises:
            ProcessRaisedException: the function has raised in one of them.
            ProcessExitedException: one was ended by a signal or by its exit code.
        """
        if not self.sentinels:
            return True
        failed = None
        for sentinel in connection.wait(list(self.sentinels), timeout):
            place = self.sentinels.pop(sentinel)
            self.processes[place].join()
            if self.processes[place].exitcode != 0:
                failed = place
                break
        if failed is None:
            return not self.sentinels
        self._end_others(grace_period)
        self._raise(failed)
        raise AssertionError("not reached")

    def _end_others(self, grace_period: float | None) -> None:
        end = time.monotonic() + (grace_period or 0)
        while grace_period and time.monotonic() < end:
            if not any(one.is_alive() for one in self.processes):
                break
            time.sleep(0.01)
        for one in self.processes:
            if one.is_alive():
                one.terminate()
        for one in self.processes:
            one.join(30)
            if one.is_alive():
                one.kill()
                one.join()

    def _raise(self, place: int) -> None:
        process = self.processes[place]
        said = _said(self._errors[place])
        if said is not None:
            text = f"\n\n-- Process {place} terminated with the following error:\n"
            raise ProcessRaisedException(text + said, place, process.pid)
        code = process.exitcode
        facts = (place, process.pid, code)
        if code < 0:
            try:
                name = signal.Signals(-code).name
            except ValueError:
                name = f"<Unknown signal {-code}>"
            text = f"process {place} terminated with signal {name}"
            raise ProcessExitedException(text, *facts, name)
        raise ProcessExitedException(
            f"process {place} terminated with exit code {code}", *facts
        )


def _said(end: Any) -> str | None:
    """Return the traceback that a process has sent, or None."""
    try:
        return str(end.recv()) if end.poll() else None
    except EOFError:
        return None


SpawnContext = ProcessContext


def start_processes(
    fn: Callable[..., Any],
    args: tuple[Any, ...] = (),
    nprocs: int = 1,
    join: bool = True,
    daemon: bool = False,
    start_method: str = "spawn",
) -> ProcessContext | None:
    """Call `fn(i, *args)` in `nprocs` processes; see `spawn`."""
    context: Any = multiprocessing.get_context(start_method)
    processes, errors = [], []
    for i in range(nprocs):
        here, there = context.Pipe(duplex=False)
        process = context.Process(
            target=_wrap, args=(fn, i, args, there), daemon=daemon
        )
        process.start()
        there.close()
        processes.append(process)
        errors.append(here)
    result = ProcessContext(processes, errors)
    if not join:
        return result
    while not result.join():
        pass
    return None


def spawn(
    fn: Callable[..., Any],
    args: tuple[Any, ...] = (),
    nprocs: int = 1,
    join: bool = True,
    daemon: bool = False,
    start_method: str = "spawn",
) -> ProcessContext | None:
    """Call `fn(i, *args)` in `nprocs` processes, as `torch.multiprocessing.spawn`.

    Args:
        fn: a function of a module; the script needs `if __name__ == "__main__":`.
        args: what it gets besides the number of its process.
        nprocs: how many processes.
        join: wait for them, and return None; else return a `ProcessContext`.
        daemon: end them when this process ends.
        start_method: as for `start_processes`, with which others are to be chosen.

    Raises:
        ProcessRaisedException: the function has raised in one of them.
        ProcessExitedException: one of them was ended.
    """
    if start_method != "spawn":
        warnings.warn(
            f"This method only supports start_method=spawn (got: {start_method}). To "
            "use a different start_method use: torch.multiprocessing.start_processes",
            FutureWarning,
            stacklevel=outside(),
        )
    return start_processes(fn, args, nprocs, join, daemon, start_method="spawn")


__all__ = [
    "ProcessContext",
    "ProcessException",
    "ProcessExitedException",
    "ProcessRaisedException",
    "SpawnContext",
    "spawn",
    "start_processes",
]
