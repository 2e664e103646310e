"""Freeze what the scripts of `tests/scripts/programs` print under PyTorch.

`python -m tests.reference.make_programs [NAMES]`, with the interpreter of an
environment that has torch, writes one text file beside each script whose numbers are
compared.
"""

import os
import sys
import tempfile
from pathlib import Path

from tests.scripts import programs_language, programs_vision

ROOT = Path(__file__).parents[2]
PROGRAMS = [*programs_vision.PROGRAMS, *programs_language.PROGRAMS]


def main(names: list[str]) -> None:
    for program in PROGRAMS:
        if program.tolerance is None or (names and program.label not in names):
            continue
        with tempfile.TemporaryDirectory() as folder:
            output = program.output(
                [sys.executable, "-m", "tests.reference.run_program"],
                Path(folder),
                **os.environ | {"PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"},
            )
        program.frozen.write_text(program.compared(output))
        print(program.label)


if __name__ == "__main__":
    main(sys.argv[1:])
