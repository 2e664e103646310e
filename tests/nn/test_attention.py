"""MultiheadAttention and the transformer's layers."""

import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from funcnet import InputError, nn
from funcnet import functional as F

X = jnp.sin(jnp.arange(2 * 4 * 6.0)).reshape(2, 4, 6)  # (batch, length, features)


def run(layer: nn.Layer, *inputs: Any, **options: Any) -> Any:
    params, state = layer.init(jax.random.key(0))
    return layer.apply(params, state, *inputs, **options)[0]


def names(params: Any, path: str = "") -> set[str]:
    """Dotted names, as in a state_dict."""
    result: set[str] = set()
    for name, part in params.items():
        result |= (
            names(part, f"{path}{name}.") if isinstance(part, dict) else {path + name}
        )
    return result


def test_attention_params_are_pytorchs(key: jax.Array) -> None:
    params, _ = nn.MultiheadAttention(64, 4).init(key)
    assert names(params) == {
        "in_proj_weight",
        "in_proj_bias",
        "out_proj.weight",
        "out_proj.bias",
    }
    # Xavier's bound for (3 * 64, 64), and Linear's for 64 features.
    largest = float(jnp.abs(params["in_proj_weight"]).max())
    assert 0.99 < largest / math.sqrt(6 / (4 * 64)) <= 1
    assert 0.99 < float(jnp.abs(params["out_proj"]["weight"]).max()) * 8 <= 1
    assert not params["in_proj_bias"].any()
    assert not params["out_proj"]["bias"].any()


def test_attention_params_of_other_features(key: jax.Array) -> None:
    layer = nn.MultiheadAttention(6, 2, bias=False, add_bias_kv=True, kdim=3, vdim=5)
    params, _ = layer.init(key)
    shapes = {name: params[name].shape for name in params if name != "out_proj"}
    assert shapes == {
        "q_proj_weight": (6, 6),
        "k_proj_weight": (6, 3),
        "v_proj_weight": (6, 5),
        "bias_k": (1, 1, 6),
        "bias_v": (1, 1, 6),
    }
    output, weights = run(
        layer, jnp.ones((4, 2, 6)), jnp.ones((7, 2, 3)), jnp.ones((7, 2, 5))
    )
    assert (output.shape, weights.shape) == ((4, 2, 6), (2, 4, 8))


def test_attention_draws_in_training(key: jax.Array) -> None:
    layer = nn.MultiheadAttention(6, 2, dropout=0.5)
    assert layer.draws(True)
    assert not layer.draws(False)
    plain, dropped = run(layer, X, X, X), run(layer, X, X, X, train=True, key=key)
    assert not np.allclose(plain[0], dropped[0])


@pytest.mark.parametrize("arguments", [(6, 4), (0, 1), (6, 2, 1.5)])
def test_attention_settings_that_make_no_sense_raise(arguments: Any) -> None:
    with pytest.raises(InputError, match="MultiheadAttention: "):
        nn.MultiheadAttention(*arguments)


ENCODER_LAYER = {
    *("self_attn.in_proj_weight", "self_attn.in_proj_bias"),
    *("self_attn.out_proj.weight", "self_attn.out_proj.bias"),
    *(f"{name}.{end}" for name in ("linear1", "linear2") for end in ("weight", "bias")),
    *(f"{name}.{end}" for name in ("norm1", "norm2") for end in ("weight", "bias")),
}
DECODER_LAYER = ENCODER_LAYER | {
    *("norm3.weight", "norm3.bias"),
    *(name.replace("self", "multihead") for name in ENCODER_LAYER if "self" in name),
}


def test_transformer_params_are_named_as_pytorchs(key: jax.Array) -> None:
    params, _ = nn.Transformer(6, 2, 2, 1, 8).init(key)
    expected = {f"encoder.layers.{i}.{name}" for i in (0, 1) for name in ENCODER_LAYER}
    expected |= {f"decoder.layers.0.{name}" for name in DECODER_LAYER}
    expected |= {
        f"{c}.norm.{e}" for c in ("encoder", "decoder") for e in ("weight", "bias")
    }
    assert names(params) == expected


def test_layers_of_a_stack_draw_their_own_params(key: jax.Array) -> None:
    encoder = nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2, 8), 2)
    params, _ = encoder.init(key)
    first, second = (params["layers"][i]["linear1"]["weight"] for i in "01")
    assert not np.allclose(first, second)


def test_transformer_draws_all_matrices_from_xaviers_distribution() -> None:
    params, _ = nn.Transformer(32, 2, 1, 1, 64).init(jax.random.key(0))
    for part in ("encoder", "decoder"):
        weight = params[part]["layers"]["0"]["linear1"]["weight"]
        assert 0.98 < float(jnp.abs(weight).max()) / math.sqrt(6 / 96) <= 1


@pytest.mark.parametrize("norm_first", [False, True])
def test_encoder_layer_is_its_formula(norm_first: bool) -> None:
    layer = nn.TransformerEncoderLayer(
        6, 2, 8, activation="gelu", batch_first=True, norm_first=norm_first
    )
    params, state = layer.init(jax.random.key(0))
    children = layer.children()

    def child(name: str, *inputs: jax.Array) -> Any:
        return children[name].apply(params.get(name, {}), {}, *inputs)[0]

    def attend(x: jax.Array) -> jax.Array:
        return child("self_attn", x, x, x)[0]

    def feed(x: jax.Array) -> jax.Array:
        return child("linear2", F.gelu(child("linear1", x)))

    if norm_first:
        middle = X + attend(child("norm1", X))
        expected = middle + feed(child("norm2", middle))
    else:
        middle = child("norm1", X + attend(X))
        expected = child("norm2", middle + feed(middle))
    y, _ = layer.apply(params, state, X)
    np.testing.assert_allclose(y, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("batch_first", [False, True])
def test_a_causal_decoder_does_not_see_the_future(batch_first: bool) -> None:
    layer = nn.TransformerDecoderLayer(6, 2, 8, batch_first=batch_first)
    decoder = nn.TransformerDecoder(layer, 2, nn.LayerNorm(6))
    time = 1 if batch_first else 0
    tgt, memory = (X, X) if batch_first else (X.swapaxes(0, 1), X.swapaxes(0, 1))
    changed = jnp.where(jnp.arange(4).reshape(4, 1) < 2, X, -X)
    changed = changed if batch_first else changed.swapaxes(0, 1)
    y, other = (run(decoder, t, memory, tgt_is_causal=True) for t in (tgt, changed))
    same = jnp.isclose(y, other, atol=1e-5).all((1 - time, 2))
    assert same.tolist() == [True, True, False, False]


def test_masks_of_the_transformer_reach_their_attention() -> None:
    net = nn.Transformer(6, 2, 1, 1, 8, batch_first=True)
    padding = jnp.array([[False] * 4, [False, False, True, True]])
    masks = {
        f"{name}_key_padding_mask": padding for name in ("src", "tgt", "memory")
    } | {"tgt_mask": net.generate_square_subsequent_mask(4)}
    y = run(net, X, X, **masks)
    short = run(net, X[1:, :2], X[1:, :2], tgt_is_causal=True)
    np.testing.assert_allclose(y[1:, :2], short, rtol=1e-4, atol=1e-5)


def test_a_transformer_trains_with_dropout(key: jax.Array) -> None:
    net = nn.Transformer(6, 2, 1, 1, 8, dropout=0.3)
    first, second = (
        run(net, X, X, train=True, key=jax.random.key(seed)) for seed in (1, 2)
    )
    assert not np.allclose(first, second)
    with pytest.raises(InputError, match="got no key"):
        run(net, X, X, train=True)


def test_custom_parts_are_taken(key: jax.Array) -> None:
    class Double(nn.Model):
        def forward(self, src: jax.Array, **masks: Any) -> jax.Array:
            return 2 * src

    class Add(nn.Model):
        def forward(self, tgt: jax.Array, memory: jax.Array, **masks: Any) -> jax.Array:
            return tgt + memory

    net = nn.Transformer(6, custom_encoder=Double(), custom_decoder=Add())
    np.testing.assert_allclose(run(net, X, X), 3 * X)


def test_equal_transformers_are_equal_and_an_activation_can_be_a_function() -> None:
    def make() -> nn.Layer:
        return nn.Transformer(6, 2, 1, 1, 8, activation=jax.nn.silu)

    assert make() == make()
    assert hash(make()) == hash(make())
    assert make() != nn.Transformer(6, 2, 1, 1, 8)
    assert run(make(), X, X).shape == X.shape


def test_unknown_activations_and_unequal_batches_raise() -> None:
    with pytest.raises(InputError, match="activation is 'elu'"):
        nn.TransformerEncoderLayer(6, 2, activation="elu")
    net = nn.Transformer(6, 2, 1, 1, 8, batch_first=True)
    with pytest.raises(InputError, match=r"src has shape \(2, 4, 6\) and tgt"):
        run(net, X, X[:1])
    with pytest.raises(InputError, match="num_layers is 0"):
        nn.TransformerEncoder(nn.TransformerEncoderLayer(6, 2), 0)
