"""One step of a recurrent network."""

from typing import Any

import jax.numpy as jnp

from funcnet._check import check_floating, check_rank, check_same_dtype
from funcnet._errors import Facts, InputError
from funcnet._types import Array
from funcnet.functional._activation import gates
from funcnet.functional._linear import linear
from funcnet.functional._signature import arguments_of

__all__ = ["gru_cell", "lstm_cell", "rnn_relu_cell", "rnn_tanh_cell"]


def _step(
    cell: gates.Cell,
    input: Array,
    hx: Any,
    w_ih: Array,
    w_hh: Array,
    b_ih: Array | None = None,
    b_hh: Array | None = None,
) -> gates.Carry:
    name = f"{cell.name}_cell"
    x, carry = input, tuple(hx) if cell is gates.LSTM else (hx,)
    check_same_dtype(name, input=x, weight=w_ih, hx=carry[0], w_hh=w_hh)
    check_floating(name, x)
    check_rank(name, x, (1, 2), "(batch, input_size) or (input_size,)")
    for h in carry:
        check_rank(name, h, (1, 2), "(batch, hidden_size) or (hidden_size,)", "hx")
    if x.shape[-1] != w_ih.shape[-1]:
        facts: Facts = {"input": x.shape, "weight": w_ih.shape}
        raise InputError("recurrent_cell.features", name=name, **facts)
    width = w_hh.shape[-1]
    wanted = (*x.shape[:-1], width)
    if len(carry) != cell.arrays or any(h.shape != wanted for h in carry):
        facts = {
            "hx": tuple(h.shape for h in carry),
            "given": ", ".join(str(h.shape) for h in carry),
            "arrays": cell.arrays,
            "wanted": wanted,
        }
        raise InputError("recurrent_cell.hx", name=name, **facts)
    rows = cell.gates * width
    if w_hh.shape[0] != rows or w_ih.shape[0] != rows:
        facts = {"w_ih": w_ih.shape, "w_hh": w_hh.shape, "gates": cell.gates}
        raise InputError("recurrent_cell.weights", name=name, **facts)
    unbatched = x.ndim == 1
    if unbatched:
        x, carry = jnp.expand_dims(x, 0), tuple(jnp.expand_dims(h, 0) for h in carry)
    new, _ = cell.step(linear(x, w_ih, b_ih), linear(carry[0], w_hh, b_hh), carry)
    return tuple(h[0] for h in new) if unbatched else new


@arguments_of(_step)
def rnn_tanh_cell(*args: Any, **kwargs: Any) -> Array:
    """Compute `h' = tanh(x W_ih.T + b_ih + h W_hh.T + b_hh)`, as `torch.rnn_tanh_cell`.

    Args:
        input: `(batch, input_size)` or `(input_size,)`.
        hx: `(batch, hidden_size)` or `(hidden_size,)`, the hidden state.
        w_ih: `(hidden_size, input_size)`.
        w_hh: `(hidden_size, hidden_size)`.
        b_ih: `(hidden_size,)`.
        b_hh: `(hidden_size,)`.

    Returns:
        The new hidden state, shaped as `hx`.

    Raises:
        InputError: the shapes do not fit together.
        InputTypeError: the dtypes differ, or are not floating point.

    Example:
        >>> import jax.numpy as jnp
        >>> x, h = jnp.ones((2, 3)), jnp.zeros((2, 4))
        >>> rnn_tanh_cell(x, h, jnp.ones((4, 3)), jnp.ones((4, 4))).shape
        (2, 4)

    Source: Elman, "Finding Structure in Time" (1990),
    https://doi.org/10.1207/s15516709cog1402_1
    """
    return _step(gates.RNN_TANH, *args, **kwargs)[0]


@arguments_of(_step)
def rnn_relu_cell(*args: Any, **kwargs: Any) -> Array:
    """Compute `h' = relu(x W_ih.T + b_ih + h W_hh.T + b_hh)`, as `torch.rnn_relu_cell`.

    Takes the arguments of `rnn_tanh_cell`.

    Example:
        >>> import jax.numpy as jnp
        >>> x, h = jnp.ones((2, 3)), jnp.zeros((2, 1))
        >>> rnn_relu_cell(x, h, jnp.ones((1, 3)), jnp.ones((1, 1))).tolist()
        [[3.0], [3.0]]
    """
    return _step(gates.RNN_RELU, *args, **kwargs)[0]


@arguments_of(_step)
def lstm_cell(*args: Any, **kwargs: Any) -> tuple[Array, Array]:
    """Compute one step of long short-term memory, as `torch.lstm_cell`.

    With `i, f, g, o` the four blocks of `x W_ih.T + b_ih + h W_hh.T + b_hh`::

        c' = sigmoid(f) * c + sigmoid(i) * tanh(g)
        h' = sigmoid(o) * tanh(c')

    Arguments and errors are those of `rnn_tanh_cell`, but the weights and biases have
    `4 * hidden_size` rows, and `hx` is `(h, c)`, both of the hidden state's shape.

    Returns:
        `(h', c')`, shaped as `hx`.

    Example:
        >>> import jax.numpy as jnp
        >>> x, h = jnp.ones((2, 3)), jnp.zeros((2, 4))
        >>> h, c = lstm_cell(x, (h, h), jnp.ones((16, 3)), jnp.ones((16, 4)))
        >>> h.shape, c.shape
        ((2, 4), (2, 4))

    Source: Hochreiter and Schmidhuber, "Long Short-Term Memory" (1997),
    https://doi.org/10.1162/neco.1997.9.8.1735
    """
    h, c = _step(gates.LSTM, *args, **kwargs)
    return h, c


@arguments_of(_step)
def gru_cell(*args: Any, **kwargs: Any) -> Array:
    """Compute one step of a gated recurrent unit, as `torch.gru_cell`.

    With `x_r, x_z, x_n` the blocks of `x W_ih.T + b_ih` and `h_r, h_z, h_n` those of
    `h W_hh.T + b_hh`::

        r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
        n = tanh(x_n + r * h_n)
        h' = (1 - z) * n + z * h

    Arguments, result and errors are those of `rnn_tanh_cell`, but the weights and
    biases have `3 * hidden_size` rows.

    Example:
        >>> import jax.numpy as jnp
        >>> x, h = jnp.ones((2, 3)), jnp.zeros((2, 4))
        >>> gru_cell(x, h, jnp.ones((12, 3)), jnp.ones((12, 4))).shape
        (2, 4)

    Source: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder"
    (2014), https://arxiv.org/abs/1406.1078
    """
    return _step(gates.GRU, *args, **kwargs)[0]
