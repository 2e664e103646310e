"""nanoGPT's small CPU model, in Flax NNX."""

from functools import partial

import jax.numpy as jnp
from flax import nnx

from benchmarks.peers.in_nnx import Network, cross_entropy
from benchmarks.tasks.gpt.optimizer import nanogpt_optimizer

VOCABULARY, CONTEXT, LAYERS, HEADS, WIDTH = 65, 64, 4, 4, 128

Linear = partial(
    nnx.Linear, use_bias=False, kernel_init=nnx.initializers.normal(stddev=0.02)
)
LayerNorm = partial(nnx.LayerNorm, WIDTH, use_bias=False, epsilon=1e-5)
Embed = partial(nnx.Embed, embedding_init=nnx.initializers.normal(stddev=0.02))


class Block(nnx.Module):
    def __init__(self, rngs):
        self.ln_1 = LayerNorm(rngs=rngs)
        self.attention = nnx.MultiHeadAttention(
            HEADS,
            WIDTH,
            use_bias=False,
            kernel_init=nnx.initializers.normal(stddev=0.02),
            decode=False,
            rngs=rngs,
        )
        self.ln_2 = LayerNorm(rngs=rngs)
        self.fc = Linear(WIDTH, 4 * WIDTH, rngs=rngs)
        self.fc_proj = Linear(4 * WIDTH, WIDTH, rngs=rngs)

    def __call__(self, x):
        x = x + self.attention(self.ln_1(x), is_causal=True)
        y = nnx.gelu(self.fc(self.ln_2(x)), approximate=False)
        return x + self.fc_proj(y)


class GPT(nnx.Module):
    def __init__(self, rngs):
        self.wte = Embed(VOCABULARY, WIDTH, rngs=rngs)
        self.wpe = Embed(CONTEXT, WIDTH, rngs=rngs)
        self.blocks = nnx.Sequential(*(Block(rngs) for _ in range(LAYERS)))
        self.ln_f = LayerNorm(rngs=rngs)

    def __call__(self, tokens):
        x = self.wte(tokens) + self.wpe(jnp.arange(CONTEXT))
        return self.wte.attend(self.ln_f(self.blocks(x)))  # tied weights


def build() -> Network:
    return Network(GPT(nnx.Rngs(0)), cross_entropy, nanogpt_optimizer())
