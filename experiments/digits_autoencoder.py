"""Squeeze handwritten digits through eight numbers, and draw what comes out.

    python experiments/digits_autoencoder.py

An encoder makes 8 numbers of an image's 64 pixels, a decoder makes the image again.
`reconstructions.png` shows held-out digits above what the network makes of them, and
below that the best that a linear map through 8 numbers can do (principal components).
"""

import argparse
import logging
from pathlib import Path

import jax
import numpy as np
from PIL import Image

from funcnet import data, nn, optim, train
from funcnet import functional as F

CODE = 8
BATCH_SIZE = 64
LEARNING_RATE = 3e-3
SHOWN = 16

log = logging.getLogger(__name__)


class Autoencoder(nn.Model):
    def __init__(self, code=CODE, hidden=256):
        self.encode = nn.Sequential(
            nn.Flatten(), nn.Linear(64, hidden), nn.ReLU(), nn.Linear(hidden, code)
        )
        self.decode = nn.Sequential(
            nn.Linear(code, hidden), nn.ReLU(), nn.Linear(hidden, 64), nn.Sigmoid()
        )

    def forward(self, x):  # (batch, 1, 8, 8), the same again
        return self.decode(self.encode(x)).reshape(x.shape)


def principal_components(images: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Reconstruct `others` from the main directions of `images`, CODE in number."""
    flat = images.reshape(len(images), -1)
    mean = flat.mean(axis=0)
    directions = np.linalg.svd(flat - mean, full_matrices=False)[2][:CODE]
    centred = others.reshape(len(others), -1) - mean
    return (centred @ directions.T @ directions + mean).reshape(others.shape)


def draw(rows: list[np.ndarray], path: Path) -> None:
    """Save rows of images `(n, 1, 8, 8)`, dark on white."""
    tiles = [np.pad(row[:, 0], ((0, 0), (2, 2), (1, 1))) for row in rows]
    sheet = np.concatenate([np.concatenate(list(row), axis=1) for row in tiles])
    grey = np.uint8(255 * (1 - np.clip(sheet, 0, 1)))
    height, width = grey.shape
    Image.fromarray(grey).resize(
        (10 * width, 10 * height), Image.Resampling.NEAREST
    ).save(path)


def main(args: argparse.Namespace) -> float:
    images, held_out = data.digits("train")[0], data.digits("test")[0]
    net = Autoencoder()
    loader = data.ArrayLoader(
        (images, images), BATCH_SIZE, seed=args.seed, drop_last=True
    )
    schedule = optim.cosine_annealing_lr(LEARNING_RATE, args.epochs * len(loader))
    ts, history = train.fit(
        net,
        F.mse_loss,
        optim.adam(schedule),
        loader,
        jax.random.key(args.seed),
        epochs=args.epochs,
        test_data=data.ArrayLoader((held_out, held_out), 359, shuffle=False),
        folder=args.out,
        resume=args.resume,
    )
    train.finish(args.out, ts, history)
    linear = principal_components(images, held_out)
    output = np.asarray(net.apply(ts.params, ts.state, held_out)[0])
    shown = [row[:SHOWN] for row in (held_out, output, linear)]
    draw(shown, Path(args.out, "reconstructions.png"))
    error = float(np.mean((output - held_out) ** 2))
    log.info("squared error per pixel of held-out digits: %.5f", error)
    log.info(
        "of %d principal components:  %.5f", CODE, np.mean((linear - held_out) ** 2)
    )
    return error


if __name__ == "__main__":
    parser = train.arguments(__doc__, name="digits_autoencoder", epochs=100)
    train.run_script(main, parser)
