"""Compiled programs are kept on disk, where the user wants them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import funcnet.compat as torch
from funcnet.compat._engine import compilation_cache as _cache
_cache._LEAST_SECONDS = 0
x = torch.ones(3)
print(((x * 2).sin() + 1).sum().item())
print(_cache.open_cache())
"""


def run(**variables: str) -> str:
    kept = {k: v for k, v in os.environ.items() if k != "FUNCNET_CACHE"}
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=kept | {"JAX_PLATFORMS": "cpu", "FUNCNET_TIER": "compile"} | variables,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()[-1]


def test_programs_are_kept_in_the_cache_folder(tmp_path: Path) -> None:
    folder = Path(run(XDG_CACHE_HOME=str(tmp_path)))
    assert folder.parent == tmp_path / "funcnet"
    assert list(folder.glob("jit_program*"))


@pytest.mark.parametrize("name", ["own", "own/below"])
def test_the_folder_can_be_moved(tmp_path: Path, name: str) -> None:
    assert run(FUNCNET_CACHE=str(tmp_path / name)) == str(tmp_path / name)


def test_it_can_be_switched_off(tmp_path: Path) -> None:
    assert run(FUNCNET_CACHE="off", XDG_CACHE_HOME=str(tmp_path)) == "None"
    assert not list(tmp_path.iterdir())


def test_a_folder_set_for_jax_is_left(tmp_path: Path) -> None:
    assert run(JAX_COMPILATION_CACHE_DIR=str(tmp_path)) == str(tmp_path)
