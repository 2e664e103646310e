"""Norm layers: their state, their arrays, their settings."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, nn


def test_batch_norm_counts_training_batches_only(key: jax.Array) -> None:
    layer = nn.BatchNorm1d(2)
    params, state = layer.init(key)
    x = jax.random.normal(key, (4, 2))
    _, trained = layer.apply(params, state, x, train=True)
    assert trained["num_batches_tracked"] == 1
    assert jnp.issubdtype(trained["num_batches_tracked"].dtype, jnp.integer)
    _, evaluated = layer.apply(params, trained, x)
    assert evaluated is trained


def test_without_momentum_the_running_mean_is_that_of_all_batches(
    key: jax.Array,
) -> None:
    layer = nn.BatchNorm1d(2, momentum=None)
    params, state = layer.init(key)
    batches = jax.random.normal(key, (3, 5, 2))
    for batch in batches:
        _, state = layer.apply(params, state, batch, train=True)
    np.testing.assert_allclose(state["running_mean"], batches.mean((0, 1)), 1e-4, 1e-6)


def test_without_tracking_there_is_no_state_and_the_batch_decides(
    key: jax.Array,
) -> None:
    layer = nn.BatchNorm2d(2, affine=False, track_running_stats=False)
    assert layer.init(key) == ({}, {})
    x = jax.random.normal(key, (3, 2, 4, 4)) + 5
    y, state = layer.apply({}, {}, x)
    np.testing.assert_allclose(y.mean((0, 2, 3)), np.zeros(2), atol=1e-5)
    assert state == {}


def test_instance_norm_takes_one_sample_and_does_not_count(key: jax.Array) -> None:
    layer = nn.InstanceNorm1d(2, affine=True, track_running_stats=True)
    params, state = layer.init(key)
    x = jax.random.normal(key, (2, 6)) + 5
    y, new = layer.apply(params, state, x, train=True)
    np.testing.assert_allclose(y.mean(1), np.zeros(2), atol=1e-5)
    assert new["num_batches_tracked"] == 0
    np.testing.assert_allclose(new["running_mean"], 0.1 * x.mean(1), rtol=1e-5)


def test_a_bias_can_be_left_out(key: jax.Array) -> None:
    for layer in (
        nn.BatchNorm1d(4, bias=False),
        nn.GroupNorm(2, 4, bias=False),
        nn.LayerNorm(4, bias=False),
    ):
        assert list(layer.init(key)[0]) == ["weight"]


def test_a_number_is_a_shape_of_one_dimension() -> None:
    assert nn.LayerNorm(4) == nn.LayerNorm([4])
    assert nn.RMSNorm(4) == nn.RMSNorm((4,))


def test_groups_must_divide_the_channels() -> None:
    with pytest.raises(InputError, match=r"num_groups 4 must divide num_channels 6"):
        nn.GroupNorm(4, 6)


def test_an_image_for_another_norm_is_refused(key: jax.Array) -> None:
    layer = nn.BatchNorm2d(3)
    params, state = layer.init(key)
    with pytest.raises(InputError, match=r"must have 4: \(batch, channels, height"):
        layer.apply(params, state, jnp.ones((3, 4, 4)))
    with pytest.raises(InputError, match=r"made for 3 channels \(num_features\)"):
        layer.apply(params, state, jnp.ones((2, 4, 5, 5)))
