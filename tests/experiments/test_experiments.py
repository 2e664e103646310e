"""Every experiment runs, learns, and can be stopped and resumed."""

import json
import os
import runpy
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from funcnet import checkpoint, train

FOLDER = Path(__file__).parents[2] / "experiments"
SCRIPTS = sorted(FOLDER.glob("*.py"))
DIGITS = ["digits_autoencoder", "digits_cnn", "digits_lstm", "digits_mlp"]


def run(name, monkeypatch, *argv):
    """Run a script as `python name.py argv` would, and return what its main returns."""
    results = []
    run_script = train.run_script
    with monkeypatch.context() as patch:
        patch.setattr(
            train, "run_script", lambda *args: results.append(run_script(*args))
        )
        patch.setattr(sys, "argv", [name, *map(str, argv)])
        runpy.run_path(str(FOLDER / f"{name}.py"), run_name="__main__")
    return results[0]


def check_results(folder):
    pytest.importorskip("matplotlib")
    files = {path.name for path in folder.iterdir()}
    assert {"params.msgpack", "metrics.jsonl", "curves.png", "log.txt"} <= files
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    assert len(lines) == 1
    assert json.loads(lines[0])["train_loss"] > 0


@pytest.mark.parametrize("name", [*DIGITS, "linear_regression"])
def test_a_smoke_run_leaves_its_results(name, tmp_path, monkeypatch):
    run(name, monkeypatch, "--smoke", "--out", tmp_path)
    check_results(tmp_path)


def test_gpt_reads_a_text_that_is_given(tmp_path, monkeypatch):
    text, out = tmp_path / "text.txt", tmp_path / "run"
    text.write_text("abcdefgh" * 200)
    sample = run("char_gpt", monkeypatch, "--smoke", "--text", text, "--out", out)
    assert len(sample) == 40
    assert set(sample) <= set("abcdefgh")
    check_results(out)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_an_experiment_stays_short(script):
    assert len(script.read_text().splitlines()) < 150


def test_linear_regression_finds_what_least_squares_finds(tmp_path, monkeypatch):
    assert run("linear_regression", monkeypatch, "--out", tmp_path) < 0.01


def command(out, *argv):
    script = FOLDER / "linear_regression.py"
    return [sys.executable, str(script), "--epochs", "300", "--out", str(out), *argv]


def test_ctrl_c_and_resume_end_with_the_same_parameters(tmp_path):
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    options = {"env": environment, "stdout": subprocess.DEVNULL}
    subprocess.run(command(tmp_path / "whole"), check=True, **options)
    process = subprocess.Popen(command(tmp_path / "parts"), **options)
    while not (tmp_path / "parts" / "last.msgpack").exists():
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    assert process.wait() == 130
    last = checkpoint.read_metadata(tmp_path / "parts" / "last.msgpack")
    assert len(last["history"]) < 300
    subprocess.run(command(tmp_path / "parts", "--resume"), check=True, **options)
    whole, parts = (
        checkpoint.load(tmp_path / name / "last.msgpack") for name in ("whole", "parts")
    )
    np.testing.assert_equal(parts, whole)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("name", "wanted"), [("digits_mlp", 0.975), ("digits_cnn", 0.99)]
)
def test_the_digits_are_recognised(name, wanted, seed, tmp_path, monkeypatch):
    assert run(name, monkeypatch, "--out", tmp_path, "--seed", seed) >= wanted
