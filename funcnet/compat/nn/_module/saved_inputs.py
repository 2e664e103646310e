"""A layer as one operation: what PyTorch keeps for its gradients, its strides."""

import dataclasses
import functools
import re
from collections.abc import Callable, Sequence
from typing import Any

from funcnet.compat._core.strides import ResultStrides
from funcnet.compat._engine.op import Op, OpCall
from funcnet.compat._gradient_rules.saved_choices import Given, Named, Places, Rule
from funcnet.compat._gradient_rules.saved_inputs import given_to, kept_by, places_in
from funcnet.compat._gradient_rules.saved_rules import RULES
from funcnet.compat._ops.numbers import numbers_of
from funcnet.compat._ops.registry import OPERATIONS
from funcnet.nn import Layer

# The function whose rules hold for a layer, where its name does not say it.
_FUNCTIONS = {
    **{
        f"{mode}Pad{n}d": "nn.functional.pad"
        for mode in ("Constant", "Reflection", "Replication", "Zero")
        for n in (1, 2, 3)
    },
    "CrossMapLRN2d": "nn.functional.local_response_norm",
    "LPPool1d": "nn.functional.lp_pool1d",
    "LPPool2d": "nn.functional.lp_pool2d",
    "LPPool3d": "nn.functional.lp_pool3d",
    "LeakyReLU": "nn.functional.leaky_relu",
    "RMSNorm": "nn.functional.rms_norm",
    "Softmax2d": "nn.functional.softmax",
    "SyncBatchNorm": "nn.functional.batch_norm",
    "Upsample": "nn.functional.interpolate",
    "UpsamplingBilinear2d": "nn.functional.interpolate",
    "UpsamplingNearest2d": "nn.functional.interpolate",
}
_INPUTS = {
    "Bilinear": ("input1", "input2"),
    "CosineSimilarity": ("x1", "x2"),
    "EmbeddingBag": ("input", "offsets", "per_sample_weights"),
    **dict.fromkeys(
        ("GRU", "GRUCell", "LSTM", "LSTMCell", "RNN", "RNNCell"), ("input", "hx", "cx")
    ),
    "LinearCrossEntropyLoss": ("input", "target"),
    "MultiheadAttention": ("query", "key", "value"),
    "MaxUnpool1d": ("input", "indices"),
    "MaxUnpool2d": ("input", "indices"),
    "MaxUnpool3d": ("input", "indices"),
}


def _max_pool(given: Given) -> str:
    return "input, result1" if given["return_indices"] else "input"


_RULES: dict[str, Rule] = {
    **dict.fromkeys(("MaxPool1d", "MaxPool2d", "MaxPool3d"), _max_pool),
    **{f"ReflectionPad{n}d": "input" for n in (1, 2, 3)},
    **{f"ReplicationPad{n}d": "input" for n in (1, 2, 3)},
    "LinearCrossEntropyLoss": (
        "input: linear.weight, target; linear.weight: input, target"
    ),
    "GRUCell": "input: weight_ih; hx: weight_hh; weight_ih: input; weight_hh: hx",
    "RNNCell": (
        "input: weight_ih; hx: weight_hh; weight_ih: input; weight_hh: hx; result"
    ),
    "LSTMCell": (
        "input: weight_ih, cx; hx: weight_hh, cx; weight_ih: input, cx;"
        "weight_hh: hx, cx; bias_ih: cx; bias_hh: cx"
    ),
    "MultiheadAttention": (
        "query: in_proj_weight, q_proj_weight; key: in_proj_weight, k_proj_weight;"
        "value: in_proj_weight, v_proj_weight; in_proj_weight: query, key, value;"
        "q_proj_weight: query; k_proj_weight: key; v_proj_weight: value;"
        "query: out_proj.weight; key: out_proj.weight; value: out_proj.weight;"
        "in_proj_weight: out_proj.weight; in_proj_bias: out_proj.weight"
    ),
}


def _kept_by_recurrent(layer: Any, named: Named, wanted: Places) -> Places:
    """What the steps of a recurrent network need, layer by layer."""
    # An LSTM is one kernel for each layer, which keeps all that it got.
    whole = type(layer).__name__ == "LSTM" and not layer.proj_size
    result = set(named.get("cx", ()))
    hidden = named.get("hx", ())
    flows = _any_of(named["input"], wanted)  # into a layer, from below
    for number in range(layer.num_layers):
        own = {n: x for n, x in named.items() if re.search(rf"_l{number}(_|$)", n)}
        below, flows = flows, flows or _any_of(hidden, wanted)
        flows = flows or any(_any_of(indices, wanted) for indices in own.values())
        if whole and flows:
            result.update(p for indices in own.values() for p in indices)
            result.update(() if number else (*named["input"], *hidden), {~0})
            continue
        for way in (False, True):
            mine = {n: x for n, x in own.items() if n.endswith("_reverse") is way}
            asked = {n for n, x in mine.items() if _any_of(x, wanted)}
            begins = below or bool(asked) or _any_of(hidden, wanted)
            for name, indices in mine.items():
                if name.startswith("weight_ih"):
                    result.update(indices if below else ())
                    result.update(
                        named["input"] if name in asked and not number else ()
                    )
                elif name.startswith("weight_hh"):
                    result.update(indices if begins else ())
                    result.update(hidden if name in asked else ())
                elif name.startswith("weight_hr"):
                    result.update(indices if begins else ())
    return tuple(sorted(result, reverse=True))


def _any_of(indices: Places, wanted: Places) -> bool:
    return any(index in wanted for index in indices)


def _functions_of(name: str) -> tuple[str, ...]:
    """The functions that a class of layers may compute, by the names of operations."""
    snake = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
    lower = name.lower()
    return (
        _FUNCTIONS.get(name, ""),
        *[f"nn.functional.{x}" for x in (snake, re.sub(r"\dd$", "", snake), lower)],
        lower,
    )


@functools.cache
def numbers_of_layer(name: str) -> frozenset[str]:
    """The settings of a class of layers that are numbers of its function."""
    functions = _functions_of(name)
    return frozenset([number for known in functions for number in numbers_of(known)])


@functools.cache
def _rule_of(name: str) -> Rule:
    """The rule of a class of layers."""
    known = _functions_of(name)
    return _RULES.get(name) or next((RULES[x] for x in known if x in RULES), "")


# What the strides of a function's result are in a layer, whose input comes last.
_OF_LAYER: dict[ResultStrides, ResultStrides] = {
    ResultStrides.ELEMENTWISE: ResultStrides.AS_LAST_INPUT,
    ResultStrides.AS_FIRST_INPUT: ResultStrides.AS_LAST_INPUT,
    ResultStrides.CHANNELS_LAST: ResultStrides.CHANNELS_LAST_OF_LAST,
}


def _strides_of(layer: Layer) -> ResultStrides:
    """The strides of a layer's result in PyTorch: those of its function's."""
    if getattr(layer, "batch_first", False):
        return ResultStrides.TIME_FIRST
    names = _functions_of(type(layer).__name__)
    op = next((OPERATIONS[name] for name in names if name in OPERATIONS), None)
    if op is None or layer.draws(True):
        return ResultStrides.CONTIGUOUS
    return _OF_LAYER.get(op.strides, ResultStrides.CONTIGUOUS)


def _strides_of_row(layers: Sequence[Layer]) -> ResultStrides:
    """The strides of the result of layers that are run one after the other."""
    kinds = {_strides_of(layer) for layer in layers}
    if kinds == {ResultStrides.AS_LAST_INPUT}:
        return ResultStrides.AS_LAST_INPUT
    if kinds <= {ResultStrides.AS_LAST_INPUT, ResultStrides.CHANNELS_LAST_OF_LAST}:
        return ResultStrides.CHANNELS_LAST_OF_LAST
    return ResultStrides.CONTIGUOUS


def _kept_by(
    layer: Layer, given: Given, named: Named, wanted: Places, results: int = 1
) -> Places:
    name = type(layer).__name__
    if name in ("GRU", "LSTM", "RNN"):
        return _kept_by_recurrent(layer, named, wanted)
    rule = _rule_of(name)
    if not rule:
        return ()
    return kept_by(rule, {**_settings_of(layer), **given}, named, wanted, results)


def _settings_of(layer: Layer) -> dict[str, Any]:
    if not dataclasses.is_dataclass(layer):
        return {}
    return {
        field.name: getattr(layer, field.name) for field in dataclasses.fields(layer)
    }


class LayerOp(Op):
    """The operation of a layer: `run_layer` of it."""

    parameters_first = True
    __slots__ = ("layer",)

    def __init__(
        self, layer: Layer, run: Callable[..., Any], grad_name: str | None
    ) -> None:
        super().__init__(
            type(layer).__name__, run, grad_name, strides=_strides_of(layer)
        )
        self.layer = layer

    def kept(self, call: OpCall, wanted: Places) -> Places:
        """What PyTorch keeps: what it does for the layer's function."""
        given = given_to(call)
        entries = given["inputs"]
        if len(entries) > 1 and isinstance(entries[1], tuple):  # h and c of an LSTM
            entries = (entries[0], *entries[1])
        inputs = _INPUTS.get(self.name, ("input",))
        named = {n: places_in(x) for n, x in zip(inputs, entries, strict=False)}
        for names, arrays in zip(given["names"], given["arrays"], strict=True):
            named |= {n: places_in(x) for n, x in zip(names, arrays, strict=True)}
        named |= {name: places_in(x) for name, x in given["named"].items()}
        results = len(call.output_specs) - len(given["names"][1])
        settings = {"training": given["train"]}
        return _kept_by(self.layer, settings, named, wanted, results)


# The place of what lies between two layers, which nobody else sees.
_BETWEEN = -100


class RowOp(Op):
    """The operation of layers in a row, each of which gets what the one before gave."""

    parameters_first = True
    __slots__ = ("layers",)

    def __init__(
        self, layers: Sequence[Layer], run: Callable[..., Any], grad_name: str
    ) -> None:
        super().__init__("Sequential", run, grad_name, strides=_strides_of_row(layers))
        self.layers = layers

    def kept(self, call: OpCall, wanted: Places) -> Places:
        """What PyTorch keeps of what goes in and comes out."""
        given = given_to(call)
        result: set[int] = set()
        entry, parts = places_in(given["x"]), (given["names"], given["params"])
        wanted = tuple(wanted)
        for layer, names, arrays in zip(self.layers, *parts, strict=True):
            named = {"input": entry}
            named |= {n: places_in(x) for n, x in zip(names, arrays, strict=True)}
            mine = [index for indices in named.values() for index in indices]
            asked = tuple([index for index in mine if index in wanted])
            if asked:
                kept = _kept_by(layer, {}, named, asked)
                last = layer is self.layers[-1]
                result.update(p for p in kept if p >= 0 or (last and p != _BETWEEN))
                wanted = (*wanted, _BETWEEN)
            entry = (_BETWEEN,)
        return tuple(sorted(result, reverse=True))
