"""Losses as layers: called as they are, in a model, with weights as tuples."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, InputTypeError, nn
from funcnet import functional as F

X = jnp.array([[1.0, 2.0, 0.5], [0.0, -1.0, 3.0]])
Y = jnp.array([1, 2])


def test_loss_is_called_or_applied() -> None:
    loss = nn.CrossEntropyLoss()
    state = {"kept": jnp.ones(1)}
    applied, after = loss.apply({}, state, X, Y)
    assert loss(X, Y) == loss(input=X, target=Y) == applied == F.cross_entropy(X, Y)
    assert after is state
    assert loss.init(jax.random.key(0)) == ({}, {})


def test_loss_stands_in_a_model() -> None:
    class Scored(nn.Model):
        def __init__(self) -> None:
            self.fc = nn.Linear(3, 4)
            self.loss = nn.CrossEntropyLoss(label_smoothing=0.1)

        def forward(self, x: Any, y: Any) -> Any:
            return self.loss(self.fc(x), y)

    model = Scored()
    params, state = model.init(jax.random.key(0))
    assert list(params) == ["fc"]
    assert model.apply(params, state, X, Y)[0].shape == ()
    with pytest.raises(InputError, match=r"loss \(CrossEntropyLoss\): .*class 7"):
        model.apply(params, state, X, jnp.array([0, 7]))


@pytest.mark.parametrize(
    "weight", [[1, 2, 3], (1.0, 2.0, 3.0), np.array([1.0, 2, 3]), jnp.arange(1.0, 4)]
)
def test_weights_become_tuples(weight: Any) -> None:
    loss = nn.CrossEntropyLoss(weight)
    assert loss.weight == (1.0, 2.0, 3.0)
    assert hash(loss) == hash(nn.CrossEntropyLoss(weight=[1, 2, 3]))
    assert loss(X, Y) == F.cross_entropy(X, Y, jnp.array([1.0, 2.0, 3.0]))


def test_weights_take_the_dtype_of_the_input() -> None:
    loss = nn.CrossEntropyLoss([1.0, 2.0, 3.0])
    assert loss(X.astype(jnp.bfloat16), Y).dtype == jnp.bfloat16


def test_weights_of_several_dimensions_are_nested() -> None:
    loss = nn.BCEWithLogitsLoss(pos_weight=np.array([[1.0], [2.0]]), reduction="none")
    assert loss.pos_weight == ((1.0,), (2.0,))
    result = loss(jnp.zeros((2, 3)), jnp.ones((2, 3)))
    np.testing.assert_allclose(result[1], 2 * result[0])


def test_traced_weights_are_refused() -> None:
    with pytest.raises(InputTypeError, match="traced"):
        jax.jit(lambda w: nn.CrossEntropyLoss(w)(X, Y))(jnp.ones(3))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.MSELoss("avg"), "MSELoss: reduction is 'avg'"),
        (lambda: nn.MSELoss("batchmean"), "reduction"),
        (lambda: nn.CrossEntropyLoss(label_smoothing=2), "label_smoothing"),
        (lambda: nn.SmoothL1Loss(beta=-1), "beta"),
        (lambda: nn.HuberLoss(delta=0), "delta"),
        (lambda: nn.MultiMarginLoss(p=3), "p is 3"),
        (lambda: nn.TripletMarginLoss(margin=0), "margin"),
        (lambda: nn.TripletMarginWithDistanceLoss(margin=-1), "margin"),
        (lambda: nn.GaussianNLLLoss(eps=0), "eps"),
        (lambda: nn.LinearCrossEntropyLoss(3, 4, reduction="avg"), "reduction"),
        (lambda: nn.LinearCrossEntropyLoss(3, 4, weight=[1.0]), "4 classes"),
        (lambda: nn.LinearCrossEntropyLoss(3, 4, label_smoothing=2), "label_smoothing"),
    ],
)
def test_refused_settings(make: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make()


def test_settings_are_shown_and_compared() -> None:
    assert repr(nn.TripletMarginLoss(swap=True)) == "TripletMarginLoss(swap=True)"
    assert nn.CTCLoss(blank=1) == nn.CTCLoss(1) != nn.CTCLoss()
    assert nn.KLDivLoss("batchmean").replace(log_target=True).log_target


def test_distance_may_be_a_layer() -> None:
    class Manhattan(nn.Layer):
        def apply(self, params: Any, state: Any, x: Any, y: Any, **options: Any) -> Any:
            return jnp.abs(x - y).sum(-1), state

    loss = nn.TripletMarginWithDistanceLoss(distance_function=Manhattan(), margin=3.0)
    a, p, n = jnp.zeros((1, 2)), jnp.ones((1, 2)), 2 * jnp.ones((1, 2))
    assert loss(a, p, n) == 1


@pytest.mark.parametrize("bias", [False, True])
def test_linear_cross_entropy_loss_is_a_layer_and_a_loss(bias: bool) -> None:
    layer = nn.LinearCrossEntropyLoss(3, 4, out_features=(2,), bias=bias)
    params, state = layer.init(jax.random.key(0))
    linear = params["linear"]
    assert linear["weight"].shape == (8, 3)
    assert ("bias" in linear) is bias
    y = jnp.array([[0, 3], [1, 2]])
    logits = F.linear(X, linear["weight"], linear.get("bias")).reshape(2, 4, 2)
    loss, _ = layer.apply(params, state, X, y)
    np.testing.assert_allclose(loss, F.cross_entropy(logits, y), rtol=1e-6)
