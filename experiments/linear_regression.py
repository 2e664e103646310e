"""Fit a line to points, and find the one that least squares finds.

    python experiments/linear_regression.py

The smallest program of its kind: one weight and one bias, trained by gradient descent
on 256 noisy points, and compared with the solution in closed form.
"""

import argparse
import logging

import jax
import numpy as np

from funcnet import data, nn, optim, train
from funcnet import functional as F

SLOPE, INTERCEPT, NOISE = 1.5, -0.5, 0.3
POINTS = 256
BATCH_SIZE = 32
LEARNING_RATE = 0.05

log = logging.getLogger(__name__)


def points(seed: int) -> tuple[np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    x = draw.uniform(-2, 2, (POINTS, 1)).astype(np.float32)
    y = SLOPE * x + INTERCEPT + NOISE * draw.normal(size=x.shape)
    return x, y.astype(np.float32)


def main(args: argparse.Namespace) -> float:
    x, y = points(args.seed)
    net = nn.Linear(1, 1)
    loader = data.ArrayLoader((x, y), BATCH_SIZE, seed=args.seed)
    schedule = optim.cosine_annealing_lr(LEARNING_RATE, args.epochs * len(loader))
    ts, history = train.fit(
        net,
        F.mse_loss,
        optim.sgd(schedule),
        loader,
        jax.random.key(args.seed),
        epochs=args.epochs,
        folder=args.out,
        resume=args.resume,
    )
    train.finish(args.out, ts, history)
    learned = ts.params["weight"].item(), ts.params["bias"].item()
    exact = np.polyfit(x[:, 0], y[:, 0], 1)
    log.info("learned        y = %.4f x %+.4f", *learned)
    log.info("least squares  y = %.4f x %+.4f", *exact)
    return float(np.abs(np.subtract(learned, exact)).max())


if __name__ == "__main__":
    train.run_script(
        main, train.arguments(__doc__, name="linear_regression", epochs=20)
    )
