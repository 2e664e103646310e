"""Recurrent functions: cells, sequences, lengths."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads

from funcnet import InputError, InputTypeError
from funcnet import functional as F
from funcnet.functional._activation.gates import LSTM
from funcnet.functional._recurrent import recurrence as _recurrence

TIME, BATCH, FEATURES, HIDDEN = 4, 3, 2, 5

# name: (over sequences, one step, gates, arrays of state)
KINDS: dict[str, tuple[Callable[..., Any], Callable[..., Any], int, int]] = {
    "rnn_tanh": (F.rnn_tanh, F.rnn_tanh_cell, 1, 1),
    "rnn_relu": (F.rnn_relu, F.rnn_relu_cell, 1, 1),
    "lstm": (F.lstm, F.lstm_cell, 4, 2),
    "gru": (F.gru, F.gru_cell, 3, 1),
}


def normal(seed: int, *shape: int) -> jax.Array:
    return 0.7 * jax.random.normal(jax.random.key(seed), shape)


def make_params(gates: int, layers: int = 1, directions: int = 1) -> list[jax.Array]:
    rows, params = gates * HIDDEN, []
    for place in range(layers * directions):
        features = FEATURES if place < directions else directions * HIDDEN
        shapes = [(rows, features), (rows, HIDDEN), (rows,), (rows,)]
        params += [normal(10 * place + i, *s) for i, s in enumerate(shapes)]
    return params


def run_by_hand(kind: str, x: jax.Array, params: list[jax.Array]) -> Any:
    """One layer in one direction as a loop over the cell."""
    _, cell, _, arrays = KINDS[kind]
    h = jnp.zeros((x.shape[1], HIDDEN))
    carry: Any = (h, h) if arrays == 2 else h
    outputs = []
    for row in x:
        carry = cell(row, carry, *params)
        outputs.append(carry[0] if arrays == 2 else carry)
    finals = carry if arrays == 2 else (carry,)
    return jnp.stack(outputs), *(h[None] for h in finals)


def assert_close(actual: Any, expected: Any, rtol: float = 1e-5) -> None:
    jax.tree.map(
        lambda a, b: np.testing.assert_allclose(a, b, rtol=rtol, atol=1e-6),
        actual,
        expected,
    )


def test_lstm_cell_is_its_formula() -> None:
    x, h, c = normal(0, BATCH, FEATURES), normal(1, BATCH, HIDDEN), normal(2, BATCH, 5)
    w_ih, w_hh, b_ih, b_hh = make_params(4)
    gates = np.asarray(F.linear(x, w_ih, b_ih) + F.linear(h, w_hh, b_hh))
    i, f, g, o = np.split(gates, 4, axis=1)
    new_c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
    new = F.lstm_cell(x, (h, c), w_ih, w_hh, b_ih, b_hh)
    assert_close(new, (sigmoid(o) * np.tanh(new_c), new_c))


def test_gru_cell_is_its_formula() -> None:
    x, h = normal(0, BATCH, FEATURES), normal(1, BATCH, HIDDEN)
    w_ih, w_hh, b_ih, b_hh = make_params(3)
    x_r, x_z, x_n = np.split(np.asarray(F.linear(x, w_ih, b_ih)), 3, axis=1)
    h_r, h_z, h_n = np.split(np.asarray(F.linear(h, w_hh, b_hh)), 3, axis=1)
    z = sigmoid(x_z + h_z)
    n = np.tanh(x_n + sigmoid(x_r + h_r) * h_n)
    assert_close(F.gru_cell(x, h, w_ih, w_hh, b_ih, b_hh), (1 - z) * n + z * h)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize("kind", KINDS)
def test_cells_take_one_sample(kind: str) -> None:
    _, cell, gates, arrays = KINDS[kind]
    x, h = normal(0, BATCH, FEATURES), normal(1, BATCH, HIDDEN)
    batch = cell(x, (h, h) if arrays == 2 else h, *make_params(gates))
    one = cell(x[0], (h[0], h[0]) if arrays == 2 else h[0], *make_params(gates))
    assert_close(one, jax.tree.map(lambda a: a[0], batch))


@pytest.mark.parametrize("kind", KINDS)
def test_a_network_is_its_cell_in_a_loop_with_its_gradients(kind: str) -> None:
    function, _, gates, _ = KINDS[kind]
    x, params = normal(0, TIME, BATCH, FEATURES), make_params(gates)

    def loss(run: Callable[..., Any]) -> Any:
        def value(x: jax.Array, params: list[jax.Array]) -> tuple[jax.Array, Any]:
            results = run(x, params)
            return sum(jnp.sum(jnp.sin(y)) for y in results), results

        return jax.value_and_grad(value, (0, 1), has_aux=True)(x, params)

    results = loss(lambda x, params: function(x, None, params))
    expected = loss(lambda x, params: run_by_hand(kind, x, params))
    assert_close(results, expected, rtol=1e-4)


@pytest.mark.parametrize(("kind", "order"), [("rnn_tanh", 1), ("lstm", 2), ("gru", 1)])
def test_every_mode_of_differentiation_works(kind: str, order: int) -> None:
    function, _, gates, _ = KINDS[kind]
    x, params = normal(0, 2, 1, FEATURES), make_params(gates)
    check_grads(lambda x, p: function(x, None, p), (x, params), order, rtol=0.05)


def test_projected_lstm_differentiates() -> None:
    x = normal(0, 3, 1, FEATURES)
    shapes = [(20, FEATURES), (20, 2), (20,), (20,), (2, HIDDEN)]
    params = [normal(i, *shape) for i, shape in enumerate(shapes)]
    output, h_n, c_n = F.lstm(x, None, params)
    assert (output.shape, h_n.shape, c_n.shape) == ((3, 1, 2), (1, 1, 2), (1, 1, 5))
    check_grads(lambda x, p: F.lstm(x, None, p), (x, params), 1, ["rev"], rtol=0.02)


def test_layers_feed_one_another_and_directions_stand_side_by_side() -> None:
    x, params = normal(0, TIME, BATCH, FEATURES), make_params(3, 2, 2)
    groups = [params[i : i + 4] for i in range(0, 16, 4)]

    def both(x: jax.Array, forth: Any, back: Any) -> tuple[jax.Array, Any]:
        y, h = run_by_hand("gru", x, forth)
        y_back, h_back = run_by_hand("gru", x[::-1], back)
        return jnp.concatenate([y, y_back[::-1]], axis=-1), [h, h_back]

    y, first = both(x, *groups[:2])
    y, second = both(y, *groups[2:])
    output, h_n = F.gru(x, None, params, num_layers=2, bidirectional=True)
    assert_close((output, h_n), (y, jnp.concatenate(first + second)))


def test_initial_states_are_taken() -> None:
    x, params = normal(0, TIME, BATCH, FEATURES), make_params(4)
    output, h, c = F.lstm(x, None, params)
    _, h, c = F.lstm(x[:2], None, params)
    rest, _, _ = F.lstm(x[2:], (h, c), params)
    assert_close(rest, output[2:])


def test_batch_first_and_a_single_sequence() -> None:
    x, params = normal(0, TIME, BATCH, FEATURES), make_params(3)
    output, h_n = F.gru(x, None, params)
    other, other_h = F.gru(x.swapaxes(0, 1), None, params, batch_first=True)
    assert_close((other.swapaxes(0, 1), other_h), (output, h_n))
    one, one_h = F.gru(x[:, 0], h_n[:, 0] * 0, params)
    assert_close((one, one_h), (output[:, 0], h_n[:, 0]))


def test_lengths_equal_each_sequence_alone() -> None:
    lengths = np.array([2, 4, 1])
    x, params = normal(0, TIME, BATCH, FEATURES), make_params(4, 2, 2)
    options = {"num_layers": 2, "bidirectional": True}
    padded = x
    for row, length in enumerate(lengths):
        padded = padded.at[length:, row].set(jnp.nan)  # padding is not looked at
    output, h_n, c_n = F.lstm(padded, None, params, lengths=lengths, **options)
    for row, length in enumerate(lengths):
        one = F.lstm(x[:length, row], None, params, **options)
        assert_close((output[:length, row], h_n[:, row], c_n[:, row]), one)
        assert not output[length:, row].any()


def test_padding_gets_no_gradient() -> None:
    x, params = jnp.full((TIME, 2, FEATURES), jnp.nan), make_params(1)
    x = x.at[:2].set(0.5)
    grads = jax.grad(
        lambda x, p: F.rnn_tanh(x, None, p, lengths=[2, 2])[0].sum(), (0, 1)
    )(x, params)
    assert all(jnp.isfinite(g).all() for g in jax.tree.leaves(grads))
    assert not grads[0][2:].any()


@pytest.mark.parametrize(
    ("lengths", "message"),
    [
        ([4, 0, 1], "lengths holds 0"),
        ([4, 5, 1], "lengths holds 5"),
        ([4, 1], r"one for each of the 3 sequences: \(3,\)"),
    ],
)
def test_impossible_lengths_raise(lengths: list[int], message: str) -> None:
    x, params = normal(0, TIME, BATCH, FEATURES), make_params(1)
    with pytest.raises(InputError, match=message):
        F.rnn_tanh(x, None, params, lengths=lengths)


def test_impossible_lengths_in_a_trace_give_nan() -> None:
    x, params = normal(0, TIME, BATCH, FEATURES), make_params(1)
    run = jax.jit(lambda lengths: F.rnn_tanh(x, None, params, lengths=lengths))
    output, h_n = run(jnp.array([4, 0, 5]))
    assert jnp.isfinite(output[:, 0]).all()
    assert jnp.isnan(output[:, 1:]).all()
    assert jnp.isnan(h_n[:, 1:]).all()


def test_lengths_that_are_no_integers_raise() -> None:
    with pytest.raises(InputTypeError, match="integers are needed"):
        F.rnn_tanh(jnp.ones((2, 1, 2)), None, make_params(1), lengths=[1.5])


def test_dropout_is_between_layers_and_needs_a_key(key: jax.Array) -> None:
    x, params = normal(0, TIME, BATCH, FEATURES), make_params(1, 2)
    plain, _ = F.rnn_tanh(x, None, params, num_layers=2)
    options = {"num_layers": 2, "dropout": 0.5, "train": True}
    with pytest.raises(InputError, match="rnn_tanh draws random numbers"):
        F.rnn_tanh(x, None, params, **options)
    dropped, _ = F.rnn_tanh(x, None, params, **options, key=key)
    assert not np.allclose(dropped, plain)
    assert dropped.all()  # the last layer's output is not dropped
    masks = [jnp.ones((TIME, BATCH, 1), bool)]
    kept, _ = F.rnn_tanh(x, None, params, **options, key=masks)
    half, _ = F.rnn_tanh(x, None, params, **(options | {"dropout": 1e-9}), key=key)
    assert not np.allclose(kept, half)  # what is kept counts twice
    one, _ = F.rnn_tanh(x, None, params[:4], dropout=0.5, train=True)
    assert_close(one, F.rnn_tanh(x, None, params[:4])[0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((jnp.ones((4, 2)), jnp.ones((2, 3, 5))), r"\(2, 3, 5\), it must have 2 dim"),
        ((jnp.ones((4, 3, 2)), jnp.ones((2, 3, 5))), r"it must be \(1, 3, 5\)"),
        (
            (jnp.ones((4, 3, 7)), None),
            "must be the input_size, 2, the features of w_ih",
        ),
        ((jnp.ones(4), None), "it must have 2 or 3"),
        ((jnp.ones((0, 3, 2)), None), "at least one step"),
    ],
)
def test_shapes_that_do_not_fit_raise(arguments: Any, message: str) -> None:
    with pytest.raises(InputError, match=message):
        F.gru(*arguments, make_params(3))


def test_a_wrong_number_of_arrays_raises() -> None:
    with pytest.raises(InputError, match=r"hold 3 arrays; 1 layers .* need 4"):
        F.gru(jnp.ones((4, 3, 2)), None, make_params(3)[:3])


def test_weights_of_another_cell_raise() -> None:
    with pytest.raises(InputError, match="with 4 hidden units they must be"):
        F.gru(jnp.ones((4, 3, 2)), None, [jnp.ones((12, 2)), jnp.ones((15, 4))], False)


def test_integer_input_raises() -> None:
    with pytest.raises(InputTypeError, match="must have the same dtype"):
        F.gru(jnp.ones((4, 3, 2), int), None, make_params(3))


def test_the_functions_of_a_scan_are_made_once() -> None:
    # Outside of jit a scan compiles again for each new function, 100 ms a call.
    assert _recurrence._stepping(LSTM, True) is _recurrence._stepping(LSTM, True)
    assert _recurrence._pushing(LSTM) is _recurrence._pushing(LSTM)


def test_half_precision_stays_half() -> None:
    params = [p.astype(jnp.bfloat16) for p in make_params(4)]
    output, _, c_n = F.lstm(jnp.ones((4, 3, 2), jnp.bfloat16), None, params)
    assert output.dtype == c_n.dtype == jnp.bfloat16
