"""Recurrent networks, as `torch.nn.modules.rnn`."""

import math
from typing import Any

from funcnet import nn
from funcnet.compat._ops._masks import drawn_on_host, mask, packed_mask
from funcnet.compat._tensor import Tensor
from funcnet.compat.nn import init
from funcnet.compat.nn.modules._native import NativeModule, apply_native
from funcnet.compat.nn.utils.rnn import PackedSequence, pack_like, padded


class RNNBase(NativeModule):
    """What the recurrent networks have in common."""

    proj_size: int = 0

    def reset_parameters(self) -> None:
        """Draw all parameters from U(-b, b), b = 1 / sqrt(hidden_size)."""
        bound = 1 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def flatten_parameters(self) -> None:
        """Accepted: there is no cuDNN that would want the parameters in one piece."""

    @property
    def all_weights(self) -> list[list[Any]]:
        """The parameters of each layer and direction."""
        ends = [f"l{i}{way}" for i in range(self.num_layers) for way in self._ways()]
        return [
            [p for n, p in self._parameters.items() if n.endswith(end)] for end in ends
        ]

    def _ways(self) -> tuple[str, ...]:
        return ("", "_reverse") if self.bidirectional else ("",)

    def forward(self, input: Any, hx: Any = None) -> Any:
        """Return the outputs of all steps and the last hidden state."""
        layer = self._native.layer
        drawn = self._masks(input) if self._native.draws[self.training] else None
        if not isinstance(input, PackedSequence):
            return apply_native(self, layer, (input, hx), {}, drawn=drawn)
        x, lengths = padded(input, self.batch_first)
        hx = _reordered(hx, input.sorted_indices)
        named = {"lengths": lengths.to(x.device)}
        output, last = apply_native(self, layer, (x, hx), named, drawn=drawn)
        packed = pack_like(output, input, self.batch_first)
        return packed, _reordered(last, input.unsorted_indices)

    def _masks(self, input: Any) -> list[Any] | None:
        """What of the outputs of each layer but the last is kept; None for a key."""
        packed = isinstance(input, PackedSequence)
        x: Tensor = input.data if packed else input
        if not drawn_on_host(x.device):
            return None
        width = (self.proj_size or self.hidden_size) * len(self._ways())
        between = range(self.num_layers - 1)
        if packed:
            sizes = input.batch_sizes.numpy()
            return [packed_mask(sizes, width, self.dropout) for _ in between]
        time, batch = x.shape[:2] if x.ndim == 3 else (x.shape[0], 1)
        if self.batch_first and x.ndim == 3:
            time, batch = batch, time
        shape = (time, batch, width)
        return [mask(shape, self.dropout, x.device) for _ in between]

    def extra_repr(self) -> str:
        """The settings that are not the defaults, as PyTorch prints them."""
        parts = [f"{self.input_size}, {self.hidden_size}"]
        if self.proj_size:
            parts.append(f"proj_size={self.proj_size}")
        if self.num_layers != 1:
            parts.append(f"num_layers={self.num_layers}")
        if self.bias is not True:
            parts.append(f"bias={self.bias}")
        if self.batch_first:
            parts.append(f"batch_first={self.batch_first}")
        if self.dropout:
            parts.append(f"dropout={self.dropout}")
        if self.bidirectional:
            parts.append(f"bidirectional={self.bidirectional}")
        return ", ".join(parts)


def _reordered(hidden: Any, order: Any) -> Any:
    """Hidden states with their sequences in another order."""
    if hidden is None or order is None:
        return hidden
    if isinstance(hidden, tuple):
        return tuple(_reordered(part, order) for part in hidden)
    return hidden.index_select(1, order)


class RNN(RNNBase):
    """Elman's recurrent network, as `torch.nn.RNN`."""

    native_class = nn.RNN

    @property
    def mode(self) -> str:
        """The kind of network, as PyTorch names it."""
        return f"RNN_{self.nonlinearity.upper()}"


class LSTM(RNNBase):
    """Long short-term memory, as `torch.nn.LSTM`."""

    native_class = nn.LSTM
    mode = "LSTM"


class GRU(RNNBase):
    """Gated recurrent units, as `torch.nn.GRU`."""

    native_class = nn.GRU
    mode = "GRU"


class RNNCellBase(NativeModule):
    """What one step of a recurrent network has in common."""

    optional = ("bias_ih", "bias_hh")

    def reset_parameters(self) -> None:
        """Draw all parameters from U(-b, b), b = 1 / sqrt(hidden_size)."""
        bound = 1 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def forward(self, input: Any, hx: Any = None) -> Any:
        """Compute the next hidden state."""
        return apply_native(self, self._native.layer, (input, hx), {})

    def extra_repr(self) -> str:
        """The settings that are not the defaults, as PyTorch prints them."""
        parts = [f"{self.input_size}, {self.hidden_size}"]
        if self.bias is not True:
            parts.append(f"bias={self.bias}")
        if getattr(self, "nonlinearity", "tanh") != "tanh":
            parts.append(f"nonlinearity={self.nonlinearity}")
        return ", ".join(parts)


class RNNCell(RNNCellBase):
    """One step of Elman's network, as `torch.nn.RNNCell`."""

    native_class = nn.RNNCell


class LSTMCell(RNNCellBase):
    """One step of an LSTM, as `torch.nn.LSTMCell`."""

    native_class = nn.LSTMCell


class GRUCell(RNNCellBase):
    """One step of a GRU, as `torch.nn.GRUCell`."""

    native_class = nn.GRUCell
