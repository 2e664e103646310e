"""Learn to write Shakespeare's sonnets, one character at a time.

    python experiments/char_gpt.py
    python experiments/char_gpt.py --text my.txt --epochs 40

A small transformer in the style of GPT-2 (Radford et al. 2019) sees 64 characters and
predicts the next. The last tenth of the text is held out; in the end the network goes
on where the rest stops. Without `--text` it reads the 29 sonnets that funcnet carries,
which is little: expect the look of verse, few words, and no sense.
"""

import argparse
import logging
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from funcnet import data, init, nn, optim, train
from funcnet import functional as F

CONTEXT = 64
BATCH_SIZE = 32
STRIDE = 8  # between the beginnings of two training windows
LEARNING_RATE = 2e-3
TEMPERATURE = 0.7

log = logging.getLogger(__name__)


class Block(nn.Model):
    def __init__(self, width, heads, drop):
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.attention_in = nn.Linear(width, 3 * width)
        self.attention_out = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(
            nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width)
        )
        self.drop = nn.Dropout(drop)

    def attend(self, x):
        batch, time, width = x.shape
        x = self.attention_in(x).reshape(batch, time, 3, self.heads, -1)
        q, k, v = x.transpose(2, 0, 3, 1, 4)  # each (batch, heads, time, width / heads)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.attention_out(y.swapaxes(1, 2).reshape(batch, time, width))

    def forward(self, x):  # (batch, time, width), the same again
        x = x + self.drop(self.attend(self.norm1(x)))
        return x + self.drop(self.mlp(self.norm2(x)))


class GPT(nn.Model):
    def __init__(self, characters, width=96, heads=4, depth=3, drop=0.2):
        self.characters = nn.Parameter((characters, width), init.normal, std=0.02)
        self.positions = nn.Parameter((CONTEXT, width), init.normal, std=0.02)
        self.drop = nn.Dropout(drop)
        self.blocks = [Block(width, heads, drop) for _ in range(depth)]
        self.norm = nn.LayerNorm(width)

    def forward(self, x):  # (batch, time) integers -> (batch, time, characters)
        places = self.positions[: x.shape[1]]
        x = F.embedding(x, self.characters)
        x = self.drop(x + jnp.broadcast_to(places, x.shape))
        for block in self.blocks:
            x = block(x)
        return F.linear(self.norm(x), self.characters)  # the same weights as above


def windows(codes: np.ndarray, stride: int) -> tuple[np.ndarray, np.ndarray]:
    """Cut a text into windows, and the same one character later."""
    cut = np.lib.stride_tricks.sliding_window_view(codes, CONTEXT + 1)[::stride]
    return np.ascontiguousarray(cut[:, :-1]), np.ascontiguousarray(cut[:, 1:])


def next_character_loss(logits, targets):
    return F.cross_entropy(logits.swapaxes(1, 2), targets)


def write(net: GPT, ts: train.TrainState, start: np.ndarray, length: int, key):
    """Draw `length` characters, one after another, from what the network expects."""

    @jax.jit
    def draw(context, key):
        logits = net.apply(ts.params, ts.state, context[None])[0][0, -1]
        new = jax.random.categorical(key, logits / TEMPERATURE).astype(context.dtype)
        return jnp.append(context[1:], new), new

    _, drawn = jax.lax.scan(draw, jnp.asarray(start), jax.random.split(key, length))
    return np.asarray(drawn)


def main(args: argparse.Namespace) -> str:
    text = Path(args.text).read_text() if args.text else data.sonnets()
    alphabet = sorted(set(text))
    codes = np.array([alphabet.index(c) for c in text], np.int32)
    held_out = codes[int(0.9 * len(codes)) :]
    codes = codes[: -len(held_out)]
    net = GPT(len(alphabet))
    log.info("%d characters, %d different ones", len(text), len(alphabet))
    loader = data.ArrayLoader(
        windows(codes, STRIDE), BATCH_SIZE, seed=args.seed, drop_last=True
    )
    test = data.ArrayLoader(windows(held_out, CONTEXT), BATCH_SIZE, shuffle=False)
    schedule = optim.cosine_annealing_lr(LEARNING_RATE, args.epochs * len(loader))
    key, drawing_key = jax.random.split(jax.random.key(args.seed))
    ts, history = train.fit(
        net,
        next_character_loss,
        optim.adamw(schedule, weight_decay=0.1),
        loader,
        key,
        epochs=args.epochs,
        test_data=test,
        folder=args.out,
        resume=args.resume,
    )
    train.finish(args.out, ts, history)
    length = 40 if args.smoke else 600
    drawn = write(net, ts, codes[-CONTEXT:], length, drawing_key)
    sample = "".join(alphabet[code] for code in drawn)
    Path(args.out, "sample.txt").write_text(sample)
    log.info("\n%s\n", sample)
    return sample


if __name__ == "__main__":
    parser = train.arguments(__doc__, name="char_gpt", epochs=15)
    parser.add_argument("--text", help="a text file to learn from (the sonnets)")
    train.run_script(main, parser)
