"""Metrics and their means."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, train


def test_accuracy_counts_hits():
    output = jnp.array([[0.0, 2.0, 1.0], [5.0, 1.0, 2.0], [0.0, 0.0, 1.0]])
    assert train.accuracy(output, np.array([1, 1, 2])).tolist() == pytest.approx(2 / 3)


def test_accuracy_of_images_counts_pixels():
    output = jnp.zeros((2, 3, 4, 4)).at[:, 1].set(1.0)
    assert float(train.accuracy(output, np.ones((2, 4, 4), np.uint8))) == 1


def test_accuracy_of_other_shapes_is_refused():
    with pytest.raises(
        InputError, match=r"output has shape \(2, 3\), the target \(2, 1"
    ):
        train.accuracy(jnp.zeros((2, 3)), jnp.zeros((2, 1), jnp.int32))


def test_means_are_weighted_by_batch_size():
    averages = train.Averages()
    values, weights = np.random.RandomState(0).rand(300), np.arange(300) % 7 + 1
    fetched = [
        averages.add({"x": jnp.float32(value)}, int(weight))
        for value, weight in zip(values, weights, strict=True)
    ]
    assert sum(fetched) == 3
    expected = np.average(values, weights=weights)
    assert averages.means()["x"] == pytest.approx(expected, rel=1e-6)


def test_adding_fetches_only_what_lies_far_back(monkeypatch):
    fetched = []
    fetch = jax.device_get
    monkeypatch.setattr(jax, "device_get", lambda x: fetched.append(len(x)) or fetch(x))
    averages = train.Averages()
    for _ in range(130):
        averages.add({"x": jnp.float32(1)}, 1)
    assert fetched == [64]
    assert averages.so_far() == {"x": 1.0}
    averages.means()
    assert fetched == [64, 66]


def test_averages_go_on_where_they_were_saved():
    whole, first, second = train.Averages(), train.Averages(), train.Averages()
    for i in range(5):
        whole.add({"x": 0.1 * i}, i + 1)
        if i < 3:
            first.add({"x": 0.1 * i}, i + 1)
    second.load_state_dict(first.state_dict())
    for i in (3, 4):
        second.add({"x": 0.1 * i}, i + 1)
    assert second.means() == whole.means()
