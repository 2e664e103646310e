"""The workers of one loader, and the batches that come from them."""

import os
import pickle
import select
import signal
import time
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from funcnet.data._workers._channel import Channel, ClosedError
from funcnet.data._workers._client import Client, server
from funcnet.data._workers._config import PickledConfig, WorkerConfig
from funcnet.data._workers._failure import Failure
from funcnet.data._workers._shared import Reader, SharedBatch

_DONE = object()


@dataclass
class WorkerHandle:
    """A worker process: what it was asked for, and in which memory it answers."""

    number: int
    process: int
    channel: Channel
    reader: Reader = field(default_factory=Reader)
    asked: dict[tuple[int, int], Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Response:
    """What came for a request: a batch of `count` samples, a failure, or neither."""

    handle: WorkerHandle
    count: int = 0
    shared: SharedBatch | None = None
    failure: Failure | None = None


class Pool:
    """Worker processes that load batches ahead.

    Args:
        job: what they do.
        workers: how many there are.
        ahead: batches that each of them loads ahead.
        timeout: seconds to wait for a batch, or 0 for ever.
        in_order: give out batches in the order of the requests, not as they come.
    """

    def __init__(
        self,
        config: WorkerConfig,
        workers: int,
        ahead: int,
        timeout: float,
        in_order: bool,
    ) -> None:
        self.ahead, self.timeout, self.in_order = ahead, timeout, in_order
        self.epoch = 0
        self._handles: list[WorkerHandle] = []
        self._why = ""
        pickled = PickledConfig(config)
        self._server: Client = server(pickled.modules)
        self._server.users.add(self)
        try:
            for number in range(workers):
                handle = WorkerHandle(number, *self._server.fork(number))
                self._handles.append(handle)
                self._send(handle, *pickled.message(number, workers))
        except BaseException:
            self.close()
            raise
        finally:
            pickled.close()

    def batches(self, requests: Iterator[Any], skip: int = 0) -> "Batches":
        """Begin an epoch: ask for the first batches, and return an iterator of all.

        `skip` is how many requests at the beginning are to be read and not made.
        """
        self.epoch += 1
        return Batches(self, requests, skip)

    def wait(self, until: float | None) -> None:
        """Wait until a worker has sent something, and read it."""
        if not self._handles:
            raise RuntimeError(f"DataLoader: its workers have ended. {self._why}")
        poll, handles = select.poll(), {}
        for handle in self._handles:
            poll.register(handle.channel, select.POLLIN)
            handles[handle.channel.fileno()] = handle
        left = None if until is None else max(0, until - time.monotonic()) * 1e3
        ready = poll.poll(left)
        if not ready:
            self._raise_timeout()
        for file, _ in ready:
            try:
                handles[file].channel.read()
            except ClosedError:
                self._raise_death(handles[file])

    def received(self) -> Iterator[tuple[int, int, Response]]:
        """What has been read: epoch, task and answer."""
        for handle in self._handles:
            while (result := handle.channel.received()) is not None:
                (status, epoch, task, *rest), files = result
                handle.asked.pop((epoch, task), None)
                if status == "lost":
                    _warn_of(rest[0])
                elif status == "failed":
                    failure = pickle.loads(rest[0])
                    if epoch < 0:  # it could not even start
                        self._fail(failure.raise_again)
                    yield epoch, task, Response(handle, failure=failure)
                elif status == "end":
                    yield epoch, task, Response(handle)
                else:
                    count, sent = rest
                    shared = sent and handle.reader.accept(sent, files)
                    yield epoch, task, Response(handle, count, shared)

    def ask(self, handle: WorkerHandle, task: int, request: Any, skip: bool) -> None:
        """Ask a worker for a batch."""
        handle.asked[self.epoch, task] = request
        freed = handle.reader.freed
        pieces = [freed.popleft() for _ in range(len(freed))]
        if pieces:
            self._send(handle, ("free", pieces))
        self._send(handle, ("load", self.epoch, task, request, skip))

    def _send(self, handle: WorkerHandle, message: object, files: Any = ()) -> None:
        try:
            handle.channel.send(message, files, self.timeout)
        except ClosedError:
            self._raise_death(handle)
        except TimeoutError:
            self._raise_timeout()

    @property
    def handles(self) -> list[WorkerHandle]:
        """The workers, by number; none when the pool is closed."""
        return self._handles

    def close(self, *, now: bool = False) -> None:
        """End the workers; `now` does not wait for their current batch."""
        handles, self._handles = self._handles, []
        if not handles or self._server.owner != os.getpid():
            return
        for handle in handles:
            handle.channel.close()
        self._server.end([handle.process for handle in handles], now=now)

    def __del__(self) -> None:
        self.close()

    def _fail(self, how: Callable[[], object]) -> None:
        """End all workers and raise."""
        try:
            how()
        except Exception as error:
            self._why = str(error)
            raise
        finally:
            self.close(now=True)

    def _raise_timeout(self) -> NoReturn:
        busy = [handle for handle in self._handles if handle.asked]
        parts = [f"worker {m.number} (pid {m.process}): {_oldest(m)}" for m in busy]
        self._why = (
            f"DataLoader timed out after {self.timeout:g} seconds. Still loading: "
            f"{'; '.join(parts)}. The workers have been ended; find out what hangs "
            "with num_workers=0, or give a longer timeout."
        )
        self.close(now=True)
        raise RuntimeError(self._why)

    def _raise_death(self, handle: WorkerHandle) -> NoReturn:
        status = self._server.status(handle.process)
        what = f"DataLoader worker {handle.number} (pid {handle.process})"
        doing = f" It was loading {_oldest(handle)}." if handle.asked else ""
        if status is not None and status < 0:
            name = signal.strsignal(-status) or str(-status)
            hint = " Often memory has run out." if -status == signal.SIGKILL else ""
            self._why = f"{what} is killed by signal: {name}.{hint}{doing}"
        else:
            code = "" if status is None else f" with status {status}"
            self._why = f"{what} exited unexpectedly{code}.{doing}"
        self.close(now=True)
        raise RuntimeError(self._why)


_warned: set[str] = set()


def _warn_of(lost: list[str]) -> None:
    """Warn once of what workers do not have."""
    new = [name for name in lost if name not in _warned]
    _warned.update(new)
    if new:
        warnings.warn(
            f"DataLoader: its workers do not have {', '.join(new)} as the script has "
            "set it: it cannot be pickled, and there it is what importing the module "
            "gives. Set it in worker_init_fn as well, or use num_workers=0.",
            stacklevel=6,
        )


def _oldest(handle: WorkerHandle) -> str:
    """What a worker is at."""
    request = next(iter(handle.asked.values()))
    if request is None:
        return "the next batch of a stream"
    text = str(request)
    return f"samples {text if len(text) < 200 else text[:200] + ' ...'}"


class Batches:
    """The batches of an epoch: requests that go out, answers put into their order."""

    def __init__(self, pool: Pool, requests: Iterator[Any], skip: int) -> None:
        self.pool, self._requests, self._skip = pool, requests, skip
        self._epoch, self._sent = pool.epoch, 0
        self.taken = 0  # samples of a batch that could not be made
        self._owners: dict[int, WorkerHandle] = {}
        self._responses: dict[int, Response] = {}
        self._active = deque(pool.handles)
        for _ in range(pool.ahead * len(pool.handles)):
            self._ask()

    def __iter__(self) -> Iterator[tuple[Any, int]]:
        return self

    def __next__(self) -> tuple[Any, int]:
        """The next batch and how many samples it has; None for one that is skipped."""
        while self._epoch == self.pool.epoch and self._owners:
            self.taken = 0
            response = self._next_response()
            if not response.count and not response.failure:
                if response.handle in self._active:  # its part of the stream is read
                    self._active.remove(response.handle)
                self._ask()
                continue
            self._ask()
            if response.failure:
                self.taken = response.failure.taken
                response.failure.raise_again()
            return response.shared and response.shared.open(), response.count
        raise StopIteration

    def _ask(self) -> None:
        """Ask the next worker that has something left for the next batch."""
        request = next(self._requests, _DONE) if self._active else _DONE
        if request is _DONE:
            return
        handle, task = self._active[0], self._sent
        self._active.rotate(-1)
        self._owners[task], self._sent = handle, task + 1
        self.pool.ask(handle, task, request, task < self._skip)

    def _next_response(self) -> Response:
        """The answer whose turn it is, waited for."""
        pool = self.pool
        until = time.monotonic() + pool.timeout if pool.timeout else None
        while True:
            for epoch, task, response in pool.received():
                if epoch == self._epoch:
                    self._responses[task] = response
            wanted = next(iter(self._owners))
            if not pool.in_order and self._responses:
                wanted = next(iter(self._responses))
            if wanted in self._responses:
                del self._owners[wanted]
                return self._responses.pop(wanted)
            pool.wait(until)
