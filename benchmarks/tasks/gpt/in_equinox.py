"""nanoGPT's small CPU model, in Equinox."""

import equinox as eqx
import jax
import jax.numpy as jnp

from benchmarks.peers.in_equinox import Network, cross_entropy
from benchmarks.tasks.gpt.optimizer import nanogpt_optimizer

VOCABULARY, CONTEXT, LAYERS, HEADS, WIDTH = 65, 64, 4, 4, 128


class Block(eqx.Module):
    ln_1: eqx.nn.LayerNorm
    attention: eqx.nn.MultiheadAttention
    ln_2: eqx.nn.LayerNorm
    fc: eqx.nn.Linear
    fc_proj: eqx.nn.Linear

    def __init__(self, key):
        keys = jax.random.split(key, 3)
        self.ln_1 = eqx.nn.LayerNorm(WIDTH, use_bias=False)
        self.attention = eqx.nn.MultiheadAttention(HEADS, WIDTH, key=keys[0])
        self.ln_2 = eqx.nn.LayerNorm(WIDTH, use_bias=False)
        self.fc = eqx.nn.Linear(WIDTH, 4 * WIDTH, use_bias=False, key=keys[1])
        self.fc_proj = eqx.nn.Linear(4 * WIDTH, WIDTH, use_bias=False, key=keys[2])

    def __call__(self, x):
        mask = jnp.tril(jnp.ones((len(x), len(x)), bool))
        y = jax.vmap(self.ln_1)(x)
        x = x + self.attention(y, y, y, mask)
        y = jax.vmap(self.fc)(jax.vmap(self.ln_2)(x))
        return x + jax.vmap(self.fc_proj)(jax.nn.gelu(y, approximate=False))


class GPT(eqx.Module):
    wte: eqx.nn.Embedding
    wpe: eqx.nn.Embedding
    blocks: list[Block]
    ln_f: eqx.nn.LayerNorm

    def __init__(self, key):
        key1, key2, *keys = jax.random.split(key, 2 + LAYERS)
        tokens = 0.02 * jax.random.normal(key1, (VOCABULARY, WIDTH))
        places = 0.02 * jax.random.normal(key2, (CONTEXT, WIDTH))
        self.wte = eqx.nn.Embedding(weight=tokens)
        self.wpe = eqx.nn.Embedding(weight=places)
        self.blocks = [Block(key) for key in keys]
        self.ln_f = eqx.nn.LayerNorm(WIDTH, use_bias=False)

    def __call__(self, tokens):
        x = jax.vmap(self.wte)(tokens) + self.wpe.weight  # (length, width)
        for block in self.blocks:
            x = block(x)
        return jax.vmap(self.ln_f)(x) @ self.wte.weight.T  # tied weights


def loss(model, state, tokens, targets, key):
    return cross_entropy(jax.vmap(model)(tokens), targets), state


def build() -> Network:
    return Network(GPT(jax.random.key(0)), None, loss, nanogpt_optimizer())
