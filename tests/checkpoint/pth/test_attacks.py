"""Every attack is refused, runs nothing, and takes little memory and time."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import funcnet.compat as torch
from funcnet.checkpoint import CheckpointError, pth
from tests.checkpoint.pth import attacks, fuzz, measure

ROOT = Path(__file__).parents[3]
LARGE = 500_000  # bytes of files that are tried in one way only
LOOSE = 5  # times the second that a case may take: test machines are busy

WAYS: dict[str, Callable[[Path], Any]] = {
    "load": pth.load,
    "mapped": lambda path: pth.load(path, mmap=True),
    "open file": lambda path: _opened(path),
    "entries": pth.entries,
    "torch.load": torch.load,
}
# What only looking at the numbers, or at the end of the file, can tell; a dtype and a
# layout that are compat's alone.
UNSEEN = {
    "torch.load": {"complex32", "sparse layout"},
    "mapped": {"zip: wrong checksum"},
    "entries": {"zip: wrong checksum"},
    "open file": {"old: bytes after", "old: zip after"},
}


def _opened(path: Path) -> Any:
    with open(path, "rb") as file:
        return pth.load(file)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("attacks")
    paths = {}
    for place, (name, data) in enumerate(attacks.attacks()):
        assert name not in paths
        paths[name] = folder / f"{place}.pth"
        paths[name].write_bytes(data)
    return paths


def test_there_are_many_attacks(corpus: dict[str, Path]) -> None:
    assert len([name for name in corpus if not name.startswith("cut:")]) >= 60


@pytest.mark.parametrize("make", attacks.good().values(), ids=attacks.good())
def test_the_files_they_were_made_from_are_read(make: Any, tmp_path: Path) -> None:
    path = tmp_path / "good.pth"
    path.write_bytes(make())
    for way in WAYS.values():
        way(path)


@pytest.mark.parametrize("way", WAYS)
def test_every_attack_is_refused(
    way: str, corpus: dict[str, Path], monkeypatch
) -> None:
    folder = next(iter(corpus.values())).parent
    monkeypatch.chdir(folder)
    accepted = set()
    for name, path in corpus.items():
        if way != "load" and path.stat().st_size > LARGE:
            continue
        try:
            WAYS[way](path)
        except CheckpointError:
            continue
        else:
            accepted.add(name)
    assert accepted <= UNSEEN.get(way, set())
    assert not Path(attacks.CANARY).exists()
    assert "antigravity" not in sys.modules


@pytest.mark.skipif(not measure.RESET.exists(), reason="needs Linux's /proc")
def test_attacks_take_little_memory_and_time(corpus: dict[str, Path]) -> None:
    folder = next(iter(corpus.values())).parent
    command = [sys.executable, "-m", "tests.checkpoint.pth.measure", str(folder)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "JAX_PLATFORMS": "cpu"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=True
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == len(corpus)
    for name, said, size, grown, spent in lines:
        assert said == "refused", name
        assert grown <= 64 * 2**20 + 4 * size, f"{name}: {grown} bytes for {size}"
        assert spent <= LOOSE, f"{name}: {spent} s"


def test_ten_thousand_changed_files_raise_nothing_else() -> None:
    counts = fuzz.fuzz(10_000, seed=1, slowest=LOOSE)
    assert counts["refused"] + counts["loaded"] == 10_000
    assert counts["loaded"] > 50  # the changes are not all so large
    assert not counts["slow"]
