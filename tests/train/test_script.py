"""What a script needs around a training: options, log, results, pictures."""

import json
import logging
import sys

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from PIL import Image

from funcnet import InputError, checkpoint, nn, train


@pytest.fixture
def parser():
    return train.arguments("Train.", name="thing", epochs=9, smoke_epochs=2)


def test_the_options_have_their_defaults(parser):
    args = parser.parse_args([])
    assert (args.epochs, args.seed, args.out) == (9, 0, "runs/thing")
    assert not args.resume
    assert not args.smoke


def test_a_script_logs_to_the_screen_and_its_folder(parser, tmp_path, capsys):
    def main(args):
        logging.getLogger("mine").info("%d epochs", args.epochs)
        logging.getLogger("jax").info("chatter")
        return args.seed

    out = tmp_path / "a" / "b"
    argv = ["--smoke", "--seed", "7", "--out", str(out)]
    assert train.run_script(main, parser, argv) == 7
    assert capsys.readouterr().out.endswith("  2 epochs\n")
    assert (out / "log.txt").read_text().endswith("  2 epochs\n")
    assert json.loads((out / "arguments.json").read_text())["seed"] == 7
    train.run_script(main, parser, [*argv, "--resume"])
    assert len((out / "log.txt").read_text().splitlines()) == 2


def test_an_interrupted_script_says_how_to_go_on(parser, tmp_path, capsys):
    def main(args):
        raise KeyboardInterrupt

    with pytest.raises(SystemExit) as caught:
        train.run_script(main, parser, ["--out", str(tmp_path)])
    assert caught.value.code == 130
    assert "--resume goes on" in capsys.readouterr().out


HISTORY = [
    {"epoch": e, "step": 9 * e, "train_loss": 1 / e, "test_loss": 2 / e, "seconds": 1}
    for e in (1, 2, 3)
]


def test_finish_leaves_params_and_a_picture(tmp_path, key):
    pytest.importorskip("matplotlib")
    ts = train.TrainState.create(nn.BatchNorm1d(3), optax.sgd(0.1), key)
    train.finish(tmp_path, ts, HISTORY)
    saved = checkpoint.load(tmp_path / "params.msgpack")
    assert sorted(saved) == ["params", "state"]
    assert sorted(saved["state"]) == sorted(ts.state)
    assert checkpoint.read_metadata(tmp_path / "params.msgpack")["epoch"] == 3
    assert Image.open(tmp_path / "curves.png").width > 400


def test_without_matplotlib_the_results_are_there_all_the_same(
    tmp_path, key, monkeypatch, caplog
):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    ts = train.TrainState.create(nn.Linear(1, 1), optax.sgd(0.1), key)
    with caplog.at_level(logging.INFO):
        train.finish(tmp_path, ts, HISTORY)
    assert "pip install 'funcnet[plots]'" in caplog.text
    assert (tmp_path / "params.msgpack").exists()
    with pytest.raises(InputError, match="pictures need matplotlib"):
        train.plot_history(HISTORY, tmp_path / "curves.png")


def test_no_epochs_give_no_picture(tmp_path):
    with pytest.raises(InputError, match="no epochs"):
        train.plot_history([], tmp_path / "curves.png")


def test_a_shift_moves_and_interpolates(key):
    ramp = jnp.broadcast_to(jnp.arange(8.0), (5, 2, 8, 8))
    moved = train.random_shift(key, ramp, 1.0)
    difference = np.asarray(moved - ramp)[:, :, 1:-1, 1:-1]
    # Inside, each image of a ramp is higher or lower by how far it was moved.
    distance = difference.mean(axis=(1, 2, 3), keepdims=True)
    assert np.ptp(distance) > 0.5
    assert np.abs(distance).max() <= 1
    rows = train.random_shift(key, ramp.mT, 1.0)
    assert moved.shape == rows.shape == ramp.shape


def test_no_shift_changes_nothing(key):
    images = jax.random.uniform(key, (3, 1, 5, 7))
    np.testing.assert_array_equal(train.random_shift(key, images, 0.0), images)
    with pytest.raises(InputError, match="random_shift"):
        train.random_shift(key, images[0], 0.5)
