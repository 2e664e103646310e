"""Where the fields of PyTorch's classes differ from ours, and by what.

`WRITE` holds functions of a module and of the fields that are written for it, `READ`
functions of a module's own fields and of the common ones that were read; both change
them in place. Those of `READ` may return settings that the description of the layer
takes by other names or in another form.
"""

from collections.abc import Callable
from typing import Any, Final

from funcnet.compat.nn import functional, modules
from funcnet.compat.nn.modules.conv import _ConvNd
from funcnet.compat.nn.modules.module import Module
from funcnet.compat.nn.modules.rnn import RNNBase

Write = Callable[[Any, dict[str, Any]], None]
Read = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any] | None]


def _write_conv(module: Module, fields: dict[str, Any]) -> None:
    fields["transposed"] = module.transposed


def _read_conv(own: dict[str, Any], ours: dict[str, Any]) -> None:
    own.pop("transposed", None)
    padding = own.get("padding")
    if isinstance(padding, tuple):  # before PyTorch 1.5
        twice = tuple(p for p in reversed(padding) for _ in range(2))
        own.setdefault("_reversed_padding_repeated_twice", twice)


def _write_rnn(module: Module, fields: dict[str, Any]) -> None:
    derived = ("_flat_weights_names", "_all_weights", "_flat_weights")
    for name in ("mode", "proj_size", *derived):
        fields[name] = getattr(module, name)


def _read_rnn(own: dict[str, Any], ours: dict[str, Any]) -> None:
    derived = ("_flat_weights_names", "_all_weights", "_flat_weights", "all_weights")
    for name in (*derived, "_data_ptrs", "_param_buf_size"):
        own.pop(name, None)
    if own.get("mode") in ("LSTM", "GRU"):  # which their classes say
        del own["mode"]


_MAY_BE_MISSING: Final = ("bias_k", "bias_v")


def _write_attention(module: Module, fields: dict[str, Any]) -> None:
    for name in _MAY_BE_MISSING:
        if fields["_parameters"].get(name) is None:
            fields["_parameters"].pop(name, None)
            fields[name] = None
    fields.pop("bias", None)
    fields.pop("add_bias_kv", None)


def _read_attention(own: dict[str, Any], ours: dict[str, Any]) -> None:
    parameters = ours["_parameters"]
    sizes = [own.get(name) for name in ("embed_dim", "kdim", "vdim")]
    own.setdefault("_qkv_same_embed_dim", len(set(sizes)) == 1)
    for name in _MAY_BE_MISSING:
        own.pop(name, None)
        parameters.setdefault(name, None)
    own["bias"] = parameters.get("in_proj_bias") is not None
    own["add_bias_kv"] = parameters["bias_k"] is not None
    own.setdefault("batch_first", False)  # before PyTorch 1.9


def _write_prelu(module: Module, fields: dict[str, Any]) -> None:
    fields.pop("initial", None)


def _read_prelu(own: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    own["initial"] = own.setdefault("init", 0.25)
    return {"num_parameters": own.get("num_parameters"), "init": own["init"]}


def _write_adaptive(module: Module, fields: dict[str, Any]) -> None:
    """Nothing: the last cutoff, the number of classes, stands there already."""


def _read_adaptive(own: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    names = ("in_features", "n_classes", "div_value", "head_bias")
    cutoffs = own.get("cutoffs")
    if not isinstance(cutoffs, list) or len(ours["_modules"].get("tail", ())) > 99:
        return {}
    return {name: own.get(name) for name in names} | {"cutoffs": cutoffs[:-1]}


def _write_distance(module: Module, fields: dict[str, Any]) -> None:
    fields["norm"] = fields.pop("p")


def _read_distance(own: dict[str, Any], ours: dict[str, Any]) -> None:
    own["p"] = own.pop("norm", 2.0)


def _write_relu6(module: Module, fields: dict[str, Any]) -> None:
    fields |= {"min_val": 0.0, "max_val": 6.0}


def _read_relu6(own: dict[str, Any], ours: dict[str, Any]) -> None:
    own.pop("min_val", None)
    own.pop("max_val", None)


def _write_zero_pad(module: Module, fields: dict[str, Any]) -> None:
    fields["value"] = 0.0


def _read_zero_pad(own: dict[str, Any], ours: dict[str, Any]) -> None:
    own.pop("value", None)


def _write_encoder(module: Module, fields: dict[str, Any]) -> None:
    """Nothing: the fields are PyTorch's."""


def _read_encoder(own: dict[str, Any], ours: dict[str, Any]) -> None:
    own.setdefault("enable_nested_tensor", True)  # before PyTorch 1.12
    own.setdefault("use_nested_tensor", False)
    own.setdefault("mask_check", True)


def _write_layer(module: Module, fields: dict[str, Any]) -> None:
    """Nothing: the fields are PyTorch's."""


def _read_layer(own: dict[str, Any], ours: dict[str, Any]) -> None:
    if "activation" not in ours["_modules"]:
        own.setdefault("activation", functional.relu)  # before PyTorch 1.5
    if "multihead_attn" not in ours["_modules"]:
        own.setdefault("activation_relu_or_gelu", 0)


def _write_linear_cross_entropy(module: Module, fields: dict[str, Any]) -> None:
    fields.pop("in_features", None)


def _read_linear_cross_entropy(own: dict[str, Any], ours: dict[str, Any]) -> None:
    own["in_features"] = getattr(ours["_modules"].get("linear"), "in_features", None)


_CLASSES: Final[Any] = modules.CLASSES
_CHANGES: Final[list[tuple[tuple[type, ...], Write, Read]]] = [
    ((_ConvNd,), _write_conv, _read_conv),
    ((RNNBase,), _write_rnn, _read_rnn),
    ((_CLASSES["MultiheadAttention"],), _write_attention, _read_attention),
    ((_CLASSES["PReLU"],), _write_prelu, _read_prelu),
    ((_CLASSES["PairwiseDistance"],), _write_distance, _read_distance),
    ((_CLASSES["AdaptiveLogSoftmaxWithLoss"],), _write_adaptive, _read_adaptive),
    ((_CLASSES["ReLU6"],), _write_relu6, _read_relu6),
    (
        tuple(_CLASSES[f"ZeroPad{dims}d"] for dims in (1, 2, 3)),
        *(_write_zero_pad, _read_zero_pad),
    ),
    ((_CLASSES["TransformerEncoder"],), _write_encoder, _read_encoder),
    (
        (_CLASSES["TransformerEncoderLayer"], _CLASSES["TransformerDecoderLayer"]),
        *(_write_layer, _read_layer),
    ),
    (
        (_CLASSES["LinearCrossEntropyLoss"],),
        *(_write_linear_cross_entropy, _read_linear_cross_entropy),
    ),
]
WRITE: Final = [(classes, write) for classes, write, _ in _CHANGES]
READ: Final = [(classes, read) for classes, _, read in _CHANGES]
