"""Recurrent networks as functions of their weights: `torch.lstm` and its kin."""

# ruff: noqa: N999 - PyTorch's name
import functools
from collections.abc import Mapping, Sequence
from typing import Any, Final

from funcnet.compat import nn
from funcnet.compat._tensor.tensor import Tensor
from funcnet.compat.func import functional_call
from funcnet.compat.nn.utils.rnn import PackedSequence

_KINDS: Final[Mapping[str, tuple[Any, dict[str, Any]]]] = {
    "lstm": (nn.LSTM, {}),
    "gru": (nn.GRU, {}),
    "rnn_tanh": (nn.RNN, {"nonlinearity": "tanh"}),
    "rnn_relu": (nn.RNN, {"nonlinearity": "relu"}),
}


@functools.lru_cache(maxsize=64)
def _module(kind: str, *sizes: int, **settings: Any) -> Any:
    """A module without numbers, which takes those of each call."""
    make, more = _KINDS[kind]
    return make(*sizes, **settings, **more, device="meta")


def _run(kind: str, *args: Any) -> Any:
    """Tell the forms apart: a tensor and its state, or a packed sequence."""
    packed = (
        isinstance(args[1], Tensor)
        and not isinstance(args[2], bool)
        and (len(args) == 8 or isinstance(args[3], (tuple, list)))
    )
    if packed:
        data, batch_sizes, hx, weights, biases, layers, dropout, train, both = args
        first, batch_first = PackedSequence(data, batch_sizes), False
    else:
        first, hx, weights, biases, layers, dropout, train, both, batch_first = args
    result, state = _computed(
        kind, first, hx, weights, biases, layers, dropout, train, both, batch_first
    )
    output = result.data if packed else result
    return (output, *state) if kind == "lstm" else (output, state)


def _computed(
    kind: str,
    input: Tensor | PackedSequence,
    hx: Any,
    weights: Sequence[Tensor],
    biases: bool,
    layers: int,
    dropout: float,
    train: bool,
    both: bool,
    batch_first: bool,
) -> Any:
    gates = {"lstm": 4, "gru": 3}.get(kind, 1)
    state = hx[0] if kind == "lstm" else hx
    hidden = weights[0].shape[0] // gates
    projected = state.shape[-1] if state.shape[-1] != hidden else 0
    module = _module(
        kind,
        weights[0].shape[1],
        hidden,
        num_layers=layers,
        bias=biases,
        batch_first=batch_first,
        dropout=float(dropout),
        bidirectional=both,
        **{"proj_size": projected} if projected else {},
    )
    module.train(train)
    names = module._flat_weights_names
    if len(names) != len(weights):
        raise RuntimeError(
            f"{kind}: expected {len(names)} weights for {layers} layers, got "
            f"{len(weights)}"
        )
    state = tuple(hx) if kind == "lstm" else hx
    return functional_call(
        module, dict(zip(names, weights, strict=True)), (input, state)
    )


def lstm(*args: Any) -> tuple[Tensor, Tensor, Tensor]:
    """Run an LSTM with these weights: outputs, last hidden and last cell states.

    Equals `torch.lstm(input, hx, params, has_biases, num_layers, dropout, train,
    bidirectional, batch_first)`, and its form for packed sequences.

    Example:
        >>> import funcnet.compat as torch
        >>> module = torch.nn.LSTM(2, 3)
        >>> state = (torch.zeros(1, 1, 3), torch.zeros(1, 1, 3))
        >>> weights = list(module.parameters())
        >>> x = torch.ones(4, 1, 2)
        >>> y, h, c = torch.lstm(x, state, weights, True, 1, 0.0, False, False, False)
        >>> torch.allclose(y, module(x, state)[0])
        True
    """
    return _run("lstm", *args)  # type: ignore[no-any-return]


def gru(*args: Any) -> tuple[Tensor, Tensor]:
    """Run a GRU with these weights, as `torch.gru`: outputs and last hidden states."""
    return _run("gru", *args)  # type: ignore[no-any-return]


def rnn_tanh(*args: Any) -> tuple[Tensor, Tensor]:
    """Run a recurrent network with tanh, as `torch.rnn_tanh`."""
    return _run("rnn_tanh", *args)  # type: ignore[no-any-return]


def rnn_relu(*args: Any) -> tuple[Tensor, Tensor]:
    """Run a recurrent network with relu, as `torch.rnn_relu`."""
    return _run("rnn_relu", *args)  # type: ignore[no-any-return]
