"""What is said of a run after its end, and of a program before its start."""

import contextlib
import importlib
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from funcnet.cli._run.names import Use, is_there, uses

_MOST: Final = 20


@contextlib.contextmanager
def reported() -> Iterator[None]:
    """Print at the end what was compiled and interpreted, and what was missing."""
    report = _of_compat("compiler").report()
    try:
        with report:
            yield
    finally:
        _say("funcnet run: report", str(report).splitlines())
        sizes = _of_compat("_tiers.sizes").changing_sizes()
        _say("sizes that changed", [f"{line}: {text}" for line, text in sizes])
        asked = _of_compat("_messages.unsupported").ASKED
        _say(
            "names that were asked for and are not there",
            [f"{name}  {line}" for name, line in asked.items()],
        )


@contextlib.contextmanager
def checked(count: int) -> Iterator[None]:
    """Compare the first programs interpreted and compiled; print what differs."""
    with _of_compat("compiler").check(count) as check:
        try:
            yield
        finally:
            _say(
                f"funcnet run: {check.programs} programs ran interpreted and compiled",
                [
                    "largest difference, as a share of the largest number: "
                    f"{check.worst:.1e}",
                    *map(str, check.differences),
                ],
            )


def _of_compat(name: str) -> Any:
    """A module of `funcnet.compat`, imported when it is needed."""
    return importlib.import_module(f"funcnet.compat.{name}")


def list_missing(files: Iterable[Path]) -> int:
    """Print the names that files ask for and are not there; return how many."""
    places: dict[str, list[Use]] = defaultdict(list)
    asked: set[str] = set()
    for file in files:
        for use in uses(file):
            asked.add(use.name)
            places[use.name].append(use)
    absent = {name for name in asked if not is_there(name)}
    missing = sorted(one for one in absent if one.rpartition(".")[0] not in absent)
    for name in missing:
        first, *others = places[name]
        more = f" and {len(others)} more" if others else ""
        guarded = " (in a try)" if all(one.guarded for one in places[name]) else ""
        print(f"{name}  {first.file}:{first.line}{more}{guarded}")
    print(f"{len(asked)} names asked for, {len(missing)} not there")
    return len(missing)


def _say(title: str, lines: Sequence[str]) -> None:
    """Print lines under a title, if there are any, after what the program printed."""
    sys.stdout.flush()
    if lines:
        print(
            title, *[f"  {line}" for line in lines[:_MOST]], sep="\n", file=sys.stderr
        )
