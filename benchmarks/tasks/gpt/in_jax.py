"""nanoGPT's small CPU model, in JAX by hand."""

import jax
import jax.numpy as jnp

from benchmarks.peers.in_jax import Network, cross_entropy
from benchmarks.tasks.gpt.optimizer import nanogpt_optimizer

VOCABULARY, CONTEXT, LAYERS, HEADS, WIDTH = 65, 64, 4, 4, 128


def layer_norm(scale, x):
    mean = x.mean(-1, keepdims=True)
    variance = x.var(-1, keepdims=True)
    return (x - mean) * jax.lax.rsqrt(variance + 1e-5) * scale


def attend(params, x):
    batch, length, _ = x.shape
    qkv = (x @ params["qkv"]).reshape(batch, length, 3, HEADS, WIDTH // HEADS)
    q, k, v = (qkv[:, :, i] for i in range(3))  # (batch, length, heads, head width)
    y = jax.nn.dot_product_attention(q, k, v, is_causal=True)
    return y.reshape(x.shape) @ params["proj"]


def block(params, x):
    x = x + attend(params, layer_norm(params["ln_1"], x))
    y = layer_norm(params["ln_2"], x) @ params["fc"]
    return x + jax.nn.gelu(y, approximate=False) @ params["fc_proj"]


def loss(params, state, tokens, targets, key):
    x = params["wte"][tokens] + params["wpe"]  # (batch, length, width)
    for layer in params["blocks"]:
        x = block(layer, x)
    logits = layer_norm(params["ln_f"], x) @ params["wte"].T  # tied weights
    return cross_entropy(logits, targets), state


def block_init(key):
    shapes = {
        "qkv": (WIDTH, 3 * WIDTH),
        "proj": (WIDTH, WIDTH),
        "fc": (WIDTH, 4 * WIDTH),
        "fc_proj": (4 * WIDTH, WIDTH),
    }
    keys = jax.random.split(key, len(shapes))
    matrices = {
        name: 0.02 * jax.random.normal(k, shape)
        for k, (name, shape) in zip(keys, shapes.items(), strict=True)
    }
    return matrices | {"ln_1": jnp.ones(WIDTH), "ln_2": jnp.ones(WIDTH)}


def build() -> Network:
    key1, key2, *keys = jax.random.split(jax.random.key(0), 2 + LAYERS)
    params = {
        "wte": 0.02 * jax.random.normal(key1, (VOCABULARY, WIDTH)),
        "wpe": 0.02 * jax.random.normal(key2, (CONTEXT, WIDTH)),
        "blocks": [block_init(key) for key in keys],
        "ln_f": jnp.ones(WIDTH),
    }
    return Network(params, {}, loss, nanogpt_optimizer())
