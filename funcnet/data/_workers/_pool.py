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
from funcnet.data._workers._failure import Failure
from funcnet.data._workers._job import Job, Packed
from funcnet.data._workers._shared import Parcel, Reader

_DONE = object()


@dataclass
class Member:
    """A worker process: what it was asked for, and in which memory it answers."""

    number: int
    process: int
    channel: Channel
    reader: Reader = field(default_factory=Reader)
    asked: dict[tuple[int, int], Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What came for a request: a batch of so many samples, a failure, or neither."""

    member: Member
    count: int = 0
    parcel: Parcel | None = None
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
        self, job: Job, workers: int, ahead: int, timeout: float, in_order: bool
    ) -> None:
        self.ahead, self.timeout, self.in_order = ahead, timeout, in_order
        self.epoch = 0
        self._members: list[Member] = []
        self._why = ""
        packed = Packed(job)
        self._server: Client = server(packed.modules)
        self._server.users.add(self)
        try:
            for number in range(workers):
                member = Member(number, *self._server.fork(number))
                self._members.append(member)
                self._send(member, *packed.message(number, workers))
        except BaseException:
            self.close()
            raise
        finally:
            packed.close()

    def batches(self, requests: Iterator[Any], skip: int = 0) -> "Batches":
        """Begin an epoch: ask for the first batches, and return an iterator of all.

        `skip` is how many requests at the beginning are to be read and not made.
        """
        self.epoch += 1
        return Batches(self, requests, skip)

    def wait(self, until: float | None) -> None:
        """Wait until a worker has sent something, and read it."""
        if not self._members:
            raise RuntimeError(f"DataLoader: its workers have ended. {self._why}")
        poll, members = select.poll(), {}
        for member in self._members:
            poll.register(member.channel, select.POLLIN)
            members[member.channel.fileno()] = member
        left = None if until is None else max(0, until - time.monotonic()) * 1e3
        ready = poll.poll(left)
        if not ready:
            self._raise_timeout()
        for file, _ in ready:
            try:
                members[file].channel.read()
            except ClosedError:
                self._raise_death(members[file])

    def received(self) -> Iterator[tuple[int, int, Answer]]:
        """What has been read: epoch, task and answer."""
        for member in self._members:
            while (result := member.channel.received()) is not None:
                (kind, epoch, task, *rest), files = result
                member.asked.pop((epoch, task), None)
                if kind == "lost":
                    _warn_of(rest[0])
                elif kind == "failed":
                    failure = pickle.loads(rest[0])
                    if epoch < 0:  # it could not even start
                        self._fail(failure.raise_again)
                    yield epoch, task, Answer(member, failure=failure)
                elif kind == "end":
                    yield epoch, task, Answer(member)
                else:
                    count, sent = rest
                    parcel = sent and member.reader.accept(sent, files)
                    yield epoch, task, Answer(member, count, parcel)

    def ask(self, member: Member, task: int, request: Any, skip: bool) -> None:
        """Ask a worker for a batch."""
        member.asked[self.epoch, task] = request
        freed = member.reader.freed
        numbers = [freed.popleft() for _ in range(len(freed))]
        if numbers:
            self._send(member, ("free", numbers))
        self._send(member, ("load", self.epoch, task, request, skip))

    def _send(self, member: Member, message: object, files: Any = ()) -> None:
        try:
            member.channel.send(message, files, self.timeout)
        except ClosedError:
            self._raise_death(member)
        except TimeoutError:
            self._raise_timeout()

    @property
    def members(self) -> list[Member]:
        """The workers, by number; none when the pool is closed."""
        return self._members

    def close(self, *, now: bool = False) -> None:
        """Let the workers end; `now` does not wait for what they are doing."""
        members, self._members = self._members, []
        if not members or self._server.owner != os.getpid():
            return
        for member in members:
            member.channel.close()
        self._server.end([member.process for member in members], now=now)

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
        busy = [member for member in self._members if member.asked]
        parts = [f"worker {m.number} (pid {m.process}): {_oldest(m)}" for m in busy]
        self._why = (
            f"DataLoader timed out after {self.timeout:g} seconds. Still loading: "
            f"{'; '.join(parts)}. The workers have been ended; find out what hangs "
            "with num_workers=0, or give a longer timeout."
        )
        self.close(now=True)
        raise RuntimeError(self._why)

    def _raise_death(self, member: Member) -> NoReturn:
        status = self._server.status(member.process)
        what = f"DataLoader worker {member.number} (pid {member.process})"
        doing = f" It was loading {_oldest(member)}." if member.asked else ""
        if status is not None and status < 0:
            name = signal.strsignal(-status) or str(-status)
            hint = " Often memory has run out." if -status == signal.SIGKILL else ""
            self._why = f"{what} is killed by signal: {name}.{hint}{doing}"
        else:
            code = "" if status is None else f" with status {status}"
            self._why = f"{what} exited unexpectedly{code}.{doing}"
        self.close(now=True)
        raise RuntimeError(self._why)


_told: set[str] = set()


def _warn_of(lost: list[str]) -> None:
    """Say once what workers have not got."""
    new = [name for name in lost if name not in _told]
    _told.update(new)
    if new:
        warnings.warn(
            f"DataLoader: its workers do not have {', '.join(new)} as the script has "
            "set it: it cannot be pickled, and there it is what importing the module "
            "gives. Set it in worker_init_fn as well, or use num_workers=0.",
            stacklevel=6,
        )


def _oldest(member: Member) -> str:
    """What a worker is at."""
    request = next(iter(member.asked.values()))
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
        self._owners: dict[int, Member] = {}
        self._answers: dict[int, Answer] = {}
        self._active = deque(pool.members)
        for _ in range(pool.ahead * len(pool.members)):
            self._ask()

    def __iter__(self) -> Iterator[tuple[Any, int]]:
        return self

    def __next__(self) -> tuple[Any, int]:
        """The next batch and how many samples it has; None for one that is skipped."""
        while self._epoch == self.pool.epoch and self._owners:
            self.taken = 0
            answer = self._next_answer()
            if not answer.count and not answer.failure:
                if answer.member in self._active:  # its part of the stream is read
                    self._active.remove(answer.member)
                self._ask()
                continue
            self._ask()
            if answer.failure:
                self.taken = answer.failure.taken
                answer.failure.raise_again()
            return answer.parcel and answer.parcel.open(), answer.count
        raise StopIteration

    def _ask(self) -> None:
        """Ask the next worker that has something left for the next batch."""
        request = next(self._requests, _DONE) if self._active else _DONE
        if request is _DONE:
            return
        member, task = self._active[0], self._sent
        self._active.rotate(-1)
        self._owners[task], self._sent = member, task + 1
        self.pool.ask(member, task, request, task < self._skip)

    def _next_answer(self) -> Answer:
        """The answer whose turn it is, waited for."""
        pool = self.pool
        until = time.monotonic() + pool.timeout if pool.timeout else None
        while True:
            for epoch, task, answer in pool.received():
                if epoch == self._epoch:
                    self._answers[task] = answer
            wanted = next(iter(self._owners))
            if not pool.in_order and self._answers:
                wanted = next(iter(self._answers))
            if wanted in self._answers:
                del self._owners[wanted]
                return self._answers.pop(wanted)
            pool.wait(until)
