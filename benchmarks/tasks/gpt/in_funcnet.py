"""nanoGPT's small CPU model, in funcnet."""

import jax.numpy as jnp
import optax

from benchmarks.peers.in_funcnet import Network
from funcnet import functional as F
from funcnet import init, nn, optim

VOCABULARY, CONTEXT, LAYERS, HEADS, WIDTH = 65, 64, 4, 4, 128


class Block(nn.Model):
    def __init__(self):
        self.ln_1 = nn.LayerNorm(WIDTH, bias=False)
        self.qkv = nn.Linear(WIDTH, 3 * WIDTH, bias=False)
        self.proj = nn.Linear(WIDTH, WIDTH, bias=False)
        self.ln_2 = nn.LayerNorm(WIDTH, bias=False)
        self.fc = nn.Linear(WIDTH, 4 * WIDTH, bias=False)
        self.fc_proj = nn.Linear(4 * WIDTH, WIDTH, bias=False)

    def attend(self, x):
        batch, length, _ = x.shape
        qkv = self.qkv(x).reshape(batch, length, 3, HEADS, WIDTH // HEADS)
        q, k, v = qkv.transpose(2, 0, 3, 1, 4)  # (batch, heads, length, head width)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.proj(y.swapaxes(1, 2).reshape(x.shape))

    def forward(self, x):
        x = x + self.attend(self.ln_1(x))
        return x + self.fc_proj(F.gelu(self.fc(self.ln_2(x))))


class GPT(nn.Model):
    def __init__(self):
        self.wte = nn.Parameter((VOCABULARY, WIDTH), init.normal, std=0.02)
        self.wpe = nn.Parameter((CONTEXT, WIDTH), init.normal, std=0.02)
        self.blocks = nn.Sequential(*(Block() for _ in range(LAYERS)))
        self.ln_f = nn.LayerNorm(WIDTH, bias=False)

    def forward(self, tokens):
        x = F.embedding(tokens, self.wte)  # (batch, length, width)
        x = self.blocks(x + jnp.broadcast_to(self.wpe, x.shape))
        return F.linear(self.ln_f(x), self.wte)  # tied weights


def loss(logits, targets):
    return F.cross_entropy(logits.reshape(-1, VOCABULARY), targets.reshape(-1))


def build() -> Network:
    rule = {"lr": 1e-3, "betas": (0.9, 0.99)}
    groups = {
        "*ln_*": optim.adamw(**rule, weight_decay=0.0),
        "*": optim.adamw(**rule, weight_decay=0.1),
    }
    clip = optim.clip_by_norm(1.0)
    return Network(GPT(), loss, optax.chain(clip, optim.groups(groups)))
