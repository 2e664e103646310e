"""Scripts as other people write them, run by `funcnet run` in a process of their own.

Each table has one row a run: what must be printed, what must be learned, and whether
the numbers are PyTorch's.
"""

import importlib.util
import os
import re
import sys
from pathlib import Path

import pytest

from tests.scripts import programs_language, programs_vision
from tests.scripts.program import FOLDER, Program, differences

ROOT = Path(__file__).parents[2]
PROGRAMS = [*programs_vision.PROGRAMS, *programs_language.PROGRAMS]


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.label)
def test_a_script_does_its_job(program: Program, tmp_path: Path) -> None:
    for module in program.needs:
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
    output = program.output(
        [sys.executable, "-m", "funcnet", "run"],
        tmp_path,
        **os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"},
    )
    for pattern in program.prints:
        assert re.search(pattern, output), f"{pattern} in {output}"
    for pattern, (least, most) in program.learns.items():
        found = re.findall(pattern, output)
        assert found, f"{pattern} in {output}"
        assert least <= float(found[-1]) <= most, output
    if program.tolerance is not None:
        expected = program.frozen.read_text()
        output = program.compared(output)
        assert not differences(output, expected, program.tolerance)


def test_each_script_stands_in_a_table_once() -> None:
    labels = [program.label for program in PROGRAMS]
    assert len(labels) == len(set(labels))
    names = {path.stem for path in FOLDER.glob("*.py")}
    assert names == {program.name for program in PROGRAMS if "/" not in program.name}
    frozen = {path.stem for path in FOLDER.glob("*.txt")}
    assert frozen == {x.label for x in PROGRAMS if x.tolerance is not None}


@pytest.mark.parametrize(
    ("output", "expected", "same"),
    [
        ("loss 0.12341", "loss 0.12342", True),
        ("loss 0.12341", "loss 0.12442", False),
        ("loss 0.1234", "loss: 0.1234", False),
        ("5 of 7", "5 of 7", True),
        ("5 of 7", "6 of 7", False),
        ("1.00e-04", "1.01e-04", True),
        ("1.00e-04", "1.10e-04", False),
        ("a", "a\nb", False),
    ],
)
def test_outputs_are_compared_by_their_numbers(
    output: str, expected: str, same: bool
) -> None:
    assert (not differences(output, expected, tolerance=1e-4)) is same
