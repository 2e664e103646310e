"""Recurrent cells: one step, the state in and out."""

import math
from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp

from funcnet import functional as F
from funcnet._check import check_choice, check_positive
from funcnet._types import Array, DTypeLike, Key, Params, Shape, State
from funcnet.nn._base import ParametricLayer
from funcnet.nn._initial import uniform

__all__ = ["GRUCell", "LSTMCell", "RNNCell"]


@dataclass(frozen=True, repr=False)
class _Cell(ParametricLayer):
    """What the cells share: their parameters."""

    input_size: int
    hidden_size: int
    bias: bool = True

    _gates: ClassVar[int] = 1

    def __post_init__(self) -> None:
        for what in ("input_size", "hidden_size"):
            check_positive(type(self).__name__, what, getattr(self, what))

    def init(self, key: Key) -> tuple[Params, State]:
        rows = self._gates * self.hidden_size
        shapes: dict[str, Shape] = {
            "weight_ih": (rows, self.input_size),
            "weight_hh": (rows, self.hidden_size),
        }
        if self.bias:
            shapes |= {"bias_ih": (rows,), "bias_hh": (rows,)}
        return draw_params(key, shapes, self.hidden_size, self.dtype), {}

    def _start(self, x: Array) -> Array:
        return jnp.zeros((*x.shape[:-1], self.hidden_size), x.dtype)


def _arrays(params: Params) -> tuple[Array, Array, Array | None, Array | None]:
    biases = params.get("bias_ih"), params.get("bias_hh")
    return params["weight_ih"], params["weight_hh"], *biases


@dataclass(frozen=True, repr=False)
class RNNCell(_Cell):
    """Elman RNN cell: `h' = tanh(x W_ih.T + b_ih + h W_hh.T + b_hh)`.

    Equals `torch.nn.RNNCell`.

    Params: `weight_ih` `(hidden_size, input_size)`, `weight_hh` `(hidden_size,
    hidden_size)`, `bias_ih` and `bias_hh` `(hidden_size,)`, all from U(-b, b) with
    `b = 1 / sqrt(hidden_size)`. `nonlinearity` is "tanh" or "relu".

    Inputs `(batch, input_size)` and the hidden state `(batch, hidden_size)`, zeros if
    not given; without the batch dimension for one sample. Output the new hidden state.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> cell = nn.RNNCell(3, 4)
        >>> params, state = cell.init(jax.random.key(0))
        >>> h, _ = cell.apply(params, state, jnp.ones((2, 3)), jnp.zeros((2, 4)))
        >>> h.shape
        (2, 4)

    Source: Elman, "Finding Structure in Time" (1990),
    https://doi.org/10.1207/s15516709cog1402_1
    """

    nonlinearity: str = "tanh"

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("RNNCell", "nonlinearity", self.nonlinearity, ("tanh", "relu"))

    def compute(self, params: Params, x: Array, hx: Array | None = None) -> Array:
        hx = self._start(x) if hx is None else hx
        step = F.rnn_tanh_cell if self.nonlinearity == "tanh" else F.rnn_relu_cell
        return step(x, hx, *_arrays(params))


class LSTMCell(_Cell):
    """LSTM cell, one time step; equals `torch.nn.LSTMCell`.

    The mathematics is that of `funcnet.functional.lstm_cell`. Params as in `RNNCell`,
    with `4 * hidden_size` rows.

    Inputs `(batch, input_size)` and `(h, c)`, each `(batch, hidden_size)`, zeros if not
    given; without the batch dimension for one sample. Output `(h, c)`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> cell = nn.LSTMCell(3, 4)
        >>> params, state = cell.init(jax.random.key(0))
        >>> (h, c), _ = cell.apply(params, state, jnp.ones((2, 3)))
        >>> h.shape, c.shape
        ((2, 4), (2, 4))

    Source: Hochreiter and Schmidhuber, "Long Short-Term Memory" (1997),
    https://doi.org/10.1162/neco.1997.9.8.1735
    """

    _gates = 4

    def compute(
        self, params: Params, x: Array, hx: tuple[Array, Array] | None = None
    ) -> tuple[Array, Array]:
        hx = (self._start(x),) * 2 if hx is None else hx
        return F.lstm_cell(x, hx, *_arrays(params))


class GRUCell(_Cell):
    """GRU cell, one time step; equals `torch.nn.GRUCell`.

    The mathematics is that of `funcnet.functional.gru_cell`. Params as in `RNNCell`,
    with `3 * hidden_size` rows.

    Inputs `(batch, input_size)` and the hidden state `(batch, hidden_size)`, zeros if
    not given; without the batch dimension for one sample. Output the new hidden state.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> cell = nn.GRUCell(3, 4)
        >>> params, state = cell.init(jax.random.key(0))
        >>> cell.apply(params, state, jnp.ones((2, 3)))[0].shape
        (2, 4)

    Source: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder"
    (2014), https://arxiv.org/abs/1406.1078
    """

    _gates = 3

    def compute(self, params: Params, x: Array, hx: Array | None = None) -> Array:
        hx = self._start(x) if hx is None else hx
        return F.gru_cell(x, hx, *_arrays(params))


def draw_params(
    key: Key, shapes: dict[str, Shape], hidden_size: int, dtype: DTypeLike
) -> Params:
    """Draw arrays from U(-b, b) with `b = 1 / sqrt(hidden_size)`, PyTorch's default."""
    keys = jax.random.split(key, len(shapes))
    bound = 1 / math.sqrt(hidden_size)
    items = zip(keys, shapes.items(), strict=True)
    return {name: uniform(k, shape, bound, dtype) for k, (name, shape) in items}
