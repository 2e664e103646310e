"""Scripts in processes of their own, and who is still alive after them."""

import contextlib
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]


def start(script: str, *arguments: object, **options: object) -> subprocess.Popen:
    """Run a script, whose first line of output says that it is under way."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


def descendants(process: int) -> list[int]:
    """The processes that came of one, as far as they can be told."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (parent := parent_of(int(entry.name))):
            parents.setdefault(parent, []).append(int(entry.name))
    result, left = [], [process]
    while left:
        left += (children := parents.get(left.pop(), []))
        result += children
    return result


def parent_of(process: int) -> int | None:
    """The parent of a process that is not a zombie."""
    try:
        state, parent = (
            Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[:2]
        )
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state == "Z" else int(parent)


def is_alive(process: int) -> bool:
    return parent_of(process) is not None


def eventually(claim: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether something becomes true soon."""
    until = time.monotonic() + seconds
    while not claim():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def named_memory() -> set[str]:
    """The names of shared memory that would be left behind."""
    return set(os.listdir("/dev/shm")) if os.path.isdir("/dev/shm") else set()


def of_others(names: set[str]) -> set[str]:
    """Those names that some other process on this machine has mapped."""
    result: set[str] = set()
    for maps in Path("/proc").glob("[0-9]*/maps"):
        if maps.parent.name != str(os.getpid()):
            with contextlib.suppress(OSError):
                text = maps.read_text()
                result |= {name for name in names if f"/dev/shm/{name}" in text}
    return result
