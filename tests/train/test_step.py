"""One step, many steps in one program, parts of a batch: all compute the same."""

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from funcnet import InputError, InputTypeError, data, nn, train
from funcnet import functional as F

NET = nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.5), nn.Linear(8, 2))
PLAIN = nn.Sequential(nn.Linear(3, 8), nn.Linear(8, 2))
MEAN = {"mean": lambda output, target: jnp.mean(output)}


class Counter(nn.Model):
    """A model with state: it counts its calls."""

    def __init__(self):
        self.linear = nn.Linear(3, 2)
        self.calls = nn.Buffer((), lambda key, shape, dtype: jnp.zeros(shape, dtype))

    def forward(self, x):
        if self.training:
            self.calls = self.calls + 1
        return self.linear(x)


def sgd():
    return optax.sgd(0.1, momentum=0.9)


def batch(n=8, seed=0):
    draw = np.random.RandomState(seed)
    x = draw.normal(size=(n, 3)).astype(np.float32)
    return x, draw.randint(0, 2, n)


def create(key, model=NET, optimizer=None):
    return train.TrainState.create(model, optimizer or sgd(), key)


def assert_close(actual, expected, **tolerance):
    jax.tree.map(
        lambda a, e: np.testing.assert_allclose(a, e, **tolerance),
        replace(actual, key=0),
        replace(expected, key=0),
    )


def test_a_step_is_gradient_and_update(key):
    ts = create(key, PLAIN)
    x, y = batch()
    (loss, grads) = jax.value_and_grad(
        lambda params: F.cross_entropy(PLAIN.apply(params, {}, x)[0], y)
    )(ts.params)
    updates, _ = sgd().update(grads, ts.opt_state, ts.params)
    expected = optax.apply_updates(ts.params, updates)
    step = train.train_step(PLAIN, F.cross_entropy, sgd(), metrics=MEAN)
    ts, metrics = step(ts, (x, y))
    np.testing.assert_allclose(metrics["loss"], loss, rtol=1e-6)
    assert list(metrics) == ["loss", "mean"]
    jax.tree.map(
        lambda a, e: np.testing.assert_allclose(a, e, rtol=1e-6), ts.params, expected
    )
    assert int(ts.step) == 1


def test_training_lowers_the_loss(key):
    step, ts = train.train_step(PLAIN, F.cross_entropy, sgd()), create(key, PLAIN)
    losses = []
    for _ in range(20):
        ts, metrics = step(ts, batch())
        losses.append(float(metrics["loss"]))
    assert losses[-1] < 0.8 * losses[0]


def test_each_step_draws_anew_and_the_same_key_draws_the_same(key):
    optimizer = optax.sgd(0.0)
    step = train.train_step(NET, F.cross_entropy, optimizer)

    def losses():
        ts = create(key, optimizer=optimizer)
        for _ in range(3):
            ts, metrics = step(ts, batch())
            yield float(metrics["loss"])

    first = list(losses())
    assert len(set(first)) == 3
    assert list(losses()) == first


def test_a_step_gives_its_buffers_away_but_not_the_callers_key(key):
    step, ts = train.train_step(NET, F.cross_entropy, sgd()), create(key)
    new, _ = step(ts, batch())
    assert all(leaf.is_deleted() for leaf in jax.tree.leaves(ts.params))
    assert not new.step.is_deleted()
    jax.random.split(key)


def test_a_step_compiles_once_for_each_shape(key):
    step, ts = train.train_step(NET, F.cross_entropy, sgd()), create(key)
    for n in (8, 8, 5, 8, 5):
        ts, _ = step(ts, batch(n))
    assert step._cache_size() == 2


def test_state_goes_through_a_step_and_through_its_parts(key):
    for accumulate, calls in ((1, 1), (4, 4)):
        model = Counter()
        ts = train.TrainState.create(model, sgd(), key)
        step = train.train_step(model, F.cross_entropy, sgd(), accumulate=accumulate)
        ts, _ = step(ts, batch())
        assert float(ts.state["calls"]) == calls


@pytest.mark.parametrize("parts", [2, 8])
def test_accumulated_gradients_equal_those_of_the_large_batch(key, parts):
    whole = train.train_step(PLAIN, F.cross_entropy, sgd(), metrics=MEAN)
    split = train.train_step(
        PLAIN, F.cross_entropy, sgd(), metrics=MEAN, accumulate=parts
    )
    expected, expected_metrics = whole(create(key, PLAIN), batch())
    actual, metrics = split(create(key, PLAIN), batch())
    # float32 sums in another order.
    assert_close(actual, expected, rtol=1e-5, atol=1e-7)
    for name in metrics:
        np.testing.assert_allclose(metrics[name], expected_metrics[name], rtol=1e-5)


def test_an_epoch_in_one_program_equals_its_steps(key):
    x, y = batch(20)
    loader = data.ArrayLoader((x, y), 6, drop_last=True, seed=1)
    step = train.train_step(NET, F.cross_entropy, sgd())
    ts, losses = create(key), []
    for part in loader:
        ts, metrics = step(ts, part)
        losses.append(metrics["loss"])
    epoch = train.train_epoch(NET, F.cross_entropy, sgd())
    scanned, metrics = epoch(create(key), (x, y), loader.batches(0))
    # The same formulas, which XLA may fuse in another way inside a loop.
    np.testing.assert_allclose(metrics["loss"], losses, rtol=1e-6)
    assert_close(scanned, ts, rtol=1e-6, atol=1e-8)


def test_augmentation_runs_inside_the_step_with_a_key_of_its_own(key):
    seen = []

    def augment(key, batch):
        x, y = batch
        seen.append(isinstance(x, jax.core.Tracer))
        return x + jax.random.normal(key, x.shape), y

    optimizer = optax.sgd(0.0)
    step = train.train_step(PLAIN, F.cross_entropy, optimizer, augment=augment)
    ts, first = step(create(key, PLAIN, optimizer), batch())
    ts, second = step(ts, batch())
    assert seen == [True]
    assert first["loss"] != second["loss"]


def test_evaluation_changes_nothing_and_drops_nothing(key):
    measure = train.eval_step(NET, F.cross_entropy, metrics={"a": train.accuracy})
    ts = create(key)
    x, y = batch()
    expected = F.cross_entropy(NET.apply(ts.params, {}, x)[0], y)
    for _ in range(2):
        measured = measure(ts, (x, y))
        np.testing.assert_allclose(measured["loss"], expected, rtol=1e-6)
    assert not ts.step.is_deleted()


def test_a_loss_may_be_a_layer(key):
    class SquaredError(nn.Model):
        def forward(self, output, target):
            return jnp.mean((output - target) ** 2)

    x, _ = batch()
    by_function = train.eval_step(PLAIN, lambda o, t: jnp.mean((o - t) ** 2))
    by_layer = train.eval_step(PLAIN, SquaredError())
    ts = create(key, PLAIN)
    target = np.ones((8, 2), np.float32)
    assert by_layer(ts, (x, target)) == by_function(ts, (x, target))


def test_a_line_search_gets_what_it_needs(key):
    optimizer = optax.lbfgs()
    step = train.train_step(PLAIN, F.cross_entropy, optimizer)
    ts, losses = create(key, PLAIN, optimizer), []
    for _ in range(3):
        ts, metrics = step(ts, batch())
        losses.append(float(metrics["loss"]))
    assert losses[2] < losses[1] < losses[0]


def test_bfloat16_stays_bfloat16(key):
    net = nn.Linear(3, 2, dtype="bfloat16")
    ts = create(key, net)
    x = jnp.ones((4, 3), jnp.bfloat16)
    for accumulate in (1, 2):
        step = train.train_step(net, F.cross_entropy, sgd(), accumulate=accumulate)
        ts, _ = step(ts, (x, np.array([0, 1, 0, 1])))
        assert ts.params["weight"].dtype == jnp.bfloat16


@pytest.mark.parametrize(
    ("options", "bad_batch", "error", "message"),
    [
        ({"accumulate": 9}, batch(), InputError, "accumulate=9 parts of a batch of 8"),
        ({}, batch()[0], InputTypeError, r"this one is a \w+\. Give \(x, y\)"),
        ({}, batch()[:1], InputTypeError, r"Give \(x, y\)"),
        ({}, (batch(3)[0], batch()[1]), InputError, "cross_entropy"),
    ],
    ids=["accumulate", "array", "single", "lengths"],
)
def test_a_batch_that_does_not_fit_is_explained(
    key, options, bad_batch, error, message
):
    step = train.train_step(NET, F.cross_entropy, sgd(), **options)
    with pytest.raises(error, match=message):
        step(create(key), bad_batch)


def test_a_loss_that_is_not_a_scalar_is_explained(key):
    step = train.train_step(NET, lambda o, t: jnp.sum(o, axis=1), sgd())
    with pytest.raises(InputError, match=r"shape \(8,\), a scalar is needed"):
        step(create(key), batch())


def test_no_part_of_a_batch_is_refused():
    with pytest.raises(InputError, match="accumulate is 0"):
        train.train_step(NET, F.cross_entropy, sgd(), accumulate=0)
