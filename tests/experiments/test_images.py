"""The experiments on folders, tables and TFDS sets of images."""

import csv

import numpy as np
import pytest

from funcnet import checkpoint, tree
from funcnet.data.images import write_png
from tests.experiments.test_experiments import run


def test_custom_dataset_reads_a_table_that_is_given(tmp_path, monkeypatch):
    draw = np.random.default_rng(0)
    with (tmp_path / "labels.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        for n in range(60):
            label = n % 3
            pixels = draw.integers(0, 60, (3, 6, 6), dtype=np.uint8)
            pixels[label] += 150
            write_png(pixels, tmp_path / f"{n}.png")
            writer.writerow([f"{n}.png", label])
    out = tmp_path / "run"
    arguments = ("--labels", tmp_path / "labels.csv", "--images", tmp_path)
    accuracy = run("custom_dataset", monkeypatch, *arguments, "--out", out)
    assert accuracy == 1.0
    assert (out / "params.msgpack").exists()


def test_a_smoke_run_writes_its_own_images(tmp_path, monkeypatch):
    run("custom_dataset", monkeypatch, "--smoke", "--out", tmp_path)
    assert len(list((tmp_path / "images").glob("*.png"))) == 320
    assert (tmp_path / "params.msgpack").exists()


def test_what_goes_on_ends_with_the_parameters_of_one_run(tmp_path, monkeypatch):
    for name, epochs in (("whole", [3]), ("parts", [1, 3])):
        for place, count in enumerate(epochs):
            more = ("--resume",) if place else ()
            arguments = ("--epochs", str(count), "--out", tmp_path / name, *more)
            run("custom_dataset", monkeypatch, *arguments)
    whole, parts = (
        checkpoint.load(tmp_path / name / "params.msgpack")
        for name in ("whole", "parts")
    )
    assert tree.equal(whole, parts)


def test_a_set_of_tfds_is_trained_on(tmp_path, monkeypatch):
    pytest.importorskip("tensorflow_datasets")
    run("tfds_train", monkeypatch, "--smoke", "--out", tmp_path)
    assert (tmp_path / "tfds" / "digits").is_dir()
    assert (tmp_path / "metrics.jsonl").read_text().count("\n") == 1


@pytest.mark.slow
def test_a_folder_is_trained_on_and_the_best_is_kept(tmp_path, monkeypatch):
    arguments = ("--smoke", "--out", tmp_path, "--workers", "0")
    run("image_folder", monkeypatch, *arguments)
    last, best = (tmp_path / f"{name}.msgpack" for name in ("last", "best"))
    told = checkpoint.read_metadata(last)
    assert told["best"] == checkpoint.read_metadata(best)["best"] > 0
    assert len(told["history"]) == 1
    more = ("--epochs", "2", "--out", tmp_path, "--workers", "0", "--resume")
    run("image_folder", monkeypatch, *more)
    again = checkpoint.read_metadata(last)
    assert [record["epoch"] for record in again["history"]] == [1, 2]
    assert again["history"][0] == told["history"][0]


def test_finetuning_starts_from_a_pth(tmp_path, monkeypatch):
    run("finetune", monkeypatch, "--smoke", "--out", tmp_path)
    before, after = (
        checkpoint.load(tmp_path / f"{name}.pth")
        for name in ("pretrained", "finetuned")
    )
    assert before["fc"]["weight"].shape == (6, 128)
    assert after["fc"]["weight"].shape == (3, 128)
    np.testing.assert_array_equal(before["conv1"]["weight"], after["conv1"]["weight"])
    moved = before["layer3"]["conv1"]["weight"] != after["layer3"]["conv1"]["weight"]
    assert moved.any()
    last = checkpoint.load(tmp_path / "last.msgpack")["opt_state"]
    assert not any(name == "conv1.weight" for name in tree.paths(last))


def test_gradcam_writes_its_picture(tmp_path, monkeypatch):
    pytest.importorskip("matplotlib")
    run("gradcam", monkeypatch, "--smoke", "--out", tmp_path)
    assert (tmp_path / "gradcam.png").stat().st_size > 10_000


def test_style_transfer_moves_the_image_to_the_style(tmp_path, monkeypatch):
    left = run("style_transfer", monkeypatch, "--smoke", "--out", tmp_path)
    assert left < 0.8
    assert (tmp_path / "style_transfer.png").exists()


@pytest.mark.slow
def test_finetuning_reaches_in_5_epochs_what_20_from_scratch_do(tmp_path, monkeypatch):
    tuned = run("finetune", monkeypatch, "--out", tmp_path / "tuned")
    options = ("--scratch", "--epochs", "20", "--out", tmp_path / "scratch")
    assert tuned >= run("finetune", monkeypatch, *options) - 0.01
    assert tuned >= 0.98


@pytest.mark.slow
def test_gradcam_points_at_the_shapes(tmp_path, monkeypatch):
    assert run("gradcam", monkeypatch, "--out", tmp_path) >= 0.8


@pytest.mark.slow
def test_shapes_are_recognised(tmp_path, monkeypatch):
    assert run("image_folder", monkeypatch, "--out", tmp_path) >= 0.95


@pytest.mark.slow
def test_digits_of_tfds_are_recognised(tmp_path, monkeypatch):
    assert run("tfds_train", monkeypatch, "--out", tmp_path) >= 0.95
