"""Packages that stand on PyTorch do their main job with `funcnet.compat` in its place.

Each program imports torch through the wheels of `funcnet wheels`, in its own process,
and checks what it computed.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))
SECONDS = 600


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_a_package_does_its_job(path: Path, tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, str(path)],
        cwd=tmp_path,
        env=os.environ | {"FUNCNET_TRACEBACK": "full"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
