"""Runs the peers of a task in turn, many times over, so that drift hits them all."""

import json
import os
import statistics
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.tasks import TASKS

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Result:
    """What was measured of one peer on one task; `missing` says why nothing was."""

    peer: str
    missing: str = ""
    versions: dict[str, str] = field(default_factory=dict)
    import_seconds: float = 0
    first_step_seconds: float = 0
    parameters: int = 0
    first_loss: float = 0
    last_loss: float = 0
    peak_megabytes: float = 0
    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    @property
    def minimum(self) -> float:
        return min(self.seconds)


class Worker:
    """A peer's process and what it has answered so far."""

    def __init__(self, peer: str, process: "subprocess.Popen[str]", log: Any) -> None:
        self.process, self.log = process, log
        self.result = Result(peer)

    def receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.log.seek(0)
            raise RuntimeError(
                f"{self.result.peer}: its process ended early:\n{self.log.read()}"
            )
        answer: dict[str, Any] = json.loads(line)
        for name in answer.keys() - {"seconds"}:
            setattr(self.result, name, answer[name])
        return answer

    def train(self, steps: int) -> float:
        """Train `steps` steps; return the seconds of one."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{steps}\n")
        self.process.stdin.flush()
        seconds: float = self.receive()["seconds"]
        return seconds

    def finish(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.receive()


@contextmanager
def start(peer: str, task: str, python: str, threads: int) -> Iterator[Worker]:
    """Run a peer's process for the length of a `with` block."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [python, "-m", "benchmarks.worker", peer, task, str(threads)]
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            yield Worker(peer, process, log)
        finally:
            process.kill()


def measure(
    task: str,
    pythons: dict[str, str],
    threads: int,
    rounds: int,
    round_seconds: float,
) -> list[Result]:
    """Measure a task in the peers that `pythons` names, each under its interpreter.

    Preparing is measured one peer after the other. Then each round trains every peer
    for about `round_seconds`, beginning with another one each time.
    """
    with ExitStack() as stack:
        workers = []
        for peer, python in pythons.items():
            worker = stack.enter_context(start(peer, task, python, threads))
            worker.receive()
            workers.append(worker)
        ready = [worker for worker in workers if not worker.result.missing]
        steps = {}
        for worker in ready:
            worker.train(2)
            steps[worker.result.peer] = max(1, int(round_seconds / worker.train(2)))
        for turn in range(rounds):
            first = turn % max(len(ready), 1)
            for worker in ready[first:] + ready[:first]:
                seconds = worker.train(steps[worker.result.peer])
                worker.result.seconds.append(seconds)
        for worker in ready:
            worker.finish()
            check(worker.result, TASKS[task].parameters)
        return [worker.result for worker in workers]


def check(result: Result, parameters: int) -> None:
    """Raise unless the peer trained a network of the right size and it learned.

    Flax's and Equinox's LSTM have one bias where PyTorch's has two: half a per cent.
    """
    if abs(result.parameters - parameters) > 0.01 * parameters:
        raise RuntimeError(
            f"{result.peer} trained {result.parameters:,} parameters, "
            f"not {parameters:,}."
        )
    if not result.last_loss < result.first_loss:
        raise RuntimeError(
            f"{result.peer} did not learn: its loss went from {result.first_loss} to "
            f"{result.last_loss}."
        )
