"""`python -m benchmarks.scripts`: whole scripts on PyTorch and on compat, in turn."""

import argparse
import datetime
import os
import platform
import statistics
import sys
from collections.abc import Sequence

from benchmarks import report
from benchmarks.scripts import SCRIPTS
from benchmarks.scripts.driver import Result, measure

BEGIN, END = "<!-- scripts: begin -->", "<!-- scripts: end -->"
HEADER = (
    "| | PyTorch s | cold s | warm s | cold × PyTorch | warm × PyTorch |\n"
    "|---|---:|---:|---:|---:|---:|"
)


def parse(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.scripts", description=__doc__
    )
    parser.add_argument("--scripts", nargs="+", choices=SCRIPTS, default=list(SCRIPTS))
    parser.add_argument("--rounds", type=int, default=3)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    parser.add_argument("--threads", type=int, default=min(cores, 2))
    parser.add_argument(
        "--torch-python",
        metavar="PATH",
        help="the interpreter of an environment that has torch; without it, only "
        "compat is run",
    )
    parser.add_argument(
        "--write", action="store_true", help="put the table into benchmarks/README.md"
    )
    parser.add_argument(
        "--smoke",
        action="store_true",
        help="one short run of each, to see it run",
    )
    return parser.parse_args(arguments)


def row(result: Result) -> str:
    """A row of the table: the least seconds of each way, and their ratios."""
    ways = (result.torch, result.cold, result.warm)
    cells = [f"{min(seconds):.1f}" if seconds else "–" for seconds in ways]
    cells += [
        f"{result.ratio(x):.2f}" if result.torch else "–" for x in ("cold", "warm")
    ]
    return f"| {result.name} | {' | '.join(cells)} |"


def summary(results: Sequence[Result], threads: int, rounds: int) -> str:
    """What was measured, and the median and the worst of the ratios."""
    of = f"the least of {rounds} rounds" if rounds > 1 else "one round"
    text = (
        f"Measured on {datetime.date.today()} with {threads} threads on "
        f"{platform.machine()}, {of}."
    )
    compared = [result for result in results if result.torch]
    for kind in ("cold", "warm") if compared else ():
        ratios = {result.name: result.ratio(kind) for result in compared}
        worst = max(ratios, key=lambda name: ratios[name])
        text += (
            f" {kind.capitalize()}: {statistics.median(ratios.values()):.2f} × in the "
            f"median, {ratios[worst]:.2f} × at worst ({worst})."
        )
    return text


def write(text: str) -> None:
    """Put `text` between the markers of the README."""
    before, _, rest = report.README.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    report.README.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{after}")


def main(arguments: list[str] | None = None) -> None:
    options = parse(arguments)
    rounds = 1 if options.smoke else options.rounds
    results = []
    failed = []
    print(HEADER, flush=True)
    for name in options.scripts:
        try:
            results.append(
                measure(
                    name, options.torch_python, options.threads, rounds, options.smoke
                )
            )
        except RuntimeError as error:
            failed.append(name)
            print(error, file=sys.stderr, flush=True)
        else:
            print(row(results[-1]), flush=True)
    said = summary(results, options.threads, rounds)
    print(said)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")
    if options.write:
        write("\n".join([said, "", HEADER, *map(row, results)]))


if __name__ == "__main__":
    main()
