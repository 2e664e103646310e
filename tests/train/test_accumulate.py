"""A step made of parts of a batch is the step of the batch, whatever counts in it."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from funcnet import functional as F
from funcnet import nn, train

WEIGHT = jnp.array([0.2, 1.0, 3.0])
X = np.random.RandomState(0).normal(size=(8, 4)).astype(np.float32)
SOME = np.array([0, 1, -100, 2, 2, -100, 0, 1])
FIRST = np.array([-100, -100, -100, -100, -100, 1, 0, 2])
REAL = np.random.RandomState(1).rand(8, 3).astype(np.float32)
YES = (REAL > 0.5).astype(np.float32)


def own(output, target):
    return jnp.mean(jnp.sum((output - target) ** 2, 1))


def both(output, target):
    """A loss of one's own that is made of two, and of a mean over samples."""
    first = F.cross_entropy(output, target, weight=WEIGHT)
    second = F.cross_entropy(-output, target, ignore_index=2)
    return first + 0.5 * second + jnp.mean(output**2)


def flat(output, target):
    """Each sample is a row of three labels that are told from three scores."""
    scores = jnp.stack([output, -output], -1).reshape(-1, 2)
    return F.cross_entropy(scores, (target > 0.5).astype(int).reshape(-1))


ce, nll = F.cross_entropy, F.nll_loss
LOSSES = {
    "cross_entropy": (ce, SOME),
    "whole parts ignored": (ce, FIRST),
    "ignore_index": (partial(ce, ignore_index=2), np.abs(SOME) % 3),
    "weight": (partial(ce, weight=WEIGHT), SOME),
    "smoothing": (partial(ce, weight=WEIGHT, label_smoothing=0.2), SOME),
    "sum": (partial(ce, weight=WEIGHT, reduction="sum"), FIRST),
    "layer": (nn.CrossEntropyLoss(weight=WEIGHT), SOME),
    "jit": (jax.jit(ce), FIRST),
    "probabilities": (ce, REAL / REAL.sum(1, keepdims=True)),
    "nll_loss": (lambda x, y: nll(jax.nn.log_softmax(x), y, WEIGHT), FIRST),
    "binary": (partial(F.binary_cross_entropy_with_logits, pos_weight=WEIGHT), YES),
    "binary, weight": (
        partial(F.binary_cross_entropy_with_logits, weight=WEIGHT),
        YES,
    ),
    "binary, sum": (
        partial(F.binary_cross_entropy_with_logits, reduction="sum"),
        YES,
    ),
    "mse": (F.mse_loss, REAL),
    "mse, weight": (lambda x, y: F.mse_loss(x, y, weight=y + 0.5), REAL),
    "kl_div": (
        lambda x, y: F.kl_div(jax.nn.log_softmax(x), y, reduction="batchmean"),
        REAL,
    ),
    "multi margin": (partial(F.multi_margin_loss, weight=WEIGHT), np.abs(SOME) % 3),
    "own": (own, REAL),
    "both": (both, np.abs(SOME) % 3),
    "flat": (flat, REAL),
}
NET = nn.Linear(4, 3)
SGD = optax.sgd(0.5)


def stepped(loss, target, parts, metrics=None, net=NET):
    step = train.train_step(net, loss, SGD, accumulate=parts, metrics=metrics)
    ts = train.TrainState.create(net, SGD, jax.random.key(0))
    ts, result = step(ts, (X, target))
    return ts.params, result


def assert_close(found, wanted):
    # float32 sums in another order.
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=2e-5, atol=2e-6),
        *(found, wanted),
    )


@pytest.mark.parametrize("name", LOSSES)
def test_the_step_of_parts_is_that_of_the_batch(name):
    loss, target = LOSSES[name]
    whole = stepped(loss, target, 1)
    assert np.isfinite(whole[1]["loss"])
    for parts in (2, 3):  # of 4 and 4; of 3, 3 and 2
        assert_close(stepped(loss, target, parts), whole)


def test_a_batch_of_nothing_but_ignored_labels_has_no_mean():
    for parts in (1, 2):
        assert np.isnan(stepped(ce, np.full(8, -100), parts)[1]["loss"])


def test_metrics_are_those_of_the_batch():
    metrics = {"accuracy": train.accuracy, "loss again": ce, "sum": own_sum}
    whole = stepped(ce, FIRST, 1, metrics)
    for parts in (2, 5):
        assert_close(stepped(ce, FIRST, parts, metrics), whole)


def own_sum(output, target):
    return F.cross_entropy(output, target, reduction="sum")


def test_inside_a_function_of_jax_parts_count_by_their_sizes():
    each = jax.vmap(F.mse_loss)
    losses = {
        "vmap": lambda output, target: jnp.mean(each(output, target)),
        "jit": lambda output, target: jax.jit(F.mse_loss)(output, target) * 2,
    }
    for loss in losses.values():
        assert_close(stepped(loss, REAL, 3), stepped(loss, REAL, 1))


def test_parts_draw_with_keys_of_their_own_and_keep_statistics():
    net = nn.Sequential(nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 3))
    params, result = stepped(ce, SOME, 2, net=net)
    assert np.isfinite(result["loss"])
    assert params["2"]["weight"].shape == (3, 4)


def test_an_ignored_label_is_neither_hit_nor_miss():
    output = jnp.array([[1.0, 2.0], [3.0, 0.0], [0.0, 1.0]])
    assert float(train.accuracy(output, jnp.array([1, 1, -100]))) == 0.5
    assert float(train.accuracy(output, jnp.array([9, 1, 1]), 9)) == 0.5


@pytest.mark.parametrize("name", ["cross_entropy", "weight", "own"])
def test_means_over_batches_are_those_of_all_that_counts(name):
    loss, target = LOSSES[name]
    target = FIRST if target is SOME else target
    metrics = {"accuracy": train.accuracy} if target is FIRST else {}
    step = train.eval_step(NET, loss, metrics=metrics)
    ts = train.TrainState.create(NET, SGD, jax.random.key(0))
    whole = step(ts, (X, target))
    batches = [(X[:3], target[:3]), (X[3:7], target[3:7]), (X[7:], target[7:])]
    result = train.evaluate(step, ts, batches)
    assert_close(result, dict(whole))


def test_the_record_of_an_epoch_is_the_mean_over_its_labels():
    batches = [(X[:5], FIRST[:5]), (X[5:], FIRST[5:])]
    _, (record,) = train.fit(
        *(NET, ce, optax.sgd(0.0), batches, jax.random.key(0)),
        epochs=1,
        metrics={"accuracy": train.accuracy},
        test_data=batches,
        progress=False,
    )
    ts = train.TrainState.create(NET, SGD, jax.random.key(0))
    output = NET.apply(ts.params, {}, X)[0]
    assert record["train_loss"] == pytest.approx(float(ce(output, FIRST)), rel=1e-5)
    assert record["test_loss"] == pytest.approx(record["train_loss"], rel=1e-5)
    wanted = float(train.accuracy(output, FIRST))
    assert record["train_accuracy"] == pytest.approx(wanted, rel=1e-5)
