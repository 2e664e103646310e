"""Recurrent networks of several layers over whole sequences."""

from collections.abc import Sequence
from typing import Any

from funcnet._types import Array
from funcnet.functional._activation import gates
from funcnet.functional._recurrent.layers import Draws, Settings, run_layers
from funcnet.functional._recurrent.sequences import Lengths
from funcnet.functional._signature import arguments_of

__all__ = ["gru", "lstm", "rnn_relu", "rnn_tanh"]


def _run(
    cell: gates.Cell,
    input: Array,
    hx: Any,
    params: Sequence[Array],
    has_biases: bool = True,
    num_layers: int = 1,
    dropout: float = 0.0,
    train: bool = False,
    bidirectional: bool = False,
    batch_first: bool = False,
    *,
    lengths: Lengths | None = None,
    key: Draws = None,
) -> tuple[Array, gates.Carry]:
    settings = Settings(
        has_biases, num_layers, dropout, train, bidirectional, batch_first
    )
    if hx is not None:
        hx = tuple(hx) if cell is gates.LSTM else (hx,)
    return run_layers(cell, input, hx, params, settings, lengths, key)


@arguments_of(_run)
def rnn_tanh(*args: Any, **kwargs: Any) -> tuple[Array, Array]:
    """Elman RNN with tanh over sequences, as `torch.rnn_tanh`.

    Args:
        input: `(time, batch, features)`, with `batch_first` `(batch, time, features)`;
            one sequence is `(time, features)`.
        hx: the hidden states to start from, `(num_layers * directions, batch, hidden)`,
            zeros if None; without the batch dimension where the input has none.
        params: for each layer, and in it for each direction, `w_ih`, `w_hh` and, if
            `has_biases`, `b_ih`, `b_hh`, shaped as for the cell. Layers after the
            first have `directions * hidden` input features.
        has_biases: whether `params` hold biases.
        num_layers: how many layers there are, each fed with the output of the last.
        dropout: the probability that an output of a layer, not the last, is zeroed.
        train: whether to drop.
        bidirectional: also run from the end to the start; the outputs of the two
            directions are concatenated.
        batch_first: whether the batch is the first dimension of input and output.
        lengths: `(batch,)`, the number of steps that belong to each sequence, at the
            start of its row; equals PyTorch's `pack_padded_sequence`, this, and
            `pad_packed_sequence`. What follows is not looked at, the output is zero
            there, the final state is the one at the sequence's end, and the reverse
            direction starts there.
        key: a random key, needed to drop; or the masks, one for each layer after the
            first, booleans `(time, batch, features)` that say what is kept.

    Returns:
        `(output, h_n)`: the hidden states of the last layer at each step,
        `(time, batch, directions * hidden)` or with the batch first, and the final ones
        of all layers, shaped as `hx`.

    Raises:
        InputError: shapes or the number of `params` do not fit, a length is outside of
            `1 .. time` (in a trace, where lengths are not known, the sequence's results
            are NaN instead), or a key is needed and missing.
        InputTypeError: the dtypes differ or are not floating point, or the lengths are
            no integers.

    Example:
        >>> import jax.numpy as jnp
        >>> x, w_ih, w_hh = jnp.ones((5, 2, 3)), jnp.ones((4, 3)), jnp.ones((4, 4))
        >>> output, h_n = rnn_tanh(x, None, [w_ih, w_hh], has_biases=False)
        >>> output.shape, h_n.shape
        ((5, 2, 4), (1, 2, 4))
    """
    output, (h_n,) = _run(gates.RNN_TANH, *args, **kwargs)
    return output, h_n


@arguments_of(_run)
def rnn_relu(*args: Any, **kwargs: Any) -> tuple[Array, Array]:
    """Elman RNN with ReLU over sequences, as `torch.rnn_relu`.

    Takes the arguments of `rnn_tanh` and returns what it returns.

    Example:
        >>> import jax.numpy as jnp
        >>> x, w = jnp.ones((3, 1, 1)), jnp.ones((1, 1))
        >>> rnn_relu(x, None, [w, w], has_biases=False)[1].tolist()
        [[[3.0]]]
    """
    output, (h_n,) = _run(gates.RNN_RELU, *args, **kwargs)
    return output, h_n


@arguments_of(_run)
def lstm(*args: Any, **kwargs: Any) -> tuple[Array, Array, Array]:
    """LSTM over sequences, as `torch.lstm`.

    Takes the arguments of `rnn_tanh`, but `hx` is `(h_0, c_0)`, and a layer's `params`
    may end with `w_hr`, `(projection, hidden)`: then the hidden state is projected
    after each step, `h = w_hr (o * tanh(c))`, and `w_hh` and the next layer's `w_ih`
    see `projection` features in place of `hidden`.

    Returns:
        `(output, h_n, c_n)`, as `torch.lstm`.

    Example:
        >>> import jax.numpy as jnp
        >>> x, w_ih, w_hh = jnp.ones((5, 2, 3)), jnp.ones((16, 3)), jnp.ones((16, 4))
        >>> output, h_n, c_n = lstm(x, None, [w_ih, w_hh], has_biases=False)
        >>> output.shape, h_n.shape, c_n.shape
        ((5, 2, 4), (1, 2, 4), (1, 2, 4))

    Source: Sak et al., "Long Short-Term Memory Based Recurrent Neural Network
    Architectures" (2014, the projection), https://arxiv.org/abs/1402.1128
    """
    output, (h_n, c_n) = _run(gates.LSTM, *args, **kwargs)
    return output, h_n, c_n


@arguments_of(_run)
def gru(*args: Any, **kwargs: Any) -> tuple[Array, Array]:
    """GRU over sequences, as `torch.gru`.

    Takes the arguments of `rnn_tanh` and returns what it returns.

    Example:
        >>> import jax.numpy as jnp
        >>> x, w_ih, w_hh = jnp.ones((5, 2, 3)), jnp.ones((12, 3)), jnp.ones((12, 4))
        >>> output, h_n = gru(x, None, [w_ih, w_hh], has_biases=False, lengths=[5, 3])
        >>> output[:, 1].any(axis=-1).tolist()
        [True, True, True, False, False]
    """
    output, (h_n,) = _run(gates.GRU, *args, **kwargs)
    return output, h_n
