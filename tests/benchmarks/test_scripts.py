"""Whole scripts run on compat, and their losses are compared with PyTorch's."""

import ast
from pathlib import Path

import pytest

from benchmarks import report
from benchmarks.scripts import SCRIPTS, Script
from benchmarks.scripts import __main__ as command
from benchmarks.scripts.driver import FOLDER, Result, compare


def test_a_smoke_run_trains_cold_and_warm(capsys: pytest.CaptureFixture[str]) -> None:
    command.main(["--smoke", "--scripts", "autoencoder"])
    printed = capsys.readouterr().out
    assert "| autoencoder | – |" in printed


@pytest.mark.slow
@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_runs(name: str) -> None:
    command.main(["--smoke", "--scripts", name])


def test_every_file_is_in_the_table_and_needs_torch_and_numpy_only() -> None:
    files = {path.stem: path for path in FOLDER.glob("[!_]*.py")}
    assert files.keys() - {"driver"} == SCRIPTS.keys()
    for name in SCRIPTS:
        roots = set()
        for node in ast.walk(ast.parse(files[name].read_text())):
            if isinstance(node, ast.Import):
                roots |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                roots.add(str(node.module).partition(".")[0])
        standard = {"argparse", "collections", "itertools", "math", "os", "random"}
        assert roots <= standard | {"string", "torch", "numpy"}


def test_losses_that_differ_are_refused() -> None:
    compare("x", Script(()), "loss 1.2345 after 3", "loss 1.2346 after 3")
    with pytest.raises(RuntimeError, match=r"printed 1\.3 as its number 0"):
        compare("x", Script(()), "loss 1.2", "loss 1.3")
    with pytest.raises(RuntimeError, match="printed 1 numbers, not 2"):
        compare("x", Script(()), "loss 1.2 at 3", "loss 1.2")
    compare("x", Script((), compared=1), "loss 1.2 at 3", "loss 1.2 at 4")


def test_the_summary_has_the_median_and_the_worst(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    results = [
        Result("a", [2.0, 1.0], [1.5, 3.0], [1.0]),
        Result("b", [4.0], [2.0], [2.0]),
        Result("c", [1.0], [1.0], [1.0]),
    ]
    said = command.summary(results, 2, 2)
    assert "Cold: 1.00 × in the median, 1.50 × at worst (a)." in said
    assert command.row(results[0]) == "| a | 1.0 | 1.5 | 1.0 | 1.50 | 1.00 |"
    readme = tmp_path / "README.md"
    readme.write_text(f"before {command.BEGIN} old {command.END} after")
    monkeypatch.setattr(report, "README", readme)
    command.write("new")
    assert readme.read_text().split() == (
        f"before {command.BEGIN} new {command.END} after".split()
    )
