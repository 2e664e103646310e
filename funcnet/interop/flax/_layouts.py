"""The arrays of each kind of layer in flax's layout, and in PyTorch's.

A layout takes and gives flat dicts: flax's with names such as "query/kernel", whose
running statistics are in a dict of their own, and PyTorch's with dotted names.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import jax.numpy as jnp

from funcnet import nn
from funcnet._types import Array

Arrays = dict[str, Array]


class Layout(NamedTuple):
    """How the arrays of a layer are read from flax's, and written as flax's."""

    read: Callable[[Any, Arrays, Arrays], tuple[Arrays, Arrays]]
    write: Callable[[Any, Arrays, Arrays], tuple[Arrays, Arrays]]


def _renamed(names: dict[str, str], change: Any = None, back: Any = None) -> Layout:
    """Parameters under other names, of which the first is in another layout."""
    first = next(iter(names))

    def read(layer: Any, params: Arrays, stats: Arrays) -> tuple[Arrays, Arrays]:
        out = {
            names[k]: change(v) if change and k == first else v
            for k, v in params.items()
        }
        return out, stats

    inverse = {theirs: ours for ours, theirs in names.items()}

    def write(layer: Any, params: Arrays, state: Arrays) -> tuple[Arrays, Arrays]:
        return {
            inverse[k]: back(v) if back and inverse[k] == first else v
            for k, v in params.items()
        }, state

    return Layout(read, write)


def _filter_from_flax(kernel: Array) -> Array:
    """`(*spatial, in / groups, out)` to `(out, in / groups, *spatial)`."""
    return jnp.moveaxis(kernel, (-1, -2), (0, 1))


def _filter_to_flax(weight: Array) -> Array:
    return jnp.moveaxis(weight, (0, 1), (-1, -2))


def _transposed_from_flax(kernel: Array) -> Array:
    """`(*spatial, in, out)` to `(in, out, *spatial)`; flax does not flip the filter."""
    flipped = jnp.flip(kernel, range(kernel.ndim - 2))
    return jnp.moveaxis(flipped, (-2, -1), (0, 1))


def _transposed_to_flax(weight: Array) -> Array:
    flipped = jnp.flip(weight, range(2, weight.ndim))
    return jnp.moveaxis(flipped, (0, 1), (-2, -1))


_STATISTICS = {"mean": "running_mean", "var": "running_var"}
_AFFINE = {"scale": "weight", "bias": "bias"}


def _read_batch_norm(
    layer: Any, params: Arrays, stats: Arrays
) -> tuple[Arrays, Arrays]:
    state = {_STATISTICS[name]: array for name, array in stats.items()}
    if state:
        state["num_batches_tracked"] = jnp.zeros((), int)
    return {_AFFINE[name]: array for name, array in params.items()}, state


def _write_batch_norm(
    layer: Any, params: Arrays, state: Arrays
) -> tuple[Arrays, Arrays]:
    affine, _ = _NORM.write(layer, params, {})
    return affine, {name: state[ours] for name, ours in _STATISTICS.items() if state}


def _read_attention(layer: Any, params: Arrays, stats: Arrays) -> tuple[Arrays, Arrays]:
    """Heads and their sizes are dimensions of their own in flax."""
    width = layer.embed_dim
    parts = ("query", "key", "value")
    matrices = [params[f"{one}/kernel"].reshape(-1, width).T for one in parts]
    names = list(layer._projections())
    out = {"out_proj.weight": params["out/kernel"].reshape(width, -1).T}
    if len(names) == 1:
        out[names[0]] = jnp.concatenate(matrices)
    else:
        out |= dict(zip(names, matrices, strict=True))
    if "out/bias" in params:
        biases = [params[f"{one}/bias"].reshape(-1) for one in parts]
        out["in_proj_bias"] = jnp.concatenate(biases)
        out["out_proj.bias"] = params["out/bias"]
    return out, stats


def _write_attention(
    layer: Any, params: Arrays, state: Arrays
) -> tuple[Arrays, Arrays]:
    width, heads = layer.embed_dim, layer.num_heads
    parts, names = ("query", "key", "value"), list(layer._projections())
    whole = len(names) == 1
    matrices = (
        jnp.split(params[names[0]], 3) if whole else [params[name] for name in names]
    )
    out = {
        f"{one}/kernel": matrix.T.reshape(-1, heads, width // heads)
        for one, matrix in zip(parts, matrices, strict=True)
    }
    out["out/kernel"] = params["out_proj.weight"].T.reshape(heads, -1, width)
    if "in_proj_bias" in params:
        biases = jnp.split(params["in_proj_bias"], 3)
        out |= {
            f"{n}/bias": b.reshape(heads, -1)
            for n, b in zip(parts, biases, strict=True)
        }
        out["out/bias"] = params["out_proj.bias"]
    return out, state


def _cell(gates: tuple[str, ...], one_bias: str, both: str = "") -> Layout:
    """A recurrent cell: flax has a dense layer for each gate and each of its inputs.

    `one_bias` is the input, "i" or "h", whose layers have a bias; the gate `both` has
    two. PyTorch has two everywhere; what flax does not have is zero, or added.
    """

    def read(layer: Any, params: Arrays, stats: Arrays) -> tuple[Arrays, Arrays]:
        # nnx writes "if_" where linen has "if", a word of Python's.
        params = {name.replace("if_/", "if/"): x for name, x in params.items()}
        if "dense_i/kernel" in params:
            return _read_joined(layer, params), stats
        out = {}
        for side in "ih":
            kernels = [params[f"{side}{gate}/kernel"].T for gate in gates]
            out[f"weight_{side}h"] = jnp.concatenate(kernels)
            zeros = jnp.zeros(layer.hidden_size, kernels[0].dtype)
            biases = [params.get(f"{side}{gate}/bias", zeros) for gate in gates]
            if layer.bias:
                out[f"bias_{side}h"] = jnp.concatenate(biases)
        return out, stats

    def write(layer: Any, params: Arrays, state: Arrays) -> tuple[Arrays, Arrays]:
        out = {}
        for side in "ih":
            for gate, part in zip(
                gates, jnp.split(params[f"weight_{side}h"], len(gates)), strict=True
            ):
                out[f"{side}{gate}/kernel"] = part.T
        if layer.bias:
            pair = [jnp.split(params[f"bias_{side}h"], len(gates)) for side in "ih"]
            for gate, b_i, b_h in zip(gates, *pair, strict=True):
                if gate == both:
                    out |= {f"i{gate}/bias": b_i, f"h{gate}/bias": b_h}
                else:
                    out[f"{one_bias}{gate}/bias"] = b_i + b_h
        return out, state

    return Layout(read, write)


def _read_joined(layer: Any, params: Arrays) -> Arrays:
    """A cell of nnx that has one dense layer for all gates, in PyTorch's order."""
    out = {f"weight_{side}h": params[f"dense_{side}/kernel"].T for side in "ih"}
    if layer.bias:
        for side in "ih":
            zeros = jnp.zeros(len(out["weight_ih"]), out["weight_ih"].dtype)
            out[f"bias_{side}h"] = params.get(f"dense_{side}/bias", zeros)
    return out


def cells_of(layer: nn.Layer) -> dict[str, nn.Layer]:
    """The cells of recurrent layers, by the ends of their arrays' names: "l0", ….

    Empty for other layers, and where flax has no such cell.
    """
    kinds = ((nn.LSTM, nn.LSTMCell), (nn.GRU, nn.GRUCell), (nn.RNN, nn.RNNCell))
    cell = next((cell for kind, cell in kinds if isinstance(layer, kind)), None)
    layers: Any = layer
    if cell is None or vars(layers).get("proj_size"):
        return {}
    sides = ("", "_reverse") if layers.bidirectional else ("",)
    cells: dict[str, nn.Layer] = {}
    for number in range(layers.num_layers):
        width = len(sides) * layers.hidden_size if number else layers.input_size
        made = cell(width, layers.hidden_size, bias=layers.bias)
        cells |= {f"l{number}{side}": made for side in sides}
    return cells


_KERNEL = {"kernel": "weight", "bias": "bias"}
_CONV = _renamed(_KERNEL, _filter_from_flax, _filter_to_flax)
_TRANSPOSED = _renamed(_KERNEL, _transposed_from_flax, _transposed_to_flax)
_NORM = _renamed(_AFFINE)
_UNFLIPPED = _renamed(
    _KERNEL,
    lambda kernel: jnp.moveaxis(kernel, (-1, -2), (0, 1)),  # (*spatial, out, in)
    lambda weight: jnp.moveaxis(weight, (0, 1), (-1, -2)),
)
_BATCH_NORM = Layout(_read_batch_norm, _write_batch_norm)

LAYOUTS: dict[tuple[type, ...], Layout] = {
    (nn.Linear,): _renamed(_KERNEL, jnp.transpose, jnp.transpose),
    (nn.Conv1d, nn.Conv2d, nn.Conv3d): _CONV,
    (nn.ConvTranspose1d, nn.ConvTranspose2d, nn.ConvTranspose3d): _TRANSPOSED,
    (nn.Embedding,): _renamed({"embedding": "weight"}),
    (nn.LayerNorm, nn.GroupNorm, nn.RMSNorm): _NORM,
    (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm): _BATCH_NORM,
    (nn.LSTMCell,): _cell(("i", "f", "g", "o"), "h"),
    (nn.GRUCell,): _cell(("r", "z", "n"), "i", both="n"),
    (nn.RNNCell,): _cell(("",), "i", both="none"),
    (nn.MultiheadAttention,): Layout(_read_attention, _write_attention),
}


def layout_of(layer: nn.Layer, transpose_kernel: bool = False) -> Layout | None:
    """Find how a layer's arrays lie in flax; None if flax has no such layer.

    Args:
        layer: the layer.
        transpose_kernel: the setting of flax's `ConvTranspose`.
    """
    if isinstance(layer, nn.MultiheadAttention) and layer.add_bias_kv:
        return None
    grouped = getattr(layer, "groups", 1) > 1
    for kinds, layout in LAYOUTS.items():
        if isinstance(layer, kinds):
            if layout is not _TRANSPOSED:
                return layout
            if grouped:
                return None
            return _UNFLIPPED if transpose_kernel else layout
    return None
