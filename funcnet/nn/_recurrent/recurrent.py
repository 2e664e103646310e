"""Recurrent networks over whole sequences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

import numpy as np

from funcnet import functional as F
from funcnet._check import check_choice, check_in_range, check_positive
from funcnet._errors import Facts, InputError
from funcnet._types import Array, Key, Params, Shape, State
from funcnet.nn._base import ParametricLayer
from funcnet.nn._recurrent.cells import draw_params

__all__ = ["GRU", "LSTM", "RNN"]

Lengths: TypeAlias = Array | np.ndarray | Sequence[int]
"""The length of each sequence of a batch."""


class _Recurrent(ParametricLayer):
    """What the networks share: parameters, checks, the call of a function."""

    input_size: int
    hidden_size: int
    num_layers: int
    bias: bool
    batch_first: bool
    dropout: float
    bidirectional: bool
    _gates: ClassVar[int] = 1

    def __post_init__(self) -> None:
        name = type(self).__name__
        for what in ("input_size", "hidden_size", "num_layers"):
            check_positive(name, what, getattr(self, what))
        check_in_range(name, "dropout", self.dropout, 0, 1)

    def draws(self, train: bool) -> bool:
        return train and 0 < self.dropout < 1 and self.num_layers > 1

    def init(self, key: Key) -> tuple[Params, State]:
        return draw_params(key, self._shapes(), self.hidden_size, self.dtype), {}

    def _output_size(self) -> int:
        """Features of the hidden state."""
        return self.hidden_size

    def _shapes(self) -> dict[str, Shape]:
        """The parameters in the order in which the functions take them."""
        rows, output = self._gates * self.hidden_size, self._output_size()
        suffixes = ("", "_reverse") if self.bidirectional else ("",)
        shapes: dict[str, Shape] = {}
        for layer in range(self.num_layers):
            features = len(suffixes) * output if layer else self.input_size
            for suffix in suffixes:
                end = f"l{layer}{suffix}"
                shapes[f"weight_ih_{end}"] = (rows, features)
                shapes[f"weight_hh_{end}"] = (rows, output)
                if self.bias:
                    shapes |= {f"bias_ih_{end}": (rows,), f"bias_hh_{end}": (rows,)}
                if output != self.hidden_size:
                    shapes[f"weight_hr_{end}"] = (output, self.hidden_size)
        return shapes

    def apply(
        self,
        params: Params,
        state: State,
        x: Array,
        hx: Any = None,
        *,
        lengths: Lengths | None = None,
        key: Key | None = None,
        train: bool = False,
    ) -> tuple[tuple[Array, Any], State]:
        if x.ndim in (2, 3) and x.shape[-1] != self.input_size:
            facts: Facts = {"input": x.shape, "weight": self._shapes()["weight_ih_l0"]}
            raise InputError("recurrent.features", name=type(self).__name__, **facts)
        output, *final = self._function()(
            x,
            hx,
            [params[name] for name in self._shapes()],
            self.bias,
            self.num_layers,
            self.dropout,
            train,
            self.bidirectional,
            self.batch_first,
            lengths=lengths,
            key=key,
        )
        return (output, final[0] if len(final) == 1 else tuple(final)), state

    def _function(self) -> Callable[..., tuple[Array, ...]]:
        """The function of `funcnet.functional` that runs over the sequences."""
        raise NotImplementedError


@dataclass(frozen=True, repr=False)
class _Gated(_Recurrent):
    """What LSTM and GRU share: their settings."""

    input_size: int
    hidden_size: int
    num_layers: int = 1
    bias: bool = True
    batch_first: bool = False
    dropout: float = 0.0
    bidirectional: bool = False


@dataclass(frozen=True, repr=False)
class RNN(_Recurrent):
    """Elman RNN over sequences; equals `torch.nn.RNN`.

    The mathematics is that of `funcnet.functional.rnn_tanh`, or `rnn_relu` with
    `nonlinearity="relu"`.

    Params, for layer 0 `weight_ih_l0` `(hidden_size, input_size)`, `weight_hh_l0`
    `(hidden_size, hidden_size)`, `bias_ih_l0` and `bias_hh_l0` `(hidden_size,)`, the
    same with `_l1` and so on (fed with `directions * hidden_size` features), and with
    the ending `_reverse` for the other direction; all from U(-b, b) with
    `b = 1 / sqrt(hidden_size)`.

    Input `(time, batch, input_size)`, with `batch_first` `(batch, time, input_size)`,
    for one sequence `(time, input_size)`; optionally the hidden states to start from,
    `(num_layers * directions, batch, hidden_size)`. `lengths=`, `(batch,)`, says how
    many steps belong to each sequence, in place of PyTorch's packed sequences: the
    output is zero after the end, where also the other direction starts.

    Output `(output, h_n)`: the last layer's hidden states at each step, those of the
    directions side by side, and the final ones of every layer.

    In training, outputs of all layers but the last are dropped with probability
    `dropout`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.RNN(3, 4, num_layers=2, bidirectional=True)
        >>> params, state = layer.init(jax.random.key(0))
        >>> x = jnp.ones((5, 2, 3))
        >>> (output, h_n), _ = layer.apply(params, state, x, lengths=[5, 3])
        >>> output.shape, h_n.shape
        ((5, 2, 8), (4, 2, 4))

    Source: Elman, "Finding Structure in Time" (1990),
    https://doi.org/10.1207/s15516709cog1402_1
    """

    input_size: int
    hidden_size: int
    num_layers: int = 1
    nonlinearity: str = "tanh"
    bias: bool = True
    batch_first: bool = False
    dropout: float = 0.0
    bidirectional: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        check_choice("RNN", "nonlinearity", self.nonlinearity, ("tanh", "relu"))

    def _function(self) -> Callable[..., tuple[Array, ...]]:
        return F.rnn_tanh if self.nonlinearity == "tanh" else F.rnn_relu


@dataclass(frozen=True, repr=False)
class LSTM(_Gated):
    """Long short-term memory (LSTM) over sequences; equals `torch.nn.LSTM`.

    The mathematics is that of `funcnet.functional.lstm`. Params as in `RNN`, with
    `4 * hidden_size` rows. With `proj_size` there are also `weight_hr_l0` `(proj_size,
    hidden_size)` and so on, and hidden states have `proj_size` features.

    Inputs as in `RNN`, but the state to start from is `(h_0, c_0)`. Output
    `(output, (h_n, c_n))`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.LSTM(3, 4, batch_first=True)
        >>> params, state = layer.init(jax.random.key(0))
        >>> (output, (h_n, c_n)), _ = layer.apply(params, state, jnp.ones((2, 5, 3)))
        >>> output.shape, h_n.shape, c_n.shape
        ((2, 5, 4), (1, 2, 4), (1, 2, 4))

    Source: Hochreiter and Schmidhuber, "Long Short-Term Memory" (1997),
    https://doi.org/10.1162/neco.1997.9.8.1735
    """

    proj_size: int = 0

    _gates = 4

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.proj_size < self.hidden_size:
            facts = {"proj_size": self.proj_size, "hidden_size": self.hidden_size}
            raise InputError("recurrent.proj_size", name="LSTM", **facts)

    def _output_size(self) -> int:
        return self.proj_size or self.hidden_size

    def _function(self) -> Callable[..., tuple[Array, ...]]:
        return F.lstm


class GRU(_Gated):
    """Gated recurrent unit (GRU) over sequences; equals `torch.nn.GRU`.

    The mathematics is that of `funcnet.functional.gru`. Params as in `RNN`, with
    `3 * hidden_size` rows; inputs and output as in `RNN`.

    Example:
        >>> import jax, jax.numpy as jnp
        >>> from funcnet import nn
        >>> layer = nn.GRU(3, 4)
        >>> params, state = layer.init(jax.random.key(0))
        >>> (output, h_n), _ = layer.apply(params, state, jnp.ones((5, 2, 3)))
        >>> output.shape, h_n.shape
        ((5, 2, 4), (1, 2, 4))

    Source: Cho et al., "Learning Phrase Representations using RNN Encoder-Decoder"
    (2014), https://arxiv.org/abs/1406.1078
    """

    _gates = 3

    def _function(self) -> Callable[..., tuple[Array, ...]]:
        return F.gru
