"""The benchmark of loaders runs, and says so where a library is not there."""

import sys

import pytest
from PIL import Image

from benchmarks.loaders import CASES, PEERS
from benchmarks.loaders import __main__ as command
from benchmarks.loaders.images import draw


def test_a_round_measures_the_loader(capsys: pytest.CaptureFixture[str]) -> None:
    command.main(["--cases", "memory", "--peers", "funcnet", "--rounds", "1"])
    printed = capsys.readouterr().out
    assert "| 60,000 × 784 in memory" in printed
    assert "| funcnet.data |" in printed
    assert "1 rounds; " in printed


def test_ratios_are_those_of_the_least_times() -> None:
    class Measured:
        def __init__(self, peer: str, *seconds: float) -> None:
            self.peer, self.seconds, self.about = peer, seconds, {"first": 0.5}

    mine, theirs = Measured("funcnet", 0.002, 0.001), Measured("torch", 0.004, 0.009)
    row = command.row("png", mine, theirs)
    assert row.endswith("| funcnet.data | 1.5 | 1 | 4.00 | 1 | 0.50 |")
    theirs.about = {"missing": "torch is not installed"}
    assert "torch is not installed" in command.row("png", theirs, None)


@pytest.mark.slow
def test_images_are_drawn_in_two_classes(tmp_path) -> None:
    draw(tmp_path)
    assert len(list((tmp_path / "png").glob("*/*.png"))) == 1000
    assert sorted(p.name for p in (tmp_path / "jpeg").iterdir()) == ["cat", "dog"]
    with Image.open(tmp_path / "jpeg" / "cat" / "0000.jpg") as image:
        assert image.size == (1600, 1200)


def test_every_case_has_a_bar_and_torch_may_have_its_own_interpreter() -> None:
    assert all(case.bar >= 1 for case in CASES.values())
    options = command.parse(["--torch-python", "/elsewhere/python"])
    assert options.torch_python == "/elsewhere/python"
    assert options.peers == list(PEERS)
    assert command.parse([]).torch_python == sys.executable
