"""A row of the tables of scripts, and how what a script printed is compared."""

import re
import shlex
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "programs"
NUMBER = re.compile(
    r"(?<![\w.])[-+]?(?:\d+\.\d+|\.\d+|\d+)(?:e[-+]?\d+)?|\bnan\b|\binf\b"
)


@dataclass(frozen=True)
class Program:
    """A script of `programs/`, its arguments, and what it must print.

    Args:
        name: of the file, and in the test's name if `id` is not given.
        arguments: those of the command line.
        prints: regular expressions, each found in what is printed.
        learns: regular expressions with one group, and the least and the greatest
            number that the group's last match may be.
        tolerance: of each printed number, relative to PyTorch's, which
            `tests.reference.make_programs` freezes in `programs/ID.txt`; `None` does
            not compare.
        leaves_out: lines of the output that are not compared, such as times.
        needs: modules without which the script is skipped.
        seconds: after which it has failed.
        first: scripts and arguments that are run before, in the same folder.
    """

    name: str
    arguments: str = ""
    prints: Sequence[str] = ()
    learns: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    tolerance: float | None = None
    leaves_out: str = "(?!)"
    needs: Sequence[str] = ()
    seconds: int = 90
    id: str = ""
    first: Sequence[str] = ()

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}.py"

    @property
    def label(self) -> str:
        return self.id or self.name

    def output(self, command: Sequence[str], folder: Path, **env: str) -> str:
        """What the script, and those before it, print when `command` runs them."""
        result = ""
        for line in (*self.first, f"{self.name} {self.arguments}"):
            name, *arguments = shlex.split(line)
            whole = [*command, str(FOLDER / f"{name}.py"), *arguments]
            result += output_of(whole, folder, self.seconds, **env)
        return result

    @property
    def frozen(self) -> Path:
        return FOLDER / f"{self.label}.txt"

    def compared(self, output: str) -> str:
        """The lines of an output that are compared."""
        lines = output.splitlines()
        return "\n".join(x for x in lines if not re.search(self.leaves_out, x)) + "\n"


def output_of(command: Sequence[str], folder: Path, seconds: int, **env: str) -> str:
    """What a command prints in a folder; it must succeed."""
    done = subprocess.run(
        command,
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-2000:]}\n{done.stderr[-6000:]}"
    return done.stdout


def differences(output: str, expected: str, tolerance: float) -> list[str]:
    """The lines that differ in words, or in a number by more than the tolerance."""
    lines, others = output.splitlines(), expected.splitlines()
    result = [
        f"{line!r} instead of {other!r}"
        for line, other in zip(lines, others, strict=False)
        if not _is_close(line, other, tolerance)
    ]
    if len(lines) != len(others):
        result.append(f"{len(lines)} lines instead of {len(others)}")
    return result


def _is_close(line: str, other: str, tolerance: float) -> bool:
    words = [re.sub(r"\s+", " ", NUMBER.sub("#", x)).strip() for x in (line, other)]
    pairs = zip(NUMBER.findall(line), NUMBER.findall(other), strict=False)
    return words[0] == words[1] and all(_near(x, y, tolerance) for x, y in pairs)


def _near(number: str, other: str, tolerance: float) -> bool:
    """Whether two printed numbers are as near as their digits and `tolerance` say."""
    if "." not in number + other:
        return number == other
    last_digit = 10.0 ** -len(other.partition(".")[2].partition("e")[0])
    exponent = other.partition("e")[2]
    unit = last_digit * 10.0 ** int(exponent or 0)
    return abs(float(number) - float(other)) <= 1.01 * unit + tolerance * abs(
        float(other)
    )
