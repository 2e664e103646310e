"""`python -m benchmarks.loaders`: epochs of three loaders, in turn."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from benchmarks.driver import ROOT
from benchmarks.loaders import CASES, PEERS
from benchmarks.loaders.images import draw

HEADER = (
    "| | | epoch ms, median | least | × PyTorch's speed | bar | first batch s |\n"
    "|---|---|---:|---:|---:|---:|---:|"
)


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.loaders", description=__doc__
    )
    parser.add_argument("--cases", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument(
        "--torch-python",
        default=sys.executable,
        metavar="PATH",
        help="the interpreter of an environment that has torch",
    )
    return parser.parse_args(arguments)


class Process:
    """A library's process, which loads an epoch when it is told to."""

    def __init__(self, peer: str, case: str, folder: str, python: str) -> None:
        command = [python, "-m", "benchmarks.loaders.worker", peer, case, folder]
        self.peer, self.seconds = peer, list[float]()
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.about = self.receive()

    def receive(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.peer}: its process ended early.")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def epoch(self) -> None:
        """Load all samples once."""
        assert self.process.stdin is not None
        self.process.stdin.write("again\n")
        self.process.stdin.flush()
        answer = self.receive()
        self.seconds.append(answer["seconds"])
        self.samples = answer["samples"]

    def __enter__(self) -> "Process":
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.communicate()


def measure(
    case: str, peers: list[str], rounds: int, folder: str, torch_python: str
) -> list[Process]:
    """Measure a case in all libraries, an epoch each in turn."""
    with ExitStack() as stack:
        processes = []
        for peer in peers:
            python = torch_python if peer == "torch" else sys.executable
            process = stack.enter_context(Process(peer, case, folder, python))
            processes.append(process)
        ready = [one for one in processes if "missing" not in one.about]
        for turn in range(rounds):
            first = turn % len(ready)
            for process in ready[first:] + ready[:first]:
                process.epoch()
        if len({process.samples for process in ready}) > 1:
            raise RuntimeError(f"{case}: the loaders gave different numbers of samples")
        return processes


def row(case: str, process: Process, torch: Process | None) -> str:
    """One library on one case."""
    title = CASES[case].title if process.peer == "funcnet" else ""
    if "missing" in process.about:
        return f"| {title} | {PEERS[process.peer]} | {process.about['missing']} |"
    median, least = statistics.median(process.seconds), min(process.seconds)
    compared = torch is not None and bool(torch.seconds)
    ratio = f"{min(torch.seconds) / least:.2f}" if torch and compared else "–"
    bar = f"{CASES[case].bar:g}" if process.peer == "funcnet" else ""
    return (
        f"| {title} | {PEERS[process.peer]} | {1e3 * median:.3g} | {1e3 * least:.3g} "
        f"| {ratio} | {bar} | {process.about['first']:.2f} |"
    )


def main(arguments: list[str] | None = None) -> None:
    options = parse(arguments)
    versions: dict[str, set[str]] = {}
    print(HEADER)
    with tempfile.TemporaryDirectory() as folder:
        if any(CASES[case].kind != "memory" for case in options.cases):
            draw(Path(folder))
        for case in options.cases:
            measured = measure(
                case, options.peers, options.rounds, folder, options.torch_python
            )
            torch = next((one for one in measured if one.peer == "torch"), None)
            for process in measured:
                print(row(case, process, torch), flush=True)
                for name, version in process.about.get("versions", {}).items():
                    versions.setdefault(name, set()).add(version)
    named = (f"{name} {' and '.join(sorted(versions[name]))}" for name in versions)
    print(f"\n{options.rounds} rounds; {', '.join(named)}.")


if __name__ == "__main__":
    main()
