"""Encoders and attention in evaluation, where PyTorch takes other paths."""

import functools
import warnings
from typing import Any

from tests.parity.scripts import common as scripts
from tests.parity.scripts.common import numbers, refused

ROWS: list[tuple[str, str, Any]] = []
script = functools.partial(scripts.script, rows=ROWS)

INF = float("inf")
MASKS: dict[str, dict[str, Any]] = {
    "none": {},
    "padding": {"padding": [[0, 0, 1], [0, 0, 0]]},
    "all padding": {"padding": [[0, 0, 0], [1, 1, 1]]},
    "padding before": {"padding": [[1, 0, 0], [0, 0, 0]]},
    "padding inside": {"padding": [[0, 1, 0], [0, 0, 1]]},
    "padding of numbers": {"padding": [[0.0, 0.0, -3.0], [0.0, 0.0, 0.0]]},
    "numbers": {"mask": [[0.0, -1.0, 0.5], [0.5, 0.0, 0.0], [0.0, 0.0, 0.0]]},
    "causal": {"mask": [[0.0, -INF, -INF], [0.0, 0.0, -INF], [0.0, 0.0, 0.0]]},
    "causal, told": {
        "mask": [[0.0, -INF, -INF], [0.0, 0.0, -INF], [0.0, 0.0, 0.0]],
        "is_causal": True,
    },
    "only told": {"is_causal": True},
    "both": {"mask": [[0, 1, 1], [0, 0, 1], [0, 0, 0]], "padding": [[0, 0, 1]] * 2},
    "blind": {"mask": [[0, 1, 1], [0, 0, 1], [0, 0, 0]], "padding": [[1, 0, 0]] * 2},
    "mismatched": {
        "mask": [[0.0, -INF, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]],
        "padding": [[0, 0, 1], [0, 0, 0]],
    },
}


def _tensor(lib: Any, rows: list[list[float]]) -> Any:
    result = lib.tensor(rows)
    return result if result.is_floating_point() else result.bool()


def _masks(lib: Any, kind: str, mask: str, padding: str) -> dict[str, Any]:
    given = dict(MASKS[kind])
    for ours, theirs in (("mask", mask), ("padding", padding)):
        if ours in given:
            given[theirs] = _tensor(lib, given.pop(ours))
    return given


def _result(lib: Any, call: Any, grad: bool) -> Any:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            with lib.set_grad_enabled(grad):
                output = call()
        except Exception as error:
            return type(error).__name__, str(error)[:60]
    told = [str(one.message)[:70] for one in caught if "nested" not in str(one.message)]
    parts = output if isinstance(output, tuple) else (output,)
    return [x if x is None else x.detach() for x in parts], told


def _layer(lib: Any, **settings: Any) -> Any:
    given = {"batch_first": True, "nhead": 2} | settings
    return lib.nn.TransformerEncoderLayer(4, dim_feedforward=4, **given).eval()


@script("encoder layer", *[(kind, grad) for kind in MASKS for grad in (False, True)])
def masks_of_a_layer(lib: Any, case: tuple[str, bool]) -> Any:
    kind, grad = case
    layer, x = _layer(lib), numbers(lib, 2, 3, 4)
    given = _masks(lib, kind, "src_mask", "src_key_padding_mask")
    return _result(lib, lambda: layer(x, **given), grad)


@script("attention", *[(kind, needed) for kind in MASKS for needed in (False, True)])
def masks_of_attention(lib: Any, case: tuple[str, bool]) -> Any:
    kind, needed = case
    layer = lib.nn.MultiheadAttention(4, 2, batch_first=True).eval()
    x = numbers(lib, 2, 3, 4)
    given = _masks(lib, kind, "attn_mask", "key_padding_mask")
    return [
        _result(lib, lambda: layer(x, x, x, **given, need_weights=needed), grad)
        for grad in (False, True)
    ]


ENCODERS: dict[str, dict[str, Any]] = {
    "plain": {},
    "unchecked": {"mask_check": False},
    "not nested": {"enable_nested_tensor": False},
    "normed": {"norm": True},
    "norm first": {"norm_first": True},
    "odd heads": {"nhead": 1},
    "no bias": {"bias": False},
    "gelu": {"activation": "gelu"},
    "time first": {"batch_first": False},
}


def _encoder(lib: Any, kind: str) -> Any:
    given = dict(ENCODERS[kind])
    norm = lib.nn.LayerNorm(4) if given.pop("norm", False) else None
    names = ("mask_check", "enable_nested_tensor")
    options = {name: given.pop(name) for name in names if name in given}
    return lib.nn.TransformerEncoder(_layer(lib, **given), 2, norm, **options).eval()


@script("encoder", *[(kind, masks) for kind in ENCODERS for masks in MASKS])
def masks_of_an_encoder(lib: Any, case: tuple[str, str]) -> Any:
    kind, masks = case
    if kind == "time first" and masks != "padding":
        return None
    x = numbers(lib, *((3, 2, 4) if kind == "time first" else (2, 3, 4)))
    given = _masks(lib, masks, "mask", "src_key_padding_mask")
    encoder = _encoder(lib, kind)
    result = _result(lib, lambda: _encoder(lib, kind).layers[0].norm1.weight, False)
    return result, [_result(lib, lambda: encoder(x, **given), g) for g in (False, True)]


CHANGES = {
    "frozen": lambda lib, e: e.requires_grad_(False),
    "a hook": lambda lib, e: e.layers[0].linear1.register_forward_hook(
        lambda m, a, o: o * 0.5
    ),
    "dropout in training": lambda lib, e: e.layers[0].dropout.train(),
    "training": lambda lib, e: [e.train(), setattr(e.layers[0].dropout, "p", 0.0)][0],
    "a bias": lambda lib, e: setattr(e.layers[0].linear1, "bias", None),
}


@script("encoder", *CHANGES)
def changed(lib: Any, change: str) -> Any:
    lib.manual_seed(1)
    layer = _layer(lib, dropout=0.0 if change == "training" else 0.1)
    encoder = lib.nn.TransformerEncoder(layer, 1).eval()
    CHANGES[change](lib, encoder)
    if change == "a bias":
        encoder.requires_grad_(False)
        return None
    x = numbers(lib, 2, 3, 4)
    padding = _tensor(lib, [[0, 0, 1], [0, 0, 0]])
    return [
        _result(lib, lambda: encoder(x, src_key_padding_mask=padding), grad)
        for grad in (False, True)
    ]


@script("encoder")
def switched_off(lib: Any) -> Any:
    encoder, x = _encoder(lib, "plain"), numbers(lib, 2, 3, 4)
    padding = _tensor(lib, [[0, 0, 1], [0, 0, 0]])
    lib.backends.mha.set_fastpath_enabled(False)
    try:
        return _result(lib, lambda: encoder(x, src_key_padding_mask=padding), False)
    finally:
        lib.backends.mha.set_fastpath_enabled(True)


@script("scaled_dot_product_attention", "bool", "float", "batched")
def mask_and_causal(lib: Any, kind: str) -> Any:
    q, k = numbers(lib, 2, 2, 3, 4), numbers(lib, 2, 2, 5, 4, shift=0.1)
    mask = numbers(lib, 3, 5, shift=0.2)
    if kind == "bool":
        mask = mask > -0.5
    if kind == "batched":
        mask = numbers(lib, 2, 1, 3, 5)
    attend = lib.nn.functional.scaled_dot_product_attention
    return _result(lib, lambda: attend(q, k, k, mask, is_causal=True), True)


@script("scaled_dot_product_attention")
def wrong_masks(lib: Any) -> Any:
    layer = lib.nn.MultiheadAttention(4, 2)
    x = numbers(lib, 3, 2, 4)
    whole = lib.ones(3, 3, dtype=lib.int64)
    return refused(lambda: layer(x, x, x, attn_mask=whole), 60)
