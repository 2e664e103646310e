"""Recurrent layers and cells."""

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, nn

X = jnp.linspace(-1, 1, 24).reshape(4, 2, 3)  # (time, batch, features)


def apply(layer: nn.Layer, *inputs: Any, **options: Any) -> Any:
    params, state = layer.init(jax.random.key(0))
    output, new_state = layer.apply(params, state, *inputs, **options)
    assert new_state is state
    return output


@pytest.mark.parametrize(
    ("layer", "rows", "output"),
    [
        (nn.RNN(3, 5, 2, bidirectional=True), 5, 5),
        (nn.GRU(3, 5, 2, bidirectional=True), 15, 5),
        (nn.LSTM(3, 5, 2, bidirectional=True, proj_size=4), 20, 4),
    ],
    ids=["RNN", "GRU", "LSTM"],
)
def test_params_are_named_and_drawn_as_pytorchs(
    layer: nn.Layer, rows: int, output: int, key: jax.Array
) -> None:
    shapes = {}
    for end in ("l0", "l0_reverse", "l1", "l1_reverse"):
        features = 3 if "0" in end else 2 * output
        shapes[f"weight_ih_{end}"] = (rows, features)
        shapes[f"weight_hh_{end}"] = (rows, output)
        shapes[f"bias_ih_{end}"] = shapes[f"bias_hh_{end}"] = (rows,)
        if output != 5:
            shapes[f"weight_hr_{end}"] = (output, 5)
    params, state = layer.init(key)
    assert {name: array.shape for name, array in params.items()} == shapes
    assert state == {}
    numbers = np.concatenate([np.ravel(array) for array in params.values()])
    assert 0.43 < np.abs(numbers).max() <= 5**-0.5


def test_biases_can_be_left_out(key: jax.Array) -> None:
    assert sorted(nn.GRU(3, 5, bias=False).init(key)[0]) == [
        "weight_hh_l0",
        "weight_ih_l0",
    ]
    assert sorted(nn.LSTMCell(3, 5, bias=False).init(key)[0]) == [
        "weight_hh",
        "weight_ih",
    ]


def test_outputs_nest_as_pytorchs() -> None:
    output, h_n = apply(nn.GRU(3, 5), X)
    assert (output.shape, h_n.shape) == ((4, 2, 5), (1, 2, 5))
    output, (h_n, c_n) = apply(nn.LSTM(3, 5, batch_first=True), X)
    assert (output.shape, h_n.shape, c_n.shape) == ((4, 2, 5), (1, 4, 5), (1, 4, 5))


def test_lengths_are_a_keyword_inside_a_model() -> None:
    class Net(nn.Model):
        def __init__(self) -> None:
            self.rnn = nn.RNN(3, 5, nonlinearity="relu")

        def forward(self, x: jax.Array, lengths: jax.Array) -> jax.Array:
            return self.rnn(x, lengths=lengths)[0]

    net = Net()
    params, state = net.init(jax.random.key(1))
    y, _ = net.apply(params, state, X, jnp.array([4, 1]))
    assert not y[1:, 1].any()
    assert y[1:, 0].any()


def test_only_a_network_of_several_layers_draws(key: jax.Array) -> None:
    assert nn.LSTM(3, 5, 2, dropout=0.5).draws(True)
    assert not nn.LSTM(3, 5, 2, dropout=0.5).draws(False)
    assert not nn.LSTM(3, 5, 1, dropout=0.5).draws(True)
    layer = nn.LSTM(3, 5, 2, dropout=0.5)
    with pytest.raises(InputError, match="draws random numbers"):
        apply(layer, X, train=True)
    plain, dropped = apply(layer, X), apply(layer, X, train=True, key=key)
    assert not np.allclose(plain[0], dropped[0])


def test_a_network_of_one_step_is_a_cell(key: jax.Array) -> None:
    for network, cell in [
        (nn.RNN(3, 5, nonlinearity="relu"), nn.RNNCell(3, 5, nonlinearity="relu")),
        (nn.LSTM(3, 5), nn.LSTMCell(3, 5)),
        (nn.GRU(3, 5), nn.GRUCell(3, 5)),
    ]:
        params, _ = cell.init(key)
        renamed = {f"{name}_l0": array for name, array in params.items()}
        (_, finals), _ = network.apply(renamed, {}, X[:1])
        h, _ = cell.apply(params, {}, X[0])
        jax.tree.map(
            lambda a, b: np.testing.assert_allclose(a[0], b, rtol=1e-5), finals, h
        )


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.RNN(3, 5, nonlinearity="elu"), "nonlinearity is 'elu'"),
        (lambda: nn.RNNCell(3, 5, nonlinearity="elu"), "nonlinearity is 'elu'"),
        (lambda: nn.LSTM(3, 5, proj_size=5), "less than hidden_size, 5"),
        (lambda: nn.GRU(3, 0), "hidden_size is 0"),
        (lambda: nn.GRUCell(0, 1), "input_size is 0"),
        (lambda: nn.GRU(3, 5, dropout=2.0), "dropout is 2.0"),
    ],
)
def test_settings_that_make_no_sense_raise(make: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        make()


def test_wrong_features_name_the_input_size() -> None:
    with pytest.raises(InputError, match="must be the input_size, 7"):
        apply(nn.LSTM(7, 5), X)
