"""The benchmark runs, and says so where a peer is not there."""

import sys

import pytest

from benchmarks import __main__ as command
from benchmarks import report
from benchmarks.driver import Result, check
from benchmarks.peers import PEERS
from benchmarks.tasks import TASKS


def test_a_smoke_run_measures_the_peers(capsys: pytest.CaptureFixture[str]) -> None:
    command.main(["--smoke", "--tasks", "tiny", "--peers", "funcnet", "jax"])
    printed = capsys.readouterr().out
    assert "### tiny" in printed
    assert "| funcnet |" in printed
    assert "jax 0." in printed


def test_a_peer_that_is_missing_gets_a_row() -> None:
    result = Result("torch", missing="torch is not installed")
    assert "| torch is not installed |" in report.table("tiny", [result])


def test_ratios_are_those_of_the_least_times() -> None:
    mine = Result("funcnet", seconds=[0.002, 0.001, 0.003])
    hers = Result("jax", seconds=[0.004, 0.008, 0.002])
    row = report.table("tiny", [mine, hers]).splitlines()[4]
    assert row.startswith("| funcnet | 2 | 1 | 0.50 | – |")


def test_results_replace_the_old_ones_in_the_readme(
    monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(f"before {report.BEGIN} old {report.END} after")
    monkeypatch.setattr(report, "README", readme)
    report.write("new")
    assert readme.read_text().split() == (
        f"before {report.BEGIN} new {report.END} after".split()
    )


def test_a_network_of_another_size_is_refused() -> None:
    with pytest.raises(RuntimeError, match="trained 40 parameters, not 31"):
        check(Result("jax", parameters=40), 31)


def test_a_network_that_does_not_learn_is_refused() -> None:
    with pytest.raises(RuntimeError, match="did not learn"):
        check(Result("jax", parameters=31, first_loss=1.0, last_loss=1.0), 31)


def test_every_peer_has_a_file_in_every_task() -> None:
    large = {"in_funcnet", "in_nnx", "in_torch"}  # of networks of torchvision
    for task in TASKS:
        for peer in PEERS.values():
            folder = report.README.parent / "tasks" / task
            if task in ("resnet50", "vit_b_16") and peer.module not in large:
                continue
            assert (folder / f"{peer.module}.py").is_file()


def test_torch_may_have_an_interpreter_of_its_own() -> None:
    options = command.parse(["--torch-python", "/elsewhere/python"])
    pythons = command.interpreters(options)
    assert pythons["torch"] == pythons["torch-compile"] == "/elsewhere/python"
    assert pythons["jax"] == sys.executable
