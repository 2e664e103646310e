"""`python -m benchmarks`: a training step in funcnet and its peers, side by side."""

import argparse
import os
import sys

from benchmarks import report
from benchmarks.driver import Result, measure
from benchmarks.peers import PEERS
from benchmarks.tasks import TASKS


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS))
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--rounds", type=int, default=15)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    parser.add_argument("--threads", type=int, default=cores)
    parser.add_argument(
        "--torch-python",
        default=sys.executable,
        metavar="PATH",
        help="the interpreter of an environment that has torch",
    )
    parser.add_argument(
        "--write", action="store_true", help="put the tables into benchmarks/README.md"
    )
    parser.add_argument(
        "--smoke", action="store_true", help="two short rounds, to see that all runs"
    )
    return parser.parse_args(arguments)


def interpreters(options: argparse.Namespace) -> dict[str, str]:
    """Return the interpreter that each chosen peer runs under."""
    return {
        peer: options.torch_python
        if "torch" in PEERS[peer].packages
        else sys.executable
        for peer in options.peers
    }


def main(arguments: list[str] | None = None) -> None:
    options = parse(arguments)
    rounds, seconds = (2, 0.001) if options.smoke else (options.rounds, 0.2)
    pythons = interpreters(options)
    results: dict[str, list[Result]] = {}
    tables = []
    for task in options.tasks:
        results[task] = measure(task, pythons, options.threads, rounds, seconds)
        tables.append(report.table(task, results[task]))
        print(tables[-1], flush=True)
    conditions = report.conditions(results, options.threads, rounds)
    print(conditions)
    if options.write:
        report.write("\n".join([conditions + "\n", *tables]))


if __name__ == "__main__":
    main()
