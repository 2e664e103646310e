"""What a worker process does."""

import contextlib
import os
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from typing import Any

import cloudpickle

from funcnet.data._loader.fetcher import BatchSpec, MapFetcher, StreamFetcher
from funcnet.data._workers._channel import Channel, ClosedError
from funcnet.data._workers._failure import Failure
from funcnet.data._workers._info import WorkerInfo, become
from funcnet.data._workers._process_settings import enter
from funcnet.data._workers._process_state import loaded
from funcnet.data._workers._shared import Writer, unpack


class Worker:
    """Answers requests for batches."""

    def __init__(self, channel: Channel, worker_name: str) -> None:
        self.channel, self.name = channel, worker_name
        self.writer = Writer()
        self.epoch = -1
        self.fetch: MapFetcher | StreamFetcher | None = None
        self.begin: Callable[[], MapFetcher | StreamFetcher]

    def on_start(
        self,
        identity: tuple[int, int, int],
        shared: bool,
        ranges: list[tuple[int, int]],
        file: int,
        *files: int,
    ) -> None:
        """Take the dataset and what goes with it."""
        number, count, base_seed = identity
        # What draws random numbers is seeded before the dataset's modules are there,
        # so that those which come with it find out who they are.
        become(WorkerInfo(number, count, base_seed + number, None), base_seed)
        prelude, process_state, payload, buffers = unpack(file, ranges)
        if prelude is not None:
            prelude()
        (spec, init), lost = loaded(process_state, payload, buffers, files)
        for extra_file in files:
            os.close(extra_file)
        if lost:
            self.channel.send(("lost", -1, -1, lost))
        become(WorkerInfo(number, count, base_seed + number, spec.dataset), base_seed)
        self.begin = lambda: self._fetcher(spec, (number, count) if shared else None)
        if init is not None:
            init(number)

    def _fetcher(
        self, spec: BatchSpec, share: tuple[int, int] | None
    ) -> MapFetcher | StreamFetcher:
        return spec.fetcher(self.writer.allocate, share or (0, 1))

    def on_load(self, epoch: int, task: int, request: Any, skip: bool) -> None:
        """Make a batch and send it, or what went wrong."""
        if epoch != self.epoch:
            self.epoch, self.fetch = epoch, None
        try:
            self.fetch = self.fetch or self.begin()
            files: list[int] = []
            if skip:
                count, sent = self.fetch.skip(request), None
            else:
                batch, count = self.fetch(request)
                sent, files = self.writer.dump(batch)
        except StopIteration:
            self.channel.send(("end", epoch, task))
        except BaseException as error:
            self.channel.send(("failed", epoch, task, self._failure(error)))
        else:
            self.channel.send(("batch", epoch, task, count, sent), files)
            for file in files:
                os.close(file)

    def on_free(self, pieces: list[int]) -> None:
        """Use pieces of shared memory again."""
        self.writer.free(pieces)

    def _failure(self, error: BaseException) -> bytes:
        taken = 0 if self.fetch is None else self.fetch.taken
        return cloudpickle.dumps(Failure(error, self.name, taken))

    def serve(self) -> None:
        """Answer until the main process closes its end."""
        while True:
            (name, *arguments), files = self.channel.receive()
            try:
                getattr(self, f"on_{name}")(*arguments, *files)
            except ClosedError:
                raise
            except BaseException as error:
                self.channel.send(("failed", -1, -1, self._failure(error)))


def work(end: socket.socket, context: dict[str, Any]) -> None:
    """Be a worker until the main process closes its end, then exit."""
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    try:
        enter(context)
        worker_name = (
            f"DataLoader worker process {context['number']} (pid {os.getpid()})"
        )
        Worker(Channel(end), worker_name).serve()
    except ClosedError:
        pass
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            if "multiprocessing.util" in sys.modules:  # what is in queues goes out
                sys.modules["multiprocessing.util"]._exit_function()
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(0)
