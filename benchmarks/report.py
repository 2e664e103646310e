"""Writes what was measured as Markdown."""

import datetime
import platform
from pathlib import Path

from benchmarks.driver import Result
from benchmarks.peers import PEERS
from benchmarks.tasks import TASKS

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- results: begin -->", "<!-- results: end -->"

HEADER = (
    "| | median ms | least ms | × JAX by hand | × PyTorch | first step s | import s "
    "| peak MB |\n|---|---:|---:|---:|---:|---:|---:|---:|"
)


def conditions(results: dict[str, list[Result]], threads: int, rounds: int) -> str:
    """Say what was measured on what."""
    versions: dict[str, set[str]] = {}
    for result in (r for measured in results.values() for r in measured):
        for name, version in result.versions.items():
            versions.setdefault(name, set()).add(version)
    named = ", ".join(
        f"{name} {' and '.join(sorted(versions[name]))}" for name in sorted(versions)
    )
    return (
        f"Measured on {datetime.date.today()} with {threads} threads on "
        f"{platform.machine()}, {rounds} rounds; {named}."
    )


def ratio(result: Result, other: Result | None) -> str:
    if other is None or other.missing:
        return "–"
    return f"{result.minimum / other.minimum:.2f}"


def row(result: Result, measured: dict[str, Result]) -> str:
    title = PEERS[result.peer].title
    if result.missing:
        return f"| {title} | {result.missing} | | | | | | |"
    cells = (
        title,
        f"{1e3 * result.median:.3g}",
        f"{1e3 * result.minimum:.3g}",
        ratio(result, measured.get("jax")),
        ratio(result, measured.get("torch")),
        f"{result.first_step_seconds:.2f}",
        f"{result.import_seconds:.2f}",
        f"{result.peak_megabytes:.0f}",
    )
    return f"| {' | '.join(cells)} |"


def table(task: str, measured: list[Result]) -> str:
    """The table of one task, a row for each peer."""
    by_peer = {result.peer: result for result in measured}
    rows = "\n".join(row(result, by_peer) for result in measured)
    return f"### {task}: {TASKS[task].title}\n\n{HEADER}\n{rows}\n"


def write(text: str) -> None:
    """Put `text` between the markers of the README."""
    before, _, rest = README.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    README.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}")
