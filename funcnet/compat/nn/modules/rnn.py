"""Recurrent networks, as `torch.nn.modules.rnn`."""

import math
from typing import Any

import numpy as np

from funcnet import nn
from funcnet.compat._core.annotations import FactoryKwargs
from funcnet.compat._ops.random.masks import drawn_on_host, mask, packed_mask
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.nn import init
from funcnet.compat.nn._module.layer import interned
from funcnet.compat.nn._module.native_module import NativeModule
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.modules.utils import _public_modules
from funcnet.compat.nn.utils.rnn import PackedSequence, pack_like, padded


class RNNBase(NativeModule):
    """Base of the recurrent networks, as `torch.nn.RNNBase`."""

    repr_positional = "input_size hidden_size"
    repr_if_changed = "proj_size num_layers bias batch_first dropout bidirectional"
    proj_size: int = 0

    def reset_parameters(self) -> None:
        """Draw all parameters from U(-b, b), b = 1 / sqrt(hidden_size)."""
        bound = 1 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def flatten_parameters(self) -> None:
        """Accepted: there is no cuDNN that would want the parameters in one piece."""

    @property
    def _all_weights(self) -> list[list[str]]:
        ways = ("", "_reverse") if self.bidirectional else ("",)
        names = ["weight_ih", "weight_hh", *["bias_ih", "bias_hh"] * bool(self.bias)]
        names += ["weight_hr"] * bool(self.proj_size)
        ends = [f"_l{i}{way}" for i in range(self.num_layers) for way in ways]
        return [[name + end for name in names] for end in ends]

    @property
    def all_weights(self) -> list[list[Any]]:
        """The parameters of each layer and direction."""
        return [[getattr(self, name) for name in names] for names in self._all_weights]

    @property
    def _flat_weights_names(self) -> list[str]:
        return [name for names in self._all_weights for name in names]

    @property
    def _flat_weights(self) -> list[Any]:
        return [getattr(self, name, None) for name in self._flat_weights_names]

    def forward(self, input: Tensor, hx: Any = None) -> Any:
        """Return the outputs of all steps and the last hidden state."""
        if not isinstance(input, PackedSequence):
            return self._run((input, hx))
        x, lengths = padded(input, self.batch_first)
        hx = _reordered(hx, input.sorted_indices)
        named = {"lengths": lengths.to(x.device)}
        output, last = self._run((x, hx), named)
        packed = pack_like(output, input, self.batch_first)
        return packed, _reordered(last, input.unsorted_indices)

    def _drawn(self, input: Tensor, hx: Any = None, lengths: Any = None) -> Any:
        """The dropout masks between layers; None where a key draws them."""
        if not drawn_on_host(input.device):
            return None
        ways = 2 if self.bidirectional else 1
        width = (self.proj_size or self.hidden_size) * ways
        between = range(self.num_layers - 1)
        time, batch = input.shape[:2] if input.ndim == 3 else (input.shape[0], 1)
        if self.batch_first and input.ndim == 3:
            time, batch = batch, time
        if lengths is not None:
            sizes = (np.asarray(lengths) > np.arange(time)[:, None]).sum(1)
            return [packed_mask(sizes, width, self.dropout) for _ in between]
        shape = (time, batch, width)
        return [mask(shape, self.dropout, input.device) for _ in between]

    def _is_function(self) -> bool:
        return False

    def _formula(self, input: Tensor, hx: Any = None, lengths: Any = None) -> Any:
        for index, name in enumerate(self._flat_weights_names):
            weight = getattr(self, name)
            if not index:
                weight.dtype  # noqa: B018 - PyTorch looks at this one, None or not
            if not isinstance(weight, Tensor):
                raise TypeError(
                    f"expected Tensor as element {index} in argument 2, but got "
                    f"{type(weight).__name__}"
                )
        named = {} if lengths is None else {"lengths": lengths}
        return super()._formula(input, hx, **named)


def _reordered(hidden: Any, order: Tensor | None) -> Any:
    """Hidden states with their sequences in another order."""
    if hidden is None or order is None:
        return hidden
    if isinstance(hidden, tuple):
        return tuple(_reordered(part, order) for part in hidden)
    return hidden.index_select(1, order)


class RNN(RNNBase):
    """Elman RNN over sequences, as `torch.nn.RNN`."""

    native_class = nn.RNN

    def _complete(self, native: Any, factory_kwargs: FactoryKwargs) -> None:
        self.__dict__["mode"] = f"RNN_{native.nonlinearity.upper()}"

    def __setattr__(self, name: str, value: object) -> None:
        if name == "nonlinearity":  # which PyTorch ignores: it reads the mode
            Module.__setattr__(self, name, value)
            return
        super().__setattr__(name, value)
        if name == "mode" and value in ("RNN_TANH", "RNN_RELU"):
            layer = self._native.layer.replace(nonlinearity=value[4:].lower())
            self.__dict__["_native"] = interned(layer)

    def _current(self, layer: Any) -> dict[str, Any]:
        nonlinearity = self.mode.removeprefix("RNN_").lower()
        return super()._current(layer) | {"nonlinearity": nonlinearity}


class LSTM(RNNBase):
    """Long short-term memory (LSTM) over sequences, as `torch.nn.LSTM`."""

    native_class = nn.LSTM
    mode = "LSTM"


class GRU(RNNBase):
    """Gated recurrent unit (GRU) over sequences, as `torch.nn.GRU`."""

    native_class = nn.GRU
    mode = "GRU"


class RNNCellBase(NativeModule):
    """Base of the recurrent cells, as `torch.nn.RNNCellBase`."""

    repr_positional = "input_size hidden_size"
    repr_if_changed = "bias nonlinearity"
    optional = ("bias_ih", "bias_hh")

    def reset_parameters(self) -> None:
        """Draw all parameters from U(-b, b), b = 1 / sqrt(hidden_size)."""
        bound = 1 / math.sqrt(self.hidden_size) if self.hidden_size > 0 else 0
        for weight in self.parameters():
            init.uniform_(weight, -bound, bound)

    def forward(self, input: Tensor, hx: Any = None) -> Any:
        """Compute the next hidden state."""
        return self._run((input, hx))

    def _is_function(self) -> bool:
        return False

    def _formula(self, input: Tensor, hx: Any = None) -> Any:
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            weight = getattr(self, name)
            if not isinstance(weight, Tensor) and name[:6] == "weight":
                raise TypeError(
                    f"{type(self).__name__}: {name} must be Tensor, not "
                    f"{type(weight).__name__}"
                )
        return super()._formula(input, hx)


class RNNCell(RNNCellBase):
    """Elman RNN cell, one time step, as `torch.nn.RNNCell`."""

    native_class = nn.RNNCell


class LSTMCell(RNNCellBase):
    """LSTM cell, one time step, as `torch.nn.LSTMCell`."""

    native_class = nn.LSTMCell


class GRUCell(RNNCellBase):
    """GRU cell, one time step, as `torch.nn.GRUCell`."""

    native_class = nn.GRUCell


__all__ = _public_modules(globals())
