"""Layers and directions of a recurrent network, around the recurrence itself."""

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import jax
import jax.numpy as jnp

from funcnet._check import check_floating, check_rank, check_same_dtype, missing_key
from funcnet._errors import Facts, InputError
from funcnet._types import Array, Key
from funcnet.functional._activation.gates import LSTM, Carry, Cell
from funcnet.functional._dropout import dropout
from funcnet.functional._recurrent.recurrence import Weights, affine, run
from funcnet.functional._recurrent.sequences import (
    Lengths,
    check_lengths,
    flip_within,
    last_within,
    or_nan,
    within,
)

Draws: TypeAlias = Key | Sequence[Array] | None
"""A key, or the masks of the second layer and those after it, `(time, batch, width)`.

The masks say what is kept, as in `dropout`.
"""


class Settings(NamedTuple):
    """The options that all recurrent networks share; see `rnn_tanh`."""

    has_biases: bool
    num_layers: int
    dropout: float
    train: bool
    bidirectional: bool
    batch_first: bool

    @property
    def directions(self) -> int:
        return 2 if self.bidirectional else 1


class _Layer(NamedTuple):
    """The arrays of one direction of one layer."""

    w_ih: Array
    b_ih: Array | None
    weights: Weights


def run_layers(
    cell: Cell,
    input: Array,
    hx: Carry | None,
    params: Sequence[Array],
    settings: Settings,
    lengths: Lengths | None,
    key: Draws,
) -> tuple[Array, Carry]:
    """Run a network over sequences; the arguments are those of `rnn_tanh`.

    Returns the output and the final carry, of all layers.
    """
    name = cell.name
    layers = _grouped(cell, params, settings)
    check_same_dtype(name, input=input, weight=layers[0].w_ih)
    batched = _check_input(name, input, layers[0].w_ih)
    if hx is not None and any(h.ndim != input.ndim for h in hx):
        given = ", ".join(str(h.shape) for h in hx)
        facts = {"ranks": tuple(h.ndim for h in hx), "ndim": input.ndim}
        raise InputError("recurrent.hx_ranks", name=name, given=given, **facts)
    x = input if batched else jnp.expand_dims(input, 1)
    if batched and settings.batch_first:
        x = jnp.swapaxes(x, 0, 1)
    if hx is not None and not batched:
        hx = tuple(jnp.expand_dims(h, 1) for h in hx)
    starts = _starts(cell, hx, layers, x)
    ends = None
    if lengths is not None:
        ends = _check_lengths(name, lengths, x, batched)
        x = jnp.where(within(ends, len(x)), x, 0)  # padding may hold anything
    y, finals = _stacked(cell, x, starts, layers, settings, ends, key)
    if ends is not None:
        y = or_nan(jnp.where(within(ends, len(y)), y, 0), ends, len(y))
        finals = tuple(or_nan(h, ends, len(y)) for h in finals)
    if not batched:
        return y[:, 0], tuple(h[:, 0] for h in finals)
    return (jnp.swapaxes(y, 0, 1) if settings.batch_first else y), finals


def _stacked(
    cell: Cell,
    x: Array,
    starts: list[Carry],
    layers: list[_Layer],
    settings: Settings,
    ends: Array | None,
    key: Draws,
) -> tuple[Array, Carry]:
    """Feed the layers with one another's outputs; `(time, batch, features)`."""
    finals: list[Carry] = []
    directions = settings.directions
    for index in range(settings.num_layers):
        if index > 0:
            x = _dropped(cell.name, x, settings, key, index)
        outputs = []
        for direction in range(directions):
            place = index * directions + direction
            y, final = _run_direction(
                cell, x, layers[place], starts[place], direction == 1, ends
            )
            outputs.append(y)
            finals.append(final)
        x = jnp.concatenate(outputs, axis=-1) if directions > 1 else outputs[0]
    return x, tuple(jnp.stack(arrays) for arrays in zip(*finals, strict=True))


def _dropped(name: str, x: Array, settings: Settings, key: Draws, index: int) -> Array:
    """Apply dropout to the input of a layer, with another mask for each."""
    if key is None and settings.train and 0 < settings.dropout < 1:
        missing_key(name)
    layer_key: Array | None = None
    if isinstance(key, Sequence):
        layer_key = key[index - 1]
    elif key is not None:
        layer_key = jax.random.fold_in(key, index)
    return dropout(x, settings.dropout, settings.train, key=layer_key)


def _run_direction(
    cell: Cell,
    x: Array,
    layer: _Layer,
    start: Carry,
    reverse: bool,
    ends: Array | None,
) -> tuple[Array, Carry]:
    """Run one direction; return its outputs and its final state."""
    if ends is None:
        projected = _project(x, layer)
        states = run(cell, reverse, projected, layer.weights, start)
        last = 0 if reverse else -1
        return states[0], tuple(
            # Of a number of steps that is a symbol, too, this is a slice.
            jax.lax.index_in_dim(h, last, keepdims=False)
            for h in states
        )
    # What comes after a sequence cannot change what was computed before, so nothing is
    # masked inside the recurrence; backwards, each sequence is flipped in its place.
    if reverse:
        x = flip_within(x, ends)
    projected = _project(x, layer)
    states = run(cell, False, projected, layer.weights, start)
    output = flip_within(states[0], ends) if reverse else states[0]
    return output, tuple(last_within(h, ends) for h in states)


def _project(x: Array, layer: _Layer) -> Array:
    """Give every step its `x W_ih.T + b_ih`: `(time, batch, gates * hidden)`."""
    if x.shape[-1] != layer.w_ih.shape[-1]:
        facts = {"input": x.shape, "weight": layer.w_ih.shape}
        raise InputError("recurrent.features", name="recurrent layer", **facts)
    # Not `linear`, which flattens: the gradient arrives here from a recurrence, with
    # nothing to merge into the transposition for the gradient of w_ih, and that
    # transposition serves w_hh too. A training step of two layers of 128: 16.6 ms of
    # processor time in place of 17.7.
    return affine(x, layer.w_ih.T, layer.b_ih)


def _check_input(name: str, input: Array, w_ih: Array) -> bool:
    """Check the input; return whether it has a batch dimension."""
    check_floating(name, input)
    layout = "(time, batch, features), or (time, features) for one sequence"
    check_rank(name, input, (2, 3), layout)
    if input.shape[-1] != w_ih.shape[-1]:
        facts = {"input": input.shape, "weight": w_ih.shape}
        raise InputError("recurrent.features", name=name, **facts)
    if 0 in input.shape[:-1]:
        raise InputError("recurrent.empty", name=name, input=input.shape)
    return input.ndim == 3


def _check_lengths(name: str, lengths: Lengths, x: Array, batched: bool) -> Array:
    if not batched:
        raise InputError("recurrent.lengths", name=name, input=x.shape)
    return check_lengths(name, lengths, *x.shape[:2])


def _grouped(cell: Cell, params: Sequence[Array], settings: Settings) -> list[_Layer]:
    """Sort the flat list of arrays by layers and directions."""
    count = settings.num_layers * settings.directions
    each = 4 if settings.has_biases else 2
    allowed = (each, each + 1) if cell is LSTM else (each,)
    size = len(params) // count
    if size not in allowed or size * count != len(params):
        facts = {
            "params": len(params),
            "layers": settings.num_layers,
            "directions": settings.directions,
            "wanted": " or ".join(str(count * n) for n in allowed),
            "biases": ", b_ih, b_hh" if settings.has_biases else "",
        }
        raise InputError("recurrent.params", name=cell.name, **facts)
    layers = []
    for first in range(0, len(params), size):
        w_ih, w_hh, *rest = params[first : first + size]
        b_ih, b_hh = rest[:2] if settings.has_biases else (None, None)
        projection = rest[-1] if size > each else None
        layers.append(_Layer(w_ih, b_ih, Weights(w_hh, b_hh, projection)))
    return layers


def _starts(
    cell: Cell, hx: Carry | None, layers: list[_Layer], x: Array
) -> list[Carry]:
    """The initial carry of each layer and direction, zeros where none is given."""
    hidden = layers[0].w_ih.shape[0] // cell.gates
    output = layers[0].weights.recurrent.shape[-1]
    shapes = [(len(layers), x.shape[1], width) for width in (output, hidden)]
    shapes = shapes[: cell.arrays]
    if hx is None:
        hx = tuple(jnp.zeros(shape, x.dtype) for shape in shapes)
    if [h.shape for h in hx] != shapes:
        facts = {
            "hx": tuple(h.shape for h in hx),
            "wanted": tuple(shapes),
            "given": ", ".join(str(h.shape) for h in hx),
            "needed": ", ".join(map(str, shapes)),
        }
        raise InputError("recurrent.hx", name=cell.name, **facts)
    for layer in layers:
        _check_weights(cell, layer, hidden, output)
    check_same_dtype(cell.name, input=x, hx=hx[0], w_hh=layers[0].weights.recurrent)
    return [tuple(h[index] for h in hx) for index in range(len(layers))]


def _check_weights(cell: Cell, layer: _Layer, hidden: int, output: int) -> None:
    w_hh, _, w_hr = layer.weights
    wanted = (cell.gates * hidden, output)
    if layer.w_ih.shape[0] != wanted[0] or w_hh.shape != wanted:
        facts: Facts = {"w_ih": layer.w_ih.shape, "w_hh": w_hh.shape, "wanted": wanted}
        raise InputError("recurrent.weights", name=cell.name, hidden=hidden, **facts)
    expected = hidden if w_hr is None else w_hr.shape[0]
    if expected != output or (w_hr is not None and w_hr.shape[1] != hidden):
        facts = {
            "w_hh": w_hh.shape,
            "w_hr": None if w_hr is None else w_hr.shape,
            "hidden": hidden,
            "output": output,
            "expected": expected,
        }
        raise InputError("recurrent.projection", name=cell.name, **facts)
