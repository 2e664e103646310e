"""Activations, dropout, embeddings: what their settings do to init and apply."""

import jax
import jax.numpy as jnp
import pytest

from funcnet import InputError, nn


def test_prelu_keeps_its_setting_init_apart_from_the_method(key: jax.Array) -> None:
    layer = nn.PReLU(3, init=0.1)
    assert repr(layer) == "PReLU(num_parameters=3, init=0.1)"
    assert layer.init(key)[0]["weight"].tolist() == pytest.approx([0.1] * 3)
    assert layer.replace(num_parameters=2) == nn.PReLU(2, 0.1)
    assert layer.replace(init=0.5) == nn.PReLU(3, 0.5)


def test_softmax2d_is_over_the_channels(key: jax.Array) -> None:
    for shape in ((2, 3, 4, 4), (3, 4, 4)):
        y, _ = nn.Softmax2d().apply({}, {}, jax.random.normal(key, shape))
        assert jnp.allclose(y.sum(-3), 1)


def test_dropout_draws_in_training_only() -> None:
    assert nn.Dropout(0.5).draws(True)
    assert not nn.Dropout(0.5).draws(False)
    assert not nn.Dropout(0.0).draws(True)
    with pytest.raises(InputError, match="Dropout2d: p is 2"):
        nn.Dropout2d(2)


@pytest.mark.parametrize("kind", [nn.Embedding, nn.EmbeddingBag])
def test_the_padding_row_is_zeros_at_first(kind: type, key: jax.Array) -> None:
    layer = kind(5, 3, padding_idx=-1)
    params, _ = layer.init(key)
    assert jnp.any(params["weight"] == 0, axis=1).tolist() == [False] * 4 + [True]
    with pytest.raises(InputError, match="padding_idx is 5"):
        kind(5, 3, padding_idx=5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.GELU("erf"), "approximate"),
        (lambda: nn.Hardtanh(1.0, 1.0), "less than"),
        (lambda: nn.EmbeddingBag(2, 2, mode="min"), "mode"),
        (lambda: nn.AdaptiveLogSoftmaxWithLoss(4, 6, [4, 2]), "rising"),
        (lambda: nn.AdaptiveLogSoftmaxWithLoss(4, 6, [6]), "1..5"),
    ],
)
def test_settings_without_meaning_are_refused(make: type, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make()


def test_adaptive_softmax_is_a_distribution_over_all_classes(key: jax.Array) -> None:
    layer = nn.AdaptiveLogSoftmaxWithLoss(8, 12, [3, 7], div_value=2.0, head_bias=True)
    params, _ = layer.init(key)
    x, target = jax.random.normal(key, (4, 8)), jnp.array([0, 3, 7, 11])
    log_prob = layer.log_prob(params, x)
    assert jnp.allclose(jnp.exp(log_prob).sum(1), 1, atol=1e-5)
    (output, loss), _ = layer.apply(params, {}, x, target)
    assert jnp.allclose(output, log_prob[jnp.arange(4), target])
    assert jnp.allclose(loss, -output.mean())
    assert (layer.predict(params, x) == log_prob.argmax(1)).all()
    with pytest.raises(InputError, match="class 12"):
        layer.apply(params, {}, x, target + 1)
    wrong = jax.jit(layer.apply)(params, {}, x, target + 1)[0]
    assert jnp.isnan(wrong.loss)
