"""The process of one peer on one task: prepares, then trains when told to.

It reads a number of steps per line from standard input and answers each with a line of
JSON: at the start what preparing took, then the seconds of a step, at the end its peak
memory. Whatever a library prints goes to standard error.
"""

import json
import os
import platform
import resource
import sys
import time
from importlib import import_module, metadata
from importlib.util import find_spec
from typing import Any

from benchmarks.peers import PEERS
from benchmarks.tasks import TASKS


def main(peer_name: str, task_name: str, threads: int) -> None:
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)

    def answer(**values: Any) -> None:
        print(json.dumps(values), file=answers)

    # Both PyTorch and XLA take as many threads as there are cores to run on.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])
    peer, task = PEERS[peer_name], TASKS[task_name]
    start = time.perf_counter()
    if peer.stands_in:
        os.environ["FUNCNET_CACHE"] = "off"  # the others compile anew, too
        # Measured is the step that repeats; `scripts/` has the first ones.
        os.environ["FUNCNET_TIER"] = "compile"
        compat = import_module("funcnet.compat")
        compat.install(even_if_installed=True)
    try:
        library = import_module(f"benchmarks.peers.{peer.module}")
    except ModuleNotFoundError as error:
        return answer(missing=f"{error.name} is not installed")
    name = f"benchmarks.tasks.{task_name}.{peer.module}"
    if find_spec(name) is None:
        return answer(missing="not written for this task")
    network = import_module(name)
    imported = time.perf_counter()
    training = library.training(network.build(), *task.batch(), **peer.options)
    built = time.perf_counter()
    loss = training.wait(training.step())
    packages = {name: metadata.version(name) for name in peer.packages}
    answer(
        versions={"Python": platform.python_version()} | packages,
        import_seconds=imported - start,
        first_step_seconds=time.perf_counter() - built,
        parameters=training.parameters,
        first_loss=loss,
    )
    for line in sys.stdin:
        steps = int(line)
        start = time.perf_counter()
        for _ in range(steps):
            loss = training.step()
        loss = training.wait(loss)
        answer(seconds=(time.perf_counter() - start) / steps, last_loss=loss)
    # Linux counts in kilobytes, macOS in bytes.
    unit = 2**20 if sys.platform == "darwin" else 2**10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    return answer(peak_megabytes=peak)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
