"""Runs a script in processes of its own, on PyTorch and on compat in turn."""

import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from benchmarks.driver import ROOT
from benchmarks.scripts import SCRIPTS, Script

FOLDER: Final = Path(__file__).resolve().parent
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")


@dataclass
class Result:
    """The seconds of each run of a script from the start of its process to its end.

    `cold` runs on compat began with an empty cache on disk; `warm` ones had that of
    such a run.
    """

    name: str
    torch: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)

    def ratio(self, kind: str) -> float:
        """The least seconds of runs on compat as a multiple of PyTorch's."""
        return min(getattr(self, kind)) / min(self.torch)


def run(
    name: str,
    python: str,
    threads: int,
    smoke: bool,
    cache: str | None = None,
    limit: float | None = None,
) -> tuple[float, str]:
    """Run a script, on PyTorch if there is no `cache`; return seconds and output."""
    cores = sorted(os.sched_getaffinity(0))[:threads]
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        "OMP_NUM_THREADS": str(threads),
    }
    command = [python]
    if cache is not None:
        command.append(str(FOLDER / "_on_compat.py"))
        environment["FUNCNET_CACHE"] = cache
    command.append(str(FOLDER / f"{name}.py"))
    for setting in SCRIPTS[name].smoke if smoke else ():
        if setting.startswith("-"):
            command.append(setting)
        else:
            key, _, value = setting.partition("=")
            environment[key] = value
    start = time.perf_counter()
    done = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        timeout=limit,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    seconds = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(f"{name}.py failed:\n{done.stdout[-500:]}{done.stderr}")
    return seconds, done.stdout


def measure(
    name: str, torch_python: str | None, threads: int, rounds: int, smoke: bool
) -> Result:
    """Run a script `rounds` times each way, and compare what is printed.

    Raises:
        RuntimeError: a run failed, or printed other losses than PyTorch.
    """
    result = Result(name)
    for _ in range(rounds):
        expected = None
        if torch_python is not None:
            seconds, expected = run(name, torch_python, threads, smoke)
            result.torch.append(seconds)
        with tempfile.TemporaryDirectory() as cache:
            printed = []
            for times in (result.cold, result.warm):
                seconds, text = run(name, sys.executable, threads, smoke, cache)
                times.append(seconds)
                printed.append(text)
        if printed[0] != printed[1]:
            raise RuntimeError(f"{name}.py printed other numbers with a warm cache.")
        if expected is not None:
            compare(name, SCRIPTS[name], expected, printed[0])
    return result


def compare(name: str, script: Script, expected: str, printed: str) -> None:
    """Raise unless two outputs have the same numbers, within the script's tolerance."""
    theirs, ours = ([float(x) for x in _NUMBER.findall(t)] for t in (expected, printed))
    if script.compared is None and len(theirs) != len(ours):
        raise RuntimeError(f"{name}.py printed {len(ours)} numbers, not {len(theirs)}.")
    pairs = list(zip(theirs, ours, strict=False))[: script.compared]
    if not pairs:
        raise RuntimeError(f"{name}.py printed no numbers.")
    for index, (a, b) in enumerate(pairs):
        if not abs(a - b) <= script.tolerance * max(1.0, abs(a)):
            raise RuntimeError(
                f"{name}.py printed {b} as its number {index}, where PyTorch has {a}."
            )
