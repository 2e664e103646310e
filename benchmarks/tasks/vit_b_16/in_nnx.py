"""ViT-B/16, in Flax NNX."""

import jax.numpy as jnp
import optax
from flax import nnx

from benchmarks.peers.in_nnx import Network, cross_entropy

WIDTH, HEADS, LAYERS, PATCHES = 768, 12, 12, 196


class Block(nnx.Module):
    def __init__(self, rngs):
        self.ln_1 = nnx.LayerNorm(WIDTH, rngs=rngs)
        self.attention = nnx.MultiHeadAttention(HEADS, WIDTH, decode=False, rngs=rngs)
        self.ln_2 = nnx.LayerNorm(WIDTH, rngs=rngs)
        self.fc1 = nnx.Linear(WIDTH, 4 * WIDTH, rngs=rngs)
        self.fc2 = nnx.Linear(4 * WIDTH, WIDTH, rngs=rngs)

    def __call__(self, x):
        x = x + self.attention(self.ln_1(x))
        y = nnx.gelu(self.fc1(self.ln_2(x)), approximate=False)
        return x + self.fc2(y)


class ViT(nnx.Module):
    def __init__(self, rngs):
        self.patches = nnx.Conv(3, WIDTH, (16, 16), strides=16, rngs=rngs)
        self.token = nnx.Param(jnp.zeros((1, 1, WIDTH)))
        positions = 0.02 * nnx.initializers.normal(1.0)(
            rngs.params(), (1, PATCHES + 1, WIDTH)
        )
        self.positions = nnx.Param(positions)
        self.blocks = nnx.Sequential(*(Block(rngs) for _ in range(LAYERS)))
        self.ln = nnx.LayerNorm(WIDTH, rngs=rngs)
        self.head = nnx.Linear(WIDTH, 1000, rngs=rngs)

    def __call__(self, x):
        x = self.patches(x).reshape(len(x), PATCHES, WIDTH)
        token = jnp.broadcast_to(self.token[...], (len(x), 1, WIDTH))
        x = jnp.concatenate([token, x], 1)
        x = x + jnp.broadcast_to(self.positions[...], x.shape)
        return self.head(self.ln(self.blocks(x))[:, 0])


def build() -> Network:
    optimizer = optax.adamw(1e-4, weight_decay=0.1)
    return Network(ViT(nnx.Rngs(0)), cross_entropy, optimizer, channels_last=True)
