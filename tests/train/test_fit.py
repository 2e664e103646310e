"""The loop: records, checkpoints, interrupts, resuming."""

import json
import os
import signal
import threading
from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from funcnet import InputError, checkpoint, data, nn, optim, train
from funcnet import functional as F

NET = nn.Sequential(nn.Linear(3, 4), nn.Dropout(0.5), nn.Linear(4, 2))
ACCURACY = {"accuracy": train.accuracy}


def loader(n=12, labels=2, **options):
    draw = np.random.RandomState(0)
    x = draw.normal(size=(n, 3)).astype(np.float32)
    options = {"batch_size": 3, **options}
    return data.ArrayLoader((x, draw.randint(0, labels, n)), **options)


def fit(folder=None, batches=None, **options):
    options = {
        "epochs": 3,
        "test_data": loader(6, shuffle=False),
        "metrics": ACCURACY,
        "optimizer": optim.sgd(0.1, momentum=0.9),
        **options,
    }
    optimizer = options.pop("optimizer")
    return train.fit(
        NET,
        F.cross_entropy,
        optimizer,
        batches or loader(),
        jax.random.key(0),
        folder=folder,
        **options,
    )


def without_seconds(history):
    return [{k: v for k, v in record.items() if k != "seconds"} for record in history]


def assert_same(actual, expected):
    """Bit for bit."""
    actual, expected = (
        jax.tree.leaves(replace(ts, key=jax.random.key_data(ts.key)))
        for ts in (actual, expected)
    )
    for a, e in zip(actual, expected, strict=True):
        np.testing.assert_array_equal(a, e)


@pytest.fixture(scope="module")
def finished():
    """What a run of three epochs that is left alone returns."""
    return fit()


class InterruptAt:
    """A loader during whose batch number `at` somebody presses Ctrl-C."""

    def __init__(self, inner, at):
        self.inner, self.at, self.seen = inner, at, 0

    def __iter__(self):
        for batch in self.inner:
            self.seen += 1
            if self.seen == self.at:
                signal.raise_signal(signal.SIGINT)
            yield batch

    def __getattr__(self, name):
        return getattr(self.inner, name)


def test_fit_is_the_loop_over_steps_and_evaluations(finished):
    ts, history = finished
    optimizer = optim.sgd(0.1, momentum=0.9)
    expected = train.TrainState.create(NET, optimizer, jax.random.key(0))
    step = train.train_step(NET, F.cross_entropy, optimizer, metrics=ACCURACY)
    batches = loader()
    for _ in range(3):
        for batch in batches:
            expected, _ = step(expected, batch)
    assert_same(ts, expected)
    measure = train.eval_step(NET, F.cross_entropy, metrics=ACCURACY)
    measured = train.evaluate(measure, ts, loader(6, shuffle=False))
    assert list(history[-1]) == [
        *("epoch", "step", "train_loss", "train_accuracy"),
        *("test_loss", "test_accuracy", "seconds"),
    ]
    assert history[-1]["test_loss"] == measured["loss"]
    assert [record["step"] for record in history] == [4, 8, 12]


def test_a_folder_holds_records_and_checkpoints(tmp_path):
    ts, history = fit(tmp_path / "run", monitor="test_accuracy", mode="max")
    lines = (tmp_path / "run" / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == history
    assert sorted(os.listdir(tmp_path / "run")) == [
        *("best.msgpack", "last.msgpack", "metrics.jsonl"),
    ]
    last = checkpoint.load(tmp_path / "run" / "last.msgpack", like=ts)
    assert_same(last, ts)
    best = checkpoint.read_metadata(tmp_path / "run" / "best.msgpack")["history"][-1]
    assert best["test_accuracy"] == max(r["test_accuracy"] for r in history)


@pytest.mark.parametrize("at", [3, 4, 5])
def test_an_interrupted_run_resumes_bit_for_bit(finished, tmp_path, at):
    expected, expected_history = finished
    with pytest.raises(KeyboardInterrupt):
        fit(tmp_path, InterruptAt(loader(), at))
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    saved = checkpoint.load(tmp_path / "last.msgpack")
    assert saved["step"] == at
    ts, history = fit(tmp_path, loader(seed=77), resume=True)
    assert_same(ts, expected)
    assert without_seconds(history) == without_seconds(expected_history)
    lines = (tmp_path / "metrics.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in lines] == history


def test_a_longer_run_goes_on_from_a_finished_one(finished, tmp_path):
    expected, _ = finished
    fit(tmp_path, epochs=2)
    ts, history = fit(tmp_path, epochs=3, resume=True)
    assert_same(ts, expected)
    assert len(history) == 3
    again, history = fit(tmp_path, epochs=3, resume=True)
    assert_same(again, expected)


def test_resuming_with_nothing_there_begins_anew(finished, tmp_path):
    ts, _ = fit(tmp_path, resume=True)
    assert_same(ts, finished[0])


def test_resuming_without_a_folder_is_refused():
    with pytest.raises(InputError, match="needs the folder"):
        fit(resume=True)


def test_a_checkpoint_of_another_model_is_refused(tmp_path):
    fit(tmp_path, epochs=1)
    with pytest.raises(checkpoint.CheckpointError, match=r"opt_state\.0\.trace"):
        fit(tmp_path, optimizer=optax.sgd(0.1, momentum=0.9), resume=True)


def test_batches_that_are_a_list_are_enough_but_for_mid_epoch(tmp_path):
    batches = list(loader(shuffle=False))
    expected, _ = fit(None, loader(shuffle=False))

    class Interrupting(list):
        __iter__ = InterruptAt.__iter__

    interrupted = Interrupting(batches)
    interrupted.inner, interrupted.at, interrupted.seen = batches, 6, 0
    with pytest.raises(KeyboardInterrupt):
        fit(tmp_path, interrupted)
    assert checkpoint.load(tmp_path / "last.msgpack")["step"] == 4
    ts, _ = fit(tmp_path, batches, resume=True)
    assert_same(ts, expected)


def test_fit_works_outside_the_main_thread(finished):
    results = []
    thread = threading.Thread(target=lambda: results.append(fit()))
    thread.start()
    thread.join()
    assert_same(results[0][0], finished[0])


def test_a_hook_may_change_the_state():
    seen = []

    def hook(ts, record):
        seen.append(record["epoch"])
        if record["epoch"] == 3:
            return replace(ts, params=jax.tree.map(jnp.zeros_like, ts.params))
        return None

    ts, _ = fit(on_epoch=hook)
    assert seen == [1, 2, 3]
    assert all(not leaf.any() for leaf in jax.tree.leaves(ts.params))


def test_a_plateau_lowers_the_learning_rate_and_resumes(tmp_path):
    options = {
        "plateau": optim.ReduceLROnPlateau(patience=1, threshold=10.0),
        "optimizer": optim.sgd(0.1),
        "epochs": 4,
    }
    expected, _ = fit(**options)
    assert float(optim.get_lr(expected.opt_state)) == pytest.approx(1e-3)
    with pytest.raises(KeyboardInterrupt):
        fit(tmp_path, InterruptAt(loader(), 10), **options)
    ts, _ = fit(tmp_path, resume=True, **options)
    assert_same(ts, expected)


def test_resuming_with_another_plateau_is_refused(tmp_path):
    fit(tmp_path, epochs=1)
    with pytest.raises(InputError, match="with the same plateau"):
        fit(tmp_path, plateau=optim.ReduceLROnPlateau(), resume=True)


def test_an_unknown_monitor_is_named():
    with pytest.raises(InputError, match="'test_acc', the records have epoch, step, "):
        fit(monitor="test_acc")
    with pytest.raises(InputError, match="mode is 'most'"):
        fit(mode="most")


def test_a_loss_that_is_not_a_number_is_null_and_never_the_best(tmp_path):
    poison = {"accuracy": lambda output, target: jnp.float32(jnp.nan)}
    fit(tmp_path, metrics=poison, monitor="test_accuracy", epochs=1)
    line = json.loads((tmp_path / "metrics.jsonl").read_text())
    assert line["test_accuracy"] is None
    assert not (tmp_path / "best.msgpack").exists()


def test_labels_out_of_range_are_found_before_the_first_step():
    with pytest.raises(InputError, match="class 4; the input has 2 classes"):
        fit(None, loader(labels=5))
    with pytest.raises(InputError, match="class 4; the input has 2 classes"):
        fit(None, test_data=loader(labels=5))


def test_ignored_labels_are_in_range():
    batches = loader()
    batches.arrays[1][3] = -100
    fit(None, batches, epochs=1)


def test_integer_targets_of_other_losses_are_left_alone(key):
    def distance(output, target):
        return jnp.mean((output[:, 0] - target.astype(jnp.float32)) ** 2)

    train.fit(NET, distance, optax.sgd(0.1), loader(labels=100), key, epochs=1)


def test_an_augmentation_may_change_shapes(key):
    def crop(key, batch):
        return batch[0][:, :3], batch[1]

    x = np.ones((12, 5), np.float32)
    batches = data.ArrayLoader((x, np.zeros(12, np.int32)), 6)
    train.fit(
        NET, F.cross_entropy, optax.sgd(0.1), batches, key, epochs=1, augment=crop
    )
